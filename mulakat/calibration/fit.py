"""Learn the weights of competencies and components from reviewers' ratings, and say whether they are better.

Weights are non-negative and shrunk towards those in force by a ridge penalty whose
strength is chosen by cross-validation. With few candidates they therefore stay where
they are: equal or given weights are hard to beat on small samples (Dawes 1979,
doi:10.1037/0003-066X.34.7.571; Bobko, Roth & Buster 2007, doi:10.1177/1094428106294734).
Every figure of the learned weights comes from candidates they were not learned from
(nested, repeated cross-validation by candidate: Varma & Simon 2006,
doi:10.1186/1471-2105-7-91).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from mulakat.calibration.agreement import Agreement, ReviewerRating, consensus
from mulakat.calibration.correlation import Correlation, correlation, difference
from mulakat.calibration.length import LengthReport, length_report
from mulakat.schema.base import Result
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Component

MIN_CANDIDATES = 30
FOLDS = 5
REPEATS = 5
STRENGTHS = np.logspace(-2, 3, 6)  # of the penalty, relative to the scores' variance

Numbers = NDArray[np.float64]
Scores = Literal["learned", "current", "equal", "length"]


@dataclass(frozen=True)
class Observation:
    """One interview as it was scored, 0–100; None = not scorable.

    Attributes:
        components: voice and visual.
        words: how many the candidate said or wrote; None = unknown.
    """

    interview: str
    candidate: str
    competencies: Mapping[str, float | None]
    components: Mapping[Component, float | None]
    words: int | None


class Weight(Result):
    """A weight as it is and as it was learned; weights of one kind add up to 1."""

    kind: Literal["competency", "component"]
    name: str
    current: float
    learned: float | None
    low: float | None = Field(description="5th percentile over the fits of the cross-validation")
    high: float | None = Field(description="95th percentile over them")


class Calibration(Result):
    """How well scores agree with reviewers under several weights, and whether the learned ones are better."""

    interviews: int
    candidates: int
    agreement: Agreement
    scores: dict[Scores, Correlation] = Field(description="correlation with the reviewers' rating, learned: held out")
    gains: dict[Scores, Correlation] = Field(description="how much better the learned weights are than …")
    weights: list[Weight]
    competencies: dict[str, Correlation] = Field(description="our score with the reviewers' level on the same thing")
    length: LengthReport
    better: bool
    reason: str = Field(description="why the learned weights are, or are not, proposed")


def calibrate(
    observations: Sequence[Observation],
    ratings: Sequence[ReviewerRating],
    rubric: Rubric,
    policy: Policy,
    *,
    by_competency: Mapping[str, Sequence[ReviewerRating]] | None = None,
) -> Calibration:
    """Hold the scores of interviews against what reviewers think of them.

    Args:
        observations: all scored with this rubric and policy.
        ratings: of the interview as a whole.
        by_competency: competency id → ratings of it.

    Raises:
        BadInput: nothing to learn from: no rated interview, all rated alike, or a policy under which language
            does not count.
    """
    if policy.weights.get("language", 0.0) <= 0:
        raise BadInput(f"policy {policy.id!r} gives language no weight; there are no weights to learn")
    rating, agreement = consensus([r for r in ratings if r.interview in {o.interview for o in observations}])
    rows = sorted((o for o in observations if o.interview in rating), key=lambda o: o.interview)
    if not rows:
        raise BadInput("no interview has both a scorecard and a review")
    y = [rating[o.interview] for o in rows]
    if max(y) - min(y) < 1e-9:
        raise BadInput(f"reviewers rate every interview {y[0]:g}; nothing can be learned from ratings that are equal")
    design = Design.of(rows, rubric, policy)
    candidates = [o.candidate for o in rows]
    words: list[float | None] = [o.words for o in rows]
    count = len(set(candidates))
    current = design.score(design.prior).tolist()
    columns: dict[Scores, Sequence[float | None]] = {
        "current": current,
        "equal": design.score(design.equal).tolist(),
        "length": words,
    }
    learned = _learn(design, np.array(y), candidates) if count >= MIN_CANDIDATES else None
    gains: dict[Scores, Correlation] = {}
    if learned is not None:
        held_out = learned.held_out.tolist()
        rivals = {**columns, "length": _pointing_up(words, y, candidates)}
        gains = {name: difference(held_out, column, y, groups=candidates) for name, column in rivals.items()}
        columns = {"learned": held_out, **columns}
    better, reason = _verdict(count, gains)
    parts = {c.id: [o.competencies.get(c.id) for o in rows] for c in rubric.competencies}
    return Calibration(
        interviews=len(rows),
        candidates=count,
        agreement=agreement,
        scores={name: correlation(column, y, groups=candidates) for name, column in columns.items()},
        gains=gains,
        weights=design.weights(learned),
        competencies={name: _agreement(rows, name, given) for name, given in (by_competency or {}).items()},
        length=length_report({"overall": current, **parts}, words, y, groups=candidates),
        better=better,
        reason=reason,
    )


def _pointing_up(
    words: Sequence[float | None], y: Sequence[float], candidates: Sequence[str]
) -> Sequence[float | None]:
    """Where reviewers like short answers, fewer words are the rival."""
    r = correlation(words, y, groups=candidates).r
    return words if r is None or r >= 0 else [None if n is None else -n for n in words]


def _verdict(candidates: int, gains: Mapping[Scores, Correlation]) -> tuple[bool, str]:
    if candidates < MIN_CANDIDATES:
        more = MIN_CANDIDATES - candidates
        return False, f"{candidates} candidates with scores and reviews; learning needs {MIN_CANDIDATES}, {more} more"
    rivals: dict[Scores, str] = {"current": "the current weights", "length": "the number of words alone"}
    for name, what in rivals.items():
        if not gains[name].above_zero:
            return False, f"not shown to be better than {what}: the interval of the difference reaches zero"
    return True, "better than the current weights and than the number of words alone, on candidates not learned from"


def _agreement(rows: Sequence[Observation], competency: str, given: Sequence[ReviewerRating]) -> Correlation:
    rating, _ = consensus(given)
    return correlation(
        [o.competencies.get(competency) for o in rows],
        [rating.get(o.interview) for o in rows],
        groups=[o.candidate for o in rows],
    )


@dataclass(frozen=True)
class Design:
    """Scores as interviews × parts: first the competencies, then voice and visual where they count.

    Attributes:
        raw: with gaps (NaN) where something was not scorable.
        filled: gaps filled with what the rest of the interview scores, as weights are redistributed.
        prior: the weights in force, shares of the overall score.
    """

    names: list[str]
    competencies: int
    raw: Numbers
    filled: Numbers
    prior: Numbers

    @classmethod
    def of(cls, rows: Sequence[Observation], rubric: Rubric, policy: Policy) -> Design:
        """Line up the scores."""
        extra: list[Component] = [name for name in ("voice", "visual") if policy.weights.get(name, 0.0) > 0]
        ids = [c.id for c in rubric.competencies]
        table = [[*(o.competencies.get(i) for i in ids), *(o.components.get(name) for name in extra)] for o in rows]
        raw = np.array([[np.nan if v is None else v for v in row] for row in table], dtype=np.float64)
        within = np.array([c.weight for c in rubric.competencies])
        shares = np.array([policy.weights["language"], *(policy.weights[name] for name in extra)])
        shares = shares / shares.sum()
        prior = np.concatenate([shares[0] * within / within.sum(), shares[1:]])
        language = _mean(raw[:, : len(ids)], prior[: len(ids)])
        overall = _overall(raw, prior, len(ids))
        filled = raw.copy()
        for column in range(raw.shape[1]):
            rest = np.where(np.isnan(language), overall, language) if column < len(ids) else overall
            filled[:, column] = np.where(np.isnan(raw[:, column]), rest, raw[:, column])
        return cls([*ids, *extra], len(ids), raw, filled, prior)

    @property
    def equal(self) -> Numbers:
        """The same weight for every part."""
        return np.full(len(self.names), 1 / len(self.names))

    def score(self, weights: Numbers) -> Numbers:
        """Overall scores under these weights, gaps redistributed."""
        return _overall(self.raw, weights, self.competencies)

    def weights(self, learned: FittedWeights | None) -> list[Weight]:
        """Shares of competencies within language, and of the components."""
        rows = [
            Weight(kind=kind, name=name, current=round(share, 4), learned=None, low=None, high=None)
            for kind, name, share in self._shares(self.prior)
        ]
        if learned is None:
            return rows
        new, *spread = ([share for *_, share in self._shares(w)] for w in (learned.weights, *learned.fits))
        ends = np.percentile(spread, [5, 95], axis=0).T
        return [
            row.model_copy(
                update={"learned": round(share, 4), "low": round(float(low), 4), "high": round(float(high), 4)}
            )
            for row, share, (low, high) in zip(rows, new, ends, strict=True)
        ]

    def _shares(self, weights: Numbers) -> list[tuple[Literal["competency", "component"], str, float]]:
        parts = self.competencies
        language = float(weights[:parts].sum())
        within = weights[:parts] if language > 0 else self.prior[:parts]
        shares: list[tuple[Literal["competency", "component"], str, float]] = [
            ("competency", name, float(w / within.sum())) for name, w in zip(self.names, within, strict=False)
        ]
        if len(self.names) > parts:
            shares.append(("component", "language", language))
            shares += [
                ("component", name, float(w)) for name, w in zip(self.names[parts:], weights[parts:], strict=True)
            ]
        return shares


def _mean(values: Numbers, weights: Numbers) -> Numbers:
    """Weighted mean of each row over what is there; NaN where nothing with weight is."""
    there = ~np.isnan(values) * weights
    total = there.sum(axis=1)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(total > 0, (np.nan_to_num(values) * there).sum(axis=1) / total, np.nan))


def _overall(raw: Numbers, weights: Numbers, competencies: int) -> Numbers:
    language = _mean(raw[:, :competencies], weights[:competencies])
    parts = np.column_stack([language, raw[:, competencies:]])
    return _mean(parts, np.concatenate([[weights[:competencies].sum()], weights[competencies:]]))


@dataclass(frozen=True)
class FittedWeights:
    """What was learned.

    Attributes:
        weights: learned from everybody, shares of the overall score.
        held_out: overall scores, each by weights learned without that candidate.
        fits: the weights of each fit of the cross-validation.
    """

    weights: Numbers
    held_out: Numbers
    fits: list[Numbers]


def _learn(design: Design, y: Numbers, candidates: Sequence[str]) -> FittedWeights:
    x, prior = design.filled, design.prior
    scores, fits = np.zeros(len(y)), list[Numbers]()
    for seed in range(REPEATS):
        for train, test in _folds(candidates, seed):
            strength = _strength(x[train], y[train], [candidates[i] for i in train], prior, [seed])
            fits.append(_normal(_fit(x[train], y[train], prior, strength), prior))
            scores[test] += design.score(fits[-1])[test] / REPEATS
    strength = _strength(x, y, candidates, prior, range(REPEATS))
    return FittedWeights(_normal(_fit(x, y, prior, strength), prior), scores, fits)


def _folds(candidates: Sequence[str], seed: int) -> Iterator[tuple[Numbers, Numbers]]:
    from sklearn.model_selection import GroupKFold

    yield from GroupKFold(FOLDS, shuffle=True, random_state=seed).split(candidates, groups=candidates)


def _strength(x: Numbers, y: Numbers, candidates: Sequence[str], prior: Numbers, seeds: Sequence[int]) -> float:
    """The penalty with the smallest squared error on candidates left out."""
    errors = np.zeros(len(STRENGTHS))
    for seed in seeds:
        for train, test in _folds(candidates, seed):
            for i, strength in enumerate(STRENGTHS):
                b = _fit(x[train], y[train], prior, strength)
                guess = y[train].mean() + (x[test] - x[train].mean(axis=0)) @ b
                errors[i] += ((y[test] - guess) ** 2).sum()
    return float(STRENGTHS[errors.argmin()])


def _fit(x: Numbers, y: Numbers, prior: Numbers, strength: float) -> Numbers:
    """Minimise |y − xb|² + penalty · |b − s·prior|² over b ≥ 0; s is the least-squares slope on the prior's score."""
    from scipy.optimize import nnls

    x, y = x - x.mean(axis=0), y - y.mean()
    current = x @ prior
    slope = max(0.0, float(current @ y) / float(current @ current)) if current.any() else 0.0
    gram = x.T @ x
    penalty = strength * np.trace(gram) / len(prior) + 1e-9
    root = np.linalg.cholesky(gram + penalty * np.eye(len(prior)))
    return np.asarray(nnls(root.T, np.linalg.solve(root, x.T @ y + penalty * slope * prior))[0])


def _normal(b: Numbers, prior: Numbers) -> Numbers:
    """Shares that add up to 1; the prior where nothing was found."""
    return b / b.sum() if b.sum() > 0 else prior
