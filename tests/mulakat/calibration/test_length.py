"""Correlations with intervals, and the length report, on data whose truth is known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from mulakat.calibration.correlation import Correlation, correlation, difference
from mulakat.calibration.length import length_report
from tests.support.known import known


def related(rng: np.random.Generator, n: int, rho: float) -> tuple[list[float], list[float]]:
    x = rng.normal(size=n)
    return x.tolist(), (rho * x + np.sqrt(1 - rho**2) * rng.normal(size=n)).tolist()


def width(found: Correlation) -> float:
    return known(found.high) - known(found.low)


def test_agrees_with_scipy_also_with_ties() -> None:
    from scipy import stats

    x, y = (np.round(column, 0).tolist() for column in related(np.random.default_rng(1), 80, 0.5))
    assert correlation(x, y).r == pytest.approx(stats.pearsonr(x, y).statistic, abs=1e-4)
    assert correlation(x, y, ranks=True).r == pytest.approx(stats.spearmanr(x, y).statistic, abs=1e-4)


def test_ranks_see_only_the_order() -> None:
    x, y = related(np.random.default_rng(2), 60, 0.5)
    assert correlation(x, y, ranks=True) == correlation(np.exp(x).tolist(), [value**3 for value in y], ranks=True)


def test_a_partial_correlation_is_that_of_the_residuals() -> None:
    from scipy import stats

    rng = np.random.default_rng(3)
    z = rng.normal(size=70)
    x, y = z + rng.normal(size=70), z + rng.normal(size=70)

    def left(of: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(of - np.polyval(np.polyfit(z, of, 1), z))

    assert correlation(x.tolist(), y.tolist(), given=z.tolist()).r == pytest.approx(
        stats.pearsonr(left(x), left(y)).statistic, abs=1e-4
    )


def test_the_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    """200 seeds, n = 40: a 95 % interval that held the truth less than 90 % of the time would mislead."""
    held = 0
    for seed in range(200):
        found = correlation(*related(np.random.default_rng(seed), 40, 0.4))
        held += known(found.low) <= 0.4 <= known(found.high)
    assert held >= 180


def test_several_rows_of_one_group_do_not_count_as_more() -> None:
    x, y = related(np.random.default_rng(4), 30, 0.5)
    alone = correlation(x, y)
    twice = correlation(x * 3, y * 3, groups=list(range(30)) * 3)
    naive = correlation(x * 3, y * 3)
    assert (twice.r, twice.low, twice.high) == (alone.r, alone.low, alone.high)
    assert width(naive) < 0.8 * width(alone)


def test_the_same_rows_give_the_same_interval() -> None:
    x, y = related(np.random.default_rng(5), 50, 0.3)
    assert correlation(x, y) == correlation(list(x), list(y))


def test_a_difference_is_paired() -> None:
    rng = np.random.default_rng(6)
    y = rng.normal(size=60)
    x = y + rng.normal(size=60)
    found = difference(x.tolist(), (x + 0.05 * rng.normal(size=60)).tolist(), y.tolist())
    assert abs(known(found.r)) < 0.03
    assert width(found) < 0.1  # far less than that of either correlation
    near, unrelated = y + 0.3 * rng.normal(size=60), rng.normal(size=60)
    assert difference(near.tolist(), unrelated.tolist(), y.tolist()).above_zero


@pytest.mark.parametrize(
    ("x", "y", "reason"),
    [
        ([1.0, 2.0, 3.0], [1.0, 2.0, 3.0], "3 rows, needs 4"),
        ([1.0, 2.0, 3.0, None, 5.0], [1.0, None, 3.0, 4.0, 5.0], "3 rows, needs 4"),
        ([2.0] * 12, list(range(12)), "all values are the same"),
    ],
)
def test_what_cannot_be_measured_is_none_with_a_reason(
    x: list[float | None], y: list[float | None], reason: str
) -> None:
    found = correlation(x, y)
    assert (found.r, found.low, found.high, found.reason) == (None, None, None, reason)


def test_few_groups_have_no_interval() -> None:
    x, y = related(np.random.default_rng(7), 40, 0.5)
    found = correlation(x, y, groups=[i % 9 for i in range(40)])
    assert found.r is not None
    assert (found.low, found.high) == (None, None)
    assert found.reason == "no interval: 9 independent rows, needs 10"


def test_columns_of_other_lengths_are_refused() -> None:
    with pytest.raises(ValueError, match="one length"):
        correlation([1.0, 2.0], [1.0])


# --- the length report ---------------------------------------------------------


def test_a_score_that_pays_for_words_is_told_from_one_that_pays_for_quality() -> None:
    """Better answers are longer. Both scores go with length; only one still does among equals."""
    rng = np.random.default_rng(8)
    quality = rng.normal(size=200)
    words = 150 + 40 * quality + 40 * rng.normal(size=200)
    fair = quality + 0.5 * rng.normal(size=200)
    paid = words / 40 + 0.5 * rng.normal(size=200)
    rating = quality + 0.1 * rng.normal(size=200)
    report = length_report({"fair": fair.tolist(), "paid": paid.tolist()}, words.tolist(), rating.tolist())
    first, second = report.rows
    assert first.pearson.above_zero
    assert second.pearson.above_zero
    assert not known(first.given_rating).above_zero
    assert known(second.given_rating).above_zero
    assert known(known(first.rating_given_length).r) > 0.5 > known(known(second.rating_given_length).r)
    assert known(report.rating).above_zero


def test_without_ratings_only_the_raw_correlations() -> None:
    report = length_report({"score": list(range(20))}, [10 * i for i in range(20)])
    assert (report.rating, report.rows[0].given_rating, report.rows[0].rating_given_length) == (None, None, None)
    assert report.rows[0].pearson.r == report.rows[0].spearman.r == 1.0
    assert report.rows[0].pearson.low == 1.0
