"""Rubric and policy documents, and the packs that ship."""

from __future__ import annotations

import copy
import itertools
from pathlib import Path

import pytest
import yaml

from analyzers.errors import BadInput
from analyzers.rubric import Policy, Rubric, load

RUBRICS = ("general-en", "general-tr")


@pytest.mark.parametrize("name", RUBRICS)
def test_a_shipped_rubric_says_five_different_things_per_competency(name: str) -> None:
    rubric = load(Rubric, name)
    assert rubric.id == name
    assert rubric.language == name[-2:]
    assert 3 <= len(rubric.competencies) <= 4
    assert sum(c.weight for c in rubric.competencies) == pytest.approx(1)
    texts = [text for c in rubric.competencies for text in c.levels.values()]
    assert len(set(texts)) == len(texts)
    for a, b in itertools.combinations(texts, 2):
        shared = set(a.lower().split()) & set(b.lower().split())
        assert len(shared) < 0.6 * min(len(a.split()), len(b.split())), (a, b)


@pytest.mark.parametrize("name", RUBRICS)
def test_a_shipped_rubric_gives_examples_that_are_not_its_anchors(name: str) -> None:
    for competency in load(Rubric, name).competencies:
        assert len(competency.examples) >= 6
        assert not set(competency.examples) & set(competency.levels.values())


def test_both_languages_ask_for_the_same() -> None:
    en, tr = (load(Rubric, name) for name in RUBRICS)
    assert [(c.id, c.weight) for c in en.competencies] == [(c.id, c.weight) for c in tr.competencies]


@pytest.mark.parametrize("name", ["content", "multimodal", "eu"])
def test_policies_weigh_language_most_and_sum_to_one(name: str) -> None:
    policy = load(Policy, name)
    assert sum(policy.weights.values()) == pytest.approx(1)
    assert policy.weights["language"] == max(policy.weights.values())


@pytest.mark.parametrize("name", ["content", "eu"])
def test_policies_that_show_voice_and_face_without_scoring_them(name: str) -> None:
    policy = load(Policy, name)
    assert set(policy.analyse) == {"face", "voice", "language"}
    assert set(policy.weights) == {"language"}


def test_an_unknown_pack_is_named_with_what_there_is() -> None:
    with pytest.raises(BadInput, match=r"no rubric 'sales'.*general-en, general-tr"):
        load(Rubric, "sales")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["competencies"][0]["levels"].pop(3), "needs anchors for levels 1–5"),
        (lambda d: d["competencies"].append(copy.deepcopy(d["competencies"][0])), "must differ"),
        (lambda d: d["competencies"][0].update(weight=0), "weight"),
        (lambda d: d.update(surprise=1), "surprise"),
    ],
)
def test_a_rubric_that_cannot_be_scored_is_refused(change, message: str, tmp_path: Path) -> None:
    document = load(Rubric, "general-en").model_dump()
    change(document)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BadInput, match=message):
        load(Rubric, str(path))


def test_what_is_no_yaml_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("a: [", encoding="utf-8")
    with pytest.raises(BadInput) as raised:
        load(Rubric, str(path))
    assert "\n" not in str(raised.value)
