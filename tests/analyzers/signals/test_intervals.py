"""Runs of a mask, and the samples inside time ranges."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analyzers.signals.intervals import bridged, inside, runs
from mulakat.schema.base import TimeRange

masks = st.lists(st.booleans(), max_size=40).map(lambda values: np.array(values, bool))


@given(masks)
def test_runs_are_whole_apart_and_all_there_is(mask: np.ndarray) -> None:
    found = list(runs(mask))
    rebuilt = np.zeros_like(mask)
    for run in found:
        assert run.start < run.stop
        rebuilt[run] = True
    assert (rebuilt == mask).all()
    assert all(one.stop < other.start for one, other in pairwise(found))


def test_short_gaps_are_bridged_and_the_ends_are_no_gaps() -> None:
    mask = np.array([0, 1, 0, 0, 1, 0, 0, 0, 1, 0], bool)
    assert bridged(mask, 2).astype(int).tolist() == [0, 1, 1, 1, 1, 0, 0, 0, 1, 0]
    assert bridged(mask, 0).tolist() == mask.tolist()
    assert mask.astype(int).tolist() == [0, 1, 0, 0, 1, 0, 0, 0, 1, 0]


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 10)), max_size=8),
    st.integers(0, 4),
)
def test_inside_is_what_the_definition_says(spans: list[tuple[int, int]], margin: int) -> None:
    ranges = [TimeRange(start_s=start, end_s=start + length) for start, length in spans]
    times_s = np.arange(-5, 50, 0.5)
    expected = [any(r.start_s - margin <= t <= r.end_s + margin for r in ranges) for t in times_s]
    assert inside(times_s, ranges, margin).tolist() == expected
