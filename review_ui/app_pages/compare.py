"""The candidates of one campaign beside each other: the places that are possible, and who ties with whom."""

from __future__ import annotations

from collections import Counter

import streamlit as st

from mulakat.interviews.documents import Interview
from mulakat.schema.scores import Scorecard, Versioned
from mulakat.scoring.ranking import Ranked, ranked
from review_ui import backend
from review_ui.scorebars import bar, scorebars
from review_ui.text import plain, reason, t

COLUMNS = [1, 6, 4]


def show() -> None:
    """The campaign that the address names, `?campaign=`, else the one with the newest interview."""
    st.title(t("compare-title"))
    campaigns = backend.store().campaigns()
    if not campaigns:
        st.info(t("interviews-empty"), icon=":material/inbox:")
        return
    wanted = st.query_params.get("campaign")
    index = campaigns.index(wanted) if wanted in campaigns else 0
    chosen = st.selectbox(t("interviews-campaign"), campaigns, index=index)
    st.query_params["campaign"] = chosen
    _campaign(backend.store().scored(chosen))


def _campaign(scored: list[tuple[Interview, Scorecard]]) -> None:
    if not scored:
        st.info(t("compare-none"), icon=":material/inbox:")
        return
    usual = Counter(_measure(card) for _, card in scored).most_common(1)[0][0]
    interviews = {interview.id: interview for interview, card in scored if _measure(card) == usual}
    cards = [card for _, card in scored if _measure(card) == usual]
    st.caption(t("compare-about", measure=plain(usual)), help=t("compare-help"))
    for group in ranked(cards):
        with st.container(border=True, gap="small"):
            for place in group:
                _row(place, interviews)
    _left_out(
        t("compare-not-scored"),
        [
            (interviews[c.interview_id], reason(c.overall.reason) or t("reason-not-run"))
            for c in cards
            if c.overall.value is None
        ],
    )
    _left_out(
        t("compare-other-measure"),
        [(interview, _measure(card)) for interview, card in scored if _measure(card) != usual],
    )


def _measure(card: Scorecard) -> str:
    """What two scorecards must share to be compared: rubric and policy."""

    def shown(document: Versioned | None) -> str:
        return f"{document.id} {document.version}" if document else "–"

    return f"{shown(card.rubric)}, {shown(card.policy)}"


def _row(place: Ranked, interviews: dict[str, Interview]) -> None:
    rank, score, ties = st.columns(COLUMNS, vertical_alignment="center")
    rank.markdown(f"**{place.best}**" if place.best == place.worst else f"**{place.best}–{place.worst}**")
    card = place.card
    with score, st.container(gap="xsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(interviews[card.interview_id])
            if card.provisional:
                st.badge(t("provisional"), color="orange", help=t("provisional-help"))
        scorebars([bar("", card.overall)], key=f"place {card.interview_id}")
    tied = [plain(interviews[other].candidate.reference) for other in place.tied_with]
    ties.caption(t("compare-tie", names=", ".join(tied)) if tied else t("compare-no-tie"))


def _left_out(heading: str, items: list[tuple[Interview, str]]) -> None:
    if not items:
        return
    st.subheader(heading, anchor=False)
    for interview, why in items:
        with st.container(horizontal=True, vertical_alignment="center"):
            _link(interview)
            st.caption(plain(why))


def _link(interview: Interview) -> None:
    st.page_link(
        "app_pages/interview.py",
        label=plain(interview.candidate.reference),
        icon=":material/person:",
        help=t("interviews-open"),
        query_params={"id": interview.id},
    )


with backend.trouble():
    show()
