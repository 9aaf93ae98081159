"""Make small recordings for tests: a grey that brightens frame by frame, and a tone that starts at a known time."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

FPS = 25
WIDTH, HEIGHT = 64, 48
AUDIO_HZ = 16_000


def tone(seconds: float, *, start_s: float = 0.0, hz: int = AUDIO_HZ) -> np.ndarray:
    """int16 samples: silence, then 440 Hz at half scale from `start_s` on."""
    t = np.arange(round(seconds * hz)) / hz
    return np.where(t >= start_s, 16384 * np.sin(2 * np.pi * 440 * (t - start_s)), 0).astype(np.int16)


def grey(index: int) -> int:
    """Brightness of frame `index`; starts again after 50 frames."""
    return 20 + 4 * (index % 50)


def make(
    path: Path,
    *,
    seconds: float = 2.0,
    video: str | None = "mpeg4",
    audio: str | None = "pcm_s16le",
    samples: np.ndarray | None = None,
    audio_hz: int = AUDIO_HZ,
    layout: str = "mono",
    audio_delay_s: float = 0.0,
    shift_s: float = 0.0,
    frame_times_s: list[float] | None = None,
    rotation_deg: int = 0,
    pixel_aspect: Fraction | None = None,
    size: tuple[int, int] = (WIDTH, HEIGHT),
    options: dict[str, str] | None = None,
    container_format: str | None = None,
) -> Path:
    """Write a recording. `shift_s` moves the timestamps of both streams, `audio_delay_s` those of the sound."""
    import av

    with av.open(str(path), "w", format=container_format, options=options or {}) as container:
        streams: list[tuple[Any, list[Any]]] = []
        if video is not None:
            stream: Any = container.add_stream(video, rate=FPS)
            stream.width, stream.height = size
            stream.pix_fmt = {"mjpeg": "yuvj420p", "png": "rgb24"}.get(video, "yuv420p")
            stream.codec_context.time_base = Fraction(1, 1000)
            stream.codec_context.gop_size = 12
            if pixel_aspect is not None:
                stream.codec_context.sample_aspect_ratio = pixel_aspect
            if rotation_deg:
                stream.set_display_rotation(rotation_deg)
            times = frame_times_s or [n / FPS for n in range(round(seconds * FPS))]
            streams.append((stream, [_picture(n, t + shift_s, size) for n, t in enumerate(times)]))
        if audio is not None:
            stream = container.add_stream(audio, rate=audio_hz, layout=layout)
            data = tone(seconds, hz=audio_hz) if samples is None else samples
            streams.append((stream, _sounds(stream, data, audio_hz, layout, audio_delay_s + shift_s)))
        packets = []
        for stream, frames in streams:
            for frame in [*frames, None]:
                packets += stream.encode(frame)
        container.start_encoding()
        for packet in sorted(packets, key=lambda p: p.dts * p.time_base):
            container.mux(packet)
    return path


def remux(source: Path, target: Path, *, options: dict[str, str] | None = None) -> Path:
    """Copy the streams of `source` into another container, unchanged."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w", options=options or {}) as new:
        copies = {s.index: new.add_stream_from_template(s) for s in old.streams}
        for packet in old.demux():
            if packet.dts is not None:
                packet.stream = copies[packet.stream.index]
                new.mux(packet)
    return target


def damaged(data: bytes, every: int = 499) -> bytes:
    """An MP4 with one bit in so many bytes of its media data flipped; the index stays whole."""
    broken = bytearray(data)
    start = data.index(b"mdat") + 4
    stop = data.index(b"moov", start) if b"moov" in data[start:] else len(data)
    for place in range(start + 5000, stop - 8, every):
        broken[place] ^= 1 << place % 8
    return bytes(broken)


def _picture(index: int, time_s: float, size: tuple[int, int]) -> Any:
    import av

    image = np.full((size[1], size[0], 3), grey(index), np.uint8)
    image[: size[1] // 4, : size[0] // 4] = (255, 0, 0)  # a red corner, top left
    frame = av.VideoFrame.from_ndarray(image, format="rgb24")
    frame.pts, frame.time_base = round(time_s * 1000), Fraction(1, 1000)
    return frame


def _sounds(stream: Any, samples: np.ndarray, hz: int, layout: str, start_s: float) -> list[Any]:
    import av

    channels = av.AudioLayout(layout).nb_channels
    data = np.repeat(samples, channels) if samples.ndim == 1 else samples.reshape(-1)
    size = stream.codec_context.frame_size or 512
    resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=hz)
    frames = []
    for first in range(0, len(data) // channels, size):
        block = data[first * channels : (first + size) * channels].reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="s16", layout=layout)
        frame.sample_rate, frame.time_base = hz, Fraction(1, hz)
        frame.pts = first + round(start_s * hz)
        frames += resampler.resample(frame)
    return frames
