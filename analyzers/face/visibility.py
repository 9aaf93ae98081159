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

# Sharpness is judged at one size, so that it does not depend on the camera.
_SIDE_PX = 96

# CIE Lab. Where a mask hides the mouth, what stands in the lips' place is no different
# from what stands around it, and the lower face has another hue than the upper.
# Both must hold: pale lips, a beard, make-up or side light do one of the two. So a
# mask of the skin's own hue, or a hand, is not noticed (`docs/analyzers/face.md`).
_MIN_COVERED_PX = 100.0  # height of a face whose lips are more than a few pixels
_LIPS_DIFFER = 5.0  # of L, a, b together
_HALVES_DIFFER = 8.0  # of a, b: light from the side changes L

# FaceLandmarker's points: along the lips' outer and inner edge (a lip lies between),
# around the mouth and on the chin, under the eyes and on the bridge of the nose.
_OUTER = [61, 185, 40, 39, 37, 0, 267, 269, 270, 409, 291, 375, 321, 405, 314, 17, 84, 181, 91, 146]
_INNER = [78, 191, 80, 81, 82, 13, 312, 311, 310, 415, 308, 324, 318, 402, 317, 14, 87, 178, 88, 95]
_AROUND = [164, 167, 393, 165, 391, 92, 322, 186, 410, 57, 287, 43, 273, 106, 335, 182, 406, 83, 313, 18]
_CHIN = [199, 200, 208, 428, 201, 421, 194, 418, 204, 424, 211, 431, 210, 430, 214, 434]
_UPPER = [168, 6, 197, 122, 351, 117, 346, 118, 347, 119, 348, 50, 280, 101, 330, 100, 329]
_NINE = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)], np.float32)


@dataclass(frozen=True)
class Look:
    """How a face, or a frame without one, looks.

    brightness: mean luma, 0–255.
    highlights: 95th percentile of luma, 0–255.
    sharpness: variance of the Laplacian ÷ variance of luma (after Pech-Pacheco et al.
        2000; the division takes contrast, and so lighting and skin tone, out of it).
    covered: the mouth cannot be seen.
    """

    brightness: float
    highlights: float
    sharpness: float
    covered: bool


def look(rgb: NDArray[np.uint8], face: Face | None) -> Look:
    """How the face looks, or the whole frame when there is none."""
    import cv2

    area = _crop(rgb, face.box) if face else rgb[::4, ::4]
    grey = cv2.cvtColor(area, cv2.COLOR_RGB2GRAY)
    luma = cv2.resize(grey, (_SIDE_PX, _SIDE_PX), interpolation=cv2.INTER_AREA)
    mean, spread = cv2.meanStdDev(luma)
    _, edges = cv2.meanStdDev(cv2.Laplacian(luma, cv2.CV_32F))
    return Look(
        brightness=float(mean.item()),
        highlights=float(np.percentile(luma, 95)),
        sharpness=(edges.item() / spread.item()) ** 2 if spread.item() else 0.0,
        covered=face is not None and _covered(rgb, face),
    )


def face_problem(face: Face, seen: Look, rgb: NDArray[np.uint8], options: Options) -> str | None:
    """Why a face that was found cannot be measured; None when it can."""
    if max(face.box.width, face.box.height) < options.min_face_px:
        return TOO_SMALL
    if _outside(face.box, rgb) > options.max_cut_off:
        return CUT_OFF
    if seen.highlights < options.min_luma:
        return TOO_DARK
    if max(abs(face.pose.yaw), abs(face.pose.pitch)) > options.max_turn_deg:
        return TURNED_AWAY
    if seen.sharpness < options.min_sharpness:
        return BLURRED
    return COVERED if seen.covered else None


def frame_problem(seen: Look, options: Options) -> str:
    """Why no face was found, as far as the frame tells."""
    return TOO_DARK if seen.highlights < options.min_luma else NO_FACE


def _covered(rgb: NDArray[np.uint8], face: Face) -> bool:
    """Whether something of another hue hides the mouth."""
    if face.box.height < _MIN_COVERED_PX:
        return False
    points, apart = face.points, face.box.height / 100
    lips, around = (points[_OUTER] + points[_INNER]) * np.float32(0.5), points[_AROUND]
    if np.linalg.norm(_colour(rgb, lips, apart) - _colour(rgb, around, apart)) >= _LIPS_DIFFER:
        return False
    lower = _colour(rgb, np.concatenate((around, points[_CHIN])), apart)
    upper = _colour(rgb, points[_UPPER], apart)
    return bool(np.linalg.norm((lower - upper)[1:]) > _HALVES_DIFFER)


def _colour(rgb: NDArray[np.uint8], points: NDArray[np.float32], apart: float) -> NDArray[np.float32]:
    """Median colour, CIE Lab, at some points [shape=(n, 2)], each the mean of nine pixels so far `apart`."""
    import cv2

    height, width = rgb.shape[:2]
    column, row = np.rint(points[:, None] + _NINE * np.float32(apart)).astype(np.intp).transpose(2, 0, 1)
    pixels = rgb[row.clip(0, height - 1), column.clip(0, width - 1)].mean(axis=1, dtype=np.float32) / 255
    return np.asarray(np.median(cv2.cvtColor(pixels[None], cv2.COLOR_RGB2LAB)[0], axis=0), np.float32)


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
