"""Scores of an answer and of an interview, with their intervals and evidence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mulakat.schema.base import Flag, Produced, Result
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Evidence, Findings, Sensitivity, Usage
from mulakat.schema.media import Media
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack

SourceName = Literal["rater", "wording", "recogniser", "amount", "capture", "reference", "measurement", "answers"]


class UncertaintySource(Result):
    """One source of a score's interval. `points`: half the interval's width, were it the only source.

    rater: agreement with other raters; wording: spread over harmless changes; recogniser: doubtful words;
    amount: how much was said; capture: picture and sound; reference: the bands themselves;
    measurement: missing or inexact measures; answers: spread between answers.
    """

    name: SourceName
    points: float = Field(ge=0)


class Score(Result):
    """0–100 with an interval, or `value` None and the reason it is not scorable."""

    value: float | None = Field(ge=0, le=100)
    low: float | None
    high: float | None
    reason: Reason | None = Field(description="why not scorable; None when scored")
    sources: list[UncertaintySource] = Field(
        default_factory=list, description="largest first; the root of the sum of their squares is half the interval"
    )


Component = Literal["language", "voice", "visual"]
QualityName = Literal[
    "resolution",
    "frame_rate",
    "brightness",
    "sharpness",
    "level",
    "snr",
    "clipping",
    "dropouts",
    "lost_pictures",
    "cut_off",
]


class QualityCheck(Result):
    """One property of the recording that analyses depend on, held against its limits.

    poor < unusable: more is worse; poor > unusable: less is worse.
    """

    name: QualityName
    value: float
    unit: str
    poor: float
    unusable: float
    status: Literal["good", "poor", "unusable"]
    affects: list[Component] = Field(description="components that are not scored when it is unusable")


class ComponentScore(Result):
    """Language, voice or visual: its score, its weight under the policy, its evidence."""

    name: Component
    weight: float
    score: Score
    evidence: list[Evidence]


class CompetencyScore(Result):
    """One competency of the rubric."""

    id: str
    name: str
    weight: float
    score: Score
    evidence: list[Evidence]
    rationale: list[Reason] = Field(default_factory=list, description="why this level, as the rater says it")


class AnswerScore(Produced):
    """One answer's scores (stage `score_answer`)."""

    answer_id: str
    question: str | None
    overall: Score
    components: list[ComponentScore]
    competencies: list[CompetencyScore]
    quality: list[QualityCheck] = Field(default_factory=list)
    flags: list[Flag] = Field(default_factory=list)
    provisional: bool
    notes: list[Reason] = Field(default_factory=list, description="what was left out and how weights moved")
    sensitivity: Sensitivity | None = Field(None, description="overall points; None when it was not checked")
    usage: Usage | None = Field(None, description="what asking a language model took; None when none was asked")


class Missing(Result):
    """Something that could not be analysed, and why."""

    answer_id: str
    stage: str
    reason: Reason


class Versioned(Result):
    """Name and version of a configuration document."""

    id: str
    version: str


class Scorecard(Produced):
    """One interview's scores (stage `score_interview`)."""

    interview_id: str
    rubric: Versioned | None
    policy: Versioned
    overall: Score
    components: list[ComponentScore]
    competencies: list[CompetencyScore]
    answers: list[AnswerScore]
    missing: list[Missing]
    provisional: bool
    notes: list[Reason] = Field(default_factory=list, description="what was left out and how weights moved")
    sensitivity: Sensitivity | None = Field(None, description="overall points; None when it was not checked")
    usage: Usage | None = Field(None, description="over the answers; None when no language model was asked")


class AnswerDetails(Result):
    """What was measured in one answer, for a reader: as much as there is."""

    answer_id: str
    question: str | None = None
    media: Media | None = None
    transcript: Transcript | None = None
    face: FaceTrack | None = None
    voice: VoiceTrack | None = None
    findings: Findings | None = None
