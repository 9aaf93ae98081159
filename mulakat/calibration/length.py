"""Does a score reward length? Score and number of words over a set of answers or interviews.

A good answer is often a longer one, so a raw correlation alone accuses nobody. Where
people have rated the same answers, two partial correlations tell more: score and
length among answers that people rate alike (what the score pays for words as such),
and score and rating among answers of the same length (what is left of the score's
agreement with people).
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

from pydantic import Field

from mulakat.calibration.correlation import Correlation, correlation
from mulakat.schema.base import Result


class LengthRow(Result):
    """One score against the number of words."""

    score: str
    pearson: Correlation
    spearman: Correlation
    given_rating: Correlation | None = Field(description="score and length, the people's rating held constant")
    rating_given_length: Correlation | None = Field(description="score and rating, length held constant")


class LengthReport(Result):
    """Every score against the number of words; `rating` is people's own, where there are ratings."""

    rows: list[LengthRow]
    rating: Correlation | None = Field(description="rating and length")


def length_report(
    scores: Mapping[str, Sequence[float | None]],
    words: Sequence[float | None],
    ratings: Sequence[float | None] | None = None,
    *,
    groups: Sequence[Hashable] | None = None,
) -> LengthReport:
    """Correlate each score with length, raw and with length or rating held constant.

    Args:
        scores: name → one value per answer or interview; None = not scored.
        words: how many words each has.
        ratings: people's rating of each, if known.
        groups: who gave each; answers of one person are not independent.
    """

    def row(name: str, values: Sequence[float | None]) -> LengthRow:
        return LengthRow(
            score=name,
            pearson=correlation(values, words, groups=groups),
            spearman=correlation(values, words, groups=groups, ranks=True),
            given_rating=None if ratings is None else correlation(values, words, groups=groups, given=ratings),
            rating_given_length=None if ratings is None else correlation(values, ratings, groups=groups, given=words),
        )

    return LengthReport(
        rows=[row(name, values) for name, values in scores.items()],
        rating=None if ratings is None else correlation(ratings, words, groups=groups),
    )
