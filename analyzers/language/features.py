"""An answer's sentences as numbers: what the local scorer and its benchmark both read.

Every measure is taken over the sentences that tell something, said once: claims, filler and
repetition are no part of it. The best of them is read as the best of `SAMPLE` sentences drawn at
random (rarefaction, Hurlbert 1971): whoever speaks longer has more draws, and a plain maximum would
pay for each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzers.language.specificity import specificity
from analyzers.text.embeddings import cues, encode, nearest, without_fillers

STRUCTURE = ("situation", "action", "reason", "result")
SAMPLE = 10  # telling sentences; about what one answer of a minute or two holds

# Cosines. Each was set on the development half of tests/support/language_ladders.py.
SENSE = 0.45  # a sentence nearer than this to claims or filler, and nearer than to a story, is one
STRUCTURE_RAMP = (0.05, 0.30)  # nearer to a story than to claims and filler: none, in full
REPEATED = 0.95  # two sentences nearer to each other than this say the same


@dataclass(frozen=True)
class SentenceFeatures:
    """Sentences of one answer, in order; n of them.

    vectors: shape (n, 512), unit length. structure: shape (4, n), 0–1 per sense of `STRUCTURE`.
    specific: shape (n,), 0–1. tells: shape (n,), tells something that was not said before.
    claims: shape (n,), only claims or gives an opinion. The others are filler or repetition.
    """

    vectors: np.ndarray
    structure: np.ndarray
    specific: np.ndarray
    tells: np.ndarray
    claims: np.ndarray

    def best(self, values: np.ndarray) -> float:
        """The best of `SAMPLE` sentences that tell something, as expected; 0 where none does."""
        return rarefied_best(values[self.tells], SAMPLE)


def read(texts: Sequence[str], language: str) -> SentenceFeatures:
    """Sentences as a passage; `language` is an ISO 639-1 code."""
    vectors = encode(texts)
    senses = cues()
    told = np.stack([nearest(vectors, senses[sense]) for sense in STRUCTURE])
    claim, filler = nearest(vectors, senses["claim"]), nearest(vectors, senses["filler"])
    empty = np.maximum(claim, filler)
    is_empty = (empty > SENSE) & (empty > told.max(axis=0))
    return SentenceFeatures(
        vectors=vectors,
        structure=ramp(told - empty, STRUCTURE_RAMP),
        specific=specificity([without_fillers(t) for t in texts], language),
        tells=~is_empty & ~_said_before(vectors),
        claims=is_empty & (claim >= filler),
    )


def rarefied_best(values: np.ndarray, sample: int) -> float:
    """Expected maximum of `sample` of the values, drawn without putting back; 0 when there are none.

    The i-th largest of n is the maximum with probability C(n-1-i, sample-1) / C(n, sample).
    """
    n = len(values)
    if n <= sample:
        return float(values.max(initial=0.0))
    chances = np.empty(n - sample + 1)
    chances[0] = sample / n
    for i in range(n - sample):
        chances[i + 1] = chances[i] * (n - sample - i) / (n - 1 - i)
    return float(np.sort(values)[::-1][: len(chances)] @ chances)


def ramp(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    """0 up to the lower bound, 1 from the upper one on, linear between them."""
    low, high = bounds
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def around(values: np.ndarray, reach: int) -> np.ndarray:
    """The largest value among each one and its `reach` neighbours on both sides."""
    padded = np.pad(values, reach, constant_values=-np.inf)
    return np.asarray(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1).max(axis=1))


def _said_before(vectors: np.ndarray) -> np.ndarray:
    return np.asarray((np.tril(vectors @ vectors.T, -1) > REPEATED).any(axis=1))
