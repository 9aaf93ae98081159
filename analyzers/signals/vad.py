"""Where somebody speaks: voice activity detection with Silero VAD v6."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import numpy as np

from analyzers.signals.intervals import runs
from mulakat.runtime import models
from mulakat.schema.base import TimeRange

MODEL = "silero-vad"
SAMPLE_RATE_HZ = 16_000
FRAME = 512
PIECE_S = 120
SEARCH_S = 20
BLOCK = 2000  # frames looked at together


class Samples(Protocol):
    """Mono sound at 16 kHz, float32 in −1 … 1: an array, or a file read slice by slice (`media.audio.Sound`)."""

    @property
    def size(self) -> int: ...

    def __getitem__(self, part: slice, /) -> np.ndarray: ...


def speech(
    audio: Samples, *, threshold: float = 0.5, min_speech_s: float = 0.1, min_silence_s: float = 0.1
) -> list[TimeRange]:
    """Stretches of speech, in order, without padding.

    Silero VAD (https://github.com/snakers4/silero-vad) gives a speech probability for
    every 32 ms, which is the precision of the edges.

    Args:
        audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
        threshold: speech probability (0–1) that starts a stretch; it ends 0.15 below.
        min_speech_s: shorter stretches are dropped.
        min_silence_s: shorter gaps do not end a stretch.

    Raises:
        SetupError: the model is missing or not the expected one.
    """
    if not audio.size:
        return []
    models.locate(MODEL)  # faster-whisper loads its own copy: this verifies it
    from faster_whisper.vad import VadOptions, get_speech_timestamps

    options = VadOptions(
        threshold=threshold,
        min_speech_duration_ms=round(min_speech_s * 1000),
        min_silence_duration_ms=round(min_silence_s * 1000),
        speech_pad_ms=0,
    )
    found: list[tuple[int, int]] = []
    for first, last in _pieces(audio):
        for stretch in get_speech_timestamps(audio[first:last], options):
            start, end = first + stretch["start"], first + stretch["end"]
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
    return [TimeRange(start_s=start / SAMPLE_RATE_HZ, end_s=end / SAMPLE_RATE_HZ) for start, end in found]


def _pieces(audio: Samples) -> Iterator[tuple[int, int]]:
    """First and last sample of pieces that bound the detector's memory, cut where it is quietest."""
    first = 0
    while audio.size - first > PIECE_S * SAMPLE_RATE_HZ:
        search = audio[first : first + PIECE_S * SAMPLE_RATE_HZ][-SEARCH_S * SAMPLE_RATE_HZ :]
        blocks = search[: search.size // FRAME * FRAME].reshape(-1, FRAME)
        quietest = int(np.argmin(np.einsum("ij,ij->i", blocks, blocks)))
        last = first + PIECE_S * SAMPLE_RATE_HZ - search.size + quietest * FRAME
        yield first, last
        first = last
    yield first, audio.size


LOUD_BELOW_DB = 20.0
"""How far below the recording's loudest sound an overlooked voice may be."""
LOUD_ABOVE_DB = 15.0
"""How far above the recording's quiet (10th percentile) it must be."""


def overlooked(audio: Samples, speech: list[TimeRange], *, min_s: float = 0.15) -> list[TimeRange]:
    """Loud sound outside the speech: perhaps a shouted or very high voice, which Silero misses; perhaps a door.

    Args:
        audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
        speech: what voice activity detection found.
        min_s: shorter sounds are left out.
    """
    count = audio.size // FRAME
    if not count:
        return []
    power = np.empty(count)
    for first in range(0, count, BLOCK):
        frames = audio[first * FRAME : min(first + BLOCK, count) * FRAME].reshape(-1, FRAME)
        power[first : first + BLOCK] = np.einsum("ij,ij->i", frames, frames, dtype=np.float64) / FRAME
    level_db = 10 * np.log10(power + 1e-10)
    loud = (level_db > level_db.max() - LOUD_BELOW_DB) & (level_db > np.percentile(level_db, 10) + LOUD_ABOVE_DB)
    frame_s = FRAME / SAMPLE_RATE_HZ
    for stretch in speech:
        loud[int(stretch.start_s / frame_s) : int(np.ceil(stretch.end_s / frame_s))] = False
    return [
        TimeRange(start_s=run.start * frame_s, end_s=run.stop * frame_s)
        for run in runs(loud)
        if (run.stop - run.start) * frame_s >= min_s
    ]
