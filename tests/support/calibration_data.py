"""Interviews whose truth is known: scores drawn at random, and reviewers who rate by weights that we choose.

What is drawn is only what a person or a model would give: levels and words. Scorecards
come from the real scoring, and everything goes through the real store.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from mulakat.calibration.agreement import ReviewerRating
from mulakat.calibration.fit import Observation
from mulakat.rubrics.packs import pack
from mulakat.schema.rubric import Rubric


def even_rubric() -> Rubric:
    """The English rubric that ships, all weights equal."""
    rubric = pack(Rubric, "general-en")
    share = 1 / len(rubric.competencies)
    return rubric.model_copy(
        update={"competencies": [c.model_copy(update={"weight": share}) for c in rubric.competencies]}
    )


@dataclass(frozen=True)
class Drawn:
    """One interview each: levels 1–5 per competency, words, and each reviewer's overall level."""

    levels: np.ndarray
    words: np.ndarray
    ratings: np.ndarray

    @classmethod
    def of(
        cls,
        seed: int,
        interviews: int,
        weights: list[float],
        *,
        common: float = 0.5,
        noise: float = 0.6,
        leniency: tuple[float, ...] = (-0.2, 0.2),
        paid_for_length: float = 0.0,
    ) -> Drawn:
        """Draw interviews.

        Args:
            weights: of the competencies in the reviewers' minds.
            common: share of the competencies' variance that they have in common.
            noise: standard deviation of one rating, in levels.
            leniency: of each reviewer, in levels.
            paid_for_length: share of the rating that is not for competencies, but for the number of words.
        """
        rng = np.random.default_rng(seed)
        good = np.sqrt(common) * rng.normal(size=(interviews, 1))
        levels = 3 + 0.8 * (good + np.sqrt(1 - common) * rng.normal(size=(interviews, len(weights))))
        levels = np.clip(levels, 1, 5).round(2)
        length = rng.normal(size=interviews)
        words = np.clip(150 + 50 * length, 20, None).round().astype(int)
        merit = levels @ np.array(weights)
        merit = (merit - merit.mean()) / merit.std()
        truth = 3 + 0.8 * ((1 - paid_for_length) * merit + paid_for_length * length)
        given = truth[:, None] + np.array(leniency) + noise * rng.normal(size=(interviews, len(leniency)))
        return cls(levels, words, np.clip(given.round(), 1, 5))

    def observations(self, rubric: Rubric, *, per_candidate: int = 1) -> list[Observation]:
        """As the scores of interviews."""
        return [
            Observation(
                interview=f"i{row:03}",
                candidate=f"c{row // per_candidate:03}",
                competencies={c.id: 25.0 * (level - 1) for c, level in zip(rubric.competencies, levels, strict=True)},
                components={},
                words=int(self.words[row]),
            )
            for row, levels in enumerate(self.levels)
        ]

    def given(self) -> list[ReviewerRating]:
        """As reviewers' ratings."""
        return [
            ReviewerRating(f"i{row:03}", f"r{reviewer}", float(value))
            for row, values in enumerate(self.ratings)
            for reviewer, value in enumerate(values)
        ]
