"""Weights move only as the policy says, an answer counts for what its question asks, and the scorecard tells both."""

from __future__ import annotations

from itertools import product
from math import fsum
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers import language
from mulakat import scoring
from mulakat.rubrics.packs import load
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric, WhenNotScorable
from mulakat.schema.scores import AnswerScore, CompetencyScore, Component, ComponentScore, Missing, Score
from mulakat.scoring import combine
from mulakat.scoring.uncertainty import Estimate, not_scorable
from tests.support.language_samples import CLAIMS, NO_PROVENANCE, STRONG, context, transcript

RUBRIC = load(Rubric, "general-en")
POLICY = load(Policy, "multimodal")
ABSTAIN = POLICY.model_copy(
    update={"id": "strict", "when_not_scorable": WhenNotScorable(component="abstain", competency="abstain")}
)

COMPONENTS: tuple[Component, ...] = get_args(Component)
NO_PICTURE = Reason.of(Code.NO_PICTURE)
SAID_NOTHING = Reason.of(Code.NOTHING_SAID)


def estimated(points: float | None) -> Estimate | None:
    return None if points is None else Estimate(points, {"rater": 5.0})


def scored(points: float | None) -> Score:
    found = estimated(points)
    return not_scorable(SAID_NOTHING) if found is None else found.score()


def competencies(**points: float | None) -> list[CompetencyScore]:
    return [
        CompetencyScore(
            id=c.id,
            name=c.name,
            weight=c.weight,
            score=scored(points[c.id]),
            evidence=[],
        )
        for c in RUBRIC.competencies
        if c.id in points
    ]


def components(policy: Policy = POLICY, /, **points: float | None) -> list[ComponentScore]:
    return [
        combine.component(name, policy, estimated(points[name]) or NO_PICTURE, [])
        for name in COMPONENTS
        if name in points
    ]


# --- components -------------------------------------------------------------------


def test_redistribute_lets_the_others_weights_grow_and_tells() -> None:
    score, notes = combine.overall(components(language=50, voice=90, visual=None), POLICY)
    assert score.value == pytest.approx((0.7 * 50 + 0.2 * 90) / 0.9, abs=0.05)
    shares = [
        Reason.of(Code.COMPONENT_SHARE, part=part, share=share) for part, share in (("language", 0.78), ("voice", 0.22))
    ]
    out = Reason.of(Code.OF_COMPONENTS, parts=["visual"], why=NO_PICTURE)
    assert notes == [Reason.of(Code.LEFT_OUT, why=out, shares=shares)]


def test_abstain_gives_no_score_and_names_the_policy() -> None:
    score, notes = combine.overall(components(language=50, voice=90, visual=None), ABSTAIN)
    assert score.value is None
    out = Reason.of(Code.OF_COMPONENTS, parts=["visual"], why=NO_PICTURE)
    assert score.reason == Reason.of(Code.NEEDS_COMPONENTS, policy="strict", why=out)
    assert notes == []


def test_too_little_weight_is_no_score() -> None:
    score, _ = combine.overall(components(language=None, voice=90, visual=90), POLICY)
    out = Reason.of(Code.OF_COMPONENTS, parts=["language"], why=NO_PICTURE)
    assert score.reason == Reason.of(Code.NEEDS_WEIGHT, policy="multimodal", share=0.5, why=out)


def test_with_everything_there_both_rules_are_the_same() -> None:
    every = {"language": 50.0, "voice": 90.0, "visual": 70.0}
    assert combine.overall(components(**every), POLICY) == combine.overall(components(**every), ABSTAIN)


def test_what_has_no_weight_never_stops_or_moves_a_score() -> None:
    for name, abstain in product(("content", "eu"), (False, True)):
        policy = load(Policy, name)
        if abstain:
            policy = policy.model_copy(update={"when_not_scorable": ABSTAIN.when_not_scorable})
        score, notes = combine.overall(components(policy, language=60, voice=None, visual=10), policy)
        assert score.value == 60
        assert notes == [Reason.of(Code.SHOWN_NOT_SCORED, part=part, policy=name) for part in ("voice", "visual")]


@given(
    st.dictionaries(
        st.sampled_from(["language", "voice", "visual"]),
        st.tuples(st.floats(0, 1, allow_subnormal=False), st.one_of(st.none(), st.floats(0, 100))),
        min_size=1,
    ).filter(lambda parts: any(w > 0.01 for w, _ in parts.values())),
    st.floats(0, 1),
)
def test_a_score_lies_between_its_parts_or_is_none(
    parts: dict[Component, tuple[float, float | None]], least: float
) -> None:
    policy = POLICY.model_copy(update={"weights": {n: w for n, (w, _) in parts.items()}, "min_scored_weight": least})
    score, _ = combine.overall(components(policy, **{n: v for n, (_, v) in parts.items()}), policy)
    counted = [(w, round(v, 1)) for w, v in parts.values() if v is not None and w > 0]
    total = fsum(w for w, _ in parts.values())
    if score.value is None:
        assert not counted or fsum(w for w, _ in counted) < least * total
        assert score.reason is not None and score.reason.code == Code.NEEDS_WEIGHT
    else:
        assert min(v for _, v in counted) - 0.1 <= score.value <= max(v for _, v in counted) + 0.1
        assert fsum(w for w, _ in counted) >= least * total - 1e-6


# --- competencies -----------------------------------------------------------------


def test_language_leaves_out_what_is_not_scorable_and_tells() -> None:
    spoken, notes = combine.language(competencies(problem_solving=80.0, ownership=None), POLICY)
    assert spoken.score.value == 80
    out = Reason.of(Code.OF_COMPETENCIES, parts=["Ownership and reliability"], why=SAID_NOTHING)
    share = Reason.of(Code.COMPETENCY_SHARE, part="Problem solving", share=1)
    assert notes == [Reason.of(Code.LANGUAGE_LEFT_OUT, why=out, shares=share)]


def test_language_abstains_where_the_policy_says_so() -> None:
    spoken, notes = combine.language(competencies(problem_solving=80.0, ownership=None), ABSTAIN)
    out = Reason.of(Code.OF_COMPETENCIES, parts=["Ownership and reliability"], why=SAID_NOTHING)
    assert spoken.score.reason == Reason.of(Code.NEEDS_COMPETENCIES, policy="strict", why=out)
    assert notes == []


def test_language_abstains_on_too_small_a_part_of_what_was_asked_for() -> None:
    few = competencies(problem_solving=None, teamwork=None, ownership=None, learning=90.0)
    spoken, _ = combine.language(few, POLICY)
    names = ["Problem solving", "Teamwork and communication", "Ownership and reliability"]
    out = Reason.of(Code.OF_COMPETENCIES, parts=names, why=SAID_NOTHING)
    assert spoken.score.reason == Reason.of(Code.NEEDS_WEIGHT, policy="multimodal", share=0.25, why=out)
    assert combine.language(competencies(learning=90.0), POLICY)[0].score.value == 90


# --- an answer counts for what its question asks ------------------------------------


def answer(question: str | None, text: str = STRONG, answer_id: str = "a1", policy: str = "content") -> AnswerScore:
    spoken = {"transcribe": transcript(text)}
    found = language.run(context(language.Options(), spoken, question=question, policy=policy))
    results = {**spoken, "analyse_language": found}
    missing = dict.fromkeys(("analyse_voice", "analyse_face"), Reason.of(Code.NOT_ANALYZED))
    score = scoring.run(context(scoring.Options(), results, question=question, policy=policy, missing=missing))
    return score.model_copy(update={"answer_id": answer_id})


def ids(score: AnswerScore) -> list[str]:
    return [c.id for c in score.competencies]


def test_only_what_the_question_asks_for_is_rated() -> None:
    score = answer("problem")
    assert ids(score) == ["problem_solving", "ownership"]
    assert Code.QUESTION_UNKNOWN not in {note.code for note in score.notes}


def test_a_question_that_nobody_knows_is_rated_by_all_and_noted() -> None:
    score = answer("What is your favourite colour?")
    assert ids(score) == [c.id for c in RUBRIC.competencies]
    assert Reason.of(Code.QUESTION_UNKNOWN, rubric="general-en") in score.notes


def test_a_warm_up_is_not_rated_and_not_in_the_interviews_score() -> None:
    warm_up, told = answer("check", answer_id="a0"), answer("problem", answer_id="a1")
    assert ids(warm_up) == []
    assert warm_up.overall.value is None
    policy = load(Policy, "content")
    alone = scoring.score_interview("i", [told], [], RUBRIC, policy)
    both = scoring.score_interview("i", [warm_up, told], [], RUBRIC, policy)
    assert both.overall == alone.overall
    assert both.components == alone.components
    assert Reason.of(Code.ANSWER_NOT_SCORED, answer="a0") in both.notes
    only = scoring.score_interview("i", [warm_up], [], RUBRIC, policy)
    assert only.overall.value is None
    assert {c.score.reason for c in only.competencies} == {Reason.of(Code.NO_RATED_ANSWER)}


def test_a_competency_that_no_question_asks_for_says_so_and_takes_no_weight() -> None:
    card = scoring.score_interview("i", [answer("problem")], [], RUBRIC, load(Policy, "content"))
    reasons = {c.id: c.score.reason for c in card.competencies}
    not_asked = Reason.of(Code.NOT_ASKED)
    assert reasons["teamwork"] == reasons["learning"] == not_asked
    assert Reason.of(Code.OF_COMPETENCIES, parts=["Learning and adaptability"], why=not_asked) in card.notes
    assert Code.LANGUAGE_LEFT_OUT not in {note.code for note in card.notes}
    strict = load(Policy, "content").model_copy(update={"when_not_scorable": ABSTAIN.when_not_scorable})
    assert scoring.score_interview("i", [answer("problem")], [], RUBRIC, strict).overall.value is not None


def test_an_answer_says_nothing_about_what_its_question_does_not_ask() -> None:
    one, other = answer("problem"), answer("new", CLAIMS, answer_id="a2")
    card = scoring.score_interview("i", [one, other], [], RUBRIC, load(Policy, "content"))
    values = {c.id: c.score for c in card.competencies}
    assert values["problem_solving"] == next(c.score for c in one.competencies if c.id == "problem_solving")
    assert values["learning"] == next(c.score for c in other.competencies if c.id == "learning")


def test_an_answer_that_is_missing_might_have_asked_for_it() -> None:
    lost = [Missing(answer_id="a2", stage="fetch_media", reason=Reason.of(Code.RECORDING_NOT_FETCHED, message="404"))]
    card = scoring.score_interview("i", [answer("problem")], lost, RUBRIC, load(Policy, "content"))
    reason = next(c.score.reason for c in card.competencies if c.id == "teamwork")
    assert reason == Reason.of(Code.PERHAPS_ASKED, answers=["a2"])


def test_the_policy_that_scored_stands_in_the_scorecard_with_its_version() -> None:
    for name in ("content", "multimodal", "eu"):
        policy = load(Policy, name)
        card = scoring.score_interview("i", [], [], RUBRIC, policy)
        assert (card.policy.id, card.policy.version) == (name, policy.version)
        assert card.rubric is not None
        assert (card.rubric.id, card.rubric.version) == (RUBRIC.id, RUBRIC.version)


def test_under_eu_face_and_voice_are_not_scored() -> None:
    score = answer("problem", policy="eu")
    weights = {c.name: c.weight for c in score.components}
    assert weights == {"language": 1.0, "voice": 0.0, "visual": 0.0}
    for part in ("voice", "visual"):
        assert Reason.of(Code.SHOWN_NOT_SCORED, part=part, policy="eu") in score.notes
    assert score.provenance != NO_PROVENANCE
