"""Stage `extract_audio`: the sound as a 16 kHz mono WAV file on the presentation clock."""

from __future__ import annotations

import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel, ConfigDict

from analyzers.media import sound
from analyzers.media.limits import MAX_DURATION_S
from analyzers.media.sound import SAMPLE_RATE_HZ as SAMPLE_RATE_HZ
from mulakat.runtime.sandbox import run_in_child
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.media import Audio, Media
from mulakat.schema.provenance import provenance

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

VERSION = "4"
ANALYZER = "analyzers.media.audio"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = Audio


class Options(BaseModel):
    """Nothing to choose: all later stages work on 16 kHz mono."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def uses(options: BaseModel) -> dict[str, str | None]:
    """No model."""
    return {}


def run(context: Context) -> Audio:
    """Extract the sound and measure its level.

    Raises:
        NotMeasurable: a written answer, no audio stream, or nothing in it can be decoded.
    """
    media = context.results["fetch_media"]
    assert isinstance(media, Media)
    if media.audio is None:
        raise NotMeasurable(Code.NO_SOUND if media.text is None else Code.WRITTEN_ANSWER)
    found = context.files.extract_audio(media, context.progress)
    context.progress(1.0)
    return Audio(**found, provenance=provenance(ANALYZER, VERSION, context.options, libraries=("av",)))


def extract(
    recording: Path,
    target: Path,
    *,
    longest_s: float = MAX_DURATION_S,
    holes: Sequence[TimeRange] = (),
    progress: Callable[[float], None] = lambda fraction: None,
) -> dict[str, Any]:
    """Write the sound of `recording` to `target` and say what is in it: `sound.extract` in a child process."""
    spans = [(hole.start_s, hole.end_s) for hole in holes]
    found: dict[str, Any] = run_in_child(
        sound.extract, str(recording), str(target), longest_s, spans, progress=progress
    )
    return found


class Sound:
    """The samples of a file written by `extract`, read when a slice of them is asked for: float32, range [-1, 1].

    Reads like an array of shape (size,), without holding an hour of sound in memory. Safe to use from several threads.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with wave.open(str(path), "rb") as file:
            self.size = file.getnframes()

    def __len__(self) -> int:
        return self.size

    def __getitem__(self, part: slice) -> np.ndarray:
        first, last, step = part.indices(self.size)
        with wave.open(str(self._path), "rb") as file:
            file.setpos(first)
            samples = np.frombuffer(file.readframes(max(0, last - first)), dtype="<i2")[::step]
        return samples.astype(np.float32) / np.float32(sound.FULL_SCALE)


def load(path: Path) -> np.ndarray:
    """All samples of a file written by `extract`: float32, shape (n,), range [-1, 1]."""
    return Sound(path)[:]
