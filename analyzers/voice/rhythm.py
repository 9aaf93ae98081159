"""Pauses and pace, from voice activity and word times."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analyzers.results import TimeRange, Word
from analyzers.voice import syllables


def pauses(speech: Sequence[TimeRange], min_pause_s: float) -> list[TimeRange]:
    """Silent gaps between stretches of speech, from `min_pause_s` seconds on.

    0.25 s is the usual limit: shorter gaps are mostly closures of consonants
    (Goldman-Eisler 1968, "Psycholinguistics: Experiments in Spontaneous Speech").
    """
    gaps = (TimeRange(start_s=before.end_s, end_s=after.start_s) for before, after in pairwise(speech))
    return [gap for gap in gaps if gap.end_s - gap.start_s >= min_pause_s]


def total_s(ranges: Sequence[TimeRange]) -> float:
    """Seconds covered by ranges that do not overlap."""
    return sum(each.end_s - each.start_s for each in ranges)


def words_per_minute(words: Sequence[Word]) -> float:
    """Words per minute from the first word's start to the last word's end, pauses included."""
    return len(words) / (words[-1].end_s - words[0].start_s) * 60


def written_syllables(words: Sequence[Word], language: str) -> tuple[int, float]:
    """Syllables of the words whose spelling shows them, and the seconds the other words (4,000) take."""
    counted = 0
    other_s = 0.0
    for word in words:
        found = syllables.in_word(word.text, language)
        if found is None:
            other_s += word.end_s - word.start_s
        else:
            counted += found
    return counted, other_s
