"""One interview: recordings, what was measured, how it was scored and where all of it came from."""

from __future__ import annotations

from functools import partial
from itertools import product
from urllib.parse import quote

import streamlit as st

from mulakat.interviews.documents import Interview
from mulakat.interviews.settings import settings
from mulakat.presentation.scores import versioned
from mulakat.schema.errors import BadInput
from mulakat.schema.scores import AnswerScore, Scorecard
from mulakat.workflow.queues import DAG_ID
from review_ui import answer as answer_view
from review_ui import backend, origins, scores
from review_ui.states import badge, live_progress
from review_ui.text import language, name, plain, presenter, reason, t, when

MOST_TABS = 6
MIME = {"html": "text/html", "pdf": "application/pdf"}


def show() -> None:
    """The interview that the address names: `?id=` or `?run_id=`."""
    interview_id, run_id = st.query_params.get("id"), st.query_params.get("run_id")
    if interview_id is not None:
        try:
            interview = backend.store().interviews.get(interview_id)
        except BadInput:
            _unknown(t("interview-unknown", id=plain(interview_id)))
            return
    elif run_id is not None:
        found = backend.store().interviews.of_run(run_id)
        if found is None:
            _await_run(run_id)
            return
        interview = found
    else:
        _unknown(t("interview-none-chosen"))
        return
    _header(interview)
    if interview.state in ("queued", "running"):
        _follow(interview.id)
    else:
        _results(interview)


def _unknown(message: str) -> None:
    st.warning(message, icon=":material/search_off:")
    st.page_link("app_pages/interviews.py", label=t("interview-all"), icon=":material/arrow_back:")


@st.fragment(run_every="2s")
def _await_run(run_id: str) -> None:
    """A run that has only just been started has not said which interview it is for."""
    with backend.trouble():
        if backend.store().interviews.of_run(run_id) is not None:
            st.rerun()
        _unknown(t("interview-unknown-run", run_id=plain(run_id)))


def _header(interview: Interview) -> None:
    st.page_link("app_pages/interviews.py", label=t("interview-all"), icon=":material/arrow_back:")
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(interview.candidate.reference), anchor=False, width="content")
        badge("interview-state", interview.state)
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            t(
                "interview-about",
                campaign=plain(interview.campaign),
                rubric=plain(versioned(presenter(), "rubric", interview.rubric)),
                policy=plain(versioned(presenter(), "policy", interview.policy)),
                received=plain(when(interview.received_at)),
            ),
            width="stretch",
        )
        _reports(interview)
        if interview.run_id is not None:
            st.link_button(
                t("interview-run"),
                f"{settings().airflow_url}/dags/{DAG_ID}/runs/{quote(interview.run_id, safe='')}",
                icon=":material/account_tree:",
            )


def _reports(interview: Interview) -> None:
    """The reports in the page's language, for download."""
    found = [
        (audience, form, uri)
        for audience, form in product(("reviewer", "candidate"), MIME)
        if (uri := interview.report(audience, language(), form)) is not None
    ]
    if not found:
        return
    with st.popover(t("interview-report"), icon=":material/description:"):
        for audience, form, uri in found:
            st.download_button(
                name("interview-report", audience, format=form.upper()),
                partial(backend.stored_file, uri),
                file_name=f"{interview.id}-{audience}.{form}",
                mime=MIME[form],
                key=f"report {audience} {form}",
                icon=":material/download:",
                width="stretch",
                on_click="ignore",
            )


@st.fragment(run_every="1s")
def _follow(interview_id: str) -> None:
    """Progress until the interview is done; then the results take its place."""
    with backend.trouble():
        interview = backend.store().interviews.get(interview_id)
        if interview.state not in ("queued", "running"):
            st.rerun()
        live_progress(interview)


def _results(interview: Interview) -> None:
    if interview.state in ("failed", "stopped"):
        st.error(plain(reason(interview.reason) or t("reason-not-run")), icon=":material/error:")
    scorecard = backend.store().scorecards.get(interview.scorecard_id) if interview.scorecard_id else None
    if scorecard is not None:
        with st.container(border=True):
            scores.overall(scorecard)
    left, right = st.columns([5, 3], gap="large")
    with left:
        answer_id = _chosen_answer(interview)
        answer_view.show(interview, answer_id)
    with right:
        _scores(interview, scorecard, answer_id)
        _missing(interview, scorecard)
    with st.expander(t("origin-heading"), icon=":material/science:"):
        origins.stages(interview, answer_id)


def _chosen_answer(interview: Interview) -> str:
    ids = [answer.answer_id for answer in interview.answers]
    if st.session_state.get("shown") != interview.id or st.session_state.get("answer") not in ids:
        wanted = st.query_params.get("answer")
        st.session_state.answer = wanted if wanted in ids else ids[0]
        st.session_state.shown = interview.id
    if len(ids) == 1:
        return ids[0]

    def label(answer_id: str) -> str:
        return t("answer-number", number=scores.position_of(interview, answer_id))

    if len(ids) > MOST_TABS:
        st.selectbox(t("answer-choose"), ids, format_func=label, key="answer")
    else:
        st.segmented_control(
            t("answer-choose"), ids, format_func=label, key="answer", required=True, label_visibility="collapsed"
        )
    return str(st.session_state.answer)


def _scores(interview: Interview, scorecard: Scorecard | None, answer_id: str) -> None:
    own = backend.result(AnswerScore, interview, answer_id, "score_answer")
    if scorecard is None:
        if own is not None:
            scores.panel(interview, own, key=f"answer {answer_id}", answer_id=answer_id)
        return
    whole = "interview"
    if own is not None and len(interview.answers) > 1:
        whole = st.segmented_control(
            t("score-scope"),
            ["interview", "answer"],
            format_func=lambda scope: name("score-scope", scope),
            default="interview",
            required=True,
            key="scope",
            label_visibility="collapsed",
        )
    if whole == "answer" and own is not None:
        scores.panel(interview, own, key=f"answer {answer_id}", answer_id=answer_id)
    else:
        scores.panel(interview, scorecard, key="interview")


def _missing(interview: Interview, scorecard: Scorecard | None) -> None:
    """What could not be analysed, and why: from the scorecard, else from the stages themselves."""
    if scorecard is not None:
        missing = [(item.answer_id, item.stage, item.reason) for item in scorecard.missing]
    else:
        missing = [
            (answer_id, stage, backend.why_missing(interview, answer_id, stage))
            for answer_id, states in interview.progress.items()
            for stage, state in states.items()
            if state.state in ("failed", "skipped")
        ]
    if not missing:
        return
    st.subheader(t("not-analysed"))
    for answer_id, stage, why in missing:
        position = scores.position_of(interview, answer_id)
        st.markdown(
            f":orange[:material/remove_circle:] **{t('answer-number', number=position)}, "
            f"{plain(name('stage', stage))}** — {plain(reason(why))}"
        )


with backend.trouble():
    show()
