"""The end of a run, whatever became of its tasks: scratch files go, and the interview is left in a true state."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from datetime import datetime

from mulakat.interviews.documents import ENDED_WELL, Attempt, Interview, StageState
from mulakat.interviews.events import Event, publish
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, NotMeasurable, SetupError, Superseded, TemporaryError
from mulakat.schema.reasons import Reason, together
from mulakat.workflow.attempt import answer_run, criteria, remove_scratch, run_stage, stage_attempt
from mulakat.workflow.scorecard import missing, scored_from
from mulakat.workflow.steps import build_report, score_interview


def clean_up(store: Store, interview_id: str, attempt: Attempt, tasks: Mapping[str, str | None]) -> None:
    """The last task of a run, whatever became of the others: delete scratch files, and leave a true state.

    Tasks may have been cleared one by one, killed, given up in their queue or marked by a person. So stages that
    are said to be at work have failed, a score that does not know a stage's newest result is made anew, and a
    run that a person has ended is stopped.

    Args:
        tasks: the run's other tasks and their states in Airflow; a mapped one as `task_id_index`.

    Raises:
        Superseded: the interview belongs to another run now, which has the word.
    """
    remove_scratch(interview_id, attempt.run_id)
    interview = store.interviews.begin(interview_id, attempt)
    for answer_id, stage in _left_running(interview):
        _failed(store, interview, answer_id, stage, Reason.of(Code.INTERRUPTED), attempt)
    if tasks.get("score_interview") == "skipped":  # it runs whatever happened before; only a person skips it
        store.interviews.mark_stopped(interview_id, attempt)
        return
    for answer_id, stage in _never_begun(store.interviews.get(interview_id)):
        _failed(store, interview, answer_id, stage, Reason.of(Code.STAGE_NOT_RUN, stage=stage), attempt)
    try:
        _bring_up_to_date(store, interview_id, attempt)
    except (BadInput, SetupError, TemporaryError) as error:
        reason = _why_failed(store.interviews.get(interview_id)) or error.reason
        store.interviews.mark_failed(interview_id, reason, attempt)


def settle(store: Store, run_id: str, ended_at: datetime) -> None:
    """A run has ended, in whatever way: its last task may have been lost, or stages run again after it. So what that
    does is done once more, which changes nothing where all is in order."""
    interview = store.interviews.of_run(run_id)
    if interview is None or interview.state == "stopped":
        return
    states = [state for stages in interview.progress.values() for state in stages.values()]
    if any(state.state == "running" and state.started_at and state.started_at > ended_at for state in states):
        return  # at work again already: the run will end once more
    with contextlib.suppress(Superseded):
        clean_up(store, interview.id, Attempt(run_id=run_id, task="cleanup", started_at=ended_at), {})


def _bring_up_to_date(store: Store, interview_id: str, attempt: Attempt) -> None:
    """Score and report anew what is not of the newest results, then say that the interview is scored."""
    interview = store.interviews.get(interview_id)
    for answer_id in _outdated(store, interview, attempt):
        with contextlib.suppress(NotMeasurable):  # recorded as the stage's state
            run_stage(store, interview_id, answer_id, "score_answer", attempt)
    interview = store.interviews.get(interview_id)
    newest = scored_from(interview)
    if not newest or newest != interview.scored_from:
        score_interview(store, interview_id, attempt.model_copy(update={"task": "score_interview"}))
        interview = store.interviews.get(interview_id)
    if interview.reported_id != interview.scorecard_id:
        build_report(store, interview_id, attempt.model_copy(update={"task": "build_report"}))
    elif interview.state != "scored":
        store.interviews.mark_scored(interview_id, attempt)


def _why_failed(interview: Interview) -> Reason | None:
    told = [Reason.of(Code.OF_ANSWER, answer=m.answer_id, why=m.reason) for m in missing(interview)]
    return together(told)


def _left_running(interview: Interview) -> list[tuple[str, str]]:
    """Answers and their stages that are said to be at work."""
    return [
        (answer_id, stage)
        for answer_id, stages in interview.progress.items()
        for stage, state in stages.items()
        if state.state == "running"
    ]


def _never_begun(interview: Interview) -> list[tuple[str, str]]:
    """Answers and their stages that had all they need and never began: their process was killed before, or Airflow
    was told to run only what stands before them."""
    found = []
    for answer in interview.answers:
        states = interview.progress.get(answer.answer_id, {})
        ended_well = {stage for stage, state in states.items() if state.state in ENDED_WELL}
        found += [
            (answer.answer_id, stage.name)
            for stage in STAGES
            if stage.name not in (*states, "score_answer")  # which is made anew where it is not there
            and set(stage.needs) <= (states.keys() if stage.tolerant else ended_well)
        ]
    return found


def _failed(store: Store, interview: Interview, answer_id: str, stage: str, reason: Reason, attempt: Attempt) -> None:
    """Record that a stage has come to nothing without a word, and tell whoever watches."""
    now_at_it = stage_attempt(answer_id, stage, attempt)
    store.interviews.begin(interview.id, now_at_it)
    before = interview.progress.get(answer_id, {}).get(stage)
    number = before.attempt if before is not None else 1
    state = StageState(
        state="failed", reason=reason, run_id=attempt.run_id, attempt=number, started_at=now_at_it.started_at
    )
    store.interviews.mark_stage(interview.id, answer_id, stage, state, now_at_it)
    publish(
        settings().redis_url,
        Event(
            interview_id=interview.id,
            answer_id=answer_id,
            stage=stage,
            state="failed",
            attempt=number,
            reason=reason,
            run_id=attempt.run_id,
        ),
    )


def _outdated(store: Store, interview: Interview, attempt: Attempt) -> list[str]:
    """The answers whose score is not of the newest result of each stage."""
    found = []
    held_against = criteria(store, interview)
    for answer in interview.answers:
        run = answer_run(store, interview, answer.answer_id, attempt, held_against)
        state = interview.progress.get(answer.answer_id, {}).get("score_answer")
        done = state is not None and state.state in ENDED_WELL
        if run.known and (state is None or not done or state.fingerprint != run.fingerprint("score_answer")):
            found.append(answer.answer_id)
    return found
