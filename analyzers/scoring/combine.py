"""Combine components into an overall score, as the policy says and no other way."""

from __future__ import annotations

from collections.abc import Mapping
from math import fsum

from analyzers.results import Component, ComponentScore, Evidence, Score
from analyzers.rubric import Policy
from analyzers.scoring.uncertainty import Estimate, estimate, not_scorable, weighted


def component(name: Component, policy: Policy, scored: Estimate | str, evidence: list[Evidence]) -> ComponentScore:
    """A component with its weight under the policy. `scored`: the estimate, or why there is none."""
    score = not_scorable(scored) if isinstance(scored, str) else scored.score()
    return ComponentScore(name=name, weight=policy.weights.get(name, 0.0), score=score, evidence=evidence)


def overall(components: list[ComponentScore], policy: Policy) -> tuple[Score, list[str]]:
    """The overall score, and what a reader must know about the weights.

    Components that are not scorable are left out and the others' weights grow in
    proportion, as long as they carry `policy.min_scored_weight` of the whole.
    """
    counting = [c for c in components if c.weight > 0]
    scorable = {c.name: (c.weight, e) for c in counting if (e := estimate(c.score)) is not None}
    out = [c for c in counting if c.name not in scorable]
    why = "; ".join(f"{c.name}: {c.score.reason}" for c in out)
    share = fsum(w for w, _ in scorable.values()) / fsum(c.weight for c in counting) if counting else 0.0
    if not scorable or share < policy.min_scored_weight:
        return not_scorable(f"policy {policy.id} needs {policy.min_scored_weight:.0%} of the weight scored; {why}"), []
    notes = [f"{c.name} is shown, not scored, under policy {policy.id}" for c in components if c.weight == 0]
    if out:
        notes.append(f"left out: {why}; weights became {_shares(scorable)}")
    return weighted(list(scorable.values()), independent=True).score(), notes


def _shares(scorable: Mapping[Component, tuple[float, Estimate]]) -> str:
    total = fsum(w for w, _ in scorable.values())
    return ", ".join(f"{name} {w / total:.0%}" for name, (w, _) in scorable.items())
