"""Anchors that say the same: measured on pairs written for it."""

from __future__ import annotations

import pytest

from mulakat.rubrics.anchors import alike
from mulakat.rubrics.packs import load, packs
from mulakat.schema.rubric import Rubric
from tests.support.anchor_pairs import SET, TRIED

pytestmark = pytest.mark.models


def found(pairs: list[tuple[str, str]], language: str, *, sure: bool = False) -> list[tuple[str, str]]:
    likenesses = [(pair, alike(pair, language).get((0, 1))) for pair in pairs]
    return [pair for pair, likeness in likenesses if likeness is not None and (likeness.sure or not sure)]


@pytest.mark.parametrize("language", ["en", "tr"])
def test_only_a_degree_apart_is_always_found(language: str) -> None:
    pairs = SET[language]["degree"] + TRIED[language]["degree"]
    assert found(pairs, language, sure=True) == pairs


@pytest.mark.parametrize("language", ["en", "tr"])
def test_what_differs_is_never_refused(language: str) -> None:
    assert found(SET[language]["different"] + TRIED[language]["different"], language, sure=True) == []


def test_the_figures_in_the_docstring() -> None:
    same = [len(found(TRIED[language]["same"], language)) for language in ("en", "tr")]
    wrong = [len(found(TRIED[language]["different"], language)) for language in ("en", "tr")]
    assert (sum(same), sum(wrong)) == (8, 3)
    assert sum(len(TRIED[language]["same"]) for language in TRIED) == 18
    assert sum(len(TRIED[language]["different"]) for language in TRIED) == 18
    assert sum(len(pairs) for part in (SET, TRIED) for kinds in part.values() for pairs in kinds.values()) == 79
    for language in ("en", "tr"):
        assert len(found(SET[language]["same"], language)) >= 0.7 * len(SET[language]["same"])
        assert found(SET[language]["different"], language) == []


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Tells what caused it.", "TELLS  what caused it"),
        ("Names the cause and the result.", "Names the result, and the cause!"),
        ("İşini bitirir ve sonucu söyler.", "işini bitirir ve sonucu söyler"),
    ],
)
def test_the_same_words_are_the_same(a: str, b: str) -> None:
    assert alike([a, b], "en")[0, 1].how == "words"


@pytest.mark.parametrize("name", packs(Rubric))
def test_no_two_levels_of_a_shipped_rubric_say_the_same(name: str) -> None:
    rubric = load(Rubric, name)
    for competency in rubric.competencies:
        assert alike(list(competency.levels.values()), rubric.language) == {}


def test_nothing_is_alike_where_there_is_nothing() -> None:
    assert alike([], "en") == {}
    assert alike(["Names a problem."], "en") == {}


def test_in_a_language_that_was_not_measured_meaning_is_only_a_guess() -> None:
    pair = ["Nennt das Problem und seine Ursache.", "Benennt das Problem und die Ursache davon."]
    likeness = alike(pair, "de")[0, 1]
    assert likeness.cosine is not None and likeness.cosine > 0.85
    assert not likeness.sure
    assert alike(["Nennt das Problem.", "nennt das problem"], "de")[0, 1].sure
