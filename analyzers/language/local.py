"""Rate without a language model: deterministic, provisional, with evidence of its own.

Each sentence is compared with example sentences by multilingual embeddings. Two
things make a level:

* relevance: the nearest of the competency's own examples and upper anchors;
* structure: how clearly the passage tells a situation, the person's own action,
  a reason, and a result (behaviour description interviewing, Janz 1982), above
  the similarity with sentences that claim or fill without telling anything.

Both take the best sentence, never a sum, so more words do not earn more; sentences
that only claim or fill count for nothing. The thresholds were set on answers
written for this purpose (tests/unit/test_language_local.py), not on human ratings:
hence `provisional` and the wide `UNCERTAINTY_LEVELS`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analyzers.language.encoder import cues, encode, examples, nearest
from analyzers.language.evidence import Sentence
from analyzers.results import Rating, Word
from analyzers.rubric import Competency, Rubric

STRUCTURE = ("situation", "action", "reason", "result")
UNCERTAINTY_LEVELS = 1.0  # standard uncertainty; an assumption until calibrated with human ratings

# Cosine where a ramp leaves 0 and where it reaches 1.
EXAMPLE_RAMP = (0.30, 0.60)
ANCHOR_RAMP = (0.20, 0.45)
STRUCTURE_RAMP = (0.05, 0.30)
SENSE = 0.45  # cosine; a sentence nearer than this to claims or filler, and nearer than to a story, is one
MIN_RELEVANCE = 0.2
FULL_RELEVANCE = 0.5  # structure counts in full from here
QUOTES = 2


@dataclass(frozen=True)
class _Passage:
    """An answer's sentences as numbers.

    vectors: shape (n, 512). structure: shape (4, n), 0–1 per sense of `STRUCTURE`.
    tells, claims: shape (n,), whether a sentence tells something, or only claims; filler does neither.
    """

    sentences: list[Sentence]
    vectors: np.ndarray
    structure: np.ndarray
    tells: np.ndarray
    claims: np.ndarray


def rate(sentences: list[Sentence], words: list[Word], rubric: Rubric, answer_id: str) -> list[Rating]:
    """One rating per competency, in the rubric's order."""
    passage = _read(sentences)
    return [_rate(passage, competency, words, answer_id) for competency in rubric.competencies]


def relevance_to(question: str, sentences: list[Sentence]) -> float:
    """Cosine between the question and the sentence nearest to it, -1 … 1."""
    return float(nearest(encode([s.text for s in sentences]), encode([question])).max())


def _read(sentences: list[Sentence]) -> _Passage:
    vectors = encode([s.text for s in sentences])
    senses = cues()
    told = np.stack([nearest(vectors, senses[k]) for k in STRUCTURE])
    claim, filler = nearest(vectors, senses["claim"]), nearest(vectors, senses["filler"])
    empty = np.maximum(claim, filler)
    is_empty = (empty > SENSE) & (empty > told.max(axis=0))
    return _Passage(
        sentences=sentences,
        vectors=vectors,
        structure=_ramp(told - empty, STRUCTURE_RAMP),
        tells=~is_empty,
        claims=is_empty & (claim >= filler),
    )


def _rate(passage: _Passage, competency: Competency, words: list[Word], answer_id: str) -> Rating:
    relevance = _relevance(passage.vectors, competency)
    told, claimed = relevance * passage.tells, relevance * passage.claims
    if told.max() >= MIN_RELEVANCE:
        coverage = passage.structure.max(axis=1)
        level = 1 + 4 * (0.4 * told.max() + 0.6 * coverage.mean() * min(1.0, told.max() / FULL_RELEVANCE))
        support = told * (1 + passage.structure.mean(axis=0))
        found = [name for name, share in zip(STRUCTURE, coverage, strict=True) if share >= 0.3]
        reason = f"tells {_listed(found)}" if found else "touches it, without a clear example"
    elif claimed.max() >= MIN_RELEVANCE:
        level, support, reason = 1.5, claimed, "claims or opinions without an example"
    else:
        return Rating(
            competency=competency.id,
            level=None,
            uncertainty=None,
            reason="nothing in this answer speaks to it",
            evidence=[],
        )
    best = [i for i in np.argsort(-support, kind="stable")[:QUOTES] if support[i] >= MIN_RELEVANCE]
    return Rating(
        competency=competency.id,
        level=round(float(min(level, 5.0)), 1),
        uncertainty=UNCERTAINTY_LEVELS,
        reason=reason,
        evidence=[passage.sentences[i].evidence(words, answer_id) for i in sorted(best)],
    )


def _relevance(vectors: np.ndarray, competency: Competency) -> np.ndarray:
    """0–1 per sentence."""
    anchors = (competency.description, *(competency.levels[level] for level in (3, 4, 5)))
    relevance = _ramp(nearest(vectors, examples(anchors)), ANCHOR_RAMP)
    if competency.examples:
        relevance = np.maximum(relevance, _ramp(nearest(vectors, examples(tuple(competency.examples))), EXAMPLE_RAMP))
    return relevance


def _ramp(values: np.ndarray, bounds: tuple[float, float]) -> np.ndarray:
    low, high = bounds
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _listed(names: list[str]) -> str:
    names = [f"{'an' if name[0] in 'aeiou' else 'a'} {name}" for name in names]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
