"""Stretches of a sampled signal: runs of a mask, and the samples inside time ranges."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from mulakat.schema.ranges import Timed


def runs(mask: NDArray[np.bool_]) -> Iterator[slice]:
    """Stretches where `mask` is true, in order."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], mask, [False]))))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        yield slice(int(start), int(stop))


def bridged(mask: NDArray[np.bool_], longest: float) -> NDArray[np.bool_]:
    """The mask with its gaps of at most `longest` samples filled; what comes before the first run and after the
    last is no gap."""
    filled = mask.copy()
    for gap in runs(~mask):
        if gap.start > 0 and gap.stop < mask.size and gap.stop - gap.start <= longest:
            filled[gap] = True
    return filled


def inside(times_s: NDArray[np.floating], ranges: Sequence[Timed], margin_s: float = 0.0) -> NDArray[np.bool_]:
    """Which of the times lie in one of the ranges, ends included, each widened by `margin_s`; shape of `times_s`."""
    begun = np.searchsorted(np.sort([each.start_s - margin_s for each in ranges]), times_s, side="right")
    over = np.searchsorted(np.sort([each.end_s + margin_s for each in ranges]), times_s, side="left")
    return np.asarray(begun > over)
