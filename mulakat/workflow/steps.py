"""What the DAG's own tasks do, apart from the stages and the cleanup: load, score, report."""

from __future__ import annotations

import itertools
from functools import partial
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import ValidationError

from mulakat.interviews.documents import Attempt, AuditEntry, Id, InterviewSpec, StoredReport, StrictModel
from mulakat.interviews.registration import register
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import describe
from mulakat.workflow.attempt import criteria
from mulakat.workflow.scorecard import details, scorecard


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
    interview = store.interviews.begin(interview_id, attempt)
    made, fingerprint, of_answers = scorecard(store, interview, criteria(store, interview))
    store.interviews.check(interview_id, attempt)
    identity = store.scorecards.put(made, fingerprint, run_id=attempt.run_id)
    store.interviews.name_scorecard(interview_id, identity, of_answers, attempt)
    return identity


def build_report(store: Store, interview_id: str, attempt: Attempt) -> int:
    """Write the reports into the media store, for each audience in each language and format; returns how many."""
    from mulakat import report

    interview = store.interviews.begin(interview_id, attempt)
    if interview.scorecard_id is None:
        raise BadInput(f"interview {interview_id!r} has no scorecard yet")
    scored = store.scorecards.get(interview.scorecard_id)
    measured = details(store, interview)
    rubric, policy = criteria(store, interview)
    reports = []
    store.interviews.check(interview_id, attempt)
    for audience, language in itertools.product(report.AUDIENCES, report.languages()):
        content = report.build(
            scored,
            details=measured,
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


def _moment(interview_id: str, answer_id: str, time_s: float | None) -> str:
    """Address of a moment of an answer in the review app; of the answer where there are no times."""
    moment = {"t": f"{time_s:.1f}"} if time_s is not None else {}
    return f"{settings().review_url}/interview?{urlencode({'id': interview_id, 'answer': answer_id, **moment})}"
