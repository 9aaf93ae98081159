"""What the DAG's own tasks do, apart from the stages: load, score, report, clean up."""

from __future__ import annotations

import hashlib
import itertools
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import ValidationError

from mulakat.interviews.documents import ENDED_WELL, AuditEntry, Id, Interview, InterviewSpec, StoredReport, StrictModel
from mulakat.interviews.registration import register
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import with_needs
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason, together
from mulakat.schema.rubric import describe
from mulakat.schema.scores import AnswerDetails, AnswerScore, Missing
from mulakat.workflow.attempt import Attempt, failures, remove_scratch

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
    policy: str | None
    priority: Literal["low", "normal", "high"]
    force: bool


def load_interview(store: Store, params: dict[str, Any], attempt: Attempt) -> list[str]:
    """Store the interview in the parameters, or find the stored one; returns its answers' ids.

    Raises:
        BadInput: unknown parameter, invalid interview, or no interview with this id.
    """
    try:
        given = RunParameters.model_validate(params)
    except ValidationError as error:
        raise BadInput(f"parameters: {describe(error)}") from None
    interview_id = given.interview_id
    if given.interview is not None:
        spec = InterviewSpec.parse(given.interview)
        if spec.interview_id != interview_id:
            raise BadInput(f"interview_id {interview_id!r} is not that of the interview, {spec.interview_id!r}")
    else:
        spec = store.interviews.get(interview_id).spec()
    if given.policy is not None:
        spec = spec.model_copy(update={"policy": given.policy})
    interview = register(store, spec, run_id=attempt.run_id)
    store.interviews.mark_running(interview_id)
    store.audit.append(
        AuditEntry(actor="airflow", action="analyse", interview_id=interview_id, detail={"run_id": attempt.run_id})
    )
    return [answer.answer_id for answer in interview.answers]


def score_interview(store: Store, interview_id: str, attempt: Attempt) -> str:
    """Score an interview on the answers that worked; returns the scorecard's id.

    Raises:
        BadInput: the interview was not loaded by this run, or no answer could be scored.
    """
    from mulakat.presentation.reasons import say
    from mulakat.scoring import score_interview as score
    from mulakat.scoring.interview import nothing_scored

    interview = _interview_of_run(store, interview_id, attempt)
    scores, fingerprints = _answer_scores(store, interview)
    missing = _missing(store, interview)
    if not scores:
        why = say(nothing_scored(missing), "en")
        raise BadInput(f"no answer of interview {interview_id!r} could be analysed: {why}")
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    scorecard = score(interview_id, scores, missing, rubric, policy)
    text = scorecard.model_dump_json() + "".join(fingerprints)
    fingerprint = hashlib.sha256(text.encode()).hexdigest()[:32]
    identity = store.scorecards.put(scorecard, fingerprint, run_id=attempt.run_id)
    store.interviews.name_scorecard(interview_id, identity)
    return identity


def build_report(store: Store, interview_id: str, attempt: Attempt) -> int:
    """Write the reports into the media store, for each audience in each language and format; returns how many."""
    from mulakat import report

    interview = _interview_of_run(store, interview_id, attempt)
    if interview.scorecard_id is None:
        raise BadInput(f"interview {interview_id!r} has no scorecard yet")
    scorecard = store.scorecards.get(interview.scorecard_id)
    details = [_details(store, interview, answer.answer_id) for answer in interview.answers]
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    reports = []
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
    store.interviews.mark_scored(interview_id, reports)
    return len(reports)


def clean_up(store: Store, interview_id: str, attempt: Attempt) -> None:
    """Delete scratch files, and say so when the interview has come to nothing."""
    remove_scratch(interview_id, attempt.run_id)
    interview = store.interviews.find(interview_id)
    if interview and interview.run_id == attempt.run_id and interview.state in ("queued", "running"):
        told = [Reason.of(Code.OF_ANSWER, answer=m.answer_id, why=m.reason) for m in _missing(store, interview)]
        store.interviews.mark_failed(interview_id, together(told) or Reason.of(Code.SEE_RUN))


def _interview_of_run(store: Store, interview_id: str, attempt: Attempt) -> Interview:
    interview = store.interviews.get(interview_id)
    if interview.run_id != attempt.run_id:
        raise BadInput(f"interview {interview_id!r} was not loaded by this run; see load_interview")
    return interview


def _answer_scores(store: Store, interview: Interview) -> tuple[list[AnswerScore], list[str]]:
    scores, fingerprints = [], []
    for answer in interview.answers:
        state = interview.progress.get(answer.answer_id, {}).get("score_answer")
        stored = store.stage_results.current(interview, answer.answer_id, "score_answer")
        if state is not None and state.state in ENDED_WELL and stored is not None and stored.payload is not None:
            scores.append(AnswerScore.model_validate(stored.payload))
            fingerprints.append(stored.fingerprint)
    return scores, fingerprints


def _details(store: Store, interview: Interview, answer_id: str) -> AnswerDetails:
    """All that was measured in one answer."""
    payloads = {}
    for field, stage in DETAILS.items():
        stored = store.stage_results.current(interview, answer_id, stage)
        payloads[field] = stored.payload if stored else None
    question = interview.answer(answer_id).question
    return AnswerDetails.model_validate({"answer_id": answer_id, "question": question, **payloads})


def _moment(interview_id: str, answer_id: str, time_s: float | None) -> str:
    """Address of a moment of an answer in the review app; of the answer where there are no times."""
    moment = {"t": f"{time_s:.1f}"} if time_s is not None else {}
    return f"{settings().review_url}/interview?{urlencode({'id': interview_id, 'answer': answer_id, **moment})}"


def _missing(store: Store, interview: Interview) -> list[Missing]:
    """Stages the score could have used that have no result, each with its reason."""
    used = with_needs("score_answer")
    missing = []
    for answer in interview.answers:
        reasons = failures(interview, answer.answer_id)
        for stage, state in interview.progress.get(answer.answer_id, {}).items():
            if state.state == "skipped" and stage != "score_answer":
                reasons[stage] = state.reason or Reason.of(Code.NOT_ANALYZED)
        missing += [
            Missing(answer_id=answer.answer_id, stage=stage, reason=reasons[stage])
            for stage in reasons
            if stage in used
        ]
    return missing
