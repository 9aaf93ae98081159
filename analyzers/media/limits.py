"""What a recording may be: its size, and the containers that are opened at all."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

FORMATS = (
    "mov", "matroska", "avi", "mpeg", "mpegts", "flv", "asf",
    "ogg", "wav", "flac", "mp3", "aac", "amr", "aiff", "caf",
)  # fmt: skip
"""FFmpeg demuxers that may open a recording. Each reads one file; none follows a reference to another."""


class Limits(BaseModel):
    """What is accepted; checked before a recording is decoded."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_size_bytes: int = Field(4 * 1024**3, gt=0)
    max_duration_s: float = Field(2 * 3600.0, gt=0)
    max_pixels: int = Field(4096 * 4096, gt=0, description="width × height of the picture")
    max_streams: int = Field(16, gt=0)
