"""Reasons for tests."""

from __future__ import annotations

from mulakat.schema.reasons import Code, Reason


def refused(message: str) -> Reason:
    """A reason with a text from outside."""
    return Reason.of(Code.INPUT_REFUSED, message=message)
