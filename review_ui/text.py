"""What the app says, in the visitor's language."""

from __future__ import annotations

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import streamlit as st

from mulakat.presentation import catalog
from mulakat.presentation.presenter import Presenter
from mulakat.schema.reasons import Reason

LANGUAGES = {code: Presenter(code).language_name(code) for code in catalog.languages()}
"""Code → what the language calls itself."""

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&^=/@])")


def choose_language() -> None:
    """Before the first text of a session: the address decides (`?lang=tr`), else the browser."""
    if "lang" not in st.session_state:
        wanted = st.query_params.get("lang") or (st.context.locale or "en")[:2]
        st.session_state.lang = wanted if wanted in LANGUAGES else "en"


def language() -> str:
    """The visitor's language."""
    return str(st.session_state.get("lang", "en"))


def presenter() -> Presenter:
    """Texts, numbers and times in the visitor's language."""
    return _presenter(language())


@cache
def _presenter(language: str) -> Presenter:
    return Presenter(language)


def t(key: str, /, **values: str | float) -> str:
    """The text `key` with its values filled in."""
    return presenter()(key, **values)


def name(kind: str, identity: str, /, **values: str | float) -> str:
    """What a stage, component or the like is called; its id when there is no word for it."""
    return presenter().name(kind, identity, **values)


def reason(found: Reason | None) -> str:
    """A reason or note in the visitor's language; empty when there is none."""
    return presenter().reason(found) if found is not None else ""


def plain(text: str) -> str:
    """Text from outside made safe for a label or sentence that is read as Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def number(value: float, digits: int = 0) -> str:
    """A number as the language writes it."""
    return presenter().number(value, digits)


def percent(ratio: float, digits: int = 0) -> str:
    """A share of 1 as percent."""
    return presenter().percent(ratio, digits)


def when(moment: datetime) -> str:
    """Day and time of day in the visitor's time zone."""
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else None
    return presenter().date_time(moment.astimezone(zone))
