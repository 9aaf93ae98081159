"""One attempt at one stage of one answer: run it, and tell MongoDB and Redis how it goes."""

from __future__ import annotations

import hashlib
import logging
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from analyzers.media.limits import MAX_TEXT_BYTES
from mulakat.interviews.documents import ENDED_WELL, Interview, StageState, now
from mulakat.interviews.events import Event, publish
from mulakat.interviews.settings import settings
from mulakat.interviews.sources import source
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.pipeline.options import stage_options
from mulakat.pipeline.run import Run, StageRun
from mulakat.pipeline.workspace import Workspace
from mulakat.schema.codes import Code
from mulakat.schema.contract import Progress, Request
from mulakat.schema.errors import BadInput, NotMeasurable, reason_of
from mulakat.schema.reasons import Reason

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Attempt:
    """Which run, and the how-manieth try."""

    run_id: str
    number: int
    started_at: datetime


def scratch_dir(interview_id: str, run_id: str) -> Path:
    """Scratch folder of one Airflow run of one interview."""
    return settings().scratch_path / f"{interview_id}-{hashlib.sha256(run_id.encode()).hexdigest()[:8]}"


def remove_scratch(interview_id: str, run_id: str) -> None:
    """Delete a run's scratch files; harmless when there are none."""
    shutil.rmtree(scratch_dir(interview_id, run_id), ignore_errors=True)


def answer_run(store: Store, interview: Interview, answer_id: str, attempt: Attempt, *, force: bool = False) -> Run:
    """The analysis of one answer, with results in MongoDB and scratch files on this machine."""
    answer = interview.answer(answer_id)
    request = Request(
        answer_id=answer_id,
        question=answer.question,
        language=answer.language,
        written=answer.written,
        rubric=store.rubrics.get(interview.rubric),
        policy=store.policies.get(interview.policy),
    )
    results = AnswerResults(
        store.stage_results, interview.id, started_at=attempt.started_at, attempt=attempt.number, run_id=attempt.run_id
    )
    recording = source(
        answer.uri,
        roots=settings().file_roots,
        store=store.media,
        max_bytes=MAX_TEXT_BYTES if answer.written else settings().max_download_bytes,
    )
    return Run(
        request,
        Workspace(scratch_dir(interview.id, attempt.run_id) / answer_id, recording),
        results,
        options=stage_options(),
        failures=failures(interview, answer_id),
        force=force,
    )


def failures(interview: Interview, answer_id: str) -> dict[str, Reason]:
    """Stage → why it has no result, for stages of this answer that were tried and did not end well."""
    return {
        stage: state.reason or Reason.of(Code.INTERRUPTED)
        for stage, state in interview.progress.get(answer_id, {}).items()
        if state.state not in ENDED_WELL
    }


def run_stage(
    store: Store, interview_id: str, answer_id: str, stage: str, attempt: Attempt, *, force: bool = False
) -> StageRun:
    """Run one stage and record how it went.

    Raises:
        BadInput, SetupError, TemporaryError: as the analyzer does, after recording it.
        NotMeasurable: a stage it needs has failed.
    """
    interview = store.interviews.get(interview_id)
    if interview.run_id != attempt.run_id:
        raise BadInput(f"interview {interview_id!r} now belongs to run {interview.run_id!r}; this run is out of date")

    def record(state: StageState) -> None:
        store.interviews.mark_stage(interview_id, answer_id, stage, state)

    base = StageState(state="running", run_id=attempt.run_id, attempt=attempt.number, started_at=attempt.started_at)
    # What this stage itself did before is no reason not to run it now.
    interview.progress.get(answer_id, {}).pop(stage, None)
    record(base)
    if interview.state != "running":
        store.interviews.mark_running(interview_id)
    try:
        run = answer_run(store, interview, answer_id, attempt, force=force)
        outcome = run.stage(stage, _progress(interview_id, answer_id, stage, attempt))
    except Exception as error:
        skipped = isinstance(error, NotMeasurable)
        record(base.model_copy(update={"state": "skipped" if skipped else "failed", "reason": reason_of(error)}))
        raise
    record(
        base.model_copy(
            update={
                "state": outcome.status,
                "fingerprint": outcome.stored.fingerprint,
                "reason": outcome.reason,
                "seconds": 0.0 if outcome.status == "reused" else outcome.stored.seconds,
            }
        )
    )
    return outcome


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
