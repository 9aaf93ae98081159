"""`mulakat rubric check` and `mulakat policy check`: every problem at once, and no shipped document has one."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from typer.testing import CliRunner, Result

from mulakat.cli.main import app
from mulakat.rubrics import strict_yaml
from mulakat.rubrics.lint import check_policy, check_rubric
from mulakat.rubrics.packs import load, packs
from mulakat.schema.rubric import Policy, Rubric

GENERAL = load(Rubric, "general-en").model_dump(mode="json")
MULTIMODAL = load(Policy, "multimodal").model_dump(mode="json")
Change = Callable[[dict[str, Any]], object]


def mulakat(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], terminal_width=200)


def rubric_problems(change: Change, document: dict[str, Any] = GENERAL) -> list[tuple[str, str, str]]:
    changed = copy.deepcopy(document)
    change(changed)
    return [(p.severity, p.path, p.text) for p in check_rubric(changed)]


def policy_problems(change: Change) -> list[tuple[str, str, str]]:
    changed = copy.deepcopy(MULTIMODAL)
    change(changed)
    return [(p.severity, p.path, p.text) for p in check_policy(changed)]


@pytest.mark.parametrize("name", packs(Rubric))
def test_a_shipped_rubric_has_no_problem(name: str) -> None:
    assert check_rubric(load(Rubric, name).model_dump(mode="json")) == []


@pytest.mark.parametrize("name", packs(Policy))
def test_a_shipped_policy_has_no_problem(name: str) -> None:
    assert check_policy(load(Policy, name).model_dump(mode="json")) == []


def first(d: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = d["competencies"][0]
    return found


@pytest.mark.parametrize(
    ("change", "severity", "path", "text"),
    [
        # weights
        (
            lambda d: first(d).update(weight=0.5),
            "error",
            "competencies",
            "weights sum to 1.2, not 1; the same shares are problem_solving 0.417",
        ),
        (lambda d: first(d).update(weight=-1), "error", "competencies.0.weight", "greater than 0, got -1"),
        (lambda d: first(d).update(weight="much"), "error", "competencies.0.weight", "got 'much'"),
        # anchors
        (lambda d: first(d)["levels"].pop("4"), "error", "competencies.0.levels", "has [1, 2, 3, 5]"),
        (
            lambda d: first(d)["levels"].update({"4": first(d)["levels"]["3"].upper()}),
            "error",
            "competencies.0.levels.4",
            "says the same as level 3 (the same words)",
        ),
        (
            lambda d: first(d)["levels"].update({"4": "Solves problems well.", "5": "Solves problems very well."}),
            "error",
            "competencies.0.levels.5",
            "differs from level 4 only in degree; name the behaviour",
        ),
        (
            lambda d: first(d)["levels"].update(
                {
                    "2": "Describes one problem and the steps they took to solve it.",
                    "3": "Tells of a problem and what they did step by step in order to solve it.",
                }
            ),
            "error",
            "competencies.0.levels.3",
            "says the same as level 2 (cosine 0.9",
        ),
        (
            lambda d: first(d)["levels"].update(
                {
                    "2": "Puts the fault for what went wrong on others.",
                    "3": "Blames other people for the things that went wrong.",
                }
            ),
            "warning",
            "competencies.0.levels.3",
            "may say the same as level 2 (cosine 0.",
        ),
        (lambda d: first(d)["levels"].update({"5": "Excellent"}), "error", "competencies.0.levels.5", "'Excellent'"),
        (
            lambda d: first(d)["levels"].update({"5": "Finds the cause with evidence. " * 30}),
            "error",
            "competencies.0.levels.5",
            "600 are the most",
        ),
        (
            lambda d: first(d)["levels"].update({"5": "He is up at it and so on it. " * 10}),
            "warning",
            "competencies.0.levels.5",
            "more than 60",
        ),
        # questions
        (lambda d: first(d).update(questions=[]), "error", "competencies.0.questions", "no question asks for"),
        (lambda d: first(d).update(questions=["gone"]), "error", "competencies.0.questions", "no question 'gone'"),
        (lambda d: first(d).update(questions=["check"]), "error", "competencies.0.questions", "is not rated"),
        (lambda d: d.pop("questions"), "error", "questions", "list the interview's questions"),
        (
            lambda d: d["questions"].append({"id": "why", "text": "Why do you want to work here, of all places?"}),
            "error",
            "questions.6",
            "no competency names 'why'",
        ),
        # duplicates
        (lambda d: first(d).update(id="teamwork"), "error", "competencies.1.id", "also that of competencies.0"),
        (
            lambda d: first(d).update(name="LEARNING and adaptability!"),
            "error",
            "competencies.3.name",
            "also that of competencies.0",
        ),
        (
            lambda d: d["questions"][2].update(text=d["questions"][1]["text"].lower()),
            "error",
            "questions.2.text",
            "also that of questions.1",
        ),
        (
            lambda d: first(d).update(description=d["competencies"][2]["description"]),
            "error",
            "competencies.2.description",
            "describes what 'problem_solving' does (the same words); merge them",
        ),
        # language
        (lambda d: d.update(language="xx"), "error", "language", "'xx' is no ISO 639-1 code"),
        (lambda d: d.update(language="english"), "error", "language", "got 'english'"),
        (lambda d: d.update(language="tr"), "error", "language", "the text is in 'en', language says 'tr'"),
        (
            lambda d: d["questions"][1].update(
                text="İşte çözdüğünüz bir sorunu anlatın. Ne yaptınız ve bunun sonunda ne oldu?"
            ),
            "error",
            "questions.1",
            "the text is in 'tr', language says 'en'",
        ),
        # examples, size
        (
            lambda d: first(d)["examples"].append("I took a course and taught myself what I did not know."),
            "warning",
            "competencies.0.examples.8",
            "fits 'learning' better (cosine 0.",
        ),
        (
            lambda d: d["competencies"].extend(
                copy.deepcopy(first(d)) | {"id": f"c{i}", "name": f"Number {i}"} for i in range(6)
            ),
            "warning",
            "competencies",
            "10 competencies; raters hardly tell more than 9 apart",
        ),
        (
            lambda d: first(d).update(examples=[f"I compared the numbers of day {i}. " * 7 for i in range(150)]),
            "error",
            "",
            "characters in all; 30000 are the most",
        ),
        (lambda d: d.update(version=2), "error", "version", "got 2; put it in quotes"),
        (lambda d: d.update(color="red"), "error", "color", "Extra inputs are not permitted, got 'red'"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Change, severity: str, path: str, text: str) -> None:
    found = rubric_problems(change)
    assert any(s == severity and p == path and text in t for s, p, t in found), found


def test_weights_of_a_third_are_one() -> None:
    thirds = copy.deepcopy(GENERAL)
    thirds["competencies"] = [c | {"weight": 0.33, "questions": "all"} for c in thirds["competencies"][:3]]
    assert check_rubric(thirds) == []


def test_every_problem_comes_at_once_whatever_else_is_wrong() -> None:
    def change(d: dict[str, Any]) -> None:
        one, two, three, four = d["competencies"]
        one.update(weight=0, name=7)
        two["levels"].pop("5")
        two["levels"]["2"] = two["levels"]["1"]
        three.update(questions=["gone"], id="Not an id")
        four["levels"] = ["a", "b"]
        four["description"] = one["description"]
        d["version"] = 1.0

    paths = [path for severity, path, _ in rubric_problems(change) if severity == "error"]
    assert set(paths) >= {
        "version",
        "competencies.0.weight",
        "competencies.0.name",
        "competencies.1.levels",
        "competencies.1.levels.2",
        "competencies.2.questions",
        "competencies.2.id",
        "competencies.3.levels",
        "competencies.3.description",
    }


@pytest.mark.parametrize(
    ("change", "severity", "path", "text"),
    [
        (
            lambda d: d["weights"].update(voice=0.5),
            "error",
            "weights",
            "sum to 1.3, not 1; the same shares are language 0.538, voice 0.385, visual 0.077",
        ),
        (
            lambda d: d.update(weights={"language": 0.2, "voice": 0.8}),
            "warning",
            "weights",
            "what is said should count most",
        ),
        (lambda d: d["analyse"].append("emotion"), "warning", "analyse", "AI Act, Article 5(1)(f)"),
        (lambda d: d["analyse"].append("gait"), "error", "analyse.3", "got 'gait'"),
        (lambda d: d.update(min_words=0), "error", "min_words", "got 0"),
        (lambda d: d.update(analyse=["voice", "language"]), "error", "", "face is not in analyse"),
    ],
)
def test_what_is_wrong_with_a_policy_is_named(change: Change, severity: str, path: str, text: str) -> None:
    found = policy_problems(change)
    assert any(s == severity and p == path and text in t for s, p, t in found), found


def test_the_documents_in_the_guide_have_no_problem() -> None:
    guide = (Path(__file__).parents[3] / "docs/rubrics-and-policies.md").read_text(encoding="utf-8")
    rubric, policy = (strict_yaml.parse(text, "guide") for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL))
    assert check_rubric(rubric) == []
    assert Policy.model_validate(policy) == load(Policy, "multimodal")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


def places(document: object, path: tuple[object, ...] = ()) -> list[tuple[object, ...]]:
    items = (
        document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    )
    return [path, *(place for key, value in items for place in places(value, (*path, key)))]


@pytest.mark.long
@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), JSON)
def test_whatever_stands_where_is_told_and_what_is_passed_can_be_read(data: st.DataObject, value: object) -> None:
    document: Any = copy.deepcopy(GENERAL)
    *way, last = data.draw(st.sampled_from(places(document)[1:]))
    inner = document
    for key in way:
        inner = inner[key]
    inner[last] = value
    problems = check_rubric(document)
    try:
        Rubric.model_validate(document)
    except ValidationError:
        assert any(p.severity == "error" for p in problems)


# --- the command -------------------------------------------------------------------


def written(tmp_path: Path, document: object, name: str = "mine.yaml") -> Path:
    path = tmp_path / name
    path.write_text(yaml.safe_dump(document, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def test_good_files_are_ok(tmp_path: Path) -> None:
    done = mulakat("rubric", "check", written(tmp_path, GENERAL), *packs(Rubric))
    assert done.exit_code == 0, done.output
    assert done.output.count(": ok") == 1 + len(packs(Rubric))


def test_a_warning_does_not_fail(tmp_path: Path) -> None:
    document = copy.deepcopy(GENERAL)
    first(document)["examples"].append("I took a course and taught myself what I did not know.")
    done = mulakat("rubric", "check", written(tmp_path, document))
    assert done.exit_code == 0
    assert "1 warning" in done.output


def test_bad_files_fail_each_with_its_problems_and_lines(tmp_path: Path) -> None:
    document = copy.deepcopy(GENERAL)
    document["competencies"][1]["weight"] = 0
    bad = written(tmp_path, document)
    [line] = [n for n, text in enumerate(bad.read_text().splitlines(), start=1) if text.strip() == "weight: 0"]
    empty = tmp_path / "empty.yaml"
    empty.touch()
    done = mulakat("rubric", "check", "--json", bad, empty, "general-tr", "gone.yaml")
    assert done.exit_code == 1
    one, two, three, four = map(json.loads, done.output.splitlines())
    assert [report["ok"] for report in (one, two, three, four)] == [False, False, True, False]
    assert {"line": line, "severity": "error", "path": "competencies.1.weight"}.items() <= one["problems"][0].items()
    assert two["problems"][0]["text"].endswith("is empty")
    assert "No such file" in four["problems"][0]["text"]


def test_a_rubric_is_shown_with_its_questions_and_levels() -> None:
    done = mulakat("rubric", "show", "general-tr")
    assert done.exit_code == 0
    shown = " ".join(done.output.split())
    assert "Takım çalışması ve iletişim teamwork, weight 0.25" in shown
    assert "not rated" in shown
    assert json.loads(mulakat("rubric", "show", "general-tr", "--json").output) == load(
        Rubric, "general-tr"
    ).model_dump(mode="json")


def test_a_policy_is_checked_shown_and_listed(tmp_path: Path) -> None:
    assert mulakat("policy", "check", *packs(Policy)).exit_code == 0
    assert mulakat("policy", "check", written(tmp_path, MULTIMODAL | {"weights": {"voice": 2}})).exit_code == 1
    shown = mulakat("policy", "show", "eu").output
    assert "No emotion inference" in shown and "redistribute" in shown
    assert all(name in mulakat("policy", "list").output for name in packs(Policy))
    assert all(name in mulakat("rubric", "list").output for name in packs(Rubric))


def test_what_is_not_there_is_one_line() -> None:
    done = mulakat("rubric", "show", "sales")
    assert done.exit_code == 1
    assert "no rubric 'sales'; there are" in done.stderr
