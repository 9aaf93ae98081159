"""Reviews and calibration of a campaign: real MongoDB, real scoring, the real commands."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from mulakat.cli.main import app
from mulakat.interviews.documents import ReviewSpec
from mulakat.interviews.registration import register
from mulakat.interviews.store import Store
from mulakat.rubrics.packs import load, pack
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from tests.support.calibration_data import Drawn, even_rubric
from tests.support.known import known
from tests.support.review_data import Place
from tests.support.reviewed_campaigns import csv_of, keep, review, score, spec

SKEWED = [0.7, 0.1, 0.1, 0.1]


@pytest.fixture
def place(mongo: str, tmp_path: Path) -> Iterator[Place]:
    """An empty database of its own."""
    found = Place(mongo, f"reviews_{uuid.uuid4().hex}", tmp_path / "media")
    yield found
    store = found.store()
    store.database.client.drop_database(found.database)
    store.close()


@pytest.fixture
def store(place: Place) -> Iterator[Store]:
    opened = place.store()
    yield opened
    opened.close()


def mulakat(place: Place, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, in this process, where no stack runs."""
    command = list(map(str, arguments))
    place.media.mkdir(exist_ok=True)
    done = CliRunner().invoke(app, command, env=place.environment() | {"MULAKAT_HOME": str(place.media / "none")})
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return subprocess.CompletedProcess(command, done.exit_code, done.stdout, done.stderr)


def mulakat_process(place: Place, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """The command, in a process of its own, on a wide screen."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MULAKAT_")}
    place.media.mkdir(exist_ok=True)
    return subprocess.run(
        [str(Path(sys.executable).with_name("mulakat")), *map(str, arguments)],
        env=outside | place.environment() | {"COLUMNS": "200", "MULAKAT_HOME": str(place.media / "none")},
        cwd=place.media,
        capture_output=True,
        text=True,
    )


# --- the store -------------------------------------------------------------------------


def test_a_review_is_kept_once_and_superseded_never_changed(store: Store) -> None:
    register(store, spec("one"))
    reviews = store.reviews
    first, new = reviews.add(review(levels={"teamwork": 4}, overall=3.5, comment="clear"))
    assert new
    assert (first.number, first.rubric.id, first.levels) == (1, "general-en", {"teamwork": 4})
    again, new = reviews.add(review(levels={"teamwork": 4}, overall=3.5, comment="clear"))
    assert (again, new) == (first, False)
    kept = store.database.reviews.find_one({"_id": first.id})
    second, new = reviews.add(review(levels={"teamwork": 2}))
    assert (new, second.number) == (True, 2)
    assert store.database.reviews.find_one({"_id": first.id}) == kept
    assert reviews.of_campaign("autumn") == [second]
    assert store.database.reviews.count_documents({}) == 2


def test_every_review_leaves_an_audit_entry(store: Store) -> None:
    register(store, spec("one"))
    first, _ = store.reviews.add(review(overall=3))
    second, _ = store.reviews.add(review(overall=4))
    store.reviews.add(review(overall=4))
    entries = list(store.database.audit.find({"action": "review"}))
    assert [(e["actor"], e["interview_id"], e["detail"]) for e in entries] == [
        ("Ayşe", "one", {"review": first.id, "supersedes": None}),
        ("Ayşe", "one", {"review": second.id, "supersedes": first.id}),
    ]


def test_reviews_of_other_campaigns_and_reviewers_are_told_apart(store: Store) -> None:
    for name, campaign in (("one", "autumn"), ("two", "autumn"), ("three", "spring")):
        register(store, spec(name, campaign=campaign))
        for reviewer in ("Ayşe", "Ali"):
            store.reviews.add(review(name, reviewer, overall=3))
    found = [(r.interview_id, r.reviewer) for r in store.reviews.of_campaign("autumn")]
    assert sorted(found) == [("one", "Ali"), ("one", "Ayşe"), ("two", "Ali"), ("two", "Ayşe")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({}, "a review needs a level"),
        ({"levels": {"teamwork": None}}, "a review needs a level"),
        ({"overall": 6}, "got 6"),
        ({"levels": {"teamwork": 0.5}}, "got 0.5"),
        ({"overall": "nan"}, "overall"),
        ({"overall": 3, "reviewer": ""}, "reviewer"),
        ({"overall": 3, "verdict": "hire"}, "verdict"),
    ],
)
def test_reviews_that_are_none(fields: dict[str, Any], message: str) -> None:
    with pytest.raises(BadInput, match=message):
        ReviewSpec.parse({"interview_id": "one", "reviewer": "Ayşe", **fields})


def test_reviews_of_what_there_is_not(store: Store) -> None:
    register(store, spec("one"))
    with pytest.raises(BadInput, match="no interview 'two'"):
        store.reviews.add(review("two", overall=3))
    with pytest.raises(
        BadInput, match=r"'general-en:\d+' of interview 'one' has no competency 'charm'; it has problem_"
    ):
        store.reviews.add(review(levels={"charm": 3}))
    with pytest.raises(BadInput, match="campaign 'summer' has no interview; campaigns with interviews: autumn"):
        store.reviews.of_campaign("summer")
    assert store.database.reviews.count_documents({}) == 0


def test_scores_of_a_campaign_in_short(store: Store) -> None:
    score(store, spec("one"), [1, 2, 3, 4], 120)
    register(store, spec("two"))  # not analysed
    (found,) = store.campaigns.scores("autumn")
    assert found.interview_id == "one"
    assert found.competencies == {"problem_solving": 0.0, "teamwork": 25.0, "ownership": 50.0, "learning": 75.0}
    assert (found.components["voice"], found.components["visual"]) == (80.0, None)
    assert found.components["language"] == found.overall
    assert (found.words, found.provisional, found.candidate) == (120, True, "candidate of one")


@pytest.mark.long
def test_scores_of_an_interview_that_the_real_stages_analysed(analyzed: Place) -> None:
    store = analyzed.store()
    (found,) = store.campaigns.scores("default")
    interview = store.interviews.get("sample-interview")
    card = store.scorecards.get(known(interview.scorecard_id))
    transcripts = {
        (a.answer_id, "transcribe"): interview.known(a.answer_id)["transcribe"].fingerprint for a in interview.answers
    }
    texts = [payload["text"] for payload in store.stage_results.payloads(interview.id, transcripts).values()]
    assert found.words == sum(len(text.split()) for text in texts) > 0
    assert found.overall == card.overall.value
    assert found.competencies == {c.id: c.score.value for c in card.competencies}
    assert found.components == {c.name: c.score.value for c in card.components}
    store.close()


def test_words_of_a_large_or_missing_transcript(store: Store) -> None:
    score(store, spec("large"), [1, 2, 3, 4], 300_000)
    score(store, spec("without"), [1, 2, 3, 4], 10)
    store.database.stage_results.delete_one({"_id": "without:a:transcribe:f"})
    assert known(store.database.stage_results.find_one({"_id": "large:a:transcribe:f"}))["payload"] is None
    assert {s.interview_id: s.words for s in store.campaigns.scores("autumn")} == {"large": 300_000, "without": None}


# --- mulakat review ----------------------------------------------------------------------


def test_add_import_and_export(place: Place, store: Store) -> None:
    for name in ("one", "two"):
        register(store, spec(name))
    done = mulakat(place, "review", "add", "one", "--reviewer", "Ali", "--level", "teamwork=4.5", "--overall", "4")
    assert (done.returncode, done.stdout) == (0, "review 1 of one by Ali kept\n")
    file = place.media / "in.csv"
    file.write_text(
        "interview,reviewer,competency,level\none,Ali,teamwork,4.5\none,Ali,overall,4\n"
        "two,Ayşe,teamwork,2\ntwo,Ayşe,learning,\n",
        encoding="utf-8",
    )
    done = mulakat(place, "review", "import", file)
    assert (done.returncode, done.stdout) == (0, "2 reviews, 1 new\n")
    assert mulakat(place, "review", "import", file, "--json").stdout == '{"reviews": 2, "new": 0}\n'
    out = place.media / "out.csv"
    assert mulakat(place, "review", "export", "--campaign", "autumn", "--out", out).returncode == 0
    assert out.read_text(encoding="utf-8") == file.read_text(encoding="utf-8")
    again = mulakat(place, "review", "export", "--campaign", "autumn", "--out", out)
    assert again.returncode == 1
    assert "cannot write" in again.stderr
    assert mulakat(place, "review", "export", "--campaign", "autumn").stdout == out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ("interview,reviewer,level\none,Ali,3", "columns must be interview,reviewer,competency,level"),
        ("interview,reviewer,competency,level\none,Ali,overall,good", "in.csv line 2: 'good' is not a number"),
        ("interview,reviewer,competency,level\none,Ali,overall,7", "got 7"),
        ("interview,reviewer,competency,level\none,Ali,overall", "in.csv line 2: needs 4 columns"),
        ("interview,reviewer,competency,level\none,Ali,overall,3,4", "in.csv line 2: needs 4 columns"),
        (
            "interview,reviewer,competency,level\none,Ali,overall,3\none,Ali,overall,3",
            "in.csv line 3: 'Ali' rates 'overall' of 'one' twice",
        ),
        ("interview,reviewer,competency,level\none,Ali,overall,3\none,Ayşe,charm,3", "has no competency 'charm'"),
        ("interview,reviewer,competency,level\none,Ali,overall,3\nnobody,Ali,overall,3", "no interview 'nobody'"),
        ("interview,reviewer,competency,level\n", "holds no review"),
        ("", "columns must be"),
        (b"\xff\xfe\x00", "is not CSV in UTF-8"),
        (b"interview\x81\x00", "is not CSV in UTF-8"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_imported(
    place: Place, store: Store, lines: str | bytes, message: str
) -> None:
    register(store, spec("one"))
    file = place.media
    file.mkdir(exist_ok=True)
    file = file / "in.csv"
    file.write_bytes(lines if isinstance(lines, bytes) else lines.encode())
    done = mulakat(place, "review", "import", file)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1
    assert store.database.reviews.count_documents({}) == 0


TURKISH_ROWS = [
    "interview;reviewer;competency;level",
    "one;Ayşe Işık;teamwork;3,5",
    "one;Ayşe Işık;overall;4",
    ";;;",
    ";;;",
]


@pytest.mark.parametrize(
    ("data", "read_as"),
    [
        ("\r\n".join(TURKISH_ROWS).encode("cp1254"), "Windows-1254 (Turkish) with semicolons"),
        ("\r\n".join(TURKISH_ROWS).encode("utf-8-sig"), "UTF-8 with semicolons"),
        ("\n".join(["sep=;", *TURKISH_ROWS]).encode(), "UTF-8 with semicolons"),
        ("\r\n".join(TURKISH_ROWS).replace(";", "\t").encode("utf-16"), "UTF-16 with tabs"),
        ("\n".join(f"{row};;" for row in TURKISH_ROWS).encode(), "UTF-8 with semicolons"),
        ("\n".join(TURKISH_ROWS).replace("3,5", "3.5").replace(";", ",").encode(), None),
        ("\n".join(TURKISH_ROWS).replace("3,5", '"3,5"').replace(";", ",").replace("level", "Level ").encode(), None),
    ],
    ids=["Excel", "Excel, UTF-8", "sep=", "Unicode text", "empty columns", "empty rows", "quoted decimal"],
)
def test_what_a_spreadsheet_saves_is_read(place: Place, store: Store, data: bytes, read_as: str | None) -> None:
    register(store, spec("one"))
    place.media.mkdir(exist_ok=True)
    file = place.media / "in.csv"
    file.write_bytes(data)
    done = mulakat(place, "review", "import", file)
    assert (done.returncode, done.stdout) == (0, "1 reviews, 1 new\n"), done.stderr
    assert done.stderr == (f"read in.csv as {read_as}\n" if read_as else "")
    (kept,) = store.database.reviews.find()
    assert kept["levels"] == {"teamwork": 3.5}
    assert kept["overall"] == 4
    assert kept["reviewer"] == "Ayşe Işık"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--level", "teamwork"], "--level 'teamwork' is not \"competency=level\""),
        (["--level", "teamwork=good"], "'good' is not a number from 1 to 5"),
        (["--level", "teamwork=3", "--level", "teamwork=4"], "'teamwork' was given twice"),
        (["--overall", "9"], "got 9"),
        ([], "a review needs a level"),
    ],
)
def test_a_bad_option_is_named(place: Place, store: Store, options: list[str], message: str) -> None:
    register(store, spec("one"))
    done = mulakat(place, "review", "add", "one", "--reviewer", "Ali", *options)
    assert done.returncode == 1
    assert message in done.stderr
    assert store.database.reviews.count_documents({}) == 0


def test_submit_names_a_campaign(place: Place) -> None:
    done = mulakat(place, "submit", "--id", "one", "--answer", "Why?=a.mp4", "--campaign", "spring 2027")
    assert done.returncode == 1
    assert "campaign" in done.stderr
    assert "'spring 2027'" in done.stderr


# --- mulakat calibrate ---------------------------------------------------------------------


@pytest.mark.long
def test_a_campaign_whose_reviewers_weigh_otherwise_gets_a_proposal(place: Place, store: Store) -> None:
    drawn = Drawn.of(1, 60, SKEWED, common=0.2, noise=0.4)
    rubric = even_rubric()
    keep(store, drawn, rubric)
    before = store.database.rubrics.count_documents({})
    file = place.media / "in.csv"
    place.media.mkdir(exist_ok=True)
    file.write_text(csv_of(drawn), encoding="utf-8")
    assert mulakat(place, "review", "import", file).returncode == 0
    new = place.media / "proposed.yaml"
    done = mulakat_process(place, "calibrate", "--campaign", "autumn", "--write", new)
    assert done.returncode == 0, done.stderr
    assert "60 interviews of 60 candidates, 120 reviews of 2 reviewer(s); rating: an overall level" in done.stdout
    for label in ("learned, held out", "all equal (unit)", "number of words alone", "leniency"):
        assert label in done.stdout
    proposed = load(Rubric, str(new))
    assert (proposed.id, proposed.version) == (rubric.id, str(int(rubric.version) + 1))
    assert proposed.competencies[0].weight > 0.45
    assert f"Proposed: rubric {proposed.id} v{proposed.version}" in done.stdout
    remarks = new.read_text(encoding="utf-8")
    assert "calibrate --campaign autumn" in remarks
    assert "120 reviews of 60 interviews" in remarks
    assert not new.with_name("proposed.policy.yaml").exists()
    # Nothing was applied.
    assert store.database.rubrics.count_documents({}) == before
    assert store.rubrics.get(store.interviews.get("i000").rubric) == rubric

    # The same again, as JSON; a proposal is never written over a file.
    found = json.loads(mulakat(place, "calibrate", "--campaign", "autumn", "--json").stdout)
    assert found["calibration"]["better"]
    assert found["proposed_rubric"]["version"] == proposed.version
    again = mulakat(place, "calibrate", "--campaign", "autumn", "--write", new)
    assert again.returncode == 1
    assert "is there already" in again.stderr

    # Where the next version is taken, the one after it is proposed.
    register(store, spec("other", rubric=proposed, campaign="next"))
    found = json.loads(mulakat(place, "calibrate", "--campaign", "autumn", "--json").stdout)
    assert found["proposed_rubric"]["version"] == str(int(proposed.version) + 1)


def test_a_small_campaign_says_how_much_is_missing_and_what_was_left_out(place: Place, store: Store) -> None:
    drawn = Drawn.of(2, 12, SKEWED)
    keep(store, drawn, pack(Rubric, "general-en"))
    other = even_rubric().model_copy(update={"version": "other"})
    score(store, spec("old", rubric=other), [1, 2, 3, 4], 50)
    score(store, spec("unseen"), [1, 2, 3, 4], 50)
    register(store, spec("waiting"))
    for given in drawn.given():
        store.reviews.add(review(given.interview, given.reviewer, overall=given.value))
    store.reviews.add(review("i000", "Ali", levels={"teamwork": 3}))
    store.reviews.add(review("old", "Ali", overall=3))
    store.reviews.add(review("waiting", "Ali", overall=3))
    new = place.media / "proposed.yaml"
    done = mulakat(place, "calibrate", "--campaign", "autumn", "--write", new)
    assert done.returncode == 0, done.stderr
    assert "12 candidates with scores and reviews; learning needs 30, 18 more" in done.stdout
    for note in (
        "1 interview(s) scored, not reviewed",
        "1 interview(s) scored with rubric general-en:other, policy content:",
        "1 interview(s) reviewed, not scored",
        "1 review(s) without an overall level",
    ):
        assert note in done.stdout
    assert not new.exists()


def test_levels_alone_are_a_rating_too(place: Place, store: Store) -> None:
    drawn = Drawn.of(3, 12, SKEWED)
    keep(store, drawn, pack(Rubric, "general-en"))
    for given in drawn.given():
        store.reviews.add(review(given.interview, given.reviewer, levels={"teamwork": given.value, "learning": None}))
    found = json.loads(mulakat(place, "calibrate", "--campaign", "autumn", "--json").stdout)
    assert found["criterion"] == "levels (their mean)"
    assert found["calibration"]["competencies"]["teamwork"]["n"] == 12
    assert "learning" not in found["calibration"]["competencies"]
    assert [row["pearson"]["n"] for row in found["calibration"]["length"]["rows"]] == [12] * 5


@pytest.mark.long
def test_where_voice_counts_a_policy_is_proposed_beside_the_rubric(place: Place, store: Store) -> None:
    """Reviewers who go by nothing but what is said; the voice differs, and has nothing to do with it."""
    drawn = Drawn.of(4, 60, SKEWED, common=0.2, noise=0.4)
    for row, levels in enumerate(drawn.levels):
        wanted = spec(f"i{row:03}", rubric=even_rubric(), policy="multimodal")
        score(store, wanted, list(map(float, levels)), int(drawn.words[row]), voice=20.0 + row * 37 % 80)
    for given in drawn.given():
        store.reviews.add(review(given.interview, given.reviewer, overall=given.value))
    new = place.media / "proposed.yaml"
    done = mulakat(place, "calibrate", "--campaign", "autumn", "--write", new)
    assert done.returncode == 0, done.stderr
    rubric, policy = load(Rubric, str(new)), load(Policy, str(place.media / "proposed.policy.yaml"))
    assert rubric.competencies[0].weight > 0.45
    old = pack(Policy, "multimodal")
    assert policy.id == old.id
    assert policy.version != old.version
    assert policy.weights["voice"] <= old.weights["voice"] - 0.05
    assert sum(policy.weights.values()) == pytest.approx(1)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--campaign", "summer"], "campaign 'summer' has no interview"),
        (["--campaign", "autumn"], "has no reviews; add some with `mulakat review add`"),
        (["--campaign", "autumn", "--write", "new.txt"], "give a name that ends in .yaml"),
    ],
)
def test_calibrate_on_what_there_is_not(place: Place, store: Store, options: list[str], message: str) -> None:
    register(store, spec("one"))
    done = mulakat(place, "calibrate", *options)
    assert done.returncode == 1
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_ratings_that_are_all_equal_are_refused_in_one_line(place: Place, store: Store) -> None:
    keep(store, Drawn.of(5, 4, SKEWED), pack(Rubric, "general-en"))
    for row in range(4):
        store.reviews.add(review(f"i{row:03}", overall=3))
    done = mulakat(place, "calibrate", "--campaign", "autumn")
    assert done.returncode == 1
    assert "reviewers rate every interview 3" in done.stderr
