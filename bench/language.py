"""How well does the local scorer agree with people? On a CSV of interviews or answers with human ratings.

python bench/language.py RATED.csv    # columns text,rating[,group][,question]; English; a few minutes

`group` is whatever must not be on both sides of a split, such as the person. Printed is Pearson's r with the
ratings: of the scorer's components as they ship, which learned nothing from the ratings; of the length; and of
what can be learned from counts, embeddings and our measures, each for groups that the model never saw.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

import language_models as models
from analyzers.language import features, local
from analyzers.text.embeddings import encode, nearest
from language_models import Correlation, Learner, correlation, out_of_fold, partial_correlation, pearson
from language_texts import Interview, load
from language_wording import PLAIN, SIGNS, measures
from mulakat.rubrics.packs import load as load_rubric
from mulakat.schema.errors import MulakatError
from mulakat.schema.rubric import Rubric
from report import Bench

TARGET = 0.37
RUBRIC = "general-en"
PARTS = ("relevance", *features.STRUCTURE, "specificity", "level")
SHUFFLES = 5


def components(interview: Interview, sentences: Sequence[str], rubric: Rubric) -> dict[str, float]:
    """The scorer's own numbers for one interview."""
    read = features.read(sentences, rubric.language)
    found = {}
    for competency in rubric.competencies:
        parts = local.components(read, competency)
        found |= {f"{competency.id}: {part}": float(getattr(parts, part)) for part in PARTS}
    for part in PARTS:
        found[f"mean {part}"] = float(np.mean([found[f"{c.id}: {part}"] for c in rubric.competencies]))
    found["telling sentences, share"] = float(read.tells.mean())
    found["claims, share"] = float(read.claims.mean())
    if interview.questions:
        found["relevance to the questions"] = float(np.median(nearest(encode(interview.questions), read.vectors)))
    return found


def data_of(interviews: Sequence[Interview], rubric: Rubric) -> tuple[dict[str, np.ndarray], list[str]]:
    """What the learners read, by name, one row per interview; and the names of the components."""
    sentences = [i.sentences() for i in interviews]
    parts = [components(i, s, rubric) for i, s in zip(interviews, sentences, strict=True)]
    names = [name for name in parts[0] if all(name in p for p in parts)]
    worded = [measures(i.answers, s) for i, s in zip(interviews, sentences, strict=True)]
    return {
        "components": np.array([[p[name] for name in names] for p in parts]),
        "wording": np.array([[w[name] for name in SIGNS] for w in worded]),
        "plain": np.array([[w[name] for name in PLAIN] for w in worded]),
        "length": np.array([[w["words"]] for w in worded]),
        "meaning": np.stack([encode(s).mean(axis=0) for s in sentences]),
        "texts": np.array([i.text for i in interviews], dtype=object),
    }, names


def learners(component_names: Sequence[str]) -> tuple[dict[str, Learner], dict[str, Learner]]:
    """The yardsticks, and ours."""
    signs = [-1 if name.startswith("claims") else 1 for name in component_names]
    yardsticks = {
        "length only": Learner("length", models.plain),
        "plain text counts, ridge": Learner("plain", models.plain),
        "embeddings, ridge": Learner("meaning", models.vectors),
    }
    ours = {
        "ours: components, calibrated": Learner("components", lambda: models.ranked(signs)),
        "ours: wording, calibrated": Learner("wording", lambda: models.ranked(list(SIGNS.values()))),
        "ours: meaning, calibrated": yardsticks["embeddings, ridge"],
        "ours: terms, calibrated": Learner("texts", models.terms),
    }
    return yardsticks, ours


def main(path: Path) -> None:
    """Measure, print, and write the page."""
    interviews, notes = load(path)
    rubric = load_rubric(Rubric, RUBRIC)
    data, names = data_of(interviews, rubric)
    y = np.array([i.rating for i in interviews])
    groups = np.array([i.group for i in interviews])
    length = data["length"][:, 0]

    bench = Bench("language", "The local scorer beside people's ratings")
    words = np.median(np.exp(length))
    bench.note(
        f"{len(interviews)} texts of {len(set(groups))} groups, {words:.0f} of the candidate's words each (median), "
        f"rating {y.mean():.2f} ± {y.std():.2f}."
    )
    for note in notes:
        bench.note(note)
    bench.note(
        f"Learned: {models.FOLDS} folds by group, {models.REPEATS} times; r is their mean, its interval from drawing "
        "groups again. Every choice (penalty, weight of a learner) is made inside the training folds, by group too. "
        "`r, length constant`: the logarithm of the number of words taken out of both."
    )
    columns = ("r", "95 % low", "high", "r with length", "r, length constant")

    table = bench.table("As shipped: nothing learned from the ratings", "component", *columns)

    def row(name: str, values: np.ndarray) -> Correlation | None:
        found = correlation(values, y, groups)
        if found is None:
            table.add_row(name, *["does not vary"] + ["-"] * 4)
            return None
        with_length = float(pearson(np.atleast_2d(values), length).mean())
        constant = "-" if name == "length only" else f"{partial_correlation(values, y, length):.3f}"
        table.add_row(name, f"{found.r:.3f}", f"{found.low:.3f}", f"{found.high:.3f}", f"{with_length:.3f}", constant)
        return found

    for index, name in enumerate(names):
        row(name, data["components"][:, index])
    shipped = correlation(data["components"][:, names.index("mean level")], y, groups)
    bench.figure("level_r", shipped.r if shipped else None)

    table = bench.table("Learned, for groups never seen", "model", *columns)
    yardsticks, ours = learners(names)
    predicted = {name: out_of_fold(learner, data, y, groups) for name, learner in (yardsticks | ours).items()}
    predicted["ours: calibrated combination"] = together(predicted, ours)
    found = {name: row(name, values) for name, values in predicted.items()}
    shuffled = [_shuffled(data, y, groups, ours, seed) for seed in range(SHUFFLES)]
    table.add_row("ours, ratings shuffled (must be near 0)", f"{np.mean(shuffled):.3f}", *["-"] * 4)

    def r(name: str) -> float:
        result = found[name]
        return result.r if result else 0.0

    bench.figure("length_r", r("length only"))
    combined = found["ours: calibrated combination"]
    bench.figure("calibrated_ci", [round(combined.low, 4), round(combined.high, 4)] if combined else None)
    bench.figure("shuffled_r", float(np.mean(shuffled)))
    calibrated = r("ours: calibrated combination")
    bench.target("calibrated_r", calibrated, at_least=TARGET)
    bench.target("counts_r", r("plain text counts, ridge"), below=calibrated)
    bench.target("embeddings_r", r("embeddings, ridge"), below=calibrated)
    bench.finish()


def together(predicted: Mapping[str, np.ndarray], ours: Mapping[str, Learner]) -> np.ndarray:
    """The mean of our learners: each is already weighed by what it proved to be worth."""
    return np.mean([predicted[name] for name in ours], axis=0)


def _shuffled(
    data: dict[str, np.ndarray], y: np.ndarray, groups: np.ndarray, ours: dict[str, Learner], seed: int
) -> float:
    """r of the combination when the ratings belong to other interviews: what the procedure alone would find."""
    y = np.random.default_rng(seed).permutation(y)
    predicted = {name: out_of_fold(learner, data, y, groups, repeats=1) for name, learner in ours.items()}
    found = correlation(together(predicted, ours), y, groups)
    return found.r if found else 0.0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("python bench/language.py RATED.csv    (columns text,rating[,group][,question])")
    try:
        with threadpool_limits(1):  # the matrices are small; threads would only wait for each other
            main(Path(sys.argv[1]))
    except MulakatError as error:
        sys.exit(str(error))
