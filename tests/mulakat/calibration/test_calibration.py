"""Calibration on interviews whose truth is known: see tests/support/calibration_data.py."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mulakat.calibration.agreement import ReviewerRating, consensus
from mulakat.calibration.fit import MIN_CANDIDATES, Calibration, Design, Observation, Scores, calibrate
from mulakat.calibration.proposal import as_yaml, next_version, propose, rounded
from mulakat.rubrics.packs import load, pack
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Component, Score, Scorecard
from mulakat.scoring import score_interview
from mulakat.scoring.combine import component, language, overall
from mulakat.scoring.uncertainty import Estimate, not_scorable
from tests.support.calibration_data import Drawn, even_rubric
from tests.support.known import known

EVEN, SKEWED = [0.25] * 4, [0.7, 0.1, 0.1, 0.1]
CONTENT = pack(Policy, "content")


def calibrated(drawn: Drawn, policy: Policy = CONTENT, **how: int) -> Calibration:
    rubric = even_rubric()
    return calibrate(drawn.observations(rubric, **how), drawn.given(), rubric, policy)


def learned_weights(calibration: Calibration) -> list[float]:
    return [known(w.learned) for w in calibration.weights]


def r(calibration: Calibration, scores: Scores) -> float:
    """How well these scores go with the reviewers' ratings."""
    return known(calibration.scores[scores].r)


# --- learning ------------------------------------------------------------------


@pytest.mark.long
def test_learned_weights_recover_the_truth_and_are_proposed() -> None:
    """10 seeds, 120 candidates, 2 reviewers who give one competency 0.7 of the weight."""
    proposed, errors = 0, []
    for seed in range(10):
        found = calibrated(Drawn.of(seed, 120, SKEWED))
        proposed += found.better
        errors.append(np.abs(np.array(learned_weights(found)) - SKEWED).max())
        assert known(found.weights[0].low) > known(found.weights[1].high)
    assert proposed >= 9
    assert np.mean(errors) < 0.12


@pytest.mark.long  # a rate of one in twenty needs a hundred draws
def test_weights_that_are_right_already_are_left_alone() -> None:
    """Equal weights in force and in the reviewers' minds: no proposal in at least 95 of 100 seeds (0 to 99)."""
    found = [calibrated(Drawn.of(seed, 40, EVEN)) for seed in range(100)]
    assert sum(c.better for c in found) <= 5
    assert np.mean([np.abs(np.array(learned_weights(c)) - 0.25).max() for c in found]) < 0.08


@pytest.mark.long
def test_noise_teaches_nothing() -> None:
    rng = np.random.default_rng(1)
    for seed in range(5):
        drawn = Drawn.of(seed, 60, SKEWED)
        shuffled = Drawn(drawn.levels, drawn.words, drawn.ratings[rng.permutation(60)])
        assert not calibrated(shuffled).better


@pytest.mark.long
def test_figures_of_the_learned_weights_are_held_out() -> None:
    """On noise, weights fitted to everybody correlate with it; held out, they do not."""
    rng = np.random.default_rng(2)
    rs = []
    for seed in range(10):
        drawn = Drawn.of(seed, 40, SKEWED, common=0.0)
        rs.append(r(calibrated(Drawn(drawn.levels, drawn.words, drawn.ratings[rng.permutation(40)])), "learned"))
    assert np.mean(rs) < 0.1


def test_ratings_that_go_by_length_show_in_the_baseline_and_forbid_a_proposal() -> None:
    found = calibrated(Drawn.of(3, 120, SKEWED, paid_for_length=0.85))
    assert r(found, "length") > 0.7
    assert r(found, "length") > r(found, "learned")
    assert known(found.length.rating).above_zero
    assert not found.better
    assert "words alone" in found.reason or "current weights" in found.reason


def test_the_same_input_gives_the_same_result() -> None:
    drawn = Drawn.of(4, 40, SKEWED)
    observations, given = drawn.observations(even_rubric()), drawn.given()
    first = calibrate(observations, given, even_rubric(), CONTENT)
    assert first == calibrate(observations[::-1], given[::-1], even_rubric(), CONTENT)


def test_several_interviews_of_a_candidate_stay_together() -> None:
    drawn = Drawn.of(5, 120, SKEWED)
    found = calibrated(drawn, per_candidate=2)
    assert (found.interviews, found.candidates) == (120, 60)
    assert found.scores["learned"].r is not None


def test_a_candidate_seen_in_training_is_never_tested() -> None:
    """Every candidate has twins with a rating of their own: leaking them would look like skill."""
    rng = np.random.default_rng(6)
    rubric = even_rubric()
    found = []
    for seed in range(5):
        drawn = Drawn.of(seed, 30, EVEN, common=0.0)
        twice = Drawn(
            np.repeat(drawn.levels, 4, axis=0),
            np.repeat(drawn.words, 4),
            np.repeat(drawn.ratings[rng.permutation(30)], 4, axis=0),
        )
        found.append(calibrate(twice.observations(rubric, per_candidate=4), twice.given(), rubric, CONTENT))
    assert np.mean([r(c, "learned") for c in found]) < 0.1
    assert not any(c.better for c in found)


def test_voice_and_visual_are_learned_only_where_they_count() -> None:
    rng = np.random.default_rng(7)
    drawn = Drawn.of(7, 120, EVEN)
    voice = 60 + 20 * rng.normal(size=120)
    rubric = even_rubric()
    observations = [
        Observation(o.interview, o.candidate, o.competencies, {"voice": float(v), "visual": 50.0 + i % 7}, o.words)
        for i, (o, v) in enumerate(zip(drawn.observations(rubric), voice, strict=True))
    ]
    loud = [
        ReviewerRating(g.interview, g.reviewer, g.value + (voice[int(g.interview[1:])] - 60) / 15)
        for g in drawn.given()
    ]
    content = calibrate(observations, loud, rubric, CONTENT)
    assert {w.kind for w in content.weights} == {"competency"}
    multimodal = calibrate(observations, loud, rubric, pack(Policy, "multimodal"))
    components = {w.name: w for w in multimodal.weights if w.kind == "component"}
    assert known(components["voice"].learned) > components["voice"].current + 0.1
    assert sum(known(w.learned) for w in components.values()) == pytest.approx(1, abs=1e-3)
    assert r(multimodal, "learned") > r(content, "learned")


# --- what is scored is what is learned on --------------------------------------------


@pytest.mark.parametrize(
    ("gaps", "voice"), [((), 70.0), ((0,), 70.0), ((1, 3), None), ((0, 1), 20.0)], ids=["all", "one", "silent", "two"]
)
def test_the_score_under_the_weights_in_force_is_the_scorecards(gaps: tuple[int, ...], voice: float | None) -> None:
    """Also where something was not scorable and weights were redistributed."""
    rubric, policy = pack(Rubric, "general-en"), pack(Policy, "multimodal")
    points = {c.id: None if i in gaps else 20.0 + 15 * i for i, c in enumerate(rubric.competencies)}
    parts: dict[Component, float | None] = {"voice": voice, "visual": 40.0}
    card = scorecard(rubric, policy, points, parts)
    design = Design.of([Observation("i", "c", points, parts, 100)], rubric, policy)
    assert design.score(design.prior)[0] == pytest.approx(card.overall.value, abs=0.15)


def scorecard(
    rubric: Rubric, policy: Policy, points: dict[str, float | None], parts: dict[Component, float | None]
) -> Scorecard:
    """By the real scoring."""
    from mulakat.schema.provenance import provenance
    from mulakat.schema.scores import CompetencyScore
    from mulakat.scoring.answer import Options

    def score(value: float | None) -> Score:
        return not_scorable(Reason.of(Code.NO_WORDS)) if value is None else Estimate(value, {"rater": 5.0}).score()

    competencies = [
        CompetencyScore(id=c.id, name=c.name, weight=c.weight, score=score(points[c.id]), evidence=[])
        for c in rubric.competencies
    ]
    components = [
        language(competencies, policy)[0],
        *(
            component(
                name, policy, Reason.of(Code.FACE_NOWHERE) if value is None else Estimate(value, {"rater": 5.0}), []
            )
            for name, value in parts.items()
        ),
    ]
    answer = AnswerScore(
        provenance=provenance("test", "1", Options()),
        answer_id="a",
        question=None,
        overall=overall(components, policy)[0],
        components=components,
        competencies=competencies,
        provisional=False,
    )
    return score_interview("i", [answer], [], rubric, policy)


def test_gaps_are_learned_around() -> None:
    drawn = Drawn.of(8, 120, SKEWED)
    rubric = even_rubric()
    rng = np.random.default_rng(8)
    observations = [
        Observation(
            o.interview,
            o.candidate,
            {name: None if rng.random() < 0.2 else value for name, value in o.competencies.items()},
            {},
            o.words,
        )
        for o in drawn.observations(rubric)
    ]
    found = calibrate(observations, drawn.given(), rubric, CONTENT)
    first, *others = found.weights
    assert known(first.low) > max(known(w.high) for w in others)
    assert r(found, "learned") > r(found, "current")


# --- too little to learn from ----------------------------------------------------------


def test_too_few_candidates_say_how_many_are_needed() -> None:
    found = calibrated(Drawn.of(9, MIN_CANDIDATES - 1, SKEWED))
    assert not found.better
    assert found.reason == "29 candidates with scores and reviews; learning needs 30, 1 more"
    assert "learned" not in found.scores
    assert {w.learned for w in found.weights} == {None}
    assert found.scores["current"].low is not None  # what can be said is said


def test_many_interviews_of_few_candidates_are_still_few() -> None:
    assert not calibrated(Drawn.of(10, 120, SKEWED), per_candidate=5).better


@pytest.mark.parametrize("value", [1.0, 3.0])
def test_ratings_that_are_all_equal_are_refused(value: float) -> None:
    drawn = Drawn.of(11, 40, SKEWED)
    given = [ReviewerRating(g.interview, g.reviewer, value) for g in drawn.given()]
    with pytest.raises(BadInput, match=f"rate every interview {value:g}"):
        calibrate(drawn.observations(even_rubric()), given, even_rubric(), CONTENT)


def test_ratings_of_other_interviews_are_refused() -> None:
    drawn = Drawn.of(12, 40, SKEWED)
    given = [ReviewerRating(f"x{g.interview}", g.reviewer, g.value) for g in drawn.given()]
    with pytest.raises(BadInput, match="both a scorecard and a review"):
        calibrate(drawn.observations(even_rubric()), given, even_rubric(), CONTENT)


def test_a_policy_under_which_language_does_not_count_is_refused() -> None:
    drawn = Drawn.of(13, 40, SKEWED)
    policy = CONTENT.model_copy(update={"weights": {"voice": 1.0}})
    with pytest.raises(BadInput, match="'content' gives language no weight"):
        calibrate(drawn.observations(even_rubric()), drawn.given(), even_rubric(), policy)


def test_a_competency_that_is_the_same_everywhere_has_no_correlation() -> None:
    drawn = Drawn.of(14, 60, SKEWED)
    same = Drawn(np.column_stack([drawn.levels[:, :3], np.full(60, 3.0)]), drawn.words, drawn.ratings)
    found = calibrated(same)
    row = found.length.rows[-1]
    assert (row.score, row.pearson.r, row.pearson.reason) == ("learning", None, "all values are the same")


# --- reviewers -------------------------------------------------------------------------


def test_krippendorffs_alpha_of_a_published_example() -> None:
    """The example of Krippendorff's data with gaps, interval metric: 0.811."""
    coders = ("*****34121133*3", "1*213343*******", "**21344*21133*4")
    given = [
        ReviewerRating(f"u{unit}", f"coder{n}", float(value))
        for n, coder in enumerate(coders)
        for unit, value in enumerate(coder)
        if value != "*"
    ]
    assert consensus(given)[1].alpha == pytest.approx(0.811, abs=5e-4)


def test_leniency_is_taken_out() -> None:
    """A strict reviewer sees only the good ones; a plain mean would make them look like the others."""
    rng = np.random.default_rng(15)
    truth = np.sort(3 + rng.normal(size=60))
    given = [ReviewerRating(f"i{i}", "kind", float(t + 0.7)) for i, t in enumerate(truth) if i < 45]
    given += [ReviewerRating(f"i{i}", "strict", float(t - 0.7)) for i, t in enumerate(truth) if i >= 15]
    ratings, agreement = consensus(given)
    found = [ratings[f"i{i}"] for i in range(60)]
    plain = [np.mean([g.value for g in given if g.interview == f"i{i}"]) for i in range(60)]
    assert agreement.leniency["kind"] == pytest.approx(0.7, abs=0.05)
    assert agreement.leniency["strict"] == pytest.approx(-0.7, abs=0.05)
    assert np.corrcoef(found, truth)[0, 1] > 0.99 > np.corrcoef(plain, truth)[0, 1]


def test_leniency_that_cannot_be_known_is_left_and_said() -> None:
    ratings, agreement = consensus(
        [ReviewerRating("a", "x", 2.0), ReviewerRating("b", "y", 4.0), ReviewerRating("a", "z", 3.0)]
    )
    assert ratings["b"] == 4.0
    assert agreement.leniency["y"] == 0
    assert len(agreement.notes) == 1
    assert agreement.notes[0].startswith("y shared no interview")


def test_one_reviewer_has_no_agreement_and_is_not_corrected() -> None:
    ratings, agreement = consensus([ReviewerRating("a", "x", 2.0), ReviewerRating("b", "x", 4.0)])
    assert ratings == {"a": 2.0, "b": 4.0}
    assert (agreement.alpha, agreement.mean_reliability, agreement.notes) == (None, None, [])


# --- proposals -------------------------------------------------------------------------


def test_a_proposal_is_a_new_version_that_loads(tmp_path: Path) -> None:
    rubric = even_rubric()
    drawn = Drawn.of(16, 150, SKEWED)
    before = rubric.model_dump()
    found = calibrate(drawn.observations(rubric), drawn.given(), rubric, CONTENT)
    new, policy = propose(found, rubric, CONTENT)
    assert policy is None
    assert new is not None
    assert (new.id, new.version) == (rubric.id, next_version(rubric.version))
    assert sum(c.weight for c in new.competencies) == pytest.approx(1)
    assert new.competencies[0].weight > 0.5
    assert rubric.model_dump() == before
    path = tmp_path / "new.yaml"
    path.write_text(as_yaml(new, ["why", "and when"]), encoding="utf-8")
    assert load(Rubric, str(path)) == new
    assert path.read_text(encoding="utf-8").startswith("# why\n# and when\n")


def test_a_proposed_policy_is_a_new_version_that_loads(tmp_path: Path) -> None:
    policy = pack(Policy, "multimodal")
    path = tmp_path / "new.yaml"
    path.write_text(as_yaml(policy, []), encoding="utf-8")
    assert load(Policy, str(path)) == policy


def test_nothing_better_nothing_proposed() -> None:
    found = calibrated(Drawn.of(17, 60, EVEN))
    assert propose(found, even_rubric(), CONTENT) == (None, None)


@pytest.mark.parametrize(("old", "new"), [("1", "2"), ("2.9", "2.10"), ("draft", "draft-2"), ("2026-b", "2026-b-2")])
def test_the_next_version(old: str, new: str) -> None:
    assert next_version(old) == new


@pytest.mark.parametrize(
    "shares", [{"a": 1 / 3, "b": 1 / 3, "c": 1 / 3}, {"a": 1.0, "b": 0.0}, {"a": 0.985, "b": 0.01, "c": 0.005}]
)
def test_rounded_weights_add_up_and_none_vanishes(shares: dict[str, float]) -> None:
    found = rounded(shares)
    assert sum(found.values()) == pytest.approx(1)
    assert min(found.values()) >= 0.01
    assert all(abs(found[name] - share) < 0.03 for name, share in shares.items())
