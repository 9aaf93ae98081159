"""Scores and what they rest on. Each piece of evidence takes the player to its moment."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from mulakat.interviews.documents import Interview
from mulakat.presentation.scores import interval, sensitivity, sensitivity_rows, sources, value, weight
from mulakat.schema.language import Evidence
from mulakat.schema.scores import AnswerScore, CompetencyScore, ComponentScore, Score, Scorecard
from review_ui.scorebars import Bar, bar, scorebars, written
from review_ui.text import name, number, plain, presenter, reason, t

Scores = Scorecard | AnswerScore
STEADINESS: dict[str, Literal["green", "orange", "red"]] = {"steady": "green", "moves": "orange", "unsteady": "red"}


def overall(scorecard: Scorecard) -> None:
    """The interview's score, large, beside its components."""
    left, right = st.columns([1, 3], gap="large", vertical_alignment="center")
    with left, st.container(gap="xsmall"):
        score = scorecard.overall
        st.metric(t("overall"), value(presenter(), score))
        if score.value is None:
            st.caption(plain(written(score)))
        else:
            st.caption(t("interval", interval=interval(presenter(), score)), help=_why_so_wide(score))
        _badges(scorecard)
    with right:
        bars = [component_bar(scorecard, part) for part in scorecard.components]
        scorebars(bars, key="components")


def component_bar(scores: Scores, component: ComponentScore) -> Bar:
    """A component's score, and how much it counts."""
    return bar(name("component", component.name), component.score, weight(presenter(), scores, component))


def _why_so_wide(score: Score) -> str:
    """What the interval is, and the sources it is made of, the largest first."""
    lines = [f"- {source}: {points}" for source, points in sources(presenter(), score)]
    return "\n".join([t("score-help"), *(["", t("sources-help"), "", *lines] if lines else [])])


def _badges(scores: Scores) -> None:
    """What kind of score this is: rated without a language model, and how far harmless changes move it."""
    if scores.provisional:
        help_text = t("provisional-help")
        st.badge(t("provisional"), icon=":material/hourglass_top:", color="orange", help=help_text)
    if (found := scores.sensitivity) is not None:
        color = STEADINESS[found.badge]
        moved = "\n".join(f"- {variant}: {points}" for variant, points in sensitivity_rows(presenter(), found))
        help_text = t("sensitivity-alone")
        if found.variants:
            help_text = f"{t('sensitivity-help', low=number(found.low), high=number(found.high))}\n\n{moved}"
        st.badge(sensitivity(presenter(), found), icon=":material/balance:", color=color, help=help_text)


def panel(interview: Interview, scores: Scores, *, key: str, answer_id: str | None = None) -> None:
    """Competencies and components with their evidence.

    Args:
        answer_id: the answer that evidence without one belongs to.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.subheader(t("competencies"), anchor=False, width="content")
        _badges(scores)
    if not scores.competencies:
        st.caption(t("score-no-competencies"))
    for competency in scores.competencies:
        line = bar(competency.name, competency.score, t("weight", weight=presenter().short(competency.weight)))
        _reasons(interview, competency, line, f"{key} {competency.id}", answer_id)
    st.subheader(t("components"), anchor=False)
    for component in scores.components:
        line = component_bar(scores, component)
        _reasons(interview, component, line, f"{key} {component.name}", answer_id)
    for note in scores.notes:
        st.caption(plain(reason(note)))


def _reasons(
    interview: Interview, item: CompetencyScore | ComponentScore, line: Bar, key: str, answer_id: str | None
) -> None:
    """A score and, folded away, what it rests on."""
    with st.container(gap="xsmall"):
        scorebars([line], key=f"bar {key}")
        rationale = item.rationale if isinstance(item, CompetencyScore) else []
        if not item.evidence and not rationale:
            return
        label = t("evidence-count", count=len(item.evidence))
        with st.expander(label, key=f"evidence of {key}", type="compact"):
            for why in rationale:
                st.caption(plain(reason(why)))
            for position, evidence in enumerate(item.evidence):
                _evidence(interview, evidence, f"{key} {position}", evidence.answer_id or answer_id)


def _evidence(interview: Interview, evidence: Evidence, key: str, answer_id: str | None) -> None:
    said = f"“{evidence.quote}”" if evidence.quote else ""
    words = " — ".join(part for part in (said, reason(evidence.note)) if part)
    written = evidence.start_s is None
    place = t("evidence-in-text") if evidence.start_s is None else presenter().clock(evidence.start_s)
    if len(interview.answers) > 1 and answer_id is not None:
        place = f"{t('answer-number', number=position_of(interview, answer_id))}, {place}"
    with st.container(horizontal=True, wrap=False, gap="small"):
        st.button(
            plain(place),
            key=f"evidence {key}",
            icon=":material/format_quote:" if written else ":material/play_circle:",
            type="tertiary",
            on_click=go_to,
            args=(interview, answer_id, evidence.start_s, evidence.end_s, evidence.quote),
        )
        st.text(words or name("stage", evidence.stage), width="stretch")


def position_of(interview: Interview, answer_id: str) -> int:
    """Which answer it is, from 1."""
    return [answer.answer_id for answer in interview.answers].index(answer_id) + 1


def go_to(
    interview: Interview, answer_id: str | None, start_s: float | None, end_s: float | None, quote: str | None = None
) -> None:
    """Take the player to a stretch of time or, without one, to a quote; of another answer if need be."""
    answer_id = answer_id or st.session_state.answer
    st.session_state.answer = answer_id
    st.session_state.seek = {
        "id": st.session_state.get("seek", {"id": 0})["id"] + 1,
        "recording": f"{interview.id}/{answer_id}",
        "t": start_s,
        "end": end_s,
        "quote": quote,
    }
