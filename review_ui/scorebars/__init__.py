"""Scores as bars from 0 to 100: the value, how sure it is, or why there is none."""

from __future__ import annotations

from pathlib import Path
from typing import TypedDict

import streamlit as st

from mulakat.presentation import scores
from mulakat.schema.scores import Score
from review_ui.text import presenter, reason, t

_FOLDER = Path(__file__).parent

_mount = st.components.v2.component(
    "mulakat_scorebars",
    html='<div class="bars" role="list"></div>',
    css=(_FOLDER / "scorebars.css").read_text(encoding="utf-8"),
    js=(_FOLDER / "scorebars.js").read_text(encoding="utf-8"),
)


class Bar(TypedDict):
    """One line. `low`, `high`, `value` None: not scorable, `text` says why."""

    label: str
    hint: str
    text: str
    value: float | None
    low: float | None
    high: float | None


def written(score: Score) -> str:
    """A score in words: value and interval, or why there is none."""
    return scores.written(presenter(), score, reason(score.reason) or t("reason-not-run"))


def bar(label: str, score: Score, hint: str = "") -> Bar:
    """A score as a line of the picture; `hint` stands beside the label."""
    return {
        "label": label,
        "hint": hint,
        "text": written(score),
        "value": score.value,
        "low": score.low,
        "high": score.high,
    }


def scorebars(bars: list[Bar], *, key: str) -> None:
    """Show the lines."""
    _mount(key=key, data={"bars": bars})
