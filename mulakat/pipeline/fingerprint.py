"""What a stage's fingerprint holds. Same fingerprint, same result: a stored one is not computed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from mulakat.pipeline.stages import Part, Stage
from mulakat.schema.base import Produced
from mulakat.schema.contract import Request
from mulakat.schema.media import Media


class RequestPart(NamedTuple):
    """A part of the request that stages read, and what it holds."""

    read: Callable[[Request], object]
    holds: str


PARTS: Mapping[Part, RequestPart] = {
    "question": RequestPart(lambda request: request.question, "the question's text"),
    "language": RequestPart(lambda request: request.language, "the language that was named, if any"),
    "written": RequestPart(lambda request: request.written, "whether the answer is a text"),
    "rubric": RequestPart(lambda request: request.rubric.model_dump(mode="json"), "the whole rubric"),
    "policy": RequestPart(lambda request: request.policy.model_dump(mode="json"), "the whole policy"),
    "task": RequestPart(
        lambda request: _task(request),
        "what a rater holds the answer against: the rubric's id and language, and the competencies that the question "
        "asks for, without their weights",
    ),
    "least_words": RequestPart(
        lambda request: [request.policy.id, request.policy.min_words],
        "the policy's id and how few words it rates",
    ),
}


class Ingredients(BaseModel):
    """All that decides a stage's result, and nothing else (`docs/architecture.md` shows this table)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stage: str = Field(description="its name")
    version: str = Field(description="`VERSION` of its analyzer, raised when results change")
    enabled: bool = Field(description="whether the policy analyses it")
    options: dict[str, object] = Field(description="of its analyzer; none where the policy leaves it out")
    uses: dict[str, str | None] = Field(
        description="what the analyzer finds on this machine: digests of its models, null where an optional one is "
        "not there; device class and compute type"
    )
    inputs: dict[str, object] = Field(
        description="the source and its revision, or the identity of each result it needs, and why one is missing"
    )
    request: dict[str, object] = Field(description="the parts of the request it reads")

    def fingerprint(self) -> str:
        """32 hexadecimal digits."""
        return content_hash(self.model_dump(mode="json"))


def ingredients(stage: Stage, request: Request, options: BaseModel, inputs: Mapping[str, object]) -> Ingredients:
    """What decides the result of a stage on this machine.

    Raises:
        SetupError: a model it cannot do without is not there, or the device cannot compute so.
    """
    analyzer = stage.load()
    enabled = stage.enabled(request.policy)
    return Ingredients(
        stage=stage.name,
        version=analyzer.VERSION,
        enabled=enabled,
        options=options.model_dump(mode="json") if enabled else {},
        uses=dict(analyzer.uses(options)) if enabled else {},
        inputs=dict(inputs),
        request={part: PARTS[part].read(request) for part in stage.reads},
    )


def reads_the_same(stage: Stage, one: Request, other: Request) -> bool:
    """Whether a stage with the same inputs finds the same for both requests."""
    if stage.enabled(one.policy) != stage.enabled(other.policy):
        return False
    return all(PARTS[part].read(one) == PARTS[part].read(other) for part in stage.reads)


def identity(fingerprint: str, result: Produced | None, *, replaces: bool) -> str:
    """What stands for a result where a later stage's fingerprint takes it in.

    A recording counts by its content, wherever it comes from. So does a stand-in, and a result that `replaces`
    another one of the same fingerprint: an endpoint that is asked again may rate otherwise.
    """
    if isinstance(result, Media):
        return result.sha256
    if result is not None and (result.stand_in or replaces):
        return content_hash(result.model_dump(mode="json"))
    return fingerprint


def content_hash(document: object) -> str:
    """32 hexadecimal digits for a JSON document, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _task(request: Request) -> object:
    """What a rater holds an answer against: what is asked for and how, whatever it weighs."""
    asked, note = request.rubric.asked(request.question)
    return {
        "rubric": asked.id,
        "language": asked.language,
        "competencies": [c.model_dump(mode="json", exclude={"weight", "questions"}) for c in asked.competencies],
        "note": note.model_dump(mode="json") if note is not None else None,
    }
