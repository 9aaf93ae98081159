"""How far interviews and stages are, as badges and live progress."""

from __future__ import annotations

from collections.abc import Iterator

import streamlit as st

from mulakat.interviews import events
from mulakat.interviews.documents import ENDED_WELL, Interview, StageState
from mulakat.interviews.settings import settings
from mulakat.pipeline.stages import STAGES
from review_ui.text import name, plain, reason, t
from review_ui.text import percent as written

COLORS = {
    "queued": ("gray", ":material/schedule:"),
    "waiting": ("gray", ":material/schedule:"),
    "running": ("blue", ":material/progress_activity:"),
    "scored": ("green", ":material/check_circle:"),
    "ok": ("green", ":material/check:"),
    "reused": ("green", ":material/cached:"),
    "skipped": ("orange", ":material/remove_circle:"),
    "failed": ("red", ":material/error:"),
    "stopped": ("orange", ":material/stop_circle:"),
}


def badge(kind: str, state: str) -> None:
    """The state of an interview or a stage."""
    color, icon = COLORS[state]
    st.badge(name(kind, state), icon=icon, color=color)  # type: ignore[arg-type]


def live_progress(interview: Interview) -> None:
    """Each answer's stages, with percent while they run."""
    percents = _percents(interview)
    states = [state for _, _, state in _stages(interview)]
    done = sum(state is not None and state.state in ENDED_WELL for state in states)
    st.progress(done / len(states), text=t("progress-stages", done=done, total=len(states)))
    for position, answer in enumerate(interview.answers, start=1):
        with st.container(border=True, gap="xsmall"):
            st.markdown(f"**{t('answer-number', number=position)}**")
            if answer.question:
                st.text(answer.question)
            with st.container(horizontal=True, gap="small"):
                for answer_id, stage, state in _stages(interview):
                    if answer_id == answer.answer_id:
                        _stage_badge(stage, state, percents.get((answer_id, stage)))
            for stage, state in interview.progress.get(answer.answer_id, {}).items():
                if state.state == "failed":
                    st.markdown(f":red[{plain(name('stage', stage))}: {plain(reason(state.reason))}]")


def _stages(interview: Interview) -> Iterator[tuple[str, str, StageState | None]]:
    for answer in interview.answers:
        known = interview.progress.get(answer.answer_id, {})
        for stage in STAGES:
            yield answer.answer_id, stage.name, known.get(stage.name)


def _stage_badge(stage: str, state: StageState | None, percent: float | None) -> None:
    color, icon = COLORS[state.state if state else "waiting"]
    label = plain(name("stage", stage))
    if state is not None and state.state == "running" and percent is not None:
        label += " " + written(percent / 100)
    st.badge(label, icon=icon, color=color, help=plain(reason(state.reason)) if state and state.reason else None)  # type: ignore[arg-type]


def _percents(interview: Interview) -> dict[tuple[str, str], float]:
    """Latest percent of each stage, from the event stream; empty when there is none to ask.

    Each visit reads only what is new since the last.
    """
    url = settings().redis_url
    if url is None:
        return {}
    seen = st.session_state.setdefault(f"events of {interview.id}", {"after": "0-0", "percent": {}})
    for entry in events.follow(url, events.stream(interview.id), after=seen["after"], block_s=0.01):
        if entry is None:
            break
        seen["after"], event = entry
        if event.answer_id and event.stage and event.percent is not None and not events.out_of_date(event, interview):
            seen["percent"][event.answer_id, event.stage] = event.percent
    percents: dict[tuple[str, str], float] = seen["percent"]
    return percents
