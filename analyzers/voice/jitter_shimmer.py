"""Vocal fold cycles and how regular they are: jitter and shimmer, with Praat's definitions.

Boersma & Weenink, "Praat: doing phonetics by computer", manual pages "Sound & Pitch: To
PointProcess (cc)", "PointProcess: Get jitter (local)..." and "PointProcess & Sound: Get
shimmer (local)...". Written from the manual.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analyzers.signals.intervals import runs
from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.voice.loudness import FRAME_S
from analyzers.voice.pitch import Pitch
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason

MAX_PERIOD_FACTOR = 1.3
MAX_AMPLITUDE_FACTOR = 1.6
MIN_CORRELATION = 0.3
MIN_PULSES = 3
AMPLITUDE_REACH = 0.2  # of a period, to both sides of a pulse
MAX_VOICED_S = 10.0
"""The longest voiced stretches, up to this much, are enough: 1,000 cycles or more."""


@dataclass(frozen=True)
class Cycles:
    """Pulses of one voiced stretch, shape (pulses,): times in s, and the amplitude around each (NaN at both ends)."""

    t_s: np.ndarray
    amplitude: np.ndarray


def cycles(audio: np.ndarray, pitch: Pitch) -> list[Cycles]:
    """Cycles of the longest voiced stretches of mono 16 kHz sound, shape (samples,)."""
    found: list[Cycles] = []
    voiced_s = 0.0
    for run in sorted(runs(pitch.voiced), key=lambda run: (run.start - run.stop, run.start)):
        if voiced_s >= MAX_VOICED_S:
            break
        voiced_s += (run.stop - run.start) * FRAME_S
        found += _Walk(audio, pitch.t_s[run], pitch.f0_hz[run]).cycles()
    return found


def jitter(found: list[Cycles]) -> float | Reason:
    """Jitter (local): mean difference of consecutive periods ÷ mean period; or why there is none."""
    differences: list[np.ndarray] = []
    periods: list[np.ndarray] = []
    for each in found:
        period = np.diff(each.t_s)
        alike = _alike(period, MAX_PERIOD_FACTOR)
        differences.append(np.abs(np.diff(period))[alike])
        periods.append(period)
    return _ratio(differences, periods)


def shimmer(found: list[Cycles]) -> float | Reason:
    """Shimmer (local): mean difference of consecutive periods' amplitudes ÷ mean amplitude; or why there is none."""
    differences: list[np.ndarray] = []
    amplitudes: list[np.ndarray] = []
    for each in found:
        amplitude = each.amplitude[1:-1][_alike(np.diff(each.t_s), MAX_PERIOD_FACTOR)]
        differences.append(np.abs(np.diff(amplitude))[_alike(amplitude, MAX_AMPLITUDE_FACTOR)])
        amplitudes.append(amplitude)
    return _ratio(differences, amplitudes)


def count(found: list[Cycles]) -> int:
    """Number of whole cycles."""
    return sum(each.t_s.size - 1 for each in found)


class _Walk:
    """From the middle of a voiced stretch to its ends, from each pulse to the next."""

    def __init__(self, sound: np.ndarray, t_s: np.ndarray, f0_hz: np.ndarray) -> None:
        self.sound = sound
        self.t_s, self.f0_hz = t_s, f0_hz
        self.start_s, self.end_s = t_s[0] - FRAME_S / 2, t_s[-1] + FRAME_S / 2

    def cycles(self) -> Iterator[Cycles]:
        """What was walked, cut where a pulse was not like its neighbour."""
        middle = self._extremum((self.start_s + self.end_s) / 2)
        left = list(self._pulses(middle, -1))[::-1]
        right = list(self._pulses(middle, 1))
        times = np.array([*(time for time, _ in left), middle, *(time for time, _ in right)])
        links = np.array([alike for _, alike in left + right])
        edges = [0, *(np.flatnonzero(links < MIN_CORRELATION) + 1), times.size]
        for first, last in pairwise(edges):
            if last - first >= MIN_PULSES:
                yield Cycles(times[first:last], self._amplitudes(times[first:last]))

    def _extremum(self, time_s: float) -> float:
        """Time of the largest excursion within a period around."""
        half = 0.5 / self._f0(time_s)
        first = max(0, round((time_s - half) * SAMPLE_RATE_HZ))
        part = self.sound[first : round((time_s + half) * SAMPLE_RATE_HZ) + 1]
        return (first + int(np.argmax(np.abs(part)))) / SAMPLE_RATE_HZ

    def _f0(self, time_s: float) -> float:
        return float(np.interp(time_s, self.t_s, self.f0_hz))

    def _pulses(self, time_s: float, direction: int) -> Iterator[tuple[float, float]]:
        """Pulses to one side and how alike each is to its neighbour on the way (−1 … 1)."""
        while True:
            period_s = 1 / self._f0(time_s)
            found = self._next(time_s, period_s, direction)
            if found is None:
                return
            time_s, alike = found
            if not self.start_s <= time_s <= self.end_s:
                return
            yield time_s, alike

    def _next(self, time_s: float, period_s: float, direction: int) -> tuple[float, float] | None:
        """The most similar stretch of one period 0.8 to 1.25 periods away: its time and correlation."""
        size = round(period_s * SAMPLE_RATE_HZ) + 1
        here = round((time_s - period_s / 2) * SAMPLE_RATE_HZ)
        near, far = 0.8 * period_s * SAMPLE_RATE_HZ, 1.25 * period_s * SAMPLE_RATE_HZ
        low, high = (int(near), int(far) + 1) if direction > 0 else (-int(far) - 1, -int(near))
        first, last = here + low - 1, here + high + 1
        if here < 0 or first < 0 or max(here, last) + size > self.sound.size:
            return None
        reference = self.sound[here : here + size].astype(np.float64)
        region = self.sound[first : last + size].astype(np.float64)
        products = np.correlate(region, reference)
        sums = np.concatenate(([0.0], np.cumsum(region * region)))
        energies = sums[size:] - sums[:-size]
        scale = np.sqrt(np.maximum(energies, 1e-20) * max(float(reference @ reference), 1e-20))
        curve = products / scale
        peak = 1 + int(np.argmax(curve[1:-1]))
        before, best, after = curve[peak - 1 : peak + 2]
        bend = 2 * best - before - after
        shift = 0.5 * (after - before) / bend if bend > 0 else 0.0
        if abs(shift) > 1:
            shift = 0.0
        alike = best + 0.25 * (after - before) * shift
        return time_s + (first + peak + shift - here) / SAMPLE_RATE_HZ, float(alike)

    def _amplitudes(self, times: np.ndarray) -> np.ndarray:
        """Hann-weighted RMS around each pulse; NaN for the first and last, which have a period on one side only."""
        amplitudes = np.full(times.size, np.nan)
        for index in range(1, times.size - 1):
            before = AMPLITUDE_REACH * (times[index] - times[index - 1])
            after = AMPLITUDE_REACH * (times[index + 1] - times[index])
            first = int(np.ceil((times[index] - before) * SAMPLE_RATE_HZ))
            part = self.sound[first : int((times[index] + after) * SAMPLE_RATE_HZ) + 1].astype(np.float64)
            offset = np.arange(first, first + part.size) / SAMPLE_RATE_HZ - times[index]
            window = 0.5 + 0.5 * np.cos(np.pi * offset / np.where(offset < 0, before, after))
            amplitudes[index] = np.sqrt(np.sum((window * part) ** 2) / np.sum(window**2))
        return amplitudes


def _alike(values: np.ndarray, factor: float) -> np.ndarray:
    """Which neighbours differ by at most a factor, shape (values − 1,)."""
    low, high = np.minimum(values[:-1], values[1:]), np.maximum(values[:-1], values[1:])
    return np.asarray(high <= factor * low)


def _ratio(differences: list[np.ndarray], values: list[np.ndarray]) -> float | Reason:
    changes, levels = (np.concatenate(each) if each else np.zeros(0) for each in (differences, values))
    return float(np.mean(changes) / np.mean(levels)) if changes.size else Reason.of(Code.CYCLES_UNLIKE)
