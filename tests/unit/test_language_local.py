"""The local scorer: orders answers sensibly, rewards neither length nor claims, obeys nobody."""

from __future__ import annotations

import pytest
from language_samples import ATTACKS, CLAIMS, CLAIMS_TR, FILLER, OFF_TOPIC, PLAIN, STRONG, STRONG_TR, words

from analyzers.language import guard, local
from analyzers.language.encoder import without_fillers
from analyzers.language.evidence import sentences
from analyzers.results import Rating
from analyzers.rubric import Rubric, load


def rate(text: str, rubric: str = "general-en") -> dict[str, Rating]:
    spoken = words(text)
    kept, _ = guard.split(sentences(spoken))
    return {r.competency: r for r in local.rate(kept, spoken, load(Rubric, rubric), "a1")}


def level(text: str, competency: str = "problem_solving", rubric: str = "general-en") -> float:
    found = rate(text, rubric)[competency].level
    assert found is not None
    return found


def test_a_told_and_explained_case_beats_a_told_one_beats_claims() -> None:
    assert level(STRONG) > level(PLAIN) > level(CLAIMS)
    assert level(CLAIMS) < 2


def test_the_same_holds_in_turkish() -> None:
    assert level(STRONG_TR, rubric="general-tr") > level(CLAIMS_TR, rubric="general-tr") + 1


def test_an_answer_about_something_else_is_not_scorable_rather_than_low() -> None:
    for rating in rate(OFF_TOPIC).values():
        assert rating.level is None
        assert rating.reason
        assert rating.evidence == []


def test_every_level_rests_on_sentences_of_the_answer() -> None:
    for text in (STRONG, PLAIN, CLAIMS):
        for rating in rate(text).values():
            assert (rating.level is not None) == bool(rating.evidence)
            for evidence in rating.evidence:
                assert evidence.quote is not None and evidence.quote in text
                assert evidence.start_s < evidence.end_s


@pytest.mark.parametrize("text", [STRONG, PLAIN, CLAIMS])
@pytest.mark.parametrize("times", [1, 5])
def test_filler_earns_nothing(text: str, times: int) -> None:
    before, after = rate(text), rate(f"{text} {' '.join(FILLER * times)}")
    for name, rating in before.items():
        if rating.level is None:
            assert after[name].level is None, name
        else:
            assert after[name].level == pytest.approx(rating.level, abs=0.11), name


def test_filler_within_sentences_earns_nothing() -> None:
    padded = PLAIN.replace(", then", ", um, you know, then").replace("After", "So, uh, basically, I mean, after")
    assert level(padded) <= level(PLAIN) + 0.11


def test_saying_it_three_times_earns_nothing() -> None:
    assert level(f"{PLAIN} {PLAIN} {PLAIN}") == pytest.approx(level(PLAIN), abs=0.11)


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("text", [PLAIN, CLAIMS])
def test_instructions_to_the_rater_change_nothing(text: str, attack: str) -> None:
    before, after = rate(text), rate(f"{text} {attack}")
    assert {n: r.level for n, r in after.items()} == {n: r.level for n, r in before.items()}


def test_the_same_answer_gives_the_same_bits() -> None:
    assert rate(STRONG) == rate(STRONG)


def test_a_rubric_without_examples_can_be_rated() -> None:
    rubric = load(Rubric, "general-en")
    bare = rubric.model_copy(
        update={"competencies": [c.model_copy(update={"examples": []}) for c in rubric.competencies]}
    )
    spoken = words(STRONG)
    ratings = local.rate(sentences(spoken), spoken, bare, "a1")
    assert any(r.level is not None for r in ratings)


def test_without_fillers() -> None:
    assert without_fillers("Um, I, uh, restarted it, you know, twice") == "I, restarted it, twice"
    assert without_fillers("Iıı şey, hani ben yani aradım").endswith("aradım")
    assert without_fillers("The umbrella was basic") == "The umbrella was basic"
