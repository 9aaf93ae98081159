"""Faces in one frame, by MediaPipe FaceLandmarker (Apache-2.0)."""

from __future__ import annotations

from dataclasses import dataclass
from types import TracebackType
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from analyzers.face.geometry import Direction, Pose, channels, eye_direction, head_pose
from analyzers.sandbox import require_no_network

if TYPE_CHECKING:
    from analyzers.face import Options


class Box(NamedTuple):
    """Bounding box of a face's landmarks, pixels; may reach over the frame's edge."""

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
    """One face in one frame. `eyes` is relative to the head; channels are 0–1."""

    box: Box
    pose: Pose
    eyes: Direction
    channels: dict[str, float]


class Landmarker:
    """Finds faces in frames of one video, in order. A context manager that holds the model.

    Raises:
        RuntimeError: on entering a process that could reach the network.
    """

    def __init__(self, model: str, options: Options) -> None:
        self._model = model
        self._options = options
        self._task: Any = None
        self._last_ms = -1

    def __enter__(self) -> Self:
        require_no_network()
        from mediapipe.tasks.python import BaseOptions, vision

        self._task = vision.FaceLandmarker.create_from_options(
            vision.FaceLandmarkerOptions(
                base_options=BaseOptions(model_asset_path=self._model),
                running_mode=vision.RunningMode.VIDEO,
                num_faces=self._options.max_faces,
                min_face_detection_confidence=self._options.min_confidence,
                min_face_presence_confidence=self._options.min_confidence,
                min_tracking_confidence=self._options.min_confidence,
                output_face_blendshapes=True,
                output_facial_transformation_matrixes=True,
            )
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._task.close()

    def faces(self, rgb: NDArray[np.uint8], t_s: float) -> list[Face]:
        """Faces in a frame [shape=(height, width, 3)]; times must not decrease."""
        import mediapipe

        # MediaPipe asks for strictly increasing milliseconds and reads the array
        # as if it had no gaps between its rows.
        self._last_ms = max(self._last_ms + 1, round(t_s * 1000))
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=np.ascontiguousarray(rgb))
        found = self._task.detect_for_video(image, self._last_ms)
        height, width = rgb.shape[:2]
        return [
            _face(points, shapes, transform, width, height)
            for points, shapes, transform in zip(
                found.face_landmarks, found.face_blendshapes, found.facial_transformation_matrixes, strict=True
            )
        ]


def _face(points: Any, shapes: Any, transform: NDArray[np.floating], width: int, height: int) -> Face:
    x = [point.x * width for point in points]
    y = [point.y * height for point in points]
    blendshapes = {shape.category_name: shape.score for shape in shapes}
    return Face(
        box=Box(min(x), min(y), max(x), max(y)),
        pose=head_pose(transform),
        eyes=eye_direction(blendshapes),
        channels=channels(blendshapes),
    )
