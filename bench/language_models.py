"""Learn ratings from little data, and see how well that carries over to people not seen.

With some 140 interviews the variance of a fit is the enemy, so: ridge only, its penalty chosen by an inner
cross-validation; measures ranked before use, so that no single interview pulls; weights drawn towards the
signs of the literature (equal weights are hard to beat at this size: Dawes 1979; shrinking towards them:
Lichtenberg & Şimşek 2019, PMLR 58); and several such learners added up, each by what it proved to be worth
within the training rows. All folds, also the inner ones, keep the interviews of a person together.
"""

# ruff: noqa: TID253 - a benchmark's module, which nothing shipped imports

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import norm
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge, RidgeCV
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS, INNER_FOLDS, REPEATS = 10, 5, 5
PENALTIES = np.logspace(-1, 3, 9)  # features come scaled to a total variance of 1, so their Gram matrix has trace n
MIN_WORTH = 0.05  # a learner that proved nothing still says a little, so that the sum is never empty
BOOTSTRAPS = 2000


class Ranked(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Each column by its place among the training rows, as a normal score: bounded, whatever its shape."""

    def fit(self, x: np.ndarray, y: np.ndarray | None = None) -> Ranked:
        self.sorted_ = np.sort(np.asarray(x, dtype=float), axis=0)
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        x, n = np.asarray(x, dtype=float), len(self.sorted_)
        columns = []
        for column, known in zip(x.T, self.sorted_.T, strict=True):
            place = (np.searchsorted(known, column, "left") + np.searchsorted(known, column, "right")) / 2
            columns.append(norm.ppf((place + 0.5) / (n + 1)))
        return np.column_stack(columns)


class Signed(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Adds the mean of the measures, each with its expected sign, weighing as much as all of them together.

    For ridge this is a prior under which the weights share one signed part.
    """

    def __init__(self, signs: Sequence[int]) -> None:
        self.signs = signs

    def fit(self, x: np.ndarray, y: np.ndarray | None = None) -> Signed:
        self.scale_ = float((x @ np.asarray(self.signs)).std()) or 1.0
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        together = (x @ np.asarray(self.signs)) / self.scale_ * np.sqrt(x.shape[1])
        return np.column_stack([x, together])


class TotalVariance(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # sklearn has no types
    """Centres the columns and scales all by one number, so that their variances add up to 1."""

    def fit(self, x: np.ndarray, y: np.ndarray | None = None) -> TotalVariance:
        x = x.toarray() if hasattr(x, "toarray") else np.asarray(x)
        self.mean_ = x.mean(axis=0)
        self.scale_ = float(np.sqrt(x.var(axis=0).sum())) or 1.0
        return self

    def transform(self, x: np.ndarray) -> np.ndarray:
        x = x.toarray() if hasattr(x, "toarray") else np.asarray(x)
        return np.asarray((x - self.mean_) / self.scale_)


@dataclass(frozen=True)
class Learner:
    """What it reads (a key of the data), and how."""

    reads: str
    pipeline: Callable[[], Pipeline]

    def predict(
        self, data: Mapping[str, np.ndarray], y: np.ndarray, groups: np.ndarray, train: np.ndarray, test: np.ndarray
    ) -> np.ndarray:
        """What to expect of the test rows, in standard deviations of the rating.

        Predictions are standardised by those for the training rows, so that folds can be put together, and
        weigh r² of the inner cross-validation: of learners that agree in part, the better one deserves more
        than its share of r.
        """
        # Ranks, variances and vocabulary know nothing of the ratings: learned from all training rows, once.
        features = make_pipeline(self.pipeline(), TotalVariance())
        known, new = features.fit_transform(data[self.reads][train]), features.transform(data[self.reads][test])
        inner = list(GroupKFold(min(INNER_FOLDS, len(set(groups[train])))).split(known, groups=groups[train]))
        ridge = RidgeCV(PENALTIES, cv=inner, scoring="neg_mean_squared_error").fit(known, y[train])
        fitted = ridge.predict(known)
        proved = cross_val_predict(Ridge(ridge.alpha_), known, y[train], cv=inner)
        worth = max(float(pearson(proved[None], y[train])[0]), MIN_WORTH)
        return np.asarray(worth**2 * (ridge.predict(new) - fitted.mean()) / (fitted.std() or 1.0))


def plain() -> Pipeline:
    """Numbers as they are, standardised."""
    return make_pipeline(StandardScaler())


def ranked(signs: Sequence[int]) -> Pipeline:
    """Numbers by rank, with what the literature expects of them."""
    return make_pipeline(Ranked(), Signed(signs))


def vectors() -> Pipeline:
    """Sentence embeddings, averaged: already on one scale."""
    return make_pipeline("passthrough")


def terms() -> Pipeline:
    """Words and pairs of words that several, but not all, interviews hold."""
    return make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=4, max_df=0.9, sublinear_tf=True, dtype=np.float64))


def out_of_fold(
    learner: Learner, data: Mapping[str, np.ndarray], y: np.ndarray, groups: np.ndarray, repeats: int = REPEATS
) -> np.ndarray:
    """Predictions of rows by models that never saw their group, shape (repeats, n)."""
    predicted = np.empty((repeats, len(y)))
    folds = min(FOLDS, len(set(groups)))
    for repeat in range(repeats):
        for train, test in GroupKFold(folds, shuffle=True, random_state=repeat).split(y, groups=groups):
            predicted[repeat, test] = learner.predict(data, y, groups, train, test)
    return predicted


@dataclass(frozen=True)
class Correlation:
    """Pearson's r with a 95 % interval: the mean over repeats, and groups drawn again (cluster bootstrap)."""

    r: float
    low: float
    high: float


def correlation(predicted: np.ndarray, y: np.ndarray, groups: np.ndarray) -> Correlation | None:
    """None where the predictions do not vary. `predicted`: shape (repeats, n) or (n,)."""
    predicted = np.atleast_2d(predicted)
    if predicted.std(axis=1).min() < 1e-12:
        return None
    _, member = np.unique(groups, return_inverse=True)
    count = member.max() + 1
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), size=BOOTSTRAPS)[:, member]
    found = np.mean([_weighted(p, y, drawn.astype(float)) for p in predicted], axis=0)
    low, high = np.percentile(found[np.isfinite(found)], (2.5, 97.5))
    return Correlation(float(pearson(predicted, y).mean()), float(low), float(high))


def partial_correlation(predicted: np.ndarray, y: np.ndarray, held: np.ndarray) -> float:
    """r of predictions and ratings with the line on `held` taken out of both; mean over repeats."""
    design = np.column_stack([np.ones_like(held), held])

    def rest(values: np.ndarray) -> np.ndarray:
        return np.asarray(values - design @ np.linalg.lstsq(design, values, rcond=None)[0])

    predicted = np.atleast_2d(predicted)
    return float(pearson(np.stack([rest(p) for p in predicted]), rest(y)).mean())


def pearson(predicted: np.ndarray, y: np.ndarray) -> np.ndarray:
    """r of each row of predictions with the ratings; 0 where a row does not vary."""
    a = predicted - predicted.mean(axis=1, keepdims=True)
    b = y - y.mean()
    scale = np.sqrt((a**2).sum(axis=1) * (b**2).sum())
    return np.asarray(np.divide(a @ b, scale, out=np.zeros(len(a)), where=scale > 0))


def _weighted(a: np.ndarray, b: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Pearson's r for each row of weights, shape (draws,); NaN where a draw does not vary."""
    total = weights.sum(axis=1)

    def mean(values: np.ndarray) -> np.ndarray:
        return np.asarray((weights @ values) / total)

    a, b = a - a.mean(), b - b.mean()
    shared = mean(a * b) - mean(a) * mean(b)
    spread = (mean(a * a) - mean(a) ** 2) * (mean(b * b) - mean(b) ** 2)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.where(spread > 0, shared / np.sqrt(np.abs(spread)), np.nan))
