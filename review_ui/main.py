"""What runs for each visitor: language, navigation, page."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from review_ui.text import LANGUAGES, choose_language, language, t

# Pictures of our own: Streamlit fetches its icons for the browser tab from a server elsewhere.
ICONS = Path(__file__).parent / "icons"
st.set_page_config(page_title="Mülakat", page_icon=str(ICONS / "icon.svg"), layout="wide", initial_sidebar_state=220)
st.logo(str(ICONS / "logo.svg"), icon_image=str(ICONS / "icon.svg"))

choose_language()
with st.sidebar:
    st.segmented_control(
        t("language"),
        list(LANGUAGES),
        format_func=LANGUAGES.__getitem__,
        required=True,
        key="lang",
    )
    st.caption(t("people-decide"))

# In the address on every page, so that a copied address shows what its sender saw.
if st.query_params.get("lang") != language():
    st.query_params["lang"] = language()

st.navigation(
    [
        st.Page("app_pages/interviews.py", title=t("interviews-title"), icon=":material/groups:", default=True),
        st.Page("app_pages/compare.py", title=t("compare-title"), icon=":material/balance:", url_path="compare"),
        st.Page(
            "app_pages/interview.py",
            title=t("interview-title"),
            icon=":material/person_search:",
            url_path="interview",
            visibility="hidden",
        ),
    ]
).run()
