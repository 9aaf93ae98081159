"""What all result types share: frozen, JSON-ready, free of heavy imports.

Conventions:

* Times are seconds on the recording's presentation clock, 0 = its first moment.
* A value that was not measured is `None`, never 0; the stage says why.
* Time series are columns of equal length, `t_s` first; `None` marks a gap.
* Angles are degrees. `yaw` > 0: the face turns towards the right edge of the
  picture; `pitch` > 0: it looks up; `roll` > 0: the head tilts clockwise in the
  picture.
"""

from __future__ import annotations

from math import isfinite
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from mulakat.schema.reasons import Reason


def _gaps(column: object, validate: ValidatorFunctionWrapHandler) -> object:
    """NaN and infinity, which JSON has no words for, as gaps."""
    try:
        return validate(column)  # without them, which is the rule and fast
    except ValidationError:
        if not isinstance(column, list | tuple):
            raise
        return validate([None if isinstance(value, float) and not isfinite(value) else value for value in column])


Column = Annotated[list[float | None], WrapValidator(_gaps)]


class Result(BaseModel):
    """Base of every result: immutable; unknown fields, NaN and infinity refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Provenance(Result):
    """What produced a result."""

    analyzer: str
    version: str
    options: dict[str, object] = Field(default_factory=dict)
    libraries: dict[str, str] = Field(default_factory=dict)
    models: dict[str, str] = Field(default_factory=dict, description="model name → sha256")
    computed_on: dict[str, str] = Field(
        default_factory=dict,
        description="where models ran: `device` (cpu, cuda), `instruction_set` of the processor, on which the last "
        "digits of sums depend (of int8 more than those), and `compute_type` where there is a choice",
    )


class Produced(Result):
    """A stage's result: carries what produced it."""

    provenance: Provenance
    stand_in: bool = Field(
        False, description="what was to be used could not be had: stands in for it until the stage is asked for again"
    )


class StageHead(Result):
    """One stage of one answer at one fingerprint, without what it measured."""

    answer_id: str
    stage: str
    fingerprint: str
    identity: str = Field(description="what stands for the result where another stage's fingerprint takes it in")
    status: Literal["ok", "skipped"]
    reason: Reason | None = None
    stand_in: bool = False
    seconds: float


class StageResult(StageHead):
    """One stage of one answer at one fingerprint: `ok` with a payload, or `skipped` with a reason."""

    payload: dict[str, object] | None = None


class TimeRange(Result):
    """From `start_s` to `end_s`."""

    start_s: float
    end_s: float


class Flag(TimeRange):
    """Something a person should look at; never a verdict."""

    kind: Literal[
        "several_people",
        "another_person",
        "still_picture",
        "no_picture",
        "lips_do_not_move",
        "muted",
        "no_sound",
        "unwritten",
        "speaker_change",
        "overlapping_speech",
    ]
    note: Reason = Field(description="what was seen or heard")


class Spread(Result):
    """Median and the 5th and 95th percentile."""

    median: float
    p05: float
    p95: float
