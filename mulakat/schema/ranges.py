"""Stretches of time: joined, added up, held against each other. Free of heavy imports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

Span = tuple[float, float]
"""Start and end, seconds."""

Number = TypeVar("Number", int, float)


class Timed(Protocol):
    """Whatever lasts from one moment to another: a `TimeRange`, a word."""

    @property
    def start_s(self) -> float: ...

    @property
    def end_s(self) -> float: ...


def joined(spans: Iterable[tuple[Number, Number]], gap: Number | None = None) -> list[tuple[Number, Number]]:
    """Spans (start, end) in order, as one where they overlap, touch, or have no more than `gap` between them."""
    found: list[tuple[Number, Number]] = []
    for start, end in sorted(spans):
        if found and start - found[-1][1] <= (gap or 0):
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((start, end))
    return found


def within(spans: Iterable[Span], end_s: float) -> list[Span]:
    """What of the spans lies between 0 and `end_s`."""
    inside = ((max(0.0, start), min(end, end_s)) for start, end in spans)
    return [(start, end) for start, end in inside if start < end]


def total_s(ranges: Iterable[Timed]) -> float:
    """Seconds covered by ranges that do not overlap."""
    return sum(each.end_s - each.start_s for each in ranges)


def covered_s(ranges: Iterable[Timed]) -> float:
    """Seconds that lie in at least one of the ranges."""
    return sum(end - start for start, end in joined((each.start_s, each.end_s) for each in ranges))


def overlap_s(one: Timed, other: Timed) -> float:
    """Seconds that two ranges share."""
    return max(0.0, min(one.end_s, other.end_s) - max(one.start_s, other.start_s))
