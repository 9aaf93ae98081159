"""Clips of faces to measure, made of real pictures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
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


def measured(path: Path, duration_s: float = 0.0, **options: float) -> dict[str, Any]:
    """Fields of the `FaceTrack` of a recording, which may go on after its last picture."""
    fields: dict[str, Any] = run_without_network(follow, str(path), model_files(), options, duration_s)
    return fields


def pictures(path: Path, seconds: float, rate_hz: float = RATE_HZ) -> list[Picture]:
    """The first seconds of a recording."""
    return [frame.rgb for frame in frames(path, rate_hz=rate_hz) if frame.t_s < seconds]


def read_picture(path: Path) -> Picture:
    import cv2

    return np.asarray(cv2.imread(str(path), cv2.IMREAD_COLOR_RGB), np.uint8)


def write_clip(
    path: Path,
    pictures: Iterable[Picture],
    rate_hz: int = RATE_HZ,
    crf: int = 12,
    preset: str = "ultrafast",
    pauses_s: Mapping[int, float] | None = None,
) -> Path:
    """Write pictures of one size as H.264. `pauses_s`: number of a picture → how long none comes before it."""
    import av

    pause_s = 0.0

    with av.open(str(path), "w") as container:
        stream = None
        for index, picture in enumerate(pictures):
            pause_s += (pauses_s or {}).get(index, 0.0)
            even = picture[: picture.shape[0] // 2 * 2, : picture.shape[1] // 2 * 2]
            if stream is None:
                stream = container.add_stream("libx264", rate=rate_hz, options={"crf": f"{crf}", "preset": preset})
                stream.height, stream.width = even.shape[:2]
                stream.pix_fmt = "yuv420p"
            frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(even), format="rgb24")
            frame.pts, frame.time_base = index + round(pause_s * rate_hz), Fraction(1, rate_hz)
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode())
    return path


def write_sizes(path: Path, *parts: list[Picture], rate_hz: int = RATE_HZ) -> Path:
    """Write pictures as VP8 in WebM, each part in its own size, as browsers do when the line gets worse."""
    import av

    with av.open(str(path), "w") as container:
        stream: Any = None
        index = 0
        for part in parts:
            encoder: Any = av.CodecContext.create("libvpx", "w")
            encoder.height, encoder.width = part[0].shape[:2]
            encoder.pix_fmt, encoder.time_base, encoder.bit_rate = "yuv420p", Fraction(1, rate_hz), 1_000_000
            if stream is None:
                stream = container.add_stream("libvpx", rate=rate_hz)
                stream.height, stream.width = part[0].shape[:2]
            packets = []
            for picture in part:
                frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(picture), format="rgb24")
                frame.pts, frame.time_base = index, Fraction(1, rate_hz)
                index += 1
                packets += encoder.encode(frame.reformat(format="yuv420p"))
            for packet in [*packets, *encoder.encode(None)]:
                packet.stream = stream
                container.mux(packet)
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
