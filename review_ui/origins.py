"""Where each result came from: state, time taken, and what produced it."""

from __future__ import annotations

import streamlit as st

from mulakat.interviews.documents import Interview, StageState
from mulakat.pipeline.stages import STAGES
from mulakat.schema.base import Provenance
from review_ui import backend
from review_ui.states import badge
from review_ui.text import name, plain, presenter, reason, t, when


def stages(interview: Interview, answer_id: str) -> None:
    """One answer's stages, each with its provenance."""
    known = interview.progress.get(answer_id, {})
    names = [stage.name for stage in STAGES] + sorted(set(known) - {stage.name for stage in STAGES})
    for stage in names:
        _stage(interview, answer_id, stage, known.get(stage))


def _stage(interview: Interview, answer_id: str, stage: str, state: StageState | None) -> None:
    stored = backend.stored(interview, answer_id, stage)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(name('stage', stage))}**", width=200)
        badge("state", state.state if state else "waiting")
        if stored is not None:
            st.caption(presenter().duration(stored.seconds))
        if stored is not None and stored.payload is not None:
            with st.popover(t("origin-title"), type="tertiary", icon=":material/science:"):
                _provenance(Provenance.model_validate(stored.payload["provenance"]))
                st.caption(t("origin-stored", at=when(stored.written_at), attempt=stored.attempt))
                st.code(stored.fingerprint, language=None)
    if state is not None and state.reason:
        st.caption(plain(reason(state.reason)))


def _provenance(origin: Provenance) -> None:
    st.markdown(f"**{plain(origin.analyzer)}** {plain(origin.version)}")
    for heading, values in (
        ("origin-options", origin.options),
        ("origin-libraries", origin.libraries),
        ("origin-models", origin.models),
    ):
        if values:
            st.caption(t(heading))
            st.json(values, expanded=2)
