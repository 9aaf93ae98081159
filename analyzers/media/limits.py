"""What a recording may be: its size, and the containers that are opened at all."""

from __future__ import annotations

from dataclasses import dataclass

FORMATS = (
    "mov", "matroska", "avi", "mpeg", "mpegts", "flv", "asf",
    "ogg", "wav", "flac", "mp3", "aac", "amr", "aiff", "caf",
)  # fmt: skip
"""FFmpeg demuxers that may open a recording. Each reads one file; none follows a reference to another."""

MAX_SIZE_BYTES = 4 * 1024**3
MAX_TEXT_BYTES = 100_000
"""Of a written answer: some fifteen thousand words."""
MAX_DURATION_S = 2 * 3600.0
MAX_PIXELS = 4096 * 4096
MAX_STREAMS = 16

# Beyond these no recording is real, and FFmpeg's filters take hours or crash.
MAX_CHANNELS = 64
MIN_RATE_HZ, MAX_RATE_HZ = 1_000, 768_000


@dataclass(frozen=True)
class Bounds:
    """What is accepted, checked before a recording is decoded.

    A decoder is held to `max_pixels` and `max_duration_s` as well, since a file may
    say one thing in its header and another further on.
    """

    max_size_bytes: int = MAX_SIZE_BYTES
    max_duration_s: float = MAX_DURATION_S
    max_pixels: int = MAX_PIXELS
    max_streams: int = MAX_STREAMS
