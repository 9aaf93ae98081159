"""Is a face fit to be measured, and if not, why.

The thresholds in `Options` stand where measured angles and channels of development
recordings that were darkened, blurred or cropped by degrees began to go wrong: by
more than about 5° or 0.3. Luma is judged by its bright end and sharpness relative to
contrast, so that dark skin is neither dark nor blurred.
"""

from __future__ import annotations

from dataclasses import dataclass
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
COVERED = "mouth covered"
NO_PICTURE = "no picture"

# Sharpness is judged at one size, so that it does not depend on the camera.
_SIDE_PX = 96


@dataclass(frozen=True)
class Appearance:
    """How a face, or a frame without one, looks.

    brightness: mean luma, 0–255.
    highlights: 95th percentile of luma, 0–255.
    sharpness: variance of the Laplacian ÷ variance of luma (after Pech-Pacheco et al.
        2000; the division takes contrast, and so lighting and skin tone, out of it).
    """

    brightness: float
    highlights: float
    sharpness: float


def look(rgb: NDArray[np.uint8], face: Face | None) -> Appearance:
    """How the face looks, or the whole frame when there is none."""
    import cv2

    area = crop(rgb, face.box) if face else rgb[::4, ::4]
    gray = cv2.cvtColor(area, cv2.COLOR_RGB2GRAY)
    luma = cv2.resize(gray, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    mean, spread = cv2.meanStdDev(luma)
    _, edges = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_32F))
    return Appearance(
        brightness=float(mean.item()),
        highlights=float(np.percentile(luma, 95)),
        sharpness=(edges.item() / spread.item()) ** 2 if spread.item() else 0.0,
    )


def face_problem(face: Face, seen: Appearance, rgb: NDArray[np.uint8], options: Options) -> str | None:
    """Why a face that was found cannot be measured; None when it can."""
    if max(face.box.width, face.box.height) < options.min_face_px:
        return TOO_SMALL
    if _outside(face.box, rgb) > options.max_cut_off:
        return CUT_OFF
    if seen.highlights < options.min_luma:
        return TOO_DARK
    if max(abs(face.pose.yaw), abs(face.pose.pitch)) > options.max_turn_deg:
        return TURNED_AWAY
    return BLURRED if seen.sharpness < options.min_sharpness else None


def frame_problem(seen: Appearance, options: Options) -> str:
    """Why no face was found, as far as the frame tells."""
    return TOO_DARK if seen.highlights < options.min_luma else NO_FACE


def _outside(box: Box, rgb: NDArray[np.uint8]) -> float:
    """Share of the box that lies outside the frame."""
    height, width = rgb.shape[:2]
    inside = max(0.0, min(box.right, width) - max(box.left, 0)) * max(0.0, min(box.bottom, height) - max(box.top, 0))
    return float(1 - inside / (box.width * box.height))


def crop(rgb: NDArray[np.uint8], box: Box) -> NDArray[np.uint8]:
    """The part of the box inside the frame, at least one pixel."""
    height, width = rgb.shape[:2]
    left, top = min(max(int(box.left), 0), width - 1), min(max(int(box.top), 0), height - 1)
    return rgb[top : max(top + 1, int(box.bottom)), left : max(left + 1, int(box.right))]
