"""What runs for each visitor: language, navigation, page."""

from __future__ import annotations

import streamlit as st

from review_ui.text import LANGUAGES, choose_language, t

st.set_page_config(page_title="Mülakat", page_icon=":material/video_chat:", layout="wide")

choose_language()
with st.sidebar:
    st.segmented_control(
        t("language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="lang",
        bind="query-params",
    )
    st.caption(t("people_decide"))

st.navigation(
    [
        st.Page("app_pages/interviews.py", title=t("interviews.title"), icon=":material/groups:", default=True),
        st.Page(
            "app_pages/interview.py",
            title=t("interview.title"),
            icon=":material/person_search:",
            url_path="interview",
            visibility="hidden",
        ),
    ]
).run()
