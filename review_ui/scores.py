"""Scores and what they rest on. Each piece of evidence takes the player to its moment."""

from __future__ import annotations

import streamlit as st

from analyzers.results import AnswerScore, CompetencyScore, ComponentScore, Evidence, Scorecard
from interviews.documents import Interview
from review_ui.scorebars import bar, component_bars, scorebars, written
from review_ui.text import clock, name, plain, t

Scores = Scorecard | AnswerScore


def overall(scorecard: Scorecard) -> None:
    """The interview's score, large, beside its components."""
    left, right = st.columns([2, 3], gap="large", vertical_alignment="center")
    with left, st.container(horizontal=True, vertical_alignment="bottom"):
        score = scorecard.overall
        if score.value is None:
            st.metric(t("score.overall"), t("score.none"))
        else:
            st.metric(t("score.overall"), f"{score.value:.0f}", help=t("score.help"))
        if scorecard.provisional:
            st.badge(t("score.provisional"), icon=":material/hourglass_top:", color="orange")
    with left:
        st.caption(plain(written(score)))
    with right:
        bars = component_bars([(part.name, part.weight, part.score) for part in scorecard.components])
        scorebars(bars, key="components")


def panel(interview: Interview, scores: Scores, *, key: str, answer_id: str | None = None) -> None:
    """Competencies and components with their evidence.

    Args:
        answer_id: the answer that evidence without one belongs to.
    """
    if scores.provisional:
        st.info(t("score.provisional_note"), icon=":material/hourglass_top:")
    st.subheader(t("score.competencies"))
    if scores.competencies:
        bars = [bar(item.name, item.score, item.weight) for item in scores.competencies]
        scorebars(bars, key=f"{key} competencies")
    else:
        st.caption(t("score.no_competencies"))
    for competency in scores.competencies:
        _reasons(interview, competency, plain(competency.name), f"{key} {competency.id}", answer_id)
    st.subheader(t("score.components"))
    for component in scores.components:
        label = plain(name("component", component.name))
        _reasons(interview, component, label, f"{key} {component.name}", answer_id)
    for note in scores.notes:
        st.caption(plain(note))


def _reasons(
    interview: Interview, item: CompetencyScore | ComponentScore, label: str, key: str, answer_id: str | None
) -> None:
    with st.expander(f"{label} — {plain(written(item.score))}", key=f"expander {key}"):
        if isinstance(item, CompetencyScore) and item.rationale:
            st.text(item.rationale)
        if not item.evidence:
            st.caption(t("evidence.none"))
        for position, evidence in enumerate(item.evidence):
            _evidence(interview, evidence, f"{key} {position}", evidence.answer_id or answer_id)


def _evidence(interview: Interview, evidence: Evidence, key: str, answer_id: str | None) -> None:
    said = f"“{evidence.quote}”" if evidence.quote else ""
    words = " — ".join(part for part in (said, evidence.note) if part)
    place = clock(evidence.start_s)
    if len(interview.answers) > 1 and answer_id is not None:
        place = f"{t('answer.position', number=position_of(interview, answer_id))}, {place}"
    st.button(
        f"**{plain(place)}** {plain(words or name('stage', evidence.stage))}",
        key=f"evidence {key}",
        icon=":material/play_circle:",
        type="tertiary",
        wrap=True,
        on_click=_go,
        args=(interview, answer_id, evidence),
    )


def position_of(interview: Interview, answer_id: str) -> int:
    """Which answer it is, from 1."""
    return [answer.answer_id for answer in interview.answers].index(answer_id) + 1


def _go(interview: Interview, answer_id: str | None, evidence: Evidence) -> None:
    """Take the player to a moment, of another answer if need be."""
    answer_id = answer_id or st.session_state.answer
    st.session_state.answer = answer_id
    st.session_state.seek = {
        "id": st.session_state.get("seek", {"id": 0})["id"] + 1,
        "recording": f"{interview.id}/{answer_id}",
        "t": evidence.start_s,
        "end": evidence.end_s,
    }
