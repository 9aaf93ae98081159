"""What a reviewer should know before trusting a recording: flags, and where its quality is poor."""

from __future__ import annotations

import streamlit as st

from mulakat.interviews.documents import Interview
from mulakat.presentation.scores import quality
from mulakat.schema.base import Flag
from mulakat.schema.scores import AnswerScore
from review_ui.scores import go_to
from review_ui.text import name, presenter, t


def show(interview: Interview, answer_id: str, score: AnswerScore) -> None:
    """Nothing when there is nothing to say."""
    poor = [check for check in score.quality if check.status != "good"]
    if not score.flags and not poor:
        return
    with st.container(border=True, key="attention", gap="xsmall"):
        st.markdown(f":material/visibility: **{t('attention')}**", help=t("attention-help"))
        for kind in dict.fromkeys(flag.kind for flag in score.flags):
            _flags(interview, answer_id, kind, [flag for flag in score.flags if flag.kind == kind])
        for check in poor:
            st.text(quality(presenter(), check))


def _flags(interview: Interview, answer_id: str, kind: str, flags: list[Flag]) -> None:
    """What was found, and a button for each moment of it."""
    st.text(name("flag", kind))
    with st.container(horizontal=True, gap="small"):
        for position, flag in enumerate(flags):
            st.button(
                presenter().span(flag.start_s, flag.end_s),
                key=f"flag {answer_id} {kind} {position}",
                icon=":material/play_circle:",
                type="tertiary",
                on_click=go_to,
                args=(interview, answer_id, flag.start_s, flag.end_s),
            )
