"""Combine competencies into language and components into an overall score, as the policy says and no other way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum

from mulakat.schema.language import Evidence
from mulakat.schema.rubric import Policy, Rule
from mulakat.schema.scores import CompetencyScore, Component, ComponentScore, Score
from mulakat.scoring.uncertainty import Estimate, estimate, not_scorable, weighted


def component(name: Component, policy: Policy, scored: Estimate | str, evidence: list[Evidence]) -> ComponentScore:
    """A component with its weight under the policy. `scored`: the estimate, or why there is none."""
    score = not_scorable(scored) if isinstance(scored, str) else scored.score()
    return ComponentScore(name=name, weight=policy.weights.get(name, 0.0), score=score, evidence=evidence)


def language(competencies: Sequence[CompetencyScore], policy: Policy) -> tuple[ComponentScore, list[str]]:
    """The weighted mean of the competencies that were asked for, and what a reader must know about their weights.

    One rater read one answer, so the competencies' errors are taken to go together.
    """
    evidence = [e for c in competencies for e in c.evidence]
    unique = list({(e.answer_id, e.start_s, e.end_s, e.quote): e for e in evidence}.values())
    parts = [_Part(c.name, c.weight, c.score) for c in competencies]
    if all(p.score.value is None for p in parts):
        reasons = dict.fromkeys(p.score.reason or "" for p in parts)
        return component("language", policy, "; ".join(reasons) or "no competency is rated here", unique), []
    rule, least = policy.when_not_scorable.competency, policy.min_rated_weight
    whole = _whole(parts, rule, least, f"policy {policy.id} needs {_needed('competency', rule, least)}")
    if isinstance(whole, str):
        return component("language", policy, whole, unique), []
    mean = component("language", policy, weighted(whole.scorable, independent=False), unique)
    return mean, [f"language leaves out {whole.moved}"] if whole.moved else []


def overall(components: Sequence[ComponentScore], policy: Policy) -> tuple[Score, list[str]]:
    """The overall score, and what a reader must know about the weights."""
    parts = [_Part(c.name, c.weight, c.score) for c in components if c.weight > 0]
    rule, least = policy.when_not_scorable.component, policy.min_scored_weight
    whole = _whole(parts, rule, least, f"policy {policy.id} needs {_needed('component', rule, least)}")
    if isinstance(whole, str):
        return not_scorable(whole), []
    notes = [f"{c.name} is shown, not scored, under policy {policy.id}" for c in components if c.weight == 0]
    notes += [f"left out: {whole.moved}"] if whole.moved else []
    return weighted(whole.scorable, independent=True).score(), notes


@dataclass(frozen=True)
class _Part:
    name: str
    weight: float
    score: Score


@dataclass(frozen=True)
class _Whole:
    """What can be combined. moved: what was left out, why, and the weights that came of it; empty = nothing was."""

    scorable: list[tuple[float, Estimate]]
    moved: str


def _whole(parts: Sequence[_Part], rule: Rule, least: float, needs: str) -> _Whole | str:
    """The scorable parts, or why the policy does not let them be combined."""
    scorable = [(p.name, p.weight, e) for p in parts if (e := estimate(p.score)) is not None]
    out = [p for p in parts if p.score.value is None]
    total, scored = fsum(p.weight for p in parts), fsum(weight for _, weight, _ in scorable)
    reasons = dict.fromkeys(p.score.reason for p in out)
    why = "; ".join(f"{', '.join(p.name for p in out if p.score.reason == reason)}: {reason}" for reason in reasons)
    if not scorable or scored < least * total - 1e-9 or (out and rule == "abstain"):
        return f"{needs}; {why}"
    shares = ", ".join(f"{name} {weight / scored:.0%}" for name, weight, _ in scorable)
    return _Whole([(weight, e) for _, weight, e in scorable], f"{why}; weights became {shares}" if out else "")


def _needed(part: str, rule: Rule, least: float) -> str:
    return f"every {part} scored" if rule == "abstain" else f"{least:.0%} of the weight scored"
