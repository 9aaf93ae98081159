"""Rubric and policy: what is looked for, and what may be used to judge it.

Both are versioned documents; `mulakat.rubrics.packs` reads those that ship.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import inf
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_core import ErrorDetails

from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Component
from mulakat.schema.text import plain

Modality = Literal["face", "voice", "language", "emotion"]


class Document(BaseModel):
    """Base of configuration documents: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Question(Document):
    """A question of the interview. `rated: false` is for a warm-up: answers to it are shown, not rated."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    text: str = Field(min_length=1, max_length=2000)
    rated: bool = True


class Competency(Document):
    """What an answer may show, with behaviourally anchored levels 1–5."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    weight: float = Field(gt=0, allow_inf_nan=False)
    levels: dict[int, str] = Field(description="1–5 → observable behaviour at that level")
    examples: list[str] = Field(
        default_factory=list, description="what showing it may sound like; helps the local scorer to find it"
    )
    questions: Literal["all"] | list[str] = Field(
        "all", description="ids of the questions that ask for it; all = every rated question"
    )

    @field_validator("levels")
    @classmethod
    def _all_levels(cls, levels: dict[int, str]) -> dict[int, str]:
        if sorted(levels) != [1, 2, 3, 4, 5]:
            raise ValueError(f"needs anchors for levels 1–5, has {sorted(levels)}")
        if empty := [level for level, text in levels.items() if not text.strip()]:
            raise ValueError(f"needs a text for each level, level {empty[0]} has none")
        return levels

    @field_validator("questions", mode="before")
    @classmethod
    def _all_or_some(cls, questions: object) -> object:
        if questions != "all" and not (isinstance(questions, list) and all(isinstance(q, str) for q in questions)):
            raise ValueError("should be all, or a list of ids of questions")
        return questions


class Rubric(Document):
    """Competencies with weights, for one language, and the questions that ask for them."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    version: str
    language: str = Field(pattern=r"^[a-z]{2}$")
    questions: list[Question] = Field(
        default_factory=list, description="none: every competency applies to every answer"
    )
    competencies: list[Competency] = Field(min_length=1)

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        ids = [c.id for c in self.competencies]
        if len(set(ids)) != len(ids):
            raise ValueError(f"competency ids must differ, got {ids}")
        keys = [key for q in self.questions for key in {plain(q.id), plain(q.text)}]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"questions must differ in id and text, twice there is {twice[0]!r}")
        known = [q.id for q in self.questions]
        for competency in self.competencies:
            if unknown := [q for q in competency.questions if competency.questions != "all" and q not in known]:
                raise ValueError(f"competency {competency.id!r} names question {unknown[0]!r}; there are {known}")
        return self

    def question(self, asked: str) -> Question | None:
        """The question with this id or text, whatever the case, punctuation and spaces."""
        return next((q for q in self.questions if plain(asked) in (plain(q.id), plain(q.text))), None)

    def wording(self, asked: str | None) -> str | None:
        """The text of a question given by its id; any other text as it is."""
        found = self.question(asked) if asked is not None else None
        return found.text if found is not None and asked is not None and plain(asked) == plain(found.id) else asked

    def asked(self, question: str | None) -> tuple[Rubric, Reason | None]:
        """The part of the rubric that an answer to this question is held against, and what a reader must know.

        Weights stay as they are. A warm-up leaves no competency. A question that the
        rubric does not know leaves them all, with a note.
        """
        if not self.questions:
            return self, None
        found = self.question(question) if question is not None else None
        if found is None:
            if question is None:
                return self, Reason.of(Code.QUESTION_NOT_NAMED)
            return self, Reason.of(Code.QUESTION_UNKNOWN, rubric=self.id)
        applies = [c for c in self.competencies if found.rated and (c.questions == "all" or found.id in c.questions)]
        note = None if applies else Reason.of(Code.QUESTION_NOT_RATED, rubric=self.id)
        return self.model_copy(update={"competencies": applies}), note


Rule = Literal["redistribute", "abstain"]
ANALYZED_BY: dict[Component, Modality] = {"language": "language", "voice": "voice", "visual": "face"}


class WhenNotScorable(Document):
    """What becomes of a whole when one of its parts is not scorable.

    redistribute: the other parts' weights grow in proportion, down to the policy's least weight.
    abstain: the whole is not scorable either.
    """

    component: Rule = Field("redistribute", description="of the overall score: language, voice or visual")
    competency: Rule = Field("redistribute", description="of language: a competency that was asked for")


class Policy(Document):
    """What is analysed, what counts, and when to abstain.

    `weights` are the shares of the components in the overall score. A modality
    that is analysed but has no weight is shown, not scored. Emotion is analysed only
    where `analyse` lists it, and never has a weight.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    version: str
    description: str
    analyse: tuple[Modality, ...] = ("face", "voice", "language")
    weights: dict[Component, float]
    min_words: int = Field(20, ge=1, description="fewer words: language is not scorable")
    min_speech_s: float = Field(5.0, gt=0, description="less speech: voice is not scorable")
    min_visible_ratio: float = Field(0.5, ge=0, le=1, description="less face: visual is not scorable")
    min_scored_weight: float = Field(
        0.5, ge=0, le=1, description="components with less weight together: the overall score is not scorable"
    )
    min_rated_weight: float = Field(
        0.25, ge=0, le=1, description="competencies with less of the weight asked for: language is not scorable"
    )
    when_not_scorable: WhenNotScorable = WhenNotScorable()

    @field_validator("weights", mode="before")
    @classmethod
    def _emotion_never_counts(cls, weights: object) -> object:
        if isinstance(weights, dict) and "emotion" in weights:
            raise ValueError("emotion is never scored; remove its weight")
        return weights

    @field_validator("weights")
    @classmethod
    def _shares(cls, weights: dict[Component, float]) -> dict[Component, float]:
        if not all(0 <= w < inf for w in weights.values()) or not any(weights.values()):
            raise ValueError("weights must be 0 or more, and one of them more than 0")
        return weights

    @model_validator(mode="after")
    def _what_counts_is_analyzed(self) -> Self:
        for component, weight in self.weights.items():
            modality = ANALYZED_BY[component]
            if weight and modality not in self.analyse:
                raise ValueError(f"{component} has weight {weight:g}, but {modality} is not in analyse; add it")
        return self


SCALARS = (bool, int, float, date)  # what YAML takes `no`, `1.0` and `2026-01-01` for


def describe(error: ValidationError) -> str:
    """A pydantic error as one line for a person: field, problem, value."""
    return "; ".join(f"{path_of(e['loc']) or 'document'}: {explain(e)}" for e in error.errors())


def path_of(location: Sequence[int | str]) -> str:
    """Where a value stands in a document, e.g. `competencies.0.weight`."""
    return ".".join(str(part) for part in location if part != "[key]")


def explain(error: ErrorDetails) -> str:
    """One error of pydantic: the problem, the value, and what to do where that can be said."""
    problem, value = error["msg"].removeprefix("Value error, "), error["input"]
    if error["type"] == "missing":
        return problem
    quotes = "; put it in quotes" if error["type"] == "string_type" and isinstance(value, SCALARS) else ""
    return f"{problem}, got {value!r:.80}{quotes}"
