"""Combine competencies into language and components into an overall score, as the policy says and no other way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from mulakat.schema.codes import Code
from mulakat.schema.language import Evidence
from mulakat.schema.reasons import Reason, together
from mulakat.schema.rubric import Policy, Rule
from mulakat.schema.scores import CompetencyScore, Component, ComponentScore, Score
from mulakat.scoring.uncertainty import Estimate, estimate, not_scorable, weighted


def component(name: Component, policy: Policy, scored: Estimate | Reason, evidence: list[Evidence]) -> ComponentScore:
    """A component with its weight under the policy. `scored`: the estimate, or why there is none."""
    score = not_scorable(scored) if isinstance(scored, Reason) else scored.score()
    return ComponentScore(name=name, weight=policy.weights.get(name, 0.0), score=score, evidence=evidence)


def language(competencies: Sequence[CompetencyScore], policy: Policy) -> tuple[ComponentScore, list[Reason]]:
    """The weighted mean of the competencies that were asked for, and what a reader must know about their weights.

    One rater read one answer, so the competencies' errors are taken to go together.
    """
    evidence = [e for c in competencies for e in c.evidence]
    unique = list({(e.answer_id, e.start_s, e.end_s, e.quote): e for e in evidence}.values())
    parts = [_Part(c.name, c.weight, c.score) for c in competencies]
    if all(p.score.value is None for p in parts):
        why = together(p.score.reason for p in parts if p.score.reason is not None)
        return component("language", policy, why or Reason.of(Code.NOTHING_RATED), unique), []
    whole = _whole(parts, policy, policy.when_not_scorable.competency, policy.min_rated_weight, _COMPETENCIES)
    if isinstance(whole, Reason):
        return component("language", policy, whole, unique), []
    return component("language", policy, weighted(whole.scorable, independent=False), unique), whole.moved


def overall(components: Sequence[ComponentScore], policy: Policy) -> tuple[Score, list[Reason]]:
    """The overall score, and what a reader must know about the weights."""
    parts = [_Part(c.name, c.weight, c.score) for c in components if c.weight > 0]
    whole = _whole(parts, policy, policy.when_not_scorable.component, policy.min_scored_weight, _COMPONENTS)
    if isinstance(whole, Reason):
        return not_scorable(whole), []
    shown = [Reason.of(Code.SHOWN_NOT_SCORED, part=c.name, policy=policy.id) for c in components if c.weight == 0]
    return weighted(whole.scorable, independent=True).score(), shown + whole.moved


@dataclass(frozen=True)
class _Part:
    name: str
    weight: float
    score: Score


@dataclass(frozen=True)
class _Codes:
    """What is said of parts of one sort: of some, of one's share, of those left out, and that all are needed."""

    of: Code
    share: Code
    left_out: Code
    needs_all: Code


_COMPONENTS = _Codes(Code.OF_COMPONENTS, Code.COMPONENT_SHARE, Code.LEFT_OUT, Code.NEEDS_COMPONENTS)
_COMPETENCIES = _Codes(Code.OF_COMPETENCIES, Code.COMPETENCY_SHARE, Code.LANGUAGE_LEFT_OUT, Code.NEEDS_COMPETENCIES)


@dataclass(frozen=True)
class _Whole:
    """What can be combined. moved: what was left out, why, and the weights that came of it; empty = nothing was."""

    scorable: list[tuple[float, Estimate]]
    moved: list[Reason]


def _whole(parts: Sequence[_Part], policy: Policy, rule: Rule, least: float, codes: _Codes) -> _Whole | Reason:
    """The scorable parts, or why the policy does not let them be combined."""
    scorable = [(p.name, p.weight, e) for p in parts if (e := estimate(p.score)) is not None]
    out = [p for p in parts if p.score.value is None]
    total, scored = fsum(p.weight for p in parts), fsum(weight for _, weight, _ in scorable)
    reasons = dict.fromkeys(p.score.reason for p in out if p.score.reason is not None)
    why = [Reason.of(codes.of, parts=[p.name for p in out if p.score.reason == r], why=r) for r in reasons]
    if out and rule == "abstain":
        return Reason.of(codes.needs_all, policy=policy.id, why=why)
    if not scorable or scored < least * total - 1e-9:
        return Reason.of(Code.NEEDS_WEIGHT, policy=policy.id, share=least, why=why)
    shares = [Reason.of(codes.share, part=name, share=weight / scored) for name, weight, _ in scorable]
    moved = [Reason.of(codes.left_out, why=why, shares=shares)] if out else []
    return _Whole([(weight, e) for _, weight, e in scorable], moved)
