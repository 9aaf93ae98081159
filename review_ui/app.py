"""The review app: `streamlit run review_ui/app.py`.

An ASGI entry, so that recordings have a route of their own: Streamlit's media
files are open to everybody who knows the address, interviews must not be.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from review_ui import recordings

app = st.App(Path(__file__).with_name("main.py"), routes=[recordings.ROUTE])
