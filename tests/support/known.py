"""A value that may be missing in general, and that a test knows is there."""

from __future__ import annotations

from typing import TypeVar

T = TypeVar("T")


def known(value: T | None) -> T:
    """Return the value; a test fails here when it is missing."""
    assert value is not None
    return value
