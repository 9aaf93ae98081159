"""The player: recording, signal lanes and transcript that move together in the browser.

Everything that follows playback stays there; Python hears only that an address has
expired. Text reaches the page by `textContent` alone.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypedDict

import streamlit as st

from review_ui.player.sentences import PlayerSentence

_FOLDER = Path(__file__).parent


def _text(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")


_mount = st.components.v2.component(
    "mulakat_player", html=_text("player.html"), css=_text("player.css"), js=_text("player.js")
)


class PlayerMedia(TypedDict):
    """What is played. `src` None: `note` says why there is nothing to play; `written`: it is a text.

    `start_s` is what the file's own clock says at the recording's first moment, 0 of all results.
    `renewals` counts renewed addresses, so that the player hears of one that is equal to the last.
    """

    id: str
    src: str | None
    start_s: float
    renewals: int
    note: str | None
    has_video: bool
    codec: str
    written: bool


class Seek(TypedDict):
    """Go to `t` s of a recording; the range up to `end` is marked. A new `id` repeats a seek.

    In a text, which has no times, the `quote` is marked.
    """

    id: int
    recording: str
    t: float | None
    end: float | None
    quote: str | None


def player(
    *,
    recording: PlayerMedia,
    duration_s: float,
    ticks: list[tuple[float, str]],
    lanes: list[dict[str, Any]],
    sentences: list[PlayerSentence],
    transcript_note: str | None,
    seek: Seek | None,
    labels: dict[str, str],
    key: str,
    on_expired: Callable[[], None],
) -> None:
    """Show the player; `on_expired` is called when the recording's address is no longer good."""
    _mount(
        key=key,
        data={
            "recording": recording,
            "duration": duration_s,
            "ticks": ticks,
            "lanes": lanes,
            "sentences": sentences,
            "transcript_note": transcript_note,
            "seek": seek,
            "labels": labels,
        },
        on_expired_change=on_expired,
    )
