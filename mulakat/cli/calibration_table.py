"""What `mulakat calibrate` prints for a person."""

from __future__ import annotations

from math import sqrt

from rich.table import Table
from rich.text import Text

from mulakat.calibration.campaign import CampaignCalibration
from mulakat.calibration.correlation import Correlation
from mulakat.calibration.fit import Calibration
from mulakat.cli.console import english, out

LABELS = {
    "learned": "learned, held out",
    "current": "as they are",
    "equal": "all equal (unit)",
    "length": "number of words alone",
}


def print_calibration(found: CampaignCalibration) -> None:
    """Agreement of reviewers, weights beside each other, length, and the verdict."""
    t, c = english(), found.calibration
    out.rule(Text(f"Calibration of campaign {found.campaign}"))
    _say(
        f"Rubric {found.rubric.id} v{found.rubric.version}, policy {found.policy.id} v{found.policy.version}. "
        f"{c.interviews} interviews of {c.candidates} candidates, {c.agreement.ratings} reviews of "
        f"{c.agreement.reviewers} reviewer(s); rating: {found.criterion}."
    )
    for note in found.notes:
        _say(note, "dim")
    _print_agreement(c)
    _table(
        ["weights", "r with reviewers", "learned better by"],
        [[LABELS[name], show(r), show(c.gains[name]) if name in c.gains else ""] for name, r in c.scores.items()],
    )
    _table(
        ["", "weight", "learned (5–95 %)", "r with its level"],
        [
            [
                t.name("component", w.name) if w.kind == "component" else w.name,
                f"{w.current:.2f}",
                "" if w.learned is None else f"{w.learned:.2f} ({w.low:.2f}–{w.high:.2f})",
                show(c.competencies[w.name]) if w.name in c.competencies else "",
            ]
            for w in c.weights
        ],
    )
    _table(
        ["score", "words", "words, by rank", "words | rating", "rating | words"],
        [
            [t("overall") if row.score == "overall" else row.score, show(row.pearson), show(row.spearman)]
            + ["" if r is None else show(r) for r in (row.given_rating, row.rating_given_length)]
            for row in c.length.rows
        ]
        + ([] if c.length.rating is None else [["reviewers", show(c.length.rating), "", "", ""]]),
    )
    _say("words, rating: correlation with them; |: with what follows held constant. [95 % intervals]\n", "dim")
    if found.proposed_rubric is None and found.proposed_policy is None:
        _say(f"No proposal: {c.reason if not c.better else 'no weight moves by 0.05 or more'}.", "yellow")
        return
    for kind, document in (("rubric", found.proposed_rubric), ("policy", found.proposed_policy)):
        if document is not None:
            _say(f"Proposed: {kind} {document.id} v{document.version}; {c.reason}.", "green")


def _print_agreement(c: Calibration) -> None:
    a = c.agreement
    if a.alpha is None:
        _say("How far reviewers agree is not known: no interview was rated by two, or all ratings are equal.", "yellow")
    else:
        limit = (
            f"; even a perfect score would reach about r = {sqrt(a.mean_reliability):.2f}" if a.mean_reliability else ""
        )
        _say(
            f"Reviewers agree with Krippendorff's alpha {a.alpha:.2f} on {a.rated_twice} interviews; "
            f"their mean, leniency taken out, is reliable to {a.mean_reliability:.2f}{limit}."
        )
    if len(a.leniency) > 1:
        _say("Leniency, taken out: " + ", ".join(f"{name} {value:+.2f}" for name, value in a.leniency.items()), "dim")
    for note in a.notes:
        _say(note, "yellow")


def _table(headings: list[str], rows: list[list[str]]) -> None:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading)
    for row in rows:
        table.add_row(*map(Text, row))
    out.print()
    out.print(table)


def show(c: Correlation) -> str:
    """A correlation with its interval, or why there is none."""
    if c.r is None:
        return f"– ({c.reason})"
    return f"{c.r:+.2f}" + (f" [{c.low:+.2f}, {c.high:+.2f}]" if c.low is not None and c.high is not None else "")


def _say(text: str, style: str = "") -> None:
    out.print(Text(text, style=style), soft_wrap=True)
