"""Clips of faces to measure, made of real pictures."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analyzers.face import MODELS
from analyzers.face.track import follow
from analyzers.media.frames import frames
from mulakat.runtime import models
from mulakat.runtime.sandbox import run_without_network

Picture = NDArray[np.uint8]
RATE_HZ = 10


def model_files() -> dict[str, str]:
    """Model name → path, as `follow` wants it."""
    return {name: str(models.locate(name)) for name in MODELS}


def measured(path: Path, **options: float) -> dict[str, Any]:
    """Fields of the `FaceTrack` of a recording."""
    fields: dict[str, Any] = run_without_network(follow, str(path), model_files(), options, 0.0)
    return fields


def pictures(path: Path, seconds: float, rate_hz: float = RATE_HZ) -> list[Picture]:
    """The first seconds of a recording."""
    return [frame.rgb for frame in frames(path, rate_hz=rate_hz) if frame.t_s < seconds]


def read_picture(path: Path) -> Picture:
    import cv2

    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


def write_clip(
    path: Path, pictures: Iterable[Picture], rate_hz: int = RATE_HZ, crf: int = 12, preset: str = "ultrafast"
) -> Path:
    """Write pictures of one size as H.264."""
    import av

    with av.open(str(path), "w") as container:
        stream = None
        for picture in pictures:
            even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
            if stream is None:
                stream = container.add_stream("libx264", rate=rate_hz, options={"crf": f"{crf}", "preset": preset})
                stream.height, stream.width = even.shape[:2]
                stream.pix_fmt = "yuv420p"
            container.mux(stream.encode(av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")))
        assert stream is not None
        container.mux(stream.encode())
    return path


def still(picture: Picture, seconds: float = 1.0) -> list[Picture]:
    """One picture for so long."""
    return [picture] * round(seconds * RATE_HZ)


def rotated(picture: Picture, clockwise_deg: float) -> Picture:
    """A picture turned about its middle; what comes in from outside repeats the edge."""
    import cv2

    height, width = picture.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -clockwise_deg, 1)
    return np.asarray(cv2.warpAffine(picture, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def fitted(picture: Picture, side_px: int) -> Picture:
    """A picture scaled into a grey square."""
    import cv2

    scale = side_px / max(picture.shape[:2])
    scaled = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    canvas = np.full((side_px, side_px, 3), 110, np.uint8)
    top, left = (side_px - scaled.shape[0]) // 2, (side_px - scaled.shape[1]) // 2
    canvas[top : top + scaled.shape[0], left : left + scaled.shape[1]] = scaled
    return canvas
