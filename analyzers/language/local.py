"""Rate without a language model: deterministic, provisional, with evidence of its own.

Each sentence is compared with example sentences by multilingual embeddings. Three things make a level:

* relevance: the nearest of the competency's own examples and upper anchors;
* structure: how clearly the sentences about it tell a situation, the person's own action, a
  reason, and a result (behaviour description interviewing, Janz 1982), above the similarity
  with sentences that claim or fill without telling anything;
* specificity: numbers, names and times in them (`specificity.py`).

All take the best sentences as `features.py` reads them, never a sum, so more words do not earn
more; sentences that only claim or fill count for nothing. Weights and thresholds were set on answers
written for this purpose (tests/support/language_ladders.py), not on human
ratings: hence `provisional` and the wide `UNCERTAINTY_LEVELS`. docs/analyzers/language.md tells more.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analyzers.language.evidence import Sentence
from analyzers.language.features import STRUCTURE, SentenceFeatures, around, ramp, read
from analyzers.text.embeddings import encode, examples, nearest
from mulakat.schema.codes import Code
from mulakat.schema.language import Rating
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Competency, Rubric
from mulakat.schema.speech import AnyWord

UNCERTAINTY_LEVELS = 1.0  # standard uncertainty; an assumption until calibrated with human ratings

# Cosine where a ramp leaves 0 and where it reaches 1.
EXAMPLE_RAMP = (0.27, 0.55)
ANCHOR_RAMP = (0.20, 0.45)
MIN_RELEVANCE = 0.2  # below it a sentence does not speak to the competency
FULL_RELEVANCE = 0.5  # what stands beside such a sentence counts in full
REACH = 2  # sentences on either side that belong to the same story
WEIGHTS = {"relevance": 0.35, "structure": 0.5, "specificity": 0.15}
NAMED = 0.3  # a part of the story that is clearer than this is named in the reason
CLAIMED_LEVEL = 1.5
QUOTES = 2


@dataclass(frozen=True)
class Components:
    """What one competency's level is made of, each 0–1.

    relevance: of the best telling sentence. situation … result: how clearly each part of a story is told
    near relevant sentences. specificity: of the best of these sentences.
    """

    relevance: float
    situation: float
    action: float
    reason: float
    result: float
    specificity: float

    @property
    def structure(self) -> float:
        """Mean of the four parts."""
        return (self.situation + self.action + self.reason + self.result) / len(STRUCTURE)

    @property
    def level(self) -> float:
        """1–5."""
        return 1 + 4 * sum(weight * float(getattr(self, name)) for name, weight in WEIGHTS.items())


def rate(sentences: list[Sentence], words: Sequence[AnyWord], rubric: Rubric, answer_id: str) -> list[Rating]:
    """One rating per competency, in the rubric's order."""
    passage = read([s.text for s in sentences], rubric.language)
    return [_rate(sentences, passage, competency, words, answer_id) for competency in rubric.competencies]


def relevance_to(question: str, sentences: list[Sentence]) -> float:
    """Cosine between the question and the sentence nearest to it, -1 … 1."""
    return float(nearest(encode([s.text for s in sentences]), encode([question])).max())


def components(passage: SentenceFeatures, competency: Competency) -> Components:
    """What the competency's level is made of."""
    relevance = relevance_of(passage, competency)
    context = _context(passage, relevance)
    return Components(
        relevance=passage.best(relevance),
        specificity=passage.best(passage.specific * context),
        **{name: passage.best(clear * context) for name, clear in zip(STRUCTURE, passage.structure, strict=True)},
    )


def relevance_of(passage: SentenceFeatures, competency: Competency) -> np.ndarray:
    """0–1 per sentence: near one of the competency's examples, or its description and upper anchors."""
    anchors = (competency.description, *(competency.levels[level] for level in (3, 4, 5)))
    relevance = ramp(nearest(passage.vectors, examples(anchors)), ANCHOR_RAMP)
    if competency.examples:
        near = nearest(passage.vectors, examples(tuple(competency.examples)))
        relevance = np.maximum(relevance, ramp(near, EXAMPLE_RAMP))
    return relevance


def _context(passage: SentenceFeatures, relevance: np.ndarray) -> np.ndarray:
    """0–1 per sentence: how relevant the story is that it belongs to."""
    return np.minimum(1.0, around(np.where(passage.tells, relevance, 0.0), REACH) / FULL_RELEVANCE)


def _rate(
    sentences: list[Sentence],
    passage: SentenceFeatures,
    competency: Competency,
    words: Sequence[AnyWord],
    answer_id: str,
) -> Rating:
    relevance = relevance_of(passage, competency)
    told, claimed = relevance * passage.tells, relevance * passage.claims
    if told.max() >= MIN_RELEVANCE:
        parts = components(passage, competency)
        found = [name for name in STRUCTURE if getattr(parts, name) >= NAMED]
        level = parts.level
        reason = Reason.of(Code.TELLS, parts=found) if found else Reason.of(Code.TOUCHES)
        support = told * (1 + passage.structure.mean(axis=0) + passage.specific / len(STRUCTURE))
    elif claimed.max() >= MIN_RELEVANCE:
        level, support, reason = CLAIMED_LEVEL, claimed, Reason.of(Code.CLAIMS)
    else:
        return Rating(
            competency=competency.id,
            level=None,
            uncertainty=None,
            reason=Reason.of(Code.NOTHING_SAID),
            evidence=[],
        )
    best = [i for i in np.argsort(-support, kind="stable")[:QUOTES] if support[i] >= MIN_RELEVANCE]
    return Rating(
        competency=competency.id,
        level=round(level, 1),
        uncertainty=UNCERTAINTY_LEVELS,
        reason=reason,
        evidence=[sentences[i].evidence(words, answer_id) for i in sorted(best)],
    )
