"""What every Whisper engine does: sound in, words with times and doubts out.

The engines decode greedily in temperature (0 only, beam search), so the same sound gives the
same words. Nothing here guards against invented words: `analyzers.speech.hallucinations` does, for
all engines alike.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

WINDOW_S = 20.0
"""Length of one of several windows. Whisper's own are 30 s; its encoder's cost grows faster than the length, so 20 s
cost half as much per second, and words are not heard worse (`docs/analyzers/speech.md`)."""

TRAINED_S = 30.0
"""What Whisper was trained on: a recording that fits one window is filled up with silence to this length."""

TIMESTAMP_S = 0.02
"""Unit of Whisper's time tokens."""


@dataclass(frozen=True)
class RecognizedWord:
    """A word as the engine heard it; times are seconds in its window, `text` keeps its leading space."""

    text: str
    start_s: float
    end_s: float
    probability: float


@dataclass(frozen=True)
class DecodedSegment:
    """One segment that the decoder wrote, usually a sentence.

    mean_log_probability, no_speech_probability: of the whole window, as Whisper gives them.
    compression_ratio: bytes of text ÷ bytes when compressed; high when it repeats itself.
    """

    words: tuple[RecognizedWord, ...]
    mean_log_probability: float
    no_speech_probability: float

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)

    @property
    def compression_ratio(self) -> float:
        return compression_ratio(self.text)


@dataclass(frozen=True)
class Encoded:
    """A window after the encoder: the engine's own, the sound's length, and the length it was filled up to."""

    features: Any
    seconds: float
    filled_s: float


@dataclass(frozen=True)
class Decoding:
    """How to decode.

    prompt: text in the style to keep to, as if it had been said before.
    no_repeat_tokens: forbid any run of as many tokens to come twice; 0 = allow.
    """

    language: str
    beam_size: int
    prompt: str | None = None
    no_repeat_tokens: int = 0


class Engine(Protocol):
    """A loaded Whisper model."""

    languages: frozenset[str]
    device: str
    compute_type: str

    @property
    def libraries(self) -> tuple[str, ...]:
        """Distributions that make the result what it is."""
        ...

    def encode(self, sound: np.ndarray, fill_s: float) -> Encoded:
        """Run the encoder on mono 16 kHz float32 sound, filled up with silence to at least `fill_s`."""
        ...

    def language(self, window: Encoded, start_s: float, end_s: float) -> Mapping[str, float]:
        """Probability of each language in a stretch of the window (its silence too, up to `window.filled_s`)."""
        ...

    def decode(self, windows: Sequence[Encoded], how: Decoding) -> list[list[DecodedSegment]]:
        """Decode windows of one filled length together, in the order given."""
        ...

    def close(self) -> None:
        """Give the memory back."""
        ...


def compression_ratio(text: str) -> float:
    """Whisper's measure of repetition (openai/whisper `utils.compression_ratio`)."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def sentences(tokens: Sequence[int], timestamp_begin: int, seconds: float) -> list[dict[str, Any]]:
    """Split a window's tokens where two time tokens meet, as openai/whisper `transcribe` does.

    Returns:
        `start`, `end` (seconds in the window) and `tokens` of each segment; the form in which both
        libraries take them to find the words' times.
    """
    cuts = [
        index
        for index in range(1, len(tokens))
        if tokens[index - 1] >= timestamp_begin and tokens[index] >= timestamp_begin
    ]
    found = []
    for first, last in zip([0, *cuts], [*cuts, len(tokens)], strict=True):
        run = list(tokens[first:last])
        times = [(token - timestamp_begin) * TIMESTAMP_S for token in run if token >= timestamp_begin]
        text = [token for token in run if token < timestamp_begin]
        if text:
            start = times[0] if run[0] >= timestamp_begin else 0.0
            end = times[-1] if run[-1] >= timestamp_begin else seconds
            found.append({"start": start, "end": max(start, min(end, seconds)), "tokens": text, "seek": 0})
    return found
