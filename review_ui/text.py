"""Every text of the app, in the visitor's language, and how numbers and times are written in it."""

from __future__ import annotations

import json
import re
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import streamlit as st

from mulakat.report.texts import Texts

LANGUAGES = {"en": "English", "tr": "Türkçe"}

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~>$:<&^=/@])")


@cache
def catalog(language: str) -> dict[str, str]:
    """Key → text."""
    path = Path(__file__).parent / "i18n" / f"{language}.json"
    texts: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    return texts


def choose_language() -> None:
    """Before the first text of a session: the address decides (`?lang=tr`), else the browser."""
    if "lang" not in st.session_state:
        wanted = st.query_params.get("lang") or (st.context.locale or "en")[:2]
        st.session_state.lang = wanted if wanted in LANGUAGES else "en"


def language() -> str:
    """The visitor's language."""
    return str(st.session_state.get("lang", "en"))


def t(key: str, **values: object) -> str:
    """The text `key` with its `{placeholders}` filled in."""
    return catalog(language())[key].format(**values)


def name(kind: str, identity: str) -> str:
    """What a stage, component or the like is called; its id when there is no word for it."""
    return catalog(language()).get(f"{kind}.{identity}", identity.replace("_", " "))


def reason(text: str | None) -> str:
    """A reason or note that an analyzer gave, in the visitor's language where it is one we know."""
    if text is None or language() == "en":
        return text or ""
    return Texts(language()).reason(text) or text


def plain(text: str) -> str:
    """Text from outside made safe for a label or sentence that is read as Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


def number(value: float, digits: int = 0) -> str:
    """A number as the language writes it."""
    text = f"{value:,.{digits}f}"
    return text.translate(str.maketrans(",.", ".,")) if language() == "tr" else text


def percent(ratio: float, digits: int = 0) -> str:
    """A share of 1 as percent."""
    return t("format.percent", value=number(ratio * 100, digits))


def clock(seconds: float) -> str:
    """A moment of a recording, minutes and seconds."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"


def when(moment: datetime) -> str:
    """A time of day in the visitor's time zone."""
    zone = ZoneInfo(st.context.timezone) if st.context.timezone else None
    return moment.astimezone(zone).strftime(t("format.datetime"))
