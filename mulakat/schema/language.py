"""An answer held against a rubric: ratings with their evidence."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mulakat.schema.base import Produced, Result
from mulakat.schema.reasons import Reason


class Evidence(Result):
    """Where a judgement rests: a time range, with the words or a note on what was measured.

    A quote from a written answer has no times.
    """

    answer_id: str | None = None
    stage: str
    start_s: float | None
    end_s: float | None
    quote: str | None = None
    note: Reason | None = None


class Usage(Result):
    """What asking language models took. Tokens are None when an endpoint did not tell, cost when no price is set."""

    requests: int = Field(ge=0, description="that were answered")
    prompt_tokens: int | None
    completion_tokens: int | None
    cost: float | None = None
    currency: str | None = None


class Rating(Result):
    """One competency in one answer. `level` None = not scorable, `reason` says why."""

    competency: str
    level: float | None = Field(ge=1, le=5)
    uncertainty: float | None = Field(description="± in levels")
    reason: Reason
    evidence: list[Evidence]


VariantKind = Literal["names", "fillers", "recogniser", "numbers"]


class VariantRating(Result):
    """The answer rated once more with a harmless change: what the same rater said then."""

    kind: VariantKind
    changed_words: int
    levels: dict[str, float | None] = Field(
        default_factory=dict, description="competency → level under the change, None = not scorable; of one answer"
    )
    points: float | None = Field(None, description="0–100 under the change; None = not scorable, or not scored")


class Sensitivity(Result):
    """How far the points move under harmless changes of the text."""

    badge: Literal["steady", "moves", "unsteady"]
    low: float = Field(description="lowest points, the original included")
    high: float
    variants: list[VariantRating] = Field(description="only those that changed a word")


class Findings(Produced):
    """The answer held against the rubric (stage `analyse_language`)."""

    rater: str = Field(description="`llm:<model>`, `local`, or `none` when nothing could be rated")
    provisional: bool = Field(description="True when the local fallback rated")
    ratings: list[Rating]
    notes: list[Reason] = Field(default_factory=list, description="for the reviewer, e.g. why the fallback rated")
    usage: Usage | None = Field(None, description="what asking an endpoint took; None when none was asked")
    variants: list[VariantRating] | None = Field(
        None, description="the answer rated again with harmless changes, without points; None when it was not checked"
    )
