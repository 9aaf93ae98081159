"""Reasons for tests."""

from __future__ import annotations

from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason


def refused(message: str) -> Reason:
    """A reason with a text from outside."""
    return Reason.of(Code.INPUT_REFUSED, message=message)


def inner(reason: Reason, name: str = "why") -> list[Reason]:
    """The reasons inside one."""
    value = reason.values[name]
    assert isinstance(value, list)
    return [each for each in value if isinstance(each, Reason)]


def number(reason: Reason, name: str) -> float:
    """A value that is a number."""
    value = reason.values[name]
    assert isinstance(value, int | float)
    return value
