"""Fundamental frequency: swift-f0 by default, or librosa's pYIN.

* swift-f0: Nieradzik 2025, https://arxiv.org/abs/2508.18440; a small neural network.
* pYIN: Mauch & Dixon 2014, "pYIN: a fundamental frequency estimator using probabilistic
  threshold distributions"; slower by far, for whoever wants a tracker without learned weights.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.voice.loudness import FRAME_S, HOP
from mulakat.runtime import models
from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import joined

Name = Literal["swift-f0", "pyin"]
CONTEXT = 11
"""Frames on each side that swift-f0's answer depends on."""


@dataclass(frozen=True)
class Pitch:
    """One value per 16 ms, shape (frames,): times in s, F0 in Hz, NaN where there is none."""

    t_s: np.ndarray
    f0_hz: np.ndarray

    @property
    def voiced(self) -> np.ndarray:
        """Where there is a pitch, shape (frames,)."""
        return np.asarray(np.isfinite(self.f0_hz))

    def within(self, low_hz: float, high_hz: float) -> Pitch:
        """The same without what lies outside a band."""
        outside = (self.f0_hz < low_hz) | (self.f0_hz > high_hz)
        return Pitch(self.t_s, np.where(outside, np.nan, self.f0_hz))


class PitchTracker(ABC):
    """Tracks F0 in mono 16 kHz float32 sound, shape (samples,)."""

    model: str | None = None
    libraries: tuple[str, ...]

    def track(self, audio: np.ndarray, speech: Sequence[TimeRange], min_hz: float, max_hz: float) -> Pitch:
        """F0 between `min_hz` and `max_hz` where there is speech; silence costs no time.

        Frames next to speech give context, so the result is the one for the whole recording.
        """
        f0_hz = np.full(max(1, audio.size // HOP), np.nan)
        for first, last in _frames(speech, f0_hz.size):
            start = max(0, first - CONTEXT)
            found = self._f0_hz(audio[start * HOP : (last + CONTEXT) * HOP], min_hz, max_hz)
            f0_hz[first:last] = found[first - start : last - start]
        return Pitch(np.arange(f0_hz.size) * FRAME_S, f0_hz)

    @abstractmethod
    def _f0_hz(self, audio: np.ndarray, min_hz: float, max_hz: float) -> np.ndarray:
        """F0 every 16 ms from the first sample on, at least samples ÷ 256 values; NaN where there is none."""


class SwiftF0(PitchTracker):
    """Holds swift-f0. Raises SetupError when the model is missing."""

    model = "swift-f0"
    libraries = ("swift-f0", "onnxruntime")
    MIN_CONFIDENCE = 0.5  # as calibrated by its author

    def __init__(self) -> None:
        models.locate(self.model)  # swift-f0 loads its own copy: this verifies it
        from swift_f0 import SwiftF0 as Detector

        # One thread: it is 50 times faster than real time, and sums do not depend on the machine's cores.
        self._detector = Detector(threads=1, spin=False)

    def _f0_hz(self, audio: np.ndarray, min_hz: float, max_hz: float) -> np.ndarray:
        found = self._detector.detect(audio, SAMPLE_RATE_HZ, fmin=min_hz, fmax=max_hz)
        return np.where(found.confidence >= self.MIN_CONFIDENCE, found.pitch_hz, np.nan)


class Pyin(PitchTracker):
    """librosa's pYIN."""

    libraries = ("librosa", "numba", "scipy")

    def _f0_hz(self, audio: np.ndarray, min_hz: float, max_hz: float) -> np.ndarray:
        import librosa

        f0_hz, _, _ = librosa.pyin(audio, fmin=min_hz, fmax=max_hz, sr=SAMPLE_RATE_HZ, hop_length=HOP)
        return np.asarray(f0_hz)


TRACKERS: dict[Name, type[SwiftF0 | Pyin]] = {"swift-f0": SwiftF0, "pyin": Pyin}


def speaker_band(values_hz: np.ndarray, min_hz: float, max_hz: float) -> tuple[float, float]:
    """Lowest and highest pitch of this speaker: 0.75 Q1 and 2.5 Q3 of the whole band's values.

    What lies outside is mostly octave errors (De Looze & Hirst 2008, "Detecting changes in
    key and range for the automatic modelling and coding of intonation"; the wide ceiling is
    for expressive speech). Tracking again in this band would leave the same values: the band
    only masks swift-f0's candidates.
    """
    first, third = np.percentile(values_hz, [25, 75])
    return max(min_hz, 0.75 * float(first)), min(max_hz, 2.5 * float(third))


def semitones(low_hz: float, high_hz: float) -> float:
    """Musical distance of two frequencies: 12 log2(high ÷ low)."""
    return 12 * float(np.log2(high_hz / low_hz))


def variation_semitones(values_hz: np.ndarray) -> float:
    """Standard deviation on a musical scale: 12 log2."""
    return 12 * float(np.std(np.log2(values_hz)))


def _frames(speech: Sequence[TimeRange], count: int) -> Iterator[tuple[int, int]]:
    """Frames from … to (not included) of the speech, joined where the contexts of two stretches would meet."""
    frames = ((int(np.ceil(each.start_s / FRAME_S)), min(count, int(each.end_s / FRAME_S) + 1)) for each in speech)
    return ((first, last) for first, last in joined(frames, 2 * CONTEXT - 1) if first < last)
