"""Fundamental frequency with swift-f0 (Nieradzik 2025, https://arxiv.org/abs/2508.18440)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyzers import models
from analyzers.activity import SAMPLE_RATE_HZ
from analyzers.results import Spread

MODEL = "swift-f0"
FRAME_S = 0.016


@dataclass(frozen=True)
class Pitch:
    """One value per 16 ms, shape (frames,): times in s, F0 in Hz, voicing confidence 0–1."""

    t_s: np.ndarray
    f0_hz: np.ndarray
    confidence: np.ndarray


class PitchTracker:
    """Holds swift-f0. Raises SetupError when the model is missing."""

    def __init__(self) -> None:
        models.locate(MODEL)  # swift-f0 loads its own copy: this verifies it
        from swift_f0 import SwiftF0

        # One thread: it is 50 times faster than real time, and sums do not depend on the machine's cores.
        self.detector = SwiftF0(threads=1, spin=False)

    def close(self) -> None:
        """Free the model."""
        del self.detector

    def track(self, audio: np.ndarray, min_hz: float, max_hz: float) -> Pitch:
        """F0 between `min_hz` and `max_hz` of mono 16 kHz float32 audio, shape (samples,), not empty."""
        found = self.detector.detect(audio, SAMPLE_RATE_HZ, fmin=min_hz, fmax=max_hz)
        return Pitch(found.timestamps, found.pitch_hz, found.confidence)


def speaker_band(values_hz: np.ndarray, min_hz: float, max_hz: float) -> tuple[float, float]:
    """Lowest and highest pitch of this speaker, from a first pass: 0.75 Q1 and 2.5 Q3.

    Tracking again inside this band avoids most octave errors (De Looze & Hirst 2008,
    "Detecting changes in key and range for the automatic modelling and coding of intonation";
    the wide ceiling is for expressive speech).
    """
    first, third = np.percentile(values_hz, [25, 75])
    return max(min_hz, 0.75 * float(first)), min(max_hz, 2.5 * float(third))


def spread(values: np.ndarray) -> Spread:
    """Median and 5th and 95th percentile."""
    low, middle, high = np.percentile(values, [5, 50, 95])
    return Spread(median=round(float(middle), 2), p05=round(float(low), 2), p95=round(float(high), 2))


def semitones(low_hz: float, high_hz: float) -> float:
    """Musical distance of two frequencies: 12 log2(high ÷ low)."""
    return 12 * float(np.log2(high_hz / low_hz))
