"""Values with an uncertainty, where it comes from, and how they combine.

Method: law of propagation of uncertainty, JCGM 100:2008 (GUM), 5.1 and 5.2. Each score
keeps the standard uncertainty that each named source adds. Different sources are
independent and add in quadrature. Within one source, errors that go together (one rater,
one answer) add linearly, others in quadrature. A score's interval is value ± `COVERAGE` ×
combined standard uncertainty, within 0–100.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, hypot, sqrt
from statistics import stdev

from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Component, QualityCheck, Score, SourceName, UncertaintySource

COVERAGE = 1.645  # 90 % of a normal distribution
METHOD = "GUM (JCGM 100:2008) propagation by source, 90 % coverage"

CAPTURE_U = 10.0  # points, where a check is about to be unusable; half of it where it has just become poor
SHRINKING: tuple[SourceName, ...] = ("wording", "amount")  # what one answer errs by, the next one does not


@dataclass(frozen=True)
class Estimate:
    """A value on the 0–100 scale. `sources`: standard uncertainty in points, by where it comes from."""

    value: float
    sources: Mapping[SourceName, float]

    @property
    def u(self) -> float:
        """Combined standard uncertainty."""
        return hypot(*self.sources.values())

    def score(self) -> Score:
        """As a score with an interval."""
        half = COVERAGE * self.u
        shares = sorted(self.sources.items(), key=lambda source: (-source[1], source[0]))
        return Score(
            value=round(self.value, 1),
            low=round(max(0.0, self.value - half), 1),
            high=round(min(100.0, self.value + half), 1),
            reason=None,
            sources=[
                UncertaintySource(name=name, points=share)
                for name, u in shares
                if (share := round(COVERAGE * u, 2)) > 0
            ],
        )


def estimate(score: Score) -> Estimate | None:
    """Back from a score; None when it is not scorable."""
    if score.value is None:
        return None
    return Estimate(score.value, {source.name: source.points / COVERAGE for source in score.sources})


def not_scorable(reason: Reason) -> Score:
    """A score that says why there is none."""
    return Score(value=None, low=None, high=None, reason=reason)


def weighted(parts: Sequence[tuple[float, Estimate]], *, independent: bool) -> Estimate:
    """Weighted mean. `independent`: whether the parts' errors are, source by source."""
    total = fsum(w for w, _ in parts)
    together = hypot if independent else _sum
    return Estimate(
        fsum(w * e.value for w, e in parts) / total,
        {name: together(*(w * e.sources.get(name, 0.0) / total for w, e in parts)) for name in _names(parts)},
    )


def over_answers(estimates: Sequence[Estimate]) -> Estimate:
    """Mean over answers.

    The rater's error stays, as does the room's; what comes from one answer's words shrinks with
    their number, and so does the spread between answers (standard error of the mean, GUM 4.2.3).
    """
    parts = [(1.0, e) for e in estimates]
    mean, apart = weighted(parts, independent=False), weighted(parts, independent=True)
    sources = {name: (apart if name in SHRINKING else mean).sources[name] for name in mean.sources}
    if len(estimates) > 1:
        spread = stdev(e.value for e in estimates) / sqrt(len(estimates))
        sources["answers"] = hypot(sources.get("answers", 0.0), spread)
    return Estimate(mean.value, sources)


def capture(checks: Sequence[QualityCheck], component: Component) -> float:
    """Standard uncertainty, in points, of a component on a recording of poor quality; 0 when all checks are good."""
    poor = [check for check in checks if check.status == "poor" and component in check.affects]
    return hypot(*(CAPTURE_U * (0.5 + 0.5 * min(1.0, (c.value - c.poor) / (c.unusable - c.poor))) for c in poor))


def _names(parts: Iterable[tuple[float, Estimate]]) -> list[SourceName]:
    return sorted({name for _, e in parts for name in e.sources})


def _sum(*terms: float) -> float:
    return fsum(terms)
