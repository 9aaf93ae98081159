"""New versions of a rubric and a policy from learned weights. The old ones are never changed."""

from __future__ import annotations

import re
from collections.abc import Mapping

import yaml

from mulakat.calibration.fit import Calibration
from mulakat.schema.rubric import Document, Policy, Rubric

WORTH_A_VERSION = 0.05  # a share that moves by less is left where it is
STEP = 0.01  # weights are rounded to it, and none falls below it: leaving a competency out is a person's decision


def propose(calibration: Calibration, rubric: Rubric, policy: Policy) -> tuple[Rubric | None, Policy | None]:
    """The next version of the rubric and of the policy; None for what stays as it is."""
    if not calibration.better:
        return None, None
    learned = {(w.kind, w.name): w.learned for w in calibration.weights if w.learned is not None}
    competencies = rounded({name: share for (kind, name), share in learned.items() if kind == "competency"})
    components = rounded({name: share for (kind, name), share in learned.items() if kind == "component"})
    new_rubric = rubric.model_copy(
        update={
            "version": next_version(rubric.version),
            "competencies": [c.model_copy(update={"weight": competencies[c.id]}) for c in rubric.competencies],
        }
    )
    new_policy = policy.model_copy(
        update={"version": next_version(policy.version), "weights": {**policy.weights, **components}}
    )
    return (
        new_rubric if _differ(competencies, {c.id: c.weight for c in rubric.competencies}) else None,
        new_policy if components and _differ(components, {n: w for n, w in policy.weights.items() if w > 0}) else None,
    )


def next_version(version: str) -> str:
    """The number at the end plus one: 1 → 2, 2.9 → 2.10, draft → draft-2."""
    number = re.search(r"\d+$", version)
    return f"{version[: number.start()]}{int(number[0]) + 1}" if number else f"{version}-2"


def rounded(shares: Mapping[str, float]) -> dict[str, float]:
    """Shares in steps of 0.01 that still add up to 1 (largest remainders), none below 0.01."""
    if not shares:
        return {}
    total, left = sum(shares.values()), round(1 / STEP) - len(shares)
    exact = {name: share / total * left for name, share in shares.items()}
    steps = {name: int(value) for name, value in exact.items()}
    for name in sorted(exact, key=lambda name: (steps[name] - exact[name], name))[: left - sum(steps.values())]:
        steps[name] += 1
    return {name: round((1 + count) * STEP, 2) for name, count in steps.items()}


def as_yaml(document: Document, remarks: list[str]) -> str:
    """A rubric or policy as a YAML file, with remarks above it."""
    body = yaml.safe_dump(document.model_dump(exclude_defaults=True), sort_keys=False, allow_unicode=True, width=110)
    return "".join(f"# {remark}\n" for remark in remarks) + body


def _differ(new: Mapping[str, float], old: Mapping[str, float]) -> bool:
    total = sum(old.values())
    return any(abs(new[name] - weight / total) >= WORTH_A_VERSION for name, weight in old.items())
