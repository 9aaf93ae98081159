"""What MongoDB holds, as pydantic models: the only way in and out.

Ids are safe in file names, URLs and MongoDB keys. Every document carries its
schema version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from mulakat.schema.base import StageHead
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric, describe
from mulakat.schema.scores import Component, Score, Scorecard, Versioned

SCHEMA = 1

Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")]

StageStatus = Literal["running", "ok", "reused", "skipped", "failed"]
InterviewState = Literal["queued", "running", "scored", "failed", "stopped"]
ENDED_WELL: tuple[StageStatus, ...] = ("ok", "reused", "skipped")


def now() -> datetime:
    """The current time, UTC, to the millisecond MongoDB keeps."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


class StrictModel(BaseModel):
    """Base of all documents: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class SubmittedDocument(StrictModel):
    """A document from outside."""

    called: ClassVar[str]
    """What errors call it."""

    @classmethod
    def parse(cls, document: object) -> Self:
        """Validate a document from outside.

        Raises:
            BadInput: one line that names each wrong field and quotes its value.
        """
        try:
            return cls.model_validate(document)
        except ValidationError as error:
            raise BadInput(f"{cls.called}: {describe(error)}") from None


class Candidate(StrictModel):
    """Who answered; a reference into the HR system, no name needed."""

    reference: str = Field(min_length=1, max_length=200)


class Consent(StrictModel):
    """What the candidate agreed to."""

    given: bool
    text_version: str | None = None
    at: datetime | None = None


class Answer(StrictModel):
    """One answer: a recording, or a text where the candidate wrote instead of speaking.

    A text that is given here itself is moved into the media store; stored interviews only name it.
    """

    answer_id: Id
    question: str | None = Field(None, max_length=2000, description="its text, or its id in the rubric")
    media_uri: str | None = Field(None, min_length=1, max_length=2000, description="where the recording is")
    text_uri: str | None = Field(None, min_length=1, max_length=2000, description="where the UTF-8 text is")
    text: str | None = Field(None, min_length=1, max_length=100_000, description="the text itself")
    language: str | None = Field(None, pattern=r"^[a-z]{2}$", description="ISO 639-1; unset: detected")

    @model_validator(mode="after")
    def _one(self) -> Self:
        given = [name for name in ("media_uri", "text_uri", "text") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(
                f"answer {self.answer_id!r} needs one of media_uri, text_uri and text; "
                f"it has {' and '.join(given) or 'none'}"
            )
        return self

    @property
    def written(self) -> bool:
        """Whether it is a text."""
        return self.media_uri is None

    @property
    def uri(self) -> str:
        """Where the recording or the text is. Raises BadInput while the text is not in the media store."""
        uri = self.media_uri or self.text_uri
        if uri is None:
            raise BadInput(f"the text of answer {self.answer_id!r} is not in the media store; submit the interview")
        return uri

    def naming_its_text(self, put: Callable[[bytes], str]) -> Self:
        """The same answer, its text handed to `put`, which returns where it is."""
        if self.text is None:
            return self
        return self.model_copy(update={"text": None, "text_uri": put(self.text.encode())})


class InterviewSpec(SubmittedDocument):
    """An interview as it is submitted."""

    called = "interview"

    interview_id: Id
    candidate: Candidate
    campaign: Id = "default"
    rubric: str | Rubric = "general-en"
    policy: str | Policy = "multimodal"
    consent: Consent | None = None
    answers: list[Answer] = Field(min_length=1, max_length=50)
    received_at: datetime | None = None

    @model_validator(mode="after")
    def _check(self) -> Self:
        ids = [answer.answer_id for answer in self.answers]
        if len(set(ids)) != len(ids):
            raise ValueError(f"answer ids must differ, got {ids}")
        if self.consent is not None and not self.consent.given:
            raise ValueError(f"the candidate of {self.interview_id!r} has not given consent; nothing is analysed")
        return self

    @property
    def submission_id(self) -> str:
        """Interview id and a short hash of the whole request: the same request gives the same Airflow run."""
        return f"{self.interview_id}.{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:8]}"


class StageState(StrictModel):
    """What became of one stage of one answer, most recently."""

    state: StageStatus
    fingerprint: str | None = None
    identity: str | None = Field(None, description="what stands for its result in the fingerprints of later stages")
    reason: Reason | None = None
    seconds: float | None = None
    run_id: str | None = None
    attempt: int = 1
    started_at: datetime


class StoredSubmission(StrictModel):
    """An interview as it was submitted."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    interview_id: Id
    spec: InterviewSpec
    submitted_at: datetime


class StoredReport(StrictModel):
    """A report of an interview: for whom, in which language and format, and where it is."""

    audience: Literal["reviewer", "candidate"]
    language: str
    format: Literal["html", "pdf"]
    uri: str


class Interview(StrictModel):
    """One interview: what was asked for, and how far it is."""

    id: Id = Field(alias="_id")
    schema_version: int = SCHEMA
    candidate: Candidate
    campaign: Id
    rubric: Versioned
    policy: Versioned
    consent: Consent | None = None
    answers: list[Answer]
    received_at: datetime
    updated_at: datetime
    state: InterviewState = "queued"
    reason: Reason | None = None
    run_id: str | None = Field(None, description="the Airflow run that is or was at work")
    asked_at: datetime | None = Field(None, description="when that run was asked for; earlier ones are out of date")
    attempts: dict[str, datetime] = Field(
        default_factory=dict, description="task of the run → start of its newest attempt; earlier ones write nothing"
    )
    progress: dict[str, dict[str, StageState]] = Field(default_factory=dict, description="answer id → stage → state")
    scorecard_id: str | None = None
    scored_from: dict[str, str] = Field(
        default_factory=dict, description="answer id → fingerprint of the `score_answer` in the scorecard"
    )
    reported_id: str | None = Field(None, description="the scorecard that `reports` are of")
    reports: list[StoredReport] = Field(default_factory=list, description="of the last run that came to its end")

    def known(self, answer_id: str) -> dict[str, StageHead]:
        """Stage → its newest result, of the stages of this answer that have one."""
        return {
            stage: StageHead(
                answer_id=answer_id,
                stage=stage,
                fingerprint=state.fingerprint,
                identity=state.identity or state.fingerprint,
                status="skipped" if state.state == "skipped" else "ok",
                reason=state.reason,
                seconds=state.seconds or 0.0,
            )
            for stage, state in self.progress.get(answer_id, {}).items()
            if state.state in ENDED_WELL and state.fingerprint is not None
        }

    def failures(self, answer_id: str) -> dict[str, Reason]:
        """Stage → why it has no result, of the stages of this answer that were tried."""
        return {
            stage: state.reason or Reason.of(Code.INTERRUPTED)
            for stage, state in self.progress.get(answer_id, {}).items()
            if state.state not in ENDED_WELL or state.fingerprint is None
        }

    def answer(self, answer_id: str) -> Answer:
        """The answer with this id. Raises BadInput when there is none."""
        for answer in self.answers:
            if answer.answer_id == answer_id:
                return answer
        raise BadInput(f"interview {self.id!r} has no answer {answer_id!r}")

    def report(self, audience: str, language: str, format: str) -> str | None:  # noqa: A002
        """URI of a report in the media store; None when there is none of this kind."""
        wanted = (audience, language, format)
        return next((r.uri for r in self.reports if (r.audience, r.language, r.format) == wanted), None)

    def spec(self) -> InterviewSpec:
        """The request behind it, to submit it again."""
        return InterviewSpec(
            interview_id=self.id,
            candidate=self.candidate,
            campaign=self.campaign,
            rubric=f"{self.rubric.id}:{self.rubric.version}",
            policy=f"{self.policy.id}:{self.policy.version}",
            consent=self.consent,
            answers=self.answers,
            received_at=self.received_at,
        )


class InterviewUpdate(StrictModel):
    """A change of an interview; what is not set stays as it is."""

    state: InterviewState = "queued"
    reason: Reason | None = None
    scorecard_id: str | None = None
    scored_from: dict[str, str] = Field(default_factory=dict)
    reported_id: str | None = None
    reports: list[StoredReport] = Field(default_factory=list)


class Attempt(StrictModel):
    """One try of one task of an Airflow run; only the newest of a task may write."""

    run_id: str
    task: str
    number: int = 1
    started_at: datetime
    asked_at: datetime | None = Field(None, description="when the run was asked for")


class InterviewSummary(StrictModel):
    """What a list of interviews shows of each."""

    id: Id = Field(alias="_id")
    candidate: Candidate
    campaign: Id
    state: InterviewState
    reason: Reason | None = None
    received_at: datetime
    scorecard_id: str | None = None
    stages_done: int
    stages_total: int
    overall: Score | None = None


class Page(StrictModel):
    """A page of a list; `cursor` asks for the next one, None = the last page."""

    items: list[InterviewSummary]
    cursor: str | None


class CampaignInterview(StrictModel):
    """What a campaign's evaluation needs of each of its interviews."""

    id: Id = Field(alias="_id")
    candidate: Candidate
    scorecard_id: str | None = None
    answer_ids: list[Id]
    transcripts: dict[Id, str | None] = Field(description="answer id → fingerprint of its transcript, where known")


class StoredStageResult(StrictModel):
    """One stage of one answer at one fingerprint. `payload` is a result type of `mulakat.schema.scores`."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    interview_id: Id
    answer_id: Id
    stage: str
    fingerprint: str
    identity: str
    status: Literal["ok", "skipped"]
    reason: Reason | None = None
    stand_in: bool = False
    payload: dict[str, Any] | None = None
    payload_uri: str | None = Field(None, description="where the payload is, when larger than 1 MB")
    seconds: float
    run_id: str | None = None
    attempt: int = 1
    started_at: datetime
    written_at: datetime


class StoredScorecard(StrictModel):
    """One version of an interview's scores; never changed, only superseded."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    interview_id: Id
    scorecard: Scorecard
    run_id: str | None = None
    created_at: datetime


class ScorecardSummary(StrictModel):
    """A scorecard without its answers and evidence; scores in points, 0–100, None = not scorable."""

    rubric: Versioned | None
    policy: Versioned
    overall: Score
    competencies: dict[str, float | None]
    components: dict[Component, float | None]
    provisional: bool


class StoredRubric(StrictModel):
    """A version of a rubric."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    rubric: Rubric


class StoredPolicy(StrictModel):
    """A version of a policy."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    policy: Policy


Level = Annotated[float, Field(ge=1, le=5)]


class ReviewSpec(SubmittedDocument):
    """What one person thinks of an interview, on the rubric's levels 1–5; None = could not be judged."""

    called = "review"

    interview_id: Id
    reviewer: str = Field(min_length=1, max_length=200)
    levels: dict[str, Level | None] = Field(default_factory=dict, description="competency → level")
    overall: Level | None = None
    comment: str | None = Field(None, min_length=1, max_length=5000)

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.overall is None and not any(level is not None for level in self.levels.values()):
            raise ValueError("a review needs a level of at least one competency, or one overall")
        return self


class Review(ReviewSpec):
    """A review as it is kept: never changed; a later one of the same reviewer supersedes it."""

    id: str = Field(alias="_id")
    schema_version: int = SCHEMA
    number: int = Field(ge=1, description="counts this reviewer's reviews of this interview")
    rubric: Versioned = Field(description="whose levels were given")
    created_at: datetime


class CandidateScore(StrictModel):
    """How a candidate of a campaign was scored, and by which measure."""

    interview_id: Id
    candidate: Candidate
    rubric: Versioned | None
    policy: Versioned
    overall: Score
    provisional: bool


class InterviewScores(StrictModel):
    """An interview's scores without their evidence, 0–100; None = not scorable."""

    interview_id: Id
    candidate: str
    rubric: Versioned
    policy: Versioned
    overall: float | None
    competencies: dict[str, float | None]
    components: dict[Component, float | None]
    provisional: bool
    words: int | None = Field(description="in all answers; None when a transcript is missing")


class AuditEntry(StrictModel):
    """Who did what, when."""

    schema_version: int = SCHEMA
    at: datetime = Field(default_factory=now)
    actor: str
    action: str
    interview_id: Id | None = None
    detail: dict[str, Any] = Field(default_factory=dict)
