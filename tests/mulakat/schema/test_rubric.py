"""Rubric and policy documents: questions, the packs that ship, and what is refused when they are read."""

from __future__ import annotations

import copy
import itertools
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from mulakat.rubrics.packs import load, packs
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Document, Policy, Rubric
from mulakat.schema.text import plain

RUBRICS = ("general-en", "general-tr")
GENERAL = load(Rubric, "general-en")
Change = Callable[[dict[str, Any]], object]


# --- what ships ------------------------------------------------------------------


@pytest.mark.parametrize("name", packs(Rubric))
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


@pytest.mark.parametrize("name", packs(Rubric))
def test_a_shipped_rubric_gives_examples_that_are_not_its_anchors(name: str) -> None:
    for competency in load(Rubric, name).competencies:
        assert len(competency.examples) >= 6
        assert not set(competency.examples) & set(competency.levels.values())


@pytest.mark.parametrize(("en", "tr"), [RUBRICS, ("customer-support-en", "musteri-destek-tr")])
def test_both_languages_ask_for_the_same(en: str, tr: str) -> None:
    one, other = load(Rubric, en), load(Rubric, tr)
    assert [(c.id, c.weight, c.questions) for c in one.competencies] == [
        (c.id, c.weight, c.questions) for c in other.competencies
    ]
    assert [(q.id, q.rated) for q in one.questions] == [(q.id, q.rated) for q in other.questions]


def test_the_sample_interviews_questions_are_in_the_rubric_it_names(samples: Path) -> None:
    spec = yaml.safe_load((samples / "interview.json").read_text(encoding="utf-8"))
    rubric = load(Rubric, spec["rubric"])
    asked = {a["answer_id"]: rubric.asked(a["question"])[0].competencies for a in spec["answers"]}
    assert asked["introduction"] == []
    assert [c.id for c in asked["problem_solving"]] == ["problem_solving", "ownership"]


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


# --- questions -------------------------------------------------------------------


@pytest.mark.parametrize(
    "question",
    [
        "problem",
        "PROBLEM",
        "Tell us about a problem you solved at work. What did you do, and what came of it?",
        "  tell us about a problem you solved at work - what did you do and   what came of it",
    ],
)
def test_an_answer_is_held_against_what_its_question_asks_for(question: str) -> None:
    part, note = GENERAL.asked(question)
    assert [c.id for c in part.competencies] == ["problem_solving", "ownership"]
    assert note is None
    assert (part.id, part.version) == (GENERAL.id, GENERAL.version)
    assert [c.weight for c in part.competencies] == [0.3, 0.25]


def test_a_question_in_turkish_capitals_is_known() -> None:
    rubric = load(Rubric, "general-tr")
    text = rubric.questions[1].text
    assert "İ" in text
    assert rubric.question(text.replace("i", "İ").replace("ı", "I").upper()) == rubric.questions[1]


@pytest.mark.parametrize(
    ("question", "note"),
    [
        ("What is your greatest weakness?", Reason.of(Code.QUESTION_UNKNOWN, rubric="general-en")),
        ("", Reason.of(Code.QUESTION_UNKNOWN, rubric="general-en")),
        (None, Reason.of(Code.QUESTION_NOT_NAMED)),
    ],
)
def test_an_unknown_question_asks_for_everything_and_says_so(question: str | None, note: Reason) -> None:
    part, told = GENERAL.asked(question)
    assert part.competencies == GENERAL.competencies
    assert told == note


def test_a_warm_up_asks_for_nothing() -> None:
    part, note = GENERAL.asked("check")
    assert part.competencies == []
    assert note == Reason.of(Code.QUESTION_NOT_RATED, rubric="general-en")


def test_a_rubric_without_questions_applies_whole_and_in_silence() -> None:
    old = GENERAL.model_dump() | {"questions": []}
    for competency in old["competencies"]:
        competency["questions"] = "all"
    rubric = Rubric.model_validate(old)
    assert rubric.asked("Why?") == (rubric, None)


def test_all_means_every_rated_question() -> None:
    document = GENERAL.model_dump()
    document["competencies"][3]["questions"] = "all"
    rubric = Rubric.model_validate(document)
    assert [c.id for c in rubric.asked("disagreement")[0].competencies] == ["teamwork", "learning"]
    assert rubric.asked("check")[0].competencies == []


def test_a_question_given_by_its_id_is_written_out_and_any_other_stays() -> None:
    assert GENERAL.wording("Problem") == GENERAL.questions[1].text
    assert GENERAL.wording("tell us WHY") == "tell us WHY"
    assert GENERAL.wording(None) is None


def test_plain_knows_no_case_accents_or_punctuation() -> None:
    assert plain("İŞ yerinde, IŞIK:  NEDİR?") == plain("iş yerinde ışık nedir") == "is yerinde isik nedir"
    assert plain("problem_solving") == plain("Problem solving")


# --- what is refused --------------------------------------------------------------


def changed(kind: type[Document], name: str, change: Change, tmp_path: Path) -> str:
    document: dict[str, Any] = copy.deepcopy(load(kind, name).model_dump(mode="json"))
    change(document)
    path = tmp_path / "mine.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["competencies"][0]["levels"].pop("3"), "needs anchors for levels 1–5"),
        (lambda d: d["competencies"][0]["levels"].update({"3": " "}), "level 3 has none"),
        (lambda d: d["competencies"].append(copy.deepcopy(d["competencies"][0])), "must differ"),
        (lambda d: d["competencies"][0].update(weight=0), "weight"),
        (lambda d: d["competencies"][0].update(weight=float("inf")), "weight.*finite"),
        (lambda d: d["competencies"][0].update(questions=["gone"]), "names question 'gone'; there are"),
        (lambda d: d["competencies"][0].update(questions="one"), "should be all, or a list"),
        (lambda d: d["questions"].append({"id": "again", "text": "PROBLEM!"}), "twice there is 'problem'"),
        (lambda d: d.update(surprise=1), "surprise"),
        (lambda d: d.update(language=False), "language: .*got False; put it in quotes"),
    ],
)
def test_a_rubric_that_cannot_be_read_is_refused(change: Change, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        load(Rubric, changed(Rubric, "general-en", change, tmp_path))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda d: d["weights"].update(emotion=0.1), "emotion is never scored"),
        (lambda d: d["weights"].update(voice=-0.1), "weights must be 0 or more"),
        (lambda d: d["weights"].update(voice=float("nan")), "weights must be 0 or more"),
        (lambda d: d.update(weights={"language": 0}), "one of them more than 0"),
        (
            lambda d: d.update(analyse=["voice", "language"]),
            "visual has weight 0.1, but face is not in analyse; add it",
        ),
        (lambda d: d.update(when_not_scorable={"component": "zero"}), "'redistribute' or 'abstain', got 'zero'"),
        (lambda d: d.update(min_rated_weight=1.5), "min_rated_weight.*got 1.5"),
    ],
)
def test_a_policy_that_cannot_be_used_is_refused(change: Change, message: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=message):
        load(Policy, changed(Policy, "multimodal", change, tmp_path))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b"# only a remark\n", "is empty"),
        (b"a: [", "not valid YAML: line 1"),
        (b"id: x: y", "not valid YAML: line 1, column 6"),
        (b"id: a\nversion: '1'\nid: b\n", "line 3, column 1: key 'id' is there twice, first in line 1; keep one"),
        (b"levels: {1: a, '1': b}", "key '1' is there twice"),
        (b"a: &x [1]\nb: [*x, *x]\n", r"anchors and aliases \(&x\) are not read"),
        (b"a: !!python/object/apply:os.system [ls]\n", "not valid YAML: line 1"),
        (b"a: 1\n---\nb: 2\n", "another document"),
        (b"a: 2026-13-45\n", "month must be in 1..12"),
        (b"a: " + b"[" * 20_000, "nested too deeply"),
        (b"? [a]\n: b\n", "unhashable"),
        (b"- a\n", "holds a list"),
        (b"5\n", "holds a int"),
        ("id: \xfc".encode("latin-1"), "is not UTF-8 (byte 4: 0xfc); save it as UTF-8"),
        (b"\x00" * 300_000, "is larger than 256 KB"),
    ],
)
def test_what_yaml_would_misread_is_refused_in_one_line(content: bytes, message: str, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_bytes(content)
    with pytest.raises(BadInput) as raised:
        load(Rubric, str(path))
    assert re.search(message if "\\" in message else re.escape(message), str(raised.value))
    assert "\n" not in str(raised.value)
    assert "mine.yaml" in str(raised.value)


def test_a_folder_and_a_missing_file_are_named(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    with pytest.raises(BadInput, match=r"cannot read '.*folder.yaml': Is a directory"):
        load(Rubric, str(tmp_path / "folder.yaml"))
    with pytest.raises(BadInput, match=r"cannot read '.*gone.yaml': No such file"):
        load(Policy, str(tmp_path / "gone.yaml"))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    text = Path(changed(Rubric, "general-tr", lambda d: None, tmp_path)).read_text(encoding="utf-8")
    path = tmp_path / "windows.yaml"
    path.write_bytes(text.encode("utf-8-sig").replace(b"\n", b"\r\n"))
    assert load(Rubric, str(path)) == load(Rubric, "general-tr")
