"""What several reviewers say together: agreement, leniency, and one rating per interview."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import fsum

import numpy as np
from pydantic import Field

from mulakat.schema.base import Result


@dataclass(frozen=True)
class ReviewerRating:
    """One rating, 1–5, that a reviewer gave an interview; each gives it at most one."""

    interview: str
    reviewer: str
    value: float


class Agreement(Result):
    """How far reviewers agree."""

    reviewers: int
    ratings: int
    rated_twice: int = Field(description="interviews that more than one reviewer rated")
    alpha: float | None = Field(description="Krippendorff's alpha, interval metric; None: no interview rated twice")
    mean_reliability: float | None = Field(
        description="of the mean over an interview's reviewers, leniency taken out (Spearman–Brown)"
    )
    leniency: dict[str, float] = Field(description="reviewer → levels above (+) or below the others; taken out")
    notes: list[str] = Field(default_factory=list)


def consensus(given: Sequence[ReviewerRating]) -> tuple[dict[str, float], Agreement]:
    """One rating per interview: the mean of what its reviewers gave, less their leniency.

    Leniency is the reviewer's effect in the additive model rating = interview + reviewer,
    so it is learned only from interviews that others rated too, and shrunk (ridge with
    penalty 1: reviewers are taken to differ as much as one rating errs): one shared
    interview moves little.
    """
    by_interview: dict[str, dict[str, float]] = defaultdict(dict)
    for rating in given:
        by_interview[rating.interview][rating.reviewer] = rating.value
    reviewers = sorted({rating.reviewer for rating in given})
    leniency = _leniency(by_interview, reviewers)
    ratings = {
        interview: fsum(value - leniency[reviewer] for reviewer, value in values.items()) / len(values)
        for interview, values in by_interview.items()
    }
    shared = [values for values in by_interview.values() if len(values) > 1]
    alpha = _alpha(shared)
    even = _alpha([{name: value - leniency[name] for name, value in values.items()} for values in shared])
    per_mean = len(by_interview) / fsum(1 / len(values) for values in by_interview.values()) if by_interview else 0.0
    alone = [name for name in reviewers if not any(name in values for values in shared)]
    notes = []
    if alone and len(reviewers) > 1:
        notes.append(
            f"{', '.join(alone)} shared no interview with another reviewer, so leniency cannot be told from candidates"
        )
    return ratings, Agreement(
        reviewers=len(reviewers),
        ratings=sum(map(len, by_interview.values())),
        rated_twice=len(shared),
        alpha=None if alpha is None else round(alpha, 3),
        mean_reliability=None if even is None else round(_of_the_mean(max(0.0, even), per_mean), 3),
        leniency={name: round(value, 2) for name, value in leniency.items()},
        notes=notes,
    )


def _leniency(by_interview: dict[str, dict[str, float]], reviewers: list[str]) -> dict[str, float]:
    from sklearn.linear_model import Ridge

    place = {name: i for i, name in enumerate(reviewers)}
    rows, values = [], []
    for ratings in by_interview.values():
        mean = fsum(ratings.values()) / len(ratings)
        for reviewer, value in ratings.items():
            # Interview effects are taken out first (Frisch–Waugh): deviations from the interview's mean are left.
            row = np.zeros(len(reviewers))
            row[[place[name] for name in ratings]] -= 1 / len(ratings)
            row[place[reviewer]] += 1
            rows.append(row)
            values.append(value - mean)
    if not rows:
        return {}
    effects = Ridge(alpha=1.0, fit_intercept=False).fit(np.array(rows), np.array(values)).coef_
    return dict(zip(reviewers, map(float, effects), strict=True))


def _of_the_mean(reliability: float, raters: float) -> float:
    """Spearman–Brown: of the mean of so many raters, when one has this reliability."""
    return raters * reliability / (1 + (raters - 1) * reliability)


def _alpha(shared: Sequence[dict[str, float]]) -> float | None:
    """Krippendorff's alpha with the interval metric (Hayes & Krippendorff 2007, doi:10.1080/19312450709336664).

    None when nothing was rated twice or all these ratings are the same.
    """
    values = [value for ratings in shared for value in ratings.values()]
    if not values or max(values) - min(values) < 1e-9:
        return None
    observed = fsum(
        2 * fsum((a - b) ** 2 for a, b in combinations(ratings.values(), 2)) / (len(ratings) - 1) for ratings in shared
    ) / len(values)
    expected = 2 * float(np.var(values)) * len(values) / (len(values) - 1)
    return 1 - observed / expected
