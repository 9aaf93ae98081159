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

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from mulakat.schema.reasons import Reason

Column = list[float | None]


class Result(BaseModel):
    """Base of every result: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Provenance(Result):
    """What produced a result."""

    analyzer: str
    version: str
    options: dict[str, object] = Field(default_factory=dict)
    libraries: dict[str, str] = Field(default_factory=dict)
    models: dict[str, str] = Field(default_factory=dict, description="model name → sha256")


class Produced(Result):
    """A stage's result: carries what produced it."""

    provenance: Provenance


class StageResult(Result):
    """One stage of one answer at one fingerprint: `ok` with a payload, or `skipped` with a reason."""

    answer_id: str
    stage: str
    fingerprint: str
    status: Literal["ok", "skipped"]
    reason: Reason | None = None
    payload: dict[str, object] | None = None
    seconds: float


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
        "lips_do_not_move",
        "speaker_change",
        "overlapping_speech",
    ]
    note: Reason = Field(description="what was seen or heard")


class Spread(Result):
    """Median and the 5th and 95th percentile."""

    median: float
    p05: float
    p95: float
