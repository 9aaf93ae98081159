"""Stretches of time: joined, added up, held against each other."""

from __future__ import annotations

import pytest

from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import joined, overlap_s, total_s, within


def span(start_s: float, end_s: float) -> TimeRange:
    return TimeRange(start_s=start_s, end_s=end_s)


@pytest.mark.parametrize(
    ("spans", "gap", "expected"),
    [
        ([], 0.0, []),
        ([(3.0, 4.0), (0.0, 1.0)], 0.0, [(0.0, 1.0), (3.0, 4.0)]),
        ([(0.0, 1.0), (1.0, 2.0)], 0.0, [(0.0, 2.0)]),
        ([(0.0, 5.0), (1.0, 2.0), (4.0, 6.0)], 0.0, [(0.0, 6.0)]),
        ([(0.0, 1.0), (1.5, 2.0), (2.75, 3.0)], 0.5, [(0.0, 2.0), (2.75, 3.0)]),
    ],
    ids=["none", "apart", "touching", "inside", "a gap"],
)
def test_ranges_are_joined(spans: list[tuple[float, float]], gap: float, expected: list[tuple[float, float]]) -> None:
    assert joined(spans, gap) == expected


def test_what_lies_outside_is_cut_off() -> None:
    spans = [(2.0, 3.0), (-1.0, 0.2), (-2.0, -1.0), (9.0, 12.0), (11.0, 12.0)]
    assert within(spans, 10.0) == [(2.0, 3.0), (0.0, 0.2), (9.0, 10.0)]


def test_frames_are_joined_like_seconds() -> None:
    assert joined([(0, 10), (13, 20), (24, 30)], 3) == [(0, 20), (24, 30)]


def test_total_and_overlap() -> None:
    assert total_s([span(0, 1), span(2, 4.5)]) == 3.5
    assert overlap_s(span(0, 2), span(1, 5)) == 1
    assert overlap_s(span(0, 1), span(2, 3)) == 0
