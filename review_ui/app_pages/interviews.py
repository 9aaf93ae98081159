"""All interviews, newest first; refreshes itself, often only while one of those shown is at work."""

from __future__ import annotations

import streamlit as st

from mulakat.interviews.documents import InterviewSummary, Page
from review_ui.backend import store, trouble
from review_ui.scorebars import written
from review_ui.states import badge
from review_ui.text import name, plain, reason, t, when

PAGE_SIZE = 20
AT_WORK = ("queued", "running")
REFRESH_AT_WORK, REFRESH_IDLE = "2s", "30s"
COLUMNS = {"candidate": 4, "campaign": 2, "state": 2, "score": 4, "received": 2}

st.title(t("interviews-title"))
# The cursors of the pages before this one; the last is this page's own.
cursors: list[str | None] = st.session_state.setdefault("cursors", [None])


def listing() -> None:
    """The page as it is now."""
    with trouble():
        page = store().interviews.page(cursor=cursors[-1], limit=PAGE_SIZE)
        at_work = any(item.state in AT_WORK for item in page.items)
        if at_work != st.session_state.get("at_work"):
            st.session_state.at_work = at_work
            st.rerun()
        if not page.items and len(cursors) == 1:
            _nothing_yet()
            return
        for column, heading in zip(st.columns([*COLUMNS.values()]), COLUMNS, strict=True):
            column.caption(name("interviews", heading))
        for item in page.items:
            _row(item)
        _turn(page)


def _nothing_yet() -> None:
    st.info(t("interviews-empty"), icon=":material/inbox:")
    st.code("mulakat demo\nmulakat submit --answer 'Tell us about a problem you solved=answer.mp4'", language="bash")


def _row(item: InterviewSummary) -> None:
    with st.container(border=True):
        who, campaign, state, score, received = st.columns([*COLUMNS.values()], vertical_alignment="center")
        who.page_link(
            "app_pages/interview.py",
            label=f"**{plain(item.candidate.reference)}**",
            icon=":material/person:",
            help=t("interviews-open"),
            query_params={"id": item.id},
        )
        campaign.text(item.campaign)
        with state:
            badge("interview-state", item.state)
        with score:
            _outcome(item)
        received.text(when(item.received_at))


def _outcome(item: InterviewSummary) -> None:
    if item.state in AT_WORK:
        done, total = item.stages_done, item.stages_total
        st.progress(min(1.0, done / total), text=t("progress-stages", done=done, total=total))
    elif item.overall is not None:
        score = plain(written(item.overall))
        if item.overall.value is None:
            st.caption(score)
        else:
            st.markdown(f"**{score}**")
    else:
        st.caption(plain(reason(item.reason) or t("reason-not-run")))


def _turn(page: Page) -> None:
    with st.container(horizontal=True):
        if len(cursors) > 1:
            st.button(t("interviews-newer"), icon=":material/arrow_back:", key="newer", on_click=_newer)
        if page.cursor is not None:
            icon = ":material/arrow_forward:"
            st.button(t("interviews-older"), icon=icon, key="older", on_click=_older, args=(page.cursor,))


def _newer() -> None:
    st.session_state.cursors.pop()


def _older(cursor: str) -> None:
    st.session_state.cursors.append(cursor)


st.fragment(listing, run_every=REFRESH_AT_WORK if st.session_state.get("at_work") else REFRESH_IDLE)()
