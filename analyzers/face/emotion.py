"""Which emotion word an observer might give to a face (stage `analyse_emotion`).

Runs only under a policy that lists `emotion` in `analyse`; none that ships does. What
it finds is shown with its accuracy and a caution, and never scored: what a face shows
is not what a person feels (Barrett et al. 2019, Emotional expressions reconsidered,
Psychological Science in the Public Interest 20(1), 1–68).

The model is the expression network of face-api (Mühler 2018, MIT), 8-bit weights in
`expression.onnx`, written by `bench/emotion_model.py`. It was the best of four that
come with their weights in a package; `bench/emotion.py` measures it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from analyzers.face import Options as FaceOptions
from analyzers.face.landmarks import Face, Landmarker
from mulakat.schema.base import Column
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.face import Accuracy, EmotionTrack, FaceTrack
from mulakat.schema.media import Media
from mulakat.schema.provenance import provenance
from mulakat.schema.ranges import Span
from mulakat.schema.reasons import Reason

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

VERSION = "2"
ANALYZER = "analyzers.face.emotion"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = EmotionTrack

LABELS = ("neutral", "happy", "sad", "angry", "fearful", "disgusted", "surprised")  # order of the model's outputs
# As written to docs/benchmarks/emotion.md by bench/emotion.py; a test compares them.
ACCURACY = Accuracy(value=0.933, low=0.787, high=0.982, pictures=30, source="docs/benchmarks/emotion.md")

# A face in another sampling of the same video has the candidate's pose to within this.
SAME_POSE_DEG = 6.0

MODELS = ("face_landmarker", "face_expression")

_SIDE_PX = 112
_MARGIN = 0.2  # around the box of the landmarks, which ends at the eyebrows and the chin
_MEAN_RGB = np.array([122.782, 117.001, 104.298], np.float32)


class Options(BaseModel):
    """How often the face is looked at."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sample_rate_hz: float = Field(2.0, gt=0, le=10, description="frames looked at per second")


def uses(options: BaseModel) -> dict[str, str | None]:
    """Digests of its models."""
    from mulakat.runtime import models

    return models.digests(*MODELS)


def run(context: Context) -> EmotionTrack:
    """Label the candidate's face where `analyse_face` found it visible.

    Raises:
        NotMeasurable: the face is nowhere visible.
        BadInput: the picture cannot be decoded.
        SetupError: a model is missing, or this machine cannot shut MediaPipe off the network.
    """
    from mulakat.runtime import models
    from mulakat.runtime.sandbox import run_without_network

    media, face = context.results["fetch_media"], context.results["analyse_face"]
    assert isinstance(media, Media)
    assert isinstance(face, FaceTrack)
    assert isinstance(context.options, Options)
    if not any(face.track["visible"]):
        raise NotMeasurable(Code.FACE_NOWHERE)
    measured = run_without_network(
        label,
        str(context.media()),
        str(models.locate("face_landmarker")),
        str(models.locate("face_expression")),
        context.options.model_dump(mode="json"),
        face.provenance.options,
        {name: face.track[name] for name in ("t_s", "visible", "yaw_deg", "pitch_deg", "roll_deg")},
        media.duration_s,
        [(hole.start_s, hole.end_s) for hole in media.damage.holes],
        progress=context.progress,
    )
    made_by = provenance(
        ANALYZER,
        VERSION,
        context.options,
        libraries=("mediapipe", "av", "numpy", "onnxruntime", "opencv-python-headless"),
        models={name: models.digest(name) for name in MODELS},
    )
    caution = Reason.of(Code.EMOTION_CAUTION)
    return EmotionTrack(provenance=made_by, accuracy=ACCURACY, caution=caution, **measured)


def label(
    path: str,
    landmarker_model: str,
    expression_model: str,
    options: dict[str, Any],
    face_options: dict[str, Any],
    seen: dict[str, Column],
    duration_s: float,
    holes: Sequence[Span],
    *,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Fields of an `EmotionTrack`, without provenance, accuracy and caution. Runs in the child process.

    Args:
        path: the recording.
        face_options: fields of the options `analyse_face` ran with.
        seen: its columns `t_s`, `visible`, `yaw_deg`, `pitch_deg` and `roll_deg`.
        holes: of `Media.damage`.

    Raises:
        BadInput: the recording cannot be read.
        NotMeasurable: the candidate's face is nowhere visible.
        RuntimeError: this process has network access.
    """
    from analyzers.media.frames import frames

    chosen, followed = Options.model_validate(options), FaceOptions.model_validate(face_options)
    times: list[float] = []
    rows: list[NDArray[np.float64]] = []
    with Landmarker(landmarker_model, followed) as landmarker, EmotionClassifier(expression_model) as classifier:
        for frame in frames(Path(path), rate_hz=chosen.sample_rate_hz, max_side_px=followed.max_side_px, holes=holes):
            faces = landmarker.faces(frame.rgb, frame.t_s)
            candidate = _candidate(faces, frame.t_s, seen)
            if candidate is not None:
                times.append(frame.t_s)
                rows.append(classifier.probabilities(frame.rgb, candidate))
            if duration_s > 0:
                progress(min(1.0, round(frame.t_s / duration_s, 2)))
    if not rows:
        raise NotMeasurable(Code.FACE_NOWHERE)
    table = np.array(rows)
    leading = table.argmax(axis=1)
    return {
        "shares": {name: round(float((leading == index).mean()), 4) for index, name in enumerate(LABELS)},
        "sample_rate_hz": chosen.sample_rate_hz,
        "track": {
            "t_s": [round(t_s, 3) for t_s in times],
            **{name: [round(float(p), 3) for p in table[:, index]] for index, name in enumerate(LABELS)},
        },
    }


class EmotionClassifier:
    """Gives a face a probability for each of `LABELS`. A context manager that holds the model."""

    def __init__(self, model: str) -> None:
        self._model = model
        self._session: Any = None

    def __enter__(self) -> Self:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # a sum over threads may differ from run to run
        self._session = onnxruntime.InferenceSession(self._model, options, providers=["CPUExecutionProvider"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._session = None

    def probabilities(self, rgb: NDArray[np.uint8], face: Face) -> NDArray[np.float64]:
        """Probabilities in the order of `LABELS`, sum 1: the mean of the face and its mirror image.

        Args:
            rgb: [shape=(height, width, 3)] the frame the face was found in.
        """
        upright = aligned(rgb, face, side_px=_SIDE_PX, margin=_MARGIN)
        pair = np.stack([upright, upright[:, ::-1]]).astype(np.float32)
        tensor = np.ascontiguousarray(((pair - _MEAN_RGB) / 255).transpose(0, 3, 1, 2))
        [probabilities] = self._session.run(None, {"face": tensor})
        return np.asarray(probabilities.mean(axis=0), dtype=np.float64)


def aligned(rgb: NDArray[np.uint8], face: Face, *, side_px: int, margin: float) -> NDArray[np.uint8]:
    """The face upright in a square [shape=(side_px, side_px, 3)], `margin` of its size wider than its box."""
    import cv2

    center = ((face.box.left + face.box.right) / 2, (face.box.top + face.box.bottom) / 2)
    size = max(face.box.width, face.box.height) * (1 + margin)
    matrix = np.asarray(cv2.getRotationMatrix2D(center, face.pose.roll, side_px / size), dtype=np.float64)
    matrix[:, 2] += side_px / 2 - np.array(center)
    if (step := round(size / side_px)) > 1:  # average what one pixel of the square covers
        rgb = np.asarray(cv2.blur(rgb, (step, step)), dtype=np.uint8)
    turned = cv2.warpAffine(rgb, matrix, (side_px, side_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, dtype=np.uint8)


def _candidate(faces: Sequence[Face], t_s: float, seen: dict[str, Column]) -> Face | None:
    """The face `analyse_face` measured at this time, known by its pose; None when it is not visible or not certain."""
    times = np.array(seen["t_s"], dtype=float)
    index = int(np.abs(times - t_s).argmin())
    if not seen["visible"][index]:
        return None
    pose = np.array([seen[f"{name}_deg"][index] for name in ("yaw", "pitch", "roll")], dtype=float)
    alike = [face for face in faces if np.abs(np.array(face.pose) - pose).max() <= SAME_POSE_DEG]
    return alike[0] if len(alike) == 1 else None
