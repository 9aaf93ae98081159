"""How far a score moves when the answer is changed in ways that must not matter.

The language stage rates the changed answers (`analyzers.language.perturbations`); here
their levels become points, and the spread becomes a badge.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import fsum, sqrt

from mulakat.schema.codes import Code
from mulakat.schema.language import Findings, Sensitivity, VariantRating
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Rubric
from mulakat.schema.scores import CompetencyScore, Score
from mulakat.scoring.uncertainty import Estimate, estimate, not_scorable

POINTS_PER_LEVEL = 25.0  # level 1 = 0, level 5 = 100
STEADY_POINTS = 5.0  # a spread up to this is steady: about one level in one of four competencies
MOVES_POINTS = 10.0  # up to this the score moves, beyond it is unsteady


def points(level: float) -> float:
    """A level 1–5 on the scale 0–100."""
    return POINTS_PER_LEVEL * (level - 1)


def language_points(levels: Mapping[str, float | None], rubric: Rubric) -> float | None:
    """The mean of the levels there are, by the rubric's weights, as points; None when there are none."""
    rated = [(c.weight, level) for c in rubric.competencies if (level := levels.get(c.id)) is not None]
    if not rated:
        return None
    return round(fsum(w * points(level) for w, level in rated) / fsum(w for w, _ in rated), 1)


def judged(original: float | None, variants: Sequence[VariantRating]) -> Sensitivity | None:
    """The badge that goes with the spread; None when there is nothing to compare."""
    if original is None or not variants:
        return None
    found = [original, *(v.points for v in variants if v.points is not None)]
    spread = max(found) - min(found)
    if len(found) <= len(variants) or spread > MOVES_POINTS:  # or it was not scorable any more
        badge = "unsteady"
    else:
        badge = "steady" if spread <= STEADY_POINTS else "moves"
    return Sensitivity(badge=badge, low=min(found), high=max(found), variants=list(variants))


def wording_u(competency: str, level: float, findings: Findings) -> float:
    """Standard uncertainty, in levels, that harmless changes show: root mean square distance from the level given.

    Not the standard deviation, which would forgive a rater whose variants agree with each
    other but not with the level that is reported (GUM F.2.4.5).
    """
    variants = findings.sensitivity.variants if findings.sensitivity else []
    moves = [found - level for v in variants if (found := v.levels.get(competency)) is not None]
    return sqrt(fsum(move**2 for move in moves) / len(moves)) if moves else 0.0


def with_levels(competencies: Iterable[CompetencyScore], levels: Mapping[str, float | None]) -> list[CompetencyScore]:
    """The competencies with the levels they have under a change; those it does not name stay."""
    return [
        c.model_copy(update={"score": _score(c.score, levels[c.id])}) if c.id in levels else c for c in competencies
    ]


def _score(original: Score, level: float | None) -> Score:
    if level is None:
        return not_scorable(Reason.of(Code.UNDER_CHANGE))
    found = estimate(original)
    return Estimate(points(level), found.sources if found is not None else {}).score()
