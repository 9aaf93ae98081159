"""Stretches of speech packed into windows for the recogniser, cut at pauses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from analyzers.signals.vad import SAMPLE_RATE_HZ, Samples
from analyzers.speech.engine import WINDOW_S
from mulakat.schema.base import TimeRange

PAD_S = 0.4
"""Sound kept around each stretch of speech, so that soft beginnings and ends are decoded."""
FULLEST_S = WINDOW_S - 1.0
"""The recogniser wants some silence after the last word."""
QUIET_S = 0.2
"""Where speech without a pause must be cut, the quietest stretch of this length is taken."""


Part = tuple[int, int]
"""First sample of the recording, and the one after the last."""


@dataclass(frozen=True)
class Window:
    """Parts of the recording laid end to end, each around one stretch of speech."""

    parts: tuple[Part, ...]

    @property
    def seconds(self) -> float:
        return sum(last - first for first, last in self.parts) / SAMPLE_RATE_HZ

    @property
    def ranges(self) -> list[TimeRange]:
        """The parts' times in the recording."""
        return [TimeRange(start_s=first / SAMPLE_RATE_HZ, end_s=last / SAMPLE_RATE_HZ) for first, last in self.parts]

    def between(self, from_s: float, to_s: float) -> Window:
        """What the window holds from one of its moments to another."""
        from_sample, to_sample = round(from_s * SAMPLE_RATE_HZ), round(to_s * SAMPLE_RATE_HZ)
        parts = []
        before = 0
        for first, last in self.parts:
            begin, end = max(from_sample - before, 0), min(to_sample - before, last - first)
            if begin < end:
                parts.append((first + begin, first + end))
            before += last - first
        return Window(tuple(parts))

    def sound(self, audio: Samples) -> np.ndarray:
        return np.concatenate([audio[first:last] for first, last in self.parts])

    def placed(self, start_s: float, end_s: float) -> tuple[float, float]:
        """Times in the recording of a word in this window: both ends go with the part that holds its middle."""
        middle, before = (start_s + end_s) / 2 * SAMPLE_RATE_HZ, 0
        for first, last in self.parts[:-1]:
            if middle < before + last - first:
                break
            before += last - first
        else:
            first = self.parts[-1][0]
        shift_s = (first - before) / SAMPLE_RATE_HZ
        return start_s + shift_s, end_s + shift_s


class _Packing(NamedTuple):
    """Of some first pieces; the smaller, the better: few windows first, then long pauses between them."""

    windows: int
    minus_pauses: int  # samples
    begin: int  # the piece that the last window begins with


def packed(speech: list[TimeRange], audio: Samples) -> list[Window]:
    """Windows that hold all speech with some sound around it, each at most `FULLEST_S` long.

    They are as few as can be, and cut where the pauses are longest, taken together.
    """
    pieces = _pieces(speech, audio)
    best = [_Packing(0, 0, 0)]  # best[end]: of the pieces before `end`
    for end in range(1, len(pieces) + 1):
        length, choices = 0, []
        for begin in range(end - 1, -1, -1):
            (first, last), pause = pieces[begin]
            length += last - first
            if length > FULLEST_S * SAMPLE_RATE_HZ:
                break
            before = best[begin]
            choices.append(_Packing(before.windows + 1, before.minus_pauses - pause, begin))
        best.append(min(choices))
    windows: list[Window] = []
    end = len(pieces)
    while end:
        begin = best[end].begin
        windows.append(Window(tuple(part for part, _ in pieces[begin:end])))
        end = begin
    return windows[::-1]


def _pieces(speech: list[TimeRange], audio: Samples) -> list[tuple[Part, int]]:
    """Each stretch with its share of the sound around it, and the pause before it; none longer than a window."""
    pad, fullest = round(PAD_S * SAMPLE_RATE_HZ), round(FULLEST_S * SAMPLE_RATE_HZ)
    edges = [(round(s.start_s * SAMPLE_RATE_HZ), round(s.end_s * SAMPLE_RATE_HZ)) for s in speech]
    pieces = []
    for index, (start, end) in enumerate(edges):
        earlier = edges[index - 1][1] if index else 0
        later = edges[index + 1][0] if index + 1 < len(edges) else audio.size
        first = max(start - pad, (earlier + start) // 2 if index else 0)
        last = min(end + pad, (end + later) // 2 if index + 1 < len(edges) else audio.size)
        pause = start - earlier
        while last - first > fullest:
            cut = _quietest(audio, first + fullest // 2, first + fullest)
            pieces.append(((first, cut), pause))
            first, pause = cut, 0
        pieces.append(((first, last), pause))
    return pieces


def _quietest(audio: Samples, first: int, last: int) -> int:
    size = round(QUIET_S * SAMPLE_RATE_HZ)
    energy = np.cumsum(audio[first:last].astype(np.float64) ** 2)
    return first + int(np.argmin(energy[size:] - energy[:-size])) + size // 2
