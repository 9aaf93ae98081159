"""Is a face fit to be measured, and if not, why.

The thresholds in `Options` stand where measured angles and channels of development
recordings that were darkened, blurred or cropped by degrees began to go wrong: by
more than about 5° or 0.3. Luma is judged by its bright end and sharpness relative to
contrast, so that dark skin is neither dark nor blurred. A mask or a hand over the
mouth is not detected: FaceLandmarker draws a mouth there all the same, and colour
does not tell a mask from pale lips reliably.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from analyzers.face import Options
    from analyzers.face.landmarks import Box, Face

NO_FACE = "no face"
TOO_SMALL = "too small"
CUT_OFF = "cut off"
TOO_DARK = "too dark"
BLURRED = "blurred"
TURNED_AWAY = "turned away"

# Sharpness is compared at one size, so that it does not depend on the camera.
_SIDE_PX = 96


def face_problem(face: Face, rgb: NDArray[np.uint8], options: Options) -> str | None:
    """Why a face that was found cannot be measured; None when it can."""
    if max(face.box.width, face.box.height) < options.min_face_px:
        return TOO_SMALL
    if _outside(face.box, rgb) > options.max_cut_off:
        return CUT_OFF
    luma = _luma(_crop(rgb, face.box))
    if np.percentile(luma, 95) < options.min_luma:
        return TOO_DARK
    if max(abs(face.pose.yaw), abs(face.pose.pitch)) > options.max_turn_deg:
        return TURNED_AWAY
    if sharpness(luma) < options.min_sharpness:
        return BLURRED
    return None


def frame_problem(rgb: NDArray[np.uint8], options: Options) -> str:
    """Why no face was found, as far as the frame tells."""
    return TOO_DARK if np.percentile(_luma(rgb[::4, ::4]), 95) < options.min_luma else NO_FACE


def sharpness(luma: NDArray[np.uint8]) -> float:
    """Variance of the Laplacian over the variance of the picture, at a fixed size.

    Variance of the Laplacian after Pech-Pacheco et al. 2000; the division takes
    contrast, and so lighting and skin tone, out of it.
    """
    import cv2

    small = cv2.resize(luma, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA).astype(np.float32)
    variance = float(small.var())
    return float(cv2.Laplacian(small, cv2.CV_32F).var()) / variance if variance else 0.0


def _outside(box: Box, rgb: NDArray[np.uint8]) -> float:
    """Share of the box that lies outside the frame."""
    height, width = rgb.shape[:2]
    inside = max(0.0, min(box.right, width) - max(box.left, 0)) * max(0.0, min(box.bottom, height) - max(box.top, 0))
    return 1 - inside / (box.width * box.height)


def _crop(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of the box inside the frame, at least one pixel."""
    height, width = rgb.shape[:2]
    left, top = min(max(int(box.left), 0), width - 1), min(max(int(box.top), 0), height - 1)
    return rgb[top : max(top + 1, int(box.bottom)), left : max(left + 1, int(box.right))]


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    import cv2

    return np.asarray(cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY), dtype=np.uint8)
