"""Real interviews for tests of the review app: analysed by the real stages, stored by the real store."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from mulakat import report
from mulakat.interviews.documents import Answer, Interview, InterviewSpec, StageState, StoredReport, now
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import settings
from mulakat.interviews.sources import source
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.schema.contract import Request
from mulakat.schema.errors import MulakatError, NotMeasurable
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Missing, Scorecard
from mulakat.scoring import score_interview
from mulakat.scoring.interview import nothing_scored
from tests.support.attempts import load

if TYPE_CHECKING:
    from pytest import MonkeyPatch


@dataclass(frozen=True)
class Place:
    """Where an app finds a database and a media store."""

    mongo_uri: str
    database: str
    media: Path

    def store(self) -> Store:
        """Open it."""
        store = Store.connect(self.mongo_uri, self.database, MediaStore(str(self.media)))
        store.ensure_indexes()
        return store

    def environment(self) -> dict[str, str]:
        """Settings that lead there, and nowhere else."""
        return {
            "MULAKAT_MONGO_URI": self.mongo_uri,
            "MULAKAT_MONGO_DATABASE": self.database,
            "MULAKAT_MEDIA_STORE": str(self.media),
            "MULAKAT_SIGNING_KEY": "for tests",
        }


def visit(place: Place, monkeypatch: MonkeyPatch) -> None:
    """Let the review app of this process look at `place`; `forget` undoes it."""
    for name, value in place.environment().items():
        monkeypatch.setenv(name, value)
    forget()


def forget() -> None:
    """Drop what settings and the review app keep in memory."""
    import streamlit as st

    from review_ui import recordings

    settings.cache_clear()
    recordings._signer.cache_clear()
    st.cache_data.clear()


def spec(interview_id: str, answers: list[Answer], **fields: object) -> InterviewSpec:
    """An interview as submitted."""
    given = {"candidate": {"reference": interview_id}, **fields}
    return InterviewSpec.parse({"interview_id": interview_id, "answers": answers, **given})


def sample_answers(store: Store, samples: Path) -> list[Answer]:
    """The answers of the sample interview, their recordings in the media store."""
    document = json.loads((samples / "interview.json").read_text(encoding="utf-8"))
    return [
        Answer.model_validate(answer | {"media_uri": store.media.put(samples / answer["media_uri"])})
        for answer in document["answers"]
    ]


def analyse(store: Store, wanted: InterviewSpec, scratch: Path, *, roots: tuple[Path, ...] = ()) -> Interview:
    """Take an interview through all stages as the DAG does, in this process."""
    interview, attempt = load(store, wanted, f"{wanted.interview_id}.run")
    store.interviews.mark_running(interview.id, attempt)
    rubric, policy = store.rubrics.get(interview.rubric), store.policies.get(interview.policy)
    scores: list[AnswerScore] = []
    scored_from: dict[str, str] = {}
    missing: list[Missing] = []
    for answer in interview.answers:
        request = Request(
            answer_id=answer.answer_id,
            question=answer.question,
            language=answer.language,
            written=answer.written,
            rubric=rubric,
            policy=policy,
        )
        results = AnswerResults(store.stage_results, interview.id, attempt)
        recording = source(answer.uri, roots=roots, store=store.media)
        run = Run(request, Workspace(scratch / interview.id / answer.answer_id, recording), results)
        for stage in STAGES:
            state = _stage(run, stage.name, now())
            store.interviews.mark_stage(interview.id, answer.answer_id, stage.name, state, attempt)
            if state.state in ("skipped", "failed"):
                assert state.reason is not None
                run.failures.update({stage.name: state.reason} if state.fingerprint is None else {})
                missing.append(Missing(answer_id=answer.answer_id, stage=stage.name, reason=state.reason))
        score = run.result("score_answer")
        if isinstance(score, AnswerScore):
            scores.append(score)
            scored_from[answer.answer_id] = run.known["score_answer"].fingerprint
    if not scores:
        store.interviews.mark_failed(interview.id, nothing_scored(missing), attempt)
        return store.interviews.get(interview.id)
    scorecard = score_interview(interview.id, scores, missing, rubric, policy)
    identity = store.scorecards.put(scorecard, "first")
    written = reports(store, interview, scorecard, rubric, policy)
    store.interviews.name_scorecard(interview.id, identity, scored_from, attempt)
    store.interviews.mark_reported(interview.id, identity, list(written), attempt)
    return store.interviews.get(interview.id)


def reports(
    store: Store, interview: Interview, scorecard: Scorecard, rubric: Rubric, policy: Policy
) -> Iterator[StoredReport]:
    """Put the reports of an interview into the media store."""
    for audience, language in itertools.product(report.AUDIENCES, report.languages()):
        content = report.build(
            scorecard,
            audience=audience,
            language=language,
            rubric=rubric,
            policy=policy,
            received_at=interview.received_at,
        )
        for name, draw in report.FORMATS.items():
            uri = store.media.put_bytes(draw(content))
            yield StoredReport.model_validate({"audience": audience, "language": language, "format": name, "uri": uri})


def _stage(run: Run, stage: str, started_at: datetime) -> StageState:
    try:
        outcome = run.stage(stage)
    except NotMeasurable as error:
        return StageState(state="skipped", reason=error.reason, started_at=started_at)
    except MulakatError as error:
        return StageState(state="failed", reason=error.reason, started_at=started_at)
    return StageState(
        state=outcome.status,
        fingerprint=outcome.head.fingerprint,
        identity=outcome.head.identity,
        reason=outcome.reason,
        seconds=outcome.head.seconds,
        started_at=started_at,
    )
