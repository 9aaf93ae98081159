"""A stage that finds what is no number."""

from __future__ import annotations

from pydantic import BaseModel

from mulakat.schema.base import Produced
from mulakat.schema.contract import Context
from mulakat.schema.provenance import provenance
from mulakat.schema.rubric import Document

VERSION = "1"


class Options(Document):
    """None."""


class Result(Produced):
    """A mean of nothing."""

    mean: float


def uses(options: BaseModel) -> dict[str, str | None]:
    """No model."""
    return {}


def run(context: Context) -> Result:
    """What NumPy makes of the mean of an empty list."""
    return Result(mean=float("nan"), provenance=provenance(__name__, VERSION, context.options, libraries=()))
