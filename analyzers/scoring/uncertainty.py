"""Values with an uncertainty, and how they combine.

Method: law of propagation of uncertainty, JCGM 100:2008 (GUM), 5.1 and 5.2. Independent
sources add in quadrature; sources that err together (one rater, one answer) add
linearly. A score's interval is value ± `COVERAGE` × standard uncertainty, within 0–100.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, hypot, sqrt
from statistics import stdev

from analyzers.results import Score

COVERAGE = 1.645  # 90 % of a normal distribution
METHOD = "GUM (JCGM 100:2008) propagation, 90 % coverage"


@dataclass(frozen=True)
class Estimate:
    """A value on the 0–100 scale with its standard uncertainty `u`."""

    value: float
    u: float

    def score(self) -> Score:
        """As a score with an interval."""
        half = COVERAGE * self.u
        return Score(
            value=round(self.value, 1),
            low=round(max(0.0, self.value - half), 1),
            high=round(min(100.0, self.value + half), 1),
            reason=None,
        )


def estimate(score: Score) -> Estimate | None:
    """Back from a score; None when it is not scorable."""
    if score.value is None or score.low is None or score.high is None:
        return None
    # The longer side is the one that the ends of the scale did not cut.
    return Estimate(score.value, max(score.high - score.value, score.value - score.low) / COVERAGE)


def not_scorable(reason: str) -> Score:
    """A score that says why there is none."""
    return Score(value=None, low=None, high=None, reason=reason)


def weighted(parts: Sequence[tuple[float, Estimate]], *, independent: bool) -> Estimate:
    """Weighted mean. `independent`: whether the parts' errors are."""
    total = fsum(w for w, _ in parts)
    value = fsum(w * e.value for w, e in parts) / total
    terms = [w * e.u / total for w, e in parts]
    return Estimate(value, hypot(*terms) if independent else fsum(terms))


def over_answers(estimates: Sequence[Estimate]) -> Estimate:
    """Mean over answers: the rater's error stays, the spread between answers shrinks with their number."""
    mean = weighted([(1.0, e) for e in estimates], independent=False)
    if len(estimates) == 1:
        return mean
    return Estimate(mean.value, hypot(mean.u, stdev(e.value for e in estimates) / sqrt(len(estimates))))
