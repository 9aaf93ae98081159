"""What the DAG's own tasks do, apart from the stages: load, score, report, clean up."""

from __future__ import annotations

import contextlib
import hashlib
import itertools
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import ValidationError

from mulakat.interviews.documents import (
    ENDED_WELL,
    Attempt,
    AuditEntry,
    Id,
    Interview,
    InterviewSpec,
    StoredReport,
    StrictModel,
)
from mulakat.interviews.events import Event, publish
from mulakat.interviews.registration import register
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import with_needs
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, NotMeasurable, SetupError, Superseded, TemporaryError
from mulakat.schema.reasons import Reason, together
from mulakat.schema.rubric import describe
from mulakat.schema.scores import AnswerDetails, AnswerScore, Missing
from mulakat.workflow.attempt import answer_run, remove_scratch, run_stage, stage_attempt

# Field of `AnswerDetails` → the stage it comes from.
DETAILS = {
    "media": "fetch_media",
    "transcript": "transcribe",
    "face": "analyse_face",
    "voice": "analyse_voice",
    "findings": "analyse_language",
}


class RunParameters(StrictModel):
    """The parameters of a run. Airflow checks those it knows; this refuses those it does not."""

    interview_id: Id
    interview: dict[str, Any] | None
    submission: str | None
    policy: str | None
    priority: Literal["low", "normal", "high"]
    force: bool


def load_interview(store: Store, params: dict[str, Any], attempt: Attempt) -> list[str]:
    """Store the interview that the parameters hold or name, or find the stored one; returns its answers' ids.

    Raises:
        BadInput: unknown parameter, invalid interview, or no interview with this id.
        Superseded: the interview belongs to a run that was asked for later.
    """
    try:
        given = RunParameters.model_validate(params)
    except ValidationError as error:
        raise BadInput(f"parameters: {describe(error)}") from None
    interview_id = given.interview_id
    if given.interview is not None or given.submission is not None:
        spec = (
            InterviewSpec.parse(given.interview)
            if given.submission is None
            else store.submissions.get(given.submission)
        )
        if spec.interview_id != interview_id:
            raise BadInput(f"interview_id {interview_id!r} is not that of the interview, {spec.interview_id!r}")
    else:
        spec = store.interviews.get(interview_id).spec()
    if given.policy is not None:
        spec = spec.model_copy(update={"policy": given.policy})
    interview = register(store, spec, attempt)
    store.interviews.mark_running(interview_id, attempt)
    store.audit.append(
        AuditEntry(actor="airflow", action="analyse", interview_id=interview_id, detail={"run_id": attempt.run_id})
    )
    return [answer.answer_id for answer in interview.answers]


def score_interview(store: Store, interview_id: str, attempt: Attempt) -> str:
    """Score an interview on the answers that worked; returns the scorecard's id.

    Raises:
        BadInput: no answer could be scored.
        Superseded: the interview was not loaded by this run, or a newer attempt has taken over.
    """
    from mulakat.presentation.reasons import say
    from mulakat.scoring import score_interview as score
    from mulakat.scoring.interview import nothing_scored

    interview = store.interviews.begin(interview_id, attempt)
    scores, scored_from = _answer_scores(store, interview)
    missing = _missing(store, interview)
    if not scores:
        why = say(nothing_scored(missing), "en")
        raise BadInput(f"no answer of interview {interview_id!r} could be analysed: {why}")
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    scorecard = score(interview_id, scores, missing, rubric, policy)
    text = scorecard.model_dump_json() + "".join(scored_from.values())
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:32]
    store.interviews.check(interview_id, attempt)
    identity = store.scorecards.put(scorecard, fingerprint, run_id=attempt.run_id)
    store.interviews.name_scorecard(interview_id, identity, scored_from, attempt)
    return identity


def build_report(store: Store, interview_id: str, attempt: Attempt) -> int:
    """Write the reports into the media store, for each audience in each language and format; returns how many."""
    from mulakat import report

    interview = store.interviews.begin(interview_id, attempt)
    if interview.scorecard_id is None:
        raise BadInput(f"interview {interview_id!r} has no scorecard yet")
    scorecard = store.scorecards.get(interview.scorecard_id)
    details = _details(store, interview)
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    reports = []
    store.interviews.check(interview_id, attempt)
    for audience, language in itertools.product(report.AUDIENCES, report.languages()):
        content = report.build(
            scorecard,
            details=details,
            audience=audience,
            language=language,
            rubric=rubric,
            policy=policy,
            received_at=interview.received_at,
            link=partial(_moment, interview_id),
            contact=settings().contact,
        )
        for name, draw in report.FORMATS.items():
            uri = store.media.put_bytes(draw(content))
            reports.append(StoredReport(audience=audience, language=language, format=name, uri=uri))
    store.interviews.mark_reported(interview_id, interview.scorecard_id, reports, attempt)
    return len(reports)


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
        _interrupted(store, interview, answer_id, stage, attempt)
    if tasks.get("score_interview") == "skipped":  # it runs whatever happened before; only a person skips it
        store.interviews.mark_stopped(interview_id, attempt)
        return
    try:
        _bring_up_to_date(store, interview_id, attempt)
    except (BadInput, SetupError, TemporaryError) as error:
        reason = _why_failed(store, store.interviews.get(interview_id)) or error.reason
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
    scored_from = _scored_from(interview)
    if not scored_from or scored_from != interview.scored_from:
        score_interview(store, interview_id, attempt.model_copy(update={"task": "score_interview"}))
        interview = store.interviews.get(interview_id)
    if interview.reported_id != interview.scorecard_id:
        build_report(store, interview_id, attempt.model_copy(update={"task": "build_report"}))
    elif interview.state != "scored":
        store.interviews.mark_scored(interview_id, attempt)


def _why_failed(store: Store, interview: Interview) -> Reason | None:
    told = [Reason.of(Code.OF_ANSWER, answer=m.answer_id, why=m.reason) for m in _missing(store, interview)]
    return together(told)


def _left_running(interview: Interview) -> list[tuple[str, str]]:
    """Answers and their stages that are said to be at work."""
    return [
        (answer_id, stage)
        for answer_id, stages in interview.progress.items()
        for stage, state in stages.items()
        if state.state == "running"
    ]


def _interrupted(store: Store, interview: Interview, answer_id: str, stage: str, attempt: Attempt) -> None:
    """Record that a stage has ended without a word, and tell whoever watches."""
    now_at_it = stage_attempt(answer_id, stage, attempt)
    before = interview.progress[answer_id][stage]
    store.interviews.begin(interview.id, now_at_it)
    reason = Reason.of(Code.INTERRUPTED)
    ended = before.model_copy(update={"state": "failed", "reason": reason, "started_at": now_at_it.started_at})
    store.interviews.mark_stage(interview.id, answer_id, stage, ended, now_at_it)
    publish(
        settings().redis_url,
        Event(
            interview_id=interview.id,
            answer_id=answer_id,
            stage=stage,
            state="failed",
            attempt=before.attempt,
            reason=reason,
            run_id=attempt.run_id,
        ),
    )


def _outdated(store: Store, interview: Interview, attempt: Attempt) -> list[str]:
    """The answers whose score is not of the newest result of each stage."""
    found = []
    for answer in interview.answers:
        run = answer_run(store, interview, answer.answer_id, attempt)
        state = interview.progress.get(answer.answer_id, {}).get("score_answer")
        done = state is not None and state.state in ENDED_WELL
        if run.known and (state is None or not done or state.fingerprint != run.fingerprint("score_answer")):
            found.append(answer.answer_id)
    return found


def _scored_from(interview: Interview) -> dict[str, str]:
    """Answer id → fingerprint of its newest score."""
    states = {a.answer_id: interview.progress.get(a.answer_id, {}).get("score_answer") for a in interview.answers}
    return {
        answer_id: state.fingerprint
        for answer_id, state in states.items()
        if state is not None and state.state in ("ok", "reused") and state.fingerprint is not None
    }


def _answer_scores(store: Store, interview: Interview) -> tuple[list[AnswerScore], dict[str, str]]:
    """The answers' scores in order, and the fingerprints they were stored under."""
    scored_from = _scored_from(interview)
    wanted = {(answer_id, "score_answer"): fingerprint for answer_id, fingerprint in scored_from.items()}
    payloads = store.stage_results.payloads(interview.id, wanted)
    scores = [AnswerScore.model_validate(payloads[key]) for key in wanted if key in payloads]
    return scores, {score.answer_id: scored_from[score.answer_id] for score in scores}


def _details(store: Store, interview: Interview) -> list[AnswerDetails]:
    """All that was measured in each answer."""
    wanted = {
        (answer.answer_id, stage): head.fingerprint
        for answer in interview.answers
        for stage, head in interview.known(answer.answer_id).items()
        if stage in DETAILS.values()
    }
    payloads = store.stage_results.payloads(interview.id, wanted)
    return [
        AnswerDetails.model_validate(
            {"answer_id": answer.answer_id, "question": answer.question}
            | {field: payloads.get((answer.answer_id, stage)) for field, stage in DETAILS.items()}
        )
        for answer in interview.answers
    ]


def _moment(interview_id: str, answer_id: str, time_s: float | None) -> str:
    """Address of a moment of an answer in the review app; of the answer where there are no times."""
    moment = {"t": f"{time_s:.1f}"} if time_s is not None else {}
    return f"{settings().review_url}/interview?{urlencode({'id': interview_id, 'answer': answer_id, **moment})}"


def _missing(store: Store, interview: Interview) -> list[Missing]:
    """Stages the score could have used that have no result, each with its reason."""
    used = with_needs("score_answer")
    missing = []
    for answer in interview.answers:
        reasons = interview.failures(answer.answer_id)
        for stage, state in interview.progress.get(answer.answer_id, {}).items():
            if state.state == "skipped" and stage != "score_answer":
                reasons[stage] = state.reason or Reason.of(Code.NOT_ANALYZED)
        missing += [
            Missing(answer_id=answer.answer_id, stage=stage, reason=reasons[stage])
            for stage in reasons
            if stage in used
        ]
    return missing
