"""Pauses, pace and rhythm, from voice activity, word times and syllable nuclei."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np

from analyzers.text.normalize import SENTENCE_END
from analyzers.voice import syllables
from mulakat.schema.base import TimeRange
from mulakat.schema.speech import Word
from mulakat.schema.voice import Pause

LONG_PAUSE_S = 1.0
"""Campione & Véronis 2002, "A large-scale multilingual study of silent pause duration": brief below
0.2 s, medium to 1 s, long above, which is nearly only found in spontaneous speech."""

_CLAUSE_END = re.compile(r"[,;:،、，；：—–-]['\"»”’)\]]*$")


def pauses(speech: Sequence[TimeRange], words: Sequence[Word], min_pause_s: float) -> list[Pause]:
    """Silent gaps between stretches of speech, from `min_pause_s` seconds on.

    0.25 s is the usual limit: shorter gaps are mostly closures of consonants
    (Goldman-Eisler 1968, "Psycholinguistics: Experiments in Spontaneous Speech").
    """
    punctuated = any(SENTENCE_END.search(word.text.strip()) for word in words)
    return [
        Pause(
            start_s=before.end_s,
            end_s=after.start_s,
            place=_place((before.end_s + after.start_s) / 2, words) if punctuated else None,
        )
        for before, after in pairwise(speech)
        if after.start_s - before.end_s >= min_pause_s
    ]


def _place(middle_s: float, words: Sequence[Word]) -> Literal["between_sentences", "between_clauses", "inside"] | None:
    """By the punctuation of the last word before."""
    before = [word.text.strip() for word in words if (word.start_s + word.end_s) / 2 <= middle_s]
    if not before:
        return None
    if SENTENCE_END.search(before[-1]):
        return "between_sentences"
    return "between_clauses" if _CLAUSE_END.search(before[-1]) else "inside"


def words_per_minute(words: Sequence[Word], unrecorded_s: float = 0.0) -> float:
    """Words per minute from the first word's start to the last word's end, pauses included."""
    return len(words) / (words[-1].end_s - words[0].start_s - unrecorded_s) * 60


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


def syllable_lengths_s(nuclei_s: Sequence[float], pauses: Sequence[TimeRange]) -> list[np.ndarray]:
    """Times from one syllable nucleus to the next, one array per stretch without a pause."""
    marks = np.array(nuclei_s)
    edges = [-np.inf, *((pause.start_s + pause.end_s) / 2 for pause in pauses), np.inf]
    return [np.diff(marks[(marks >= first) & (marks < last)]) for first, last in pairwise(edges)]


def npvi(lengths_s: Sequence[np.ndarray]) -> float:
    """Normalised pairwise variability index: mean difference of neighbours ÷ their mean, × 100.

    Grabe & Low 2002, "Durational variability in speech and the rhythm class hypothesis".
    """
    differences = [2 * np.abs(np.diff(each)) / (each[1:] + each[:-1]) for each in lengths_s]
    return 100 * float(np.mean(np.concatenate(differences)))
