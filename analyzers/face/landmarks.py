"""Faces in one frame, by MediaPipe FaceLandmarker (Apache-2.0)."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from zipfile import ZipFile

import numpy as np
from numpy.typing import NDArray

from analyzers.face.geometry import Direction, Pose, channels, eye_direction, head_pose, mouth_open
from mulakat.runtime.library_internals import FoundFaces, face_tasks
from mulakat.runtime.sandbox import require_no_network

if TYPE_CHECKING:
    from analyzers.face import Options

# How long all faces are looked for in each frame after more than one was seen.
CROWDED_S = 2.0


class Box(NamedTuple):
    """Bounding box of a face's landmarks; may reach over the frame's edge."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    def overlap(self, other: Box) -> float:
        """Intersection over union, 0–1."""
        width = min(self.right, other.right) - max(self.left, other.left)
        height = min(self.bottom, other.bottom) - max(self.top, other.top)
        if width <= 0 or height <= 0:
            return 0.0
        common = width * height
        return common / (self.width * self.height + other.width * other.height - common)


@dataclass(frozen=True)
class Face:
    """One face in one frame.

    place: the box as shares of the picture's width and height, which stays when a recorder changes the size.
    points: MediaPipe's 478 landmarks [shape=(478, 2)], pixels of the frame.
    eyes: where they point relative to the head.
    channels: expression channels, 0–1 (`geometry.CHANNELS`).
    mouth_open: gap between the inner lips ÷ height of the face.
    """

    box: Box
    place: Box
    points: NDArray[np.float32]
    pose: Pose
    eyes: Direction
    channels: dict[str, float]
    mouth_open: float


class Landmarker:
    """Finds faces in frames of one video, in order. A context manager that holds the models.

    MediaPipe follows one face at little cost, but runs its detector on every frame
    when it may find several. So one face is followed, and every `scan_interval_s`
    the detector looks for others; where it finds some, all are followed for a while.

    Raises:
        RuntimeError: on entering a process that could reach the network.
    """

    def __init__(self, model: str, options: Options) -> None:
        self._model = model
        self._options = options
        self._last_ms = -1
        self._next_scan_s = 0.0
        self._crowded_until_s = -np.inf
        self._all: Any = None  # loaded when there is a second face: most answers have one
        self._open = ExitStack()

    def __enter__(self) -> Self:
        require_no_network()
        self._tasks = face_tasks()
        options = self._options
        self._one = self._landmarker(1)
        with ZipFile(self._model) as parts:
            detector = parts.read("face_detector.tflite")
        self._detector = self._open.enter_context(
            self._tasks.FaceDetector.create_from_options(
                self._tasks.FaceDetectorOptions(
                    base_options=self._tasks.BaseOptions(model_asset_buffer=detector),
                    min_detection_confidence=options.min_confidence,
                )
            )
        )
        return self

    def _landmarker(self, faces: int) -> Any:
        confidence = self._options.min_confidence
        return self._open.enter_context(
            self._tasks.FaceLandmarker.create_from_options(
                self._tasks.FaceLandmarkerOptions(
                    base_options=self._tasks.BaseOptions(model_asset_path=self._model),
                    running_mode=self._tasks.RunningMode.VIDEO,
                    num_faces=faces,
                    min_face_detection_confidence=confidence,
                    min_face_presence_confidence=confidence,
                    min_tracking_confidence=confidence,
                    output_face_blendshapes=True,
                    output_facial_transformation_matrixes=True,
                )
            )
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._open.close()

    def faces(self, rgb: NDArray[np.uint8], t_s: float) -> list[Face]:
        """Faces in a frame [shape=(height, width, 3)]; times must not decrease."""
        # MediaPipe asks for strictly increasing milliseconds and reads the array
        # as if it had no gaps between its rows.
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        image = self._tasks.Image(image_format=self._tasks.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        crowded = self._options.max_faces > 1 and self._crowded(image, t_s)
        if crowded and self._all is None:
            self._all = self._landmarker(self._options.max_faces)
        found = FoundFaces.of((self._all if crowded else self._one).detect_for_video(image, self._last_ms))
        if len(found.points) > 1:
            self._crowded_until_s = t_s + CROWDED_S
        size = np.array((rgb.shape[1], rgb.shape[0]), np.float32)
        return [_face(points, size, shapes, transform) for points, shapes, transform in zip(*found, strict=True)]

    def _crowded(self, image: Any, t_s: float) -> bool:
        """Whether more than one face has to be looked for."""
        if t_s >= self._crowded_until_s and t_s >= self._next_scan_s:
            self._next_scan_s = t_s + self._options.scan_interval_s
            return len(self._detector.detect(image).detections) > 1
        return t_s < self._crowded_until_s


def _face(
    shares: NDArray[np.float32],
    size_px: NDArray[np.float32],
    blendshapes: dict[str, float],
    transform: NDArray[np.floating],
) -> Face:
    points = shares * size_px
    return Face(
        box=_around(points),
        place=_around(shares),
        points=points,
        pose=head_pose(transform),
        eyes=eye_direction(blendshapes),
        channels=channels(blendshapes),
        mouth_open=mouth_open(points),
    )


def _around(points: NDArray[np.float32]) -> Box:
    return Box(*points.min(axis=0).tolist(), *points.max(axis=0).tolist())
