"""The candidates of one campaign beside each other: the places that are possible, and who ties with whom."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from mulakat.interviews.documents import CandidateScore
from mulakat.presentation.scores import NONE, versioned
from mulakat.scoring.ranking import Ranked, ranked
from review_ui import backend
from review_ui.scorebars import bar, scorebars
from review_ui.text import plain, presenter, reason, t

COLUMNS = [1, 6, 4]


def show() -> None:
    """The campaign that the address names, `?campaign=`, else the one with the newest interview."""
    st.title(t("compare-title"))
    campaigns = backend.store().interviews.campaigns()
    if not campaigns:
        st.info(t("interviews-empty"), icon=":material/inbox:")
        return
    wanted = st.query_params.get("campaign")
    index = campaigns.index(wanted) if wanted in campaigns else 0
    chosen = st.selectbox(t("interviews-campaign"), campaigns, index=index)
    st.query_params["campaign"] = chosen
    _campaign(backend.store().campaigns.candidates(chosen))


def _campaign(scored: list[CandidateScore]) -> None:
    if not scored:
        st.info(t("compare-none"), icon=":material/inbox:")
        return
    usual = Counter(map(_measure, scored)).most_common(1)[0][0]
    comparable = [score for score in scored if _measure(score) == usual]
    names = {score.interview_id: score.candidate.reference for score in comparable}
    st.caption(t("compare-about", measure=plain(usual)), help=t("compare-help"))
    for group in ranked(comparable):
        with st.container(border=True, gap="small"):
            for place in group:
                _row(place, names)
    _left_out(
        t("compare-not-scored"),
        [(s, reason(s.overall.reason) or t("reason-not-run")) for s in comparable if s.overall.value is None],
    )
    _left_out(
        t("compare-other-measure"),
        [(score, _measure(score)) for score in scored if _measure(score) != usual],
    )


def _measure(score: CandidateScore) -> str:
    """What two scores must share to be compared: rubric and policy."""

    rubric = versioned(presenter(), "rubric", score.rubric) if score.rubric else NONE
    return f"{rubric}; {versioned(presenter(), 'policy', score.policy)}"


def _row(place: Ranked[CandidateScore], names: dict[str, str]) -> None:
    rank, score, ties = st.columns(COLUMNS, vertical_alignment="center")
    rank.markdown(f"**{place.best}**" if place.best == place.worst else f"**{place.best}–{place.worst}**")
    card = place.card
    with score, st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(card)
            if card.provisional:
                st.badge(t("provisional"), color="orange", help=t("provisional-help"))
        scorebars([bar("", card.overall)], key=f"place {card.interview_id}")
    tied = [plain(names[other]) for other in place.tied_with]
    ties.caption(t("compare-tie", names=", ".join(tied)) if tied else t("compare-no-tie"))


def _left_out(heading: str, items: list[tuple[CandidateScore, str]]) -> None:
    if not items:
        return
    st.subheader(heading, anchor=False)
    for score, why in items:
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(score)
            st.caption(plain(why))


def _link(score: CandidateScore) -> None:
    st.page_link(
        "app_pages/interview.py",
        label=plain(score.candidate.reference),
        icon=":material/person:",
        help=t("interviews-open"),
        query_params={"id": score.interview_id},
    )


with backend.trouble():
    show()
