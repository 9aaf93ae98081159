"""Correlations with intervals, where rows come in groups, such as several interviews of one candidate.

The 95 % interval is a percentile interval of the cluster bootstrap: whole groups are
drawn with replacement (Field & Welsh 2007, doi:10.1111/j.1467-9868.2007.00593.x), always
with the same seed, so the same rows give the same interval.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from mulakat.schema.base import Result

RESAMPLES = 2000
MIN_ROWS = 4
MIN_GROUPS = 10  # fewer: a bootstrap interval is too short to be believed
CONFIDENCE = 0.95

Numbers = NDArray[np.float64]


class Correlation(Result):
    """A correlation, or a difference of two, with its 95 % interval; what is None says why in `reason`."""

    r: float | None
    low: float | None
    high: float | None
    n: int
    reason: str | None = None

    @property
    def above_zero(self) -> bool:
        """Whether the whole interval is above zero."""
        return self.low is not None and self.low > 0


def correlation(
    x: Sequence[float | None],
    y: Sequence[float | None],
    *,
    groups: Sequence[Hashable] | None = None,
    given: Sequence[float | None] | None = None,
    ranks: bool = False,
) -> Correlation:
    """Pearson's r of two columns over the rows in which all is known.

    Args:
        groups: rows of one group are drawn together; default: each row is a group.
        given: a third column that is held constant (partial correlation, linear).
        ranks: Spearman's rho instead.
    """
    columns, kept = _complete([x, y] if given is None else [x, y, given], groups)
    return _interval(columns, kept, lambda r: _partial(r) if given is not None else r[:, 0, 1], ranks=ranks)


def difference(
    x: Sequence[float | None],
    other: Sequence[float | None],
    y: Sequence[float | None],
    *,
    groups: Sequence[Hashable] | None = None,
) -> Correlation:
    """How much more `x` correlates with `y` than `other` does, over the same rows and resamples."""
    columns, kept = _complete([x, other, y], groups)
    return _interval(columns, kept, lambda r: r[:, 0, 2] - r[:, 1, 2])


def _complete(
    columns: Sequence[Sequence[float | None]], groups: Sequence[Hashable] | None
) -> tuple[Numbers, NDArray[np.int64]]:
    """Rows without a gap, as columns × rows, and the number of each row's group."""
    if len({len(column) for column in columns} | ({len(groups)} if groups is not None else set())) != 1:
        raise ValueError("columns and groups must be of one length")
    table = np.array([[np.nan if v is None else v for v in column] for column in columns], dtype=np.float64)
    known = np.asarray(~np.isnan(table).any(axis=0))
    names = list(groups) if groups is not None else list(range(table.shape[1]))
    numbers: dict[Hashable, int] = {}
    kept = [numbers.setdefault(name, len(numbers)) for name, keep in zip(names, known.tolist(), strict=True) if keep]
    return table[:, known], np.array(kept, dtype=np.int64)


def _interval(
    columns: Numbers, groups: NDArray[np.int64], statistic: Callable[[Numbers], Numbers], *, ranks: bool = False
) -> Correlation:
    n = columns.shape[1]
    if n < MIN_ROWS:
        return Correlation(r=None, low=None, high=None, n=n, reason=f"{n} rows, needs {MIN_ROWS}")
    if any(np.ptp(column) == 0 for column in columns):
        return Correlation(r=None, low=None, high=None, n=n, reason="all values are the same")
    point = float(statistic(_correlations(columns, np.ones((1, n)), ranks=ranks))[0])
    if not np.isfinite(point):
        return Correlation(r=None, low=None, high=None, n=n, reason="nothing is left when the third column is known")
    count = int(groups.max()) + 1
    if count < MIN_GROUPS:
        reason = f"no interval: {count} independent rows, needs {MIN_GROUPS}"
        return Correlation(r=_rounded(point), low=None, high=None, n=n, reason=reason)
    values = statistic(_correlations(columns, _draws(count)[:, groups], ranks=ranks))
    tail = 50 * (1 - CONFIDENCE)
    low, high = np.nanpercentile(values, [tail, 100 - tail])
    return Correlation(r=_rounded(point), low=_rounded(low), high=_rounded(high), n=n)


@lru_cache(maxsize=4)
def _draws(groups: int) -> Numbers:
    """How often each group is in each resample."""
    drawn = np.random.default_rng(0).multinomial(groups, np.full(groups, 1 / groups), size=RESAMPLES)
    return drawn.astype(np.float64)


def _rounded(value: float) -> float:
    return round(float(value), 4)


def _correlations(columns: Numbers, weights: Numbers, *, ranks: bool) -> Numbers:
    """Correlation matrices, one per row of weights (how often each row was drawn)."""
    total = weights.sum(axis=1)[:, None]
    # Standardised first, so that sums of squares lose no digits.
    columns = (columns - columns.mean(axis=1, keepdims=True)) / columns.std(axis=1, keepdims=True)
    if ranks:
        columns = np.stack([_ranks(column, weights) for column in columns], axis=1)
        mean = np.einsum("bcn,bn->bc", columns, weights) / total
        square = np.einsum("bcn,bdn,bn->bcd", columns, columns, weights, optimize=True) / total[:, :, None]
    else:
        mean = weights @ columns.T / total
        square = np.tensordot(weights, columns[:, None] * columns, axes=(1, 2)) / total[:, :, None]
    covariance = square - mean[:, :, None] * mean[:, None, :]
    variance = np.einsum("bcc->bc", covariance)
    variance = np.where(variance > 1e-9, variance, np.nan)  # a resample in which a column is constant
    return np.asarray(covariance / np.sqrt(variance[:, :, None] * variance[:, None, :]))


def _ranks(column: Numbers, weights: Numbers) -> Numbers:
    """Mid-ranks within each resample, as shares of it."""
    values, place = np.unique(column, return_inverse=True)
    counts = weights @ np.eye(len(values))[place]
    return np.asarray((counts.cumsum(axis=1) - counts / 2)[:, place] / weights.sum(axis=1, keepdims=True))


def _partial(r: Numbers) -> Numbers:
    """Of the first two columns with the third held constant."""
    left = (1 - r[:, 0, 2] ** 2) * (1 - r[:, 1, 2] ** 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(left > 1e-9, (r[:, 0, 1] - r[:, 0, 2] * r[:, 1, 2]) / np.sqrt(left), np.nan))
