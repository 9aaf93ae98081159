"""Scores and what belongs to them, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mulakat.schema.language import Sensitivity, Usage
from mulakat.schema.scores import AnswerScore, ComponentScore, QualityCheck, QualityName, Score, Scorecard, Versioned

if TYPE_CHECKING:
    from mulakat.presentation.presenter import Presenter

NONE = "–"
"""Stands where a score or an interval would, were there one."""
QUALITY_UNITS: dict[QualityName, str] = {
    "resolution": "px",
    "frame_rate": "fps",
    "brightness": "brightness",
    "level": "dbfs",
    "snr": "db",
}
"""`unit-…` of a check; clipping and dropouts are shares, sharpness is a bare number."""


def value(t: Presenter, score: Score) -> str:
    """`62`."""
    return NONE if score.value is None else t.number(score.value)


def interval(t: Presenter, score: Score) -> str:
    """`49–100`."""
    return NONE if score.low is None or score.high is None else f"{t.number(score.low)}–{t.number(score.high)}"


def written(t: Presenter, score: Score, why: str) -> str:
    """`62 (49–100)`, or that it is not scorable and `why`."""
    if score.value is None:
        return t("not-scorable-why", reason=why)
    if score.low is None or score.high is None:
        return value(t, score)
    return t("score-interval", value=value(t, score), interval=interval(t, score))


def shares(scores: Scorecard | AnswerScore) -> dict[str, float]:
    """Component → its share of the overall score, after weights have moved; empty without a score."""
    counting = {c.name: c.weight for c in scores.components if c.weight > 0 and c.score.value is not None}
    total = sum(counting.values())
    return {n: w / total for n, w in counting.items()} if total and scores.overall.value is not None else {}


def weight(
    t: Presenter, scores: Scorecard | AnswerScore, component: ComponentScore, moved: str = "weight-moved"
) -> str:
    """How much a component counts, in words; `moved`: the text where weights have moved."""
    if component.weight == 0:
        return t("weight-none")
    planned = component.weight / sum(c.weight for c in scores.components)
    share = shares(scores).get(component.name)
    if share is None:
        return t("weight-left-out", planned=t.percent(planned))
    if abs(share - planned) < 0.005:
        return t("weight-planned", planned=t.percent(planned))
    return t(moved, planned=t.percent(planned), share=t.percent(share))


def versioned(t: Presenter, kind: str, document: Versioned) -> str:
    """A rubric or a policy with its version."""
    return t(kind, id=document.id, version=document.version)


def sensitivity(t: Presenter, found: Sensitivity) -> str:
    """`Sensitivity: steady, 61–64`."""
    badge = t.name("sensitivity", found.badge)
    return t("sensitivity-chip", badge=badge, low=t.number(found.low), high=t.number(found.high))


def sensitivity_rows(t: Presenter, found: Sensitivity) -> list[tuple[str, str]]:
    """Each harmless change, and what the score became under it."""
    rows = []
    for v in found.variants:
        words = t.number(v.changed_words)
        points = t("variant-no-points", words=words)
        if v.points is not None:
            points = t("variant-points", points=t.number(v.points), words=words)
        rows.append((t.name("variant", v.kind), points))
    return rows


def sources(t: Presenter, score: Score) -> list[tuple[str, str]]:
    """Sources of a score's interval, the largest first, with the points of each."""
    return [(t.name("source", s.name), f"± {t.number(s.points, 1)}") for s in score.sources]


def quality(t: Presenter, check: QualityCheck) -> str:
    """A check of the recording that is not good, as a sentence."""
    side = "more" if check.poor < check.unusable else "less"
    return t(
        f"check-{check.status}-{side}",
        measure=t.name("quality", check.name),
        value=quality_value(t, check, check.value),
        limit=quality_value(t, check, check.unusable if check.status == "unusable" else check.poor),
        advice=t.name("advice", check.name),
        parts=", ".join(t.name("component", part) for part in check.affects),
    )


def quality_value(t: Presenter, check: QualityCheck, amount: float) -> str:
    """A value or limit of a check with its unit."""
    if check.unit == "share":
        return t.percent(amount, digits=1)
    unit = QUALITY_UNITS.get(check.name)
    return t(f"unit-{unit}", value=t.short(amount)) if unit else t.short(amount)


def usage(t: Presenter, found: Usage) -> list[tuple[str, str]]:
    """What asking a language model took."""
    tokens = {"prompt": found.prompt_tokens, "completion": found.completion_tokens}
    cost = t("usage-no-price") if found.cost is None else t.money(found.cost, found.currency)
    return [
        (t("usage-requests"), t.number(found.requests)),
        *((t(f"usage-{k}-tokens"), t.number(n) if n is not None else t("usage-not-told")) for k, n in tokens.items()),
        (t("usage-cost"), cost),
    ]
