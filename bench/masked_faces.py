"""Faces with masks painted on, for `bench/masks.py`: the work of its child process without network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers import face
from analyzers.face import visibility
from analyzers.face.landmarks import Face, Landmarker
from analyzers.face.mask import MaskDetector

EACH_S = 2.0
MASKED = "masked.jpg"
"""The one development picture of a person who wears a mask."""
SMALLEST_PX = 100

# FaceLandmarker's points: along the lower edge of the face from ear to ear, and the bridge of the nose.
EDGE = [234, 93, 132, 58, 172, 136, 150, 149, 176, 148, 152, 377, 400, 378, 379, 365, 397, 288, 361, 323, 454, 197]
UNDER_EYES = [117, 118, 119, 346, 347, 348]
COLORS = {
    "black": (30, 30, 32),
    "white": (235, 236, 238),
    "blue": (110, 160, 205),
    "green": (60, 120, 80),
    "grey": (128, 128, 130),
    "red": (190, 40, 45),
    "pink": (225, 165, 175),
    "brown": (120, 80, 55),
    "beige": (215, 185, 150),
}
OF_SKIN = "of skin colour"

Picture = NDArray[np.uint8]


def measure(
    media: str, samples: str, landmarker: str, covering: str, *, progress: Callable[[float], None]
) -> dict[str, list[list[bool]]]:
    """Kind of mouth → for each face, whether ours and the classifier alone take it for covered."""
    found: dict[str, list[list[bool]]] = {kind: [] for kind in ("uncovered", "a worn mask", *COLORS, OF_SKIN)}
    looks = [*_pictures(Path(media)), *_frames(Path(media), Path(samples))]
    for index, (name, rgb) in enumerate(looks):
        progress(index / len(looks))
        seen = _largest(rgb, landmarker)
        if seen is None or seen.box.height < SMALLEST_PX:
            continue
        found["a worn mask" if name == MASKED else "uncovered"].append(_verdicts(rgb, seen, covering))
        if name == MASKED:
            continue
        for kind, color in (*COLORS.items(), (OF_SKIN, _skin(rgb, seen))):
            masked = painted(rgb, seen, color)
            again = _largest(masked, landmarker)
            found[kind].append(_verdicts(masked, again, covering) if again else [True, True])
    return found


def painted(rgb: Picture, seen: Face, color: tuple[int, int, int]) -> Picture:
    """The face with a mask from the bridge of the nose to the chin, lighter and darker where the face was."""
    import cv2

    inside = np.zeros(rgb.shape[:2], np.uint8)
    cv2.fillPoly(inside, [seen.points[EDGE].astype(np.int32)], 255)
    light = cv2.GaussianBlur(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), (0, 0), max(2.0, seen.box.height / 20))
    shade = np.clip(light / max(1.0, float(np.median(light[inside > 0]))), 0.4, 1.6)[..., None]
    mask = np.clip(np.array(color) * shade, 0, 255).astype(np.uint8)
    return np.where(inside[..., None] > 0, mask, rgb)


def _verdicts(rgb: Picture, seen: Face, model: str) -> list[bool]:
    import cv2

    inside = visibility.crop(rgb, seen.box)
    network: Any = cv2.dnn.readNetFromONNX(model)
    network.setInput(cv2.dnn.blobFromImage(inside, 1 / 127.5, (224, 224), (127.5,) * 3))
    return [MaskDetector(model).seen(0.0, rgb, seen), bool(network.forward()[0, 0] > 0.5)]


def _largest(rgb: Picture, model: str) -> Face | None:
    with Landmarker(model, face.Options()) as landmarker:
        return max(landmarker.faces(rgb, 0.0), key=lambda face: face.box.width * face.box.height, default=None)


def _skin(rgb: Picture, seen: Face) -> tuple[int, int, int]:
    column, row = seen.points[UNDER_EYES].astype(int).T
    height, width = rgb.shape[:2]
    red, green, blue = np.median(rgb[row.clip(0, height - 1), column.clip(0, width - 1)], axis=0)
    return int(red), int(green), int(blue)


def _pictures(media: Path) -> Iterator[tuple[str, Picture]]:
    import cv2

    for path in sorted([*(media / "faces").iterdir(), *(media / "emotion").iterdir()]):
        bgr = cv2.imread(str(path)) if path.suffix in (".jpg", ".jpeg", ".png") else None
        if bgr is not None:
            yield path.name, np.asarray(bgr[..., ::-1], np.uint8)


def _frames(media: Path, samples: Path) -> Iterator[tuple[str, Picture]]:
    from analyzers.media.frames import frames

    for path in sorted([*(media / "video").iterdir(), *samples.glob("*.mp4")]):
        if path.suffix in (".mp4", ".mpg", ".webm"):
            for frame in frames(path, rate_hz=1 / EACH_S):
                yield path.name, frame.rgb
