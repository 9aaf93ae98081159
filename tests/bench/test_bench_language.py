"""The language benchmark's machinery: reads what it may be given, learns what is there, and finds nothing in noise."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import lazy_loader  # type: ignore[import-untyped]  # has no types
import numpy as np
import pytest

from language_texts import load, own_words
from language_wording import CATEGORIES, SIGNS, measures, tokens
from mulakat.schema.errors import BadInput

if TYPE_CHECKING:
    import language_models as models
else:
    models = lazy_loader.load("language_models")  # with scikit-learn, which is slow to come

BENCH = Path(__file__).parents[2] / "bench" / "language.py"


def write(path: Path, rows: list[dict[str, object]], **form: Any) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), **form)
        writer.writeheader()
        writer.writerows(rows)
    return path


def rows(count: int = 24, **fixed: object) -> list[dict[str, object]]:
    return [
        {"text": f"I worked on project {i} and we finished it.", "rating": i % 7, "group": f"p{i // 2}"} | fixed
        for i in range(count)
    ]


def test_reads_rows_groups_and_questions(tmp_path: Path) -> None:
    interviews, notes = load(write(tmp_path / "a.csv", rows(question="What did you do?")))
    assert len(interviews) == 24 and len({i.group for i in interviews}) == 12 and notes == []
    assert interviews[0].questions == ("What did you do?",)


def test_without_a_group_every_row_is_its_own(tmp_path: Path) -> None:
    plain = [{k: v for k, v in row.items() if k != "group"} for row in rows()]
    assert len({i.group for i in load(write(tmp_path / "a.csv", plain))[0]}) == 24


def test_other_delimiters_headers_and_a_byte_order_mark_are_read(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", rows(), delimiter=";")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"text;rating", b"Text;Rating ", 1))
    assert len(load(path)[0]) == 24


def test_rows_without_words_are_left_out_and_told(tmp_path: Path) -> None:
    given = rows()
    given[3]["text"] = " ... "
    interviews, notes = load(write(tmp_path / "a.csv", given))
    assert len(interviews) == 23 and notes == ["row 5 is left out: it holds no words of the candidate."]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (rows(rating="good"), "row 2: rating 'good' is not a number"),
        (rows(rating="nan"), "row 2: rating 'nan' is not a number"),
        (rows(rating=""), "row 2: rating '' is not a number"),
        (rows(rating=3), "every rating is 3"),
        (rows(group="one"), "1 groups"),
        (rows(count=5), "5 rows"),
        (rows(text=""), "0 rows"),
        ([{"words": "a", "rating": 1}], "no column 'text'"),
        ([{"words": "a", "score": 1}], "no column 'text' and 'rating'"),
    ],
)
def test_what_cannot_be_used_is_one_clear_line(tmp_path: Path, given: list[dict[str, object]], told: str) -> None:
    path = write(tmp_path / "a.csv", given)
    with pytest.raises(BadInput) as error:
        load(path)
    assert told in str(error.value) and "\n" not in str(error.value) and str(path) in str(error.value)


@pytest.mark.parametrize(("content", "told"), [(b"", "no column 'text'"), (b"text,rating\n\xff\xfe,1\n", "not UTF-8")])
def test_an_empty_or_foreign_file_is_one_clear_line(tmp_path: Path, content: bytes, told: str) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match=told):
        load(path)


@pytest.mark.long
def test_the_command_fails_with_one_line(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, BENCH, tmp_path / "none.csv"], capture_output=True, text=True, check=False)
    assert done.returncode == 1 and "cannot read" in done.stderr and done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "text",
    [
        "Interviewer: How are you?\nInterviewee: Fine, thanks.\nInterviewer: Tell me more.\nInterviewee: I built it.",
        "Interviewer: How are you?|Interviewee: Fine, thanks.|Interviewer: Tell me more.|Interviewee: I built it.",
        "Interviewer: How are you? Interviewee: Fine, thanks. Interviewer: Tell me more. Interviewee: I built it.",
        "[00:01] INTERVIEWER : How are you?\n[00:03] INTERVIEWEE : Fine, thanks.\nInterviewer: Tell me more.\n"
        "Interviewee: I built it. [laughs]",
        "Q: How are you?\nA: Fine, thanks.\nQ: Tell me more.\nA: I built it.",
        "Q1: How are you?\nA1: Fine, thanks.\nQ2: Tell me more.\nA2: I built it.",
    ],
)
def test_the_interviewers_turns_are_dropped(text: str) -> None:
    answers, questions = own_words(text)
    assert answers == ("Fine, thanks.", "I built it.")
    assert questions == ("How are you?", "Tell me more.")


def test_among_names_the_candidate_is_who_says_most() -> None:
    text = (
        "Ann: And then?\nBob: I went to the shop and bought all the parts.\nAnn: Good.\nBob: Then I built it at home."
    )
    answers, questions = own_words(text)
    assert answers == ("I went to the shop and bought all the parts.", "Then I built it at home.")
    assert questions == ("And then?", "Good.")


@pytest.mark.parametrize(
    "text", ["I said: no. She said: yes. It was 10:30.", "My answer was simple: we wait.", "One rule: never guess."]
)
def test_text_without_labels_is_the_candidates(text: str) -> None:
    assert own_words(text) == ((text,), ())


def test_measures_are_finite_for_any_text() -> None:
    for text in ("", "Yes.", "12", "um um um", "word " * 3000, "We didn't. " * 50):
        found = measures([text], [text] if text else [])
        assert sorted(found) == sorted(SIGNS) and np.isfinite(list(found.values())).all()


def test_measures_count_what_they_are_called() -> None:
    found = measures(["Um, I, you know, I think we didn't worry."], ["Um, I, you know, I think we didn't worry."])
    count = len(tokens("Um, I, you know, I think we didn't worry."))
    assert count == 9
    for name, hits in {"i": 2, "we": 1, "negations": 1, "anxiety": 1, "nonfluent": 1, "filler": 1}.items():
        assert found[name] == pytest.approx(hits / count), name
    assert set(CATEGORIES) < set(SIGNS)


def _learner() -> models.Learner:
    return models.Learner("x", lambda: models.ranked([1] * 6))


@pytest.mark.long
def test_learns_what_is_there_and_finds_nothing_in_noise() -> None:
    random = np.random.default_rng(0)
    groups = np.repeat(np.arange(60), 2)
    x = random.normal(size=(120, 6))
    y = x.sum(axis=1) + random.normal(size=120) * 2
    assert models.pearson(models.out_of_fold(_learner(), {"x": x}, y, groups, 2), y).mean() > 0.6
    noise = [
        models.pearson(models.out_of_fold(_learner(), {"x": x}, shuffled, groups, 1), shuffled)[0]
        for shuffled in (np.random.default_rng(seed).normal(size=120) for seed in range(12))
    ]
    assert abs(np.mean(noise)) < 0.1  # standard error of twelve: 0.026


@pytest.mark.long
def test_a_person_is_never_on_both_sides() -> None:
    """Features that tell only who it is must not predict, however alike a person's ratings are."""
    random = np.random.default_rng(1)
    found = []
    for _ in range(4):
        person = random.normal(size=40)
        x = np.repeat(random.normal(size=(40, 6)), 3, axis=0)
        y, groups = np.repeat(person, 3), np.repeat(np.arange(40), 3)
        found.append(models.pearson(models.out_of_fold(_learner(), {"x": x}, y, groups, 1), y)[0])
    assert abs(np.mean(found)) < 0.25


def test_the_interval_holds_r_and_partial_r_takes_length_out() -> None:
    random = np.random.default_rng(2)
    length = random.normal(size=200)
    y = length + random.normal(size=200)
    groups = np.repeat(np.arange(100), 2)
    found = models.correlation(length, y, groups)
    assert found is not None and found.low < found.r < found.high
    seen = length + random.normal(size=200) * 0.1
    assert models.partial_correlation(seen, y, length) == pytest.approx(0, abs=0.15)
    assert models.correlation(np.ones(200), y, groups) is None


def test_ranks_are_those_of_the_training_rows_and_bounded() -> None:
    ranked = models.Ranked().fit(np.arange(9.0)[:, None])
    new = ranked.transform(np.array([[-1e9], [4.0], [1e9]]))[:, 0]
    assert new[1] == pytest.approx(0) and new[0] == pytest.approx(-new[2]) and abs(new[0]) < 2
