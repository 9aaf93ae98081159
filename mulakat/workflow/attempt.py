"""One attempt at one stage of one answer: run it, and tell MongoDB and Redis how it goes."""

from __future__ import annotations

import hashlib
import logging
import shutil
from functools import partial
from pathlib import Path
from typing import NamedTuple

from analyzers.media.limits import MAX_TEXT_BYTES
from mulakat.interviews.documents import Attempt, Interview, StageState, now
from mulakat.interviews.events import Event, publish
from mulakat.interviews.settings import settings
from mulakat.interviews.sources import RefusedSource, source
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.pipeline.options import stage_options
from mulakat.pipeline.run import Run, StageRun
from mulakat.pipeline.workspace import Workspace
from mulakat.schema.contract import MediaSource, Progress, Request
from mulakat.schema.errors import BadInput, NotMeasurable, SetupError, Superseded, reason_of
from mulakat.schema.rubric import Policy, Rubric

log = logging.getLogger(__name__)


def scratch_dir(interview_id: str, run_id: str) -> Path:
    """Scratch folder of one Airflow run of one interview."""
    return settings().scratch_path / f"{interview_id}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"


def remove_scratch(interview_id: str, run_id: str) -> None:
    """Delete a run's scratch files; harmless when there are none."""
    shutil.rmtree(scratch_dir(interview_id, run_id), ignore_errors=True)


class Criteria(NamedTuple):
    """What an interview's answers are held against."""

    rubric: Rubric
    policy: Policy


def criteria(store: Store, interview: Interview) -> Criteria:
    """The rubric and the policy that an interview names. Raises BadInput when one is not known."""
    return Criteria(store.rubrics.get(interview.rubric), store.policies.get(interview.policy))


def answer_run(
    store: Store,
    interview: Interview,
    answer_id: str,
    attempt: Attempt,
    held_against: Criteria,
    *,
    results: AnswerResults | None = None,
    force: bool = False,
) -> Run:
    """The analysis of one answer, with results in MongoDB and scratch files on this machine."""
    answer = interview.answer(answer_id)
    request = Request(
        answer_id=answer_id,
        question=answer.question,
        language=answer.language,
        written=answer.written,
        rubric=held_against.rubric,
        policy=held_against.policy,
    )
    recording: MediaSource
    try:
        recording = source(
            answer.uri,
            roots=settings().file_roots,
            store=store.media,
            max_bytes=MAX_TEXT_BYTES if answer.written else settings().max_download_bytes,
        )
    except (BadInput, SetupError) as error:
        recording = RefusedSource(answer.uri, error)
    still_newest = partial(store.interviews.check, interview.id, attempt)
    return Run(
        request,
        Workspace(scratch_dir(interview.id, attempt.run_id) / answer_id, recording),
        results or AnswerResults(store.stage_results, interview.id, attempt, still_newest),
        options=stage_options(),
        known=interview.known(answer_id),
        failures=interview.failures(answer_id),
        force=force,
    )


def stage_attempt(answer_id: str, stage: str, attempt: Attempt) -> Attempt:
    """The same try, as one at a stage of an answer."""
    return attempt.model_copy(update={"task": f"{answer_id}:{stage}"})


def run_stage(
    store: Store, interview_id: str, answer_id: str, stage: str, attempt: Attempt, *, force: bool = False
) -> StageRun:
    """Run one stage and record how it went.

    Raises:
        BadInput, SetupError, TemporaryError: as the analyzer does, after recording it.
        NotMeasurable: a stage it needs has failed.
        Superseded: a newer attempt or run has taken over; nothing is recorded.
    """
    attempt = stage_attempt(answer_id, stage, attempt)
    interview = store.interviews.begin(interview_id, attempt)

    def record(state: StageState) -> None:
        store.interviews.mark_stage(interview_id, answer_id, stage, state, attempt)

    base = StageState(state="running", run_id=attempt.run_id, attempt=attempt.number, started_at=attempt.started_at)
    record(base)
    if interview.state != "running":
        store.interviews.mark_running(interview_id, attempt)
    try:
        run = answer_run(store, interview, answer_id, attempt, criteria(store, interview), force=force)
        outcome = run.stage(stage, _progress(interview_id, answer_id, stage, attempt))
    except Superseded:
        raise
    except Exception as error:
        skipped = isinstance(error, NotMeasurable)
        record(base.model_copy(update={"state": "skipped" if skipped else "failed", "reason": reason_of(error)}))
        raise
    record(ended(base, outcome))
    return outcome


def ended(state: StageState, outcome: StageRun) -> StageState:
    """The state of a stage after what happened."""
    return state.model_copy(
        update={
            "state": outcome.status,
            "fingerprint": outcome.head.fingerprint,
            "identity": outcome.head.identity,
            "reason": outcome.reason,
            "seconds": 0.0 if outcome.status == "reused" else outcome.head.seconds,
        }
    )


def _progress(interview_id: str, answer_id: str, stage: str, attempt: Attempt) -> Progress:
    last = -5.0

    def report(fraction: float) -> None:
        nonlocal last
        percent = round(100 * min(max(fraction, 0.0), 1.0), 1)
        if percent - last < 5 and percent < 100:
            return
        last = percent
        publish(
            settings().redis_url,
            Event(
                interview_id=interview_id,
                answer_id=answer_id,
                stage=stage,
                state="progress",
                percent=percent,
                attempt=attempt.number,
                run_id=attempt.run_id,
                at=now(),
            ),
        )

    return report
