"""The store against a real mongod: one document per stage, late attempts, versions, paging."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from mulakat.interviews.documents import ReviewSpec, StageState, StoredReport, now
from mulakat.interviews.registration import register
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from tests.support.attempts import attempt, load
from tests.support.interview_data import result, scorecard, spec
from tests.support.known import known

REPORT = StoredReport(audience="reviewer", language="en", format="html", uri="media://" + "0" * 64)

# --- running an answer twice -------------------------------------------------


def run_all(store: Store, recording: Path, folder: Path, *, rubric: Rubric) -> dict[str, str]:
    """All stages of an answer, with the real analyzers; stage → status."""
    request = Request(answer_id="a", question="Why?", rubric=rubric, policy=pack(Policy, "multimodal"))
    results = AnswerResults(store.stage_results, "one", attempt())
    run = Run(request, Workspace(folder, LocalFile(recording)), results)
    return {stage.name: run.stage(stage.name).status for stage in STAGES}


@pytest.mark.long
def test_again_nothing_runs_and_a_new_rubric_runs_only_what_reads_it(
    store: Store, samples: Path, tmp_path: Path
) -> None:
    recording = samples / "introduction.mp4"
    rubric = pack(Rubric, "general-en")
    first = run_all(store, recording, tmp_path / "first", rubric=rubric)
    assert set(first.values()) <= {"ok", "skipped"}
    assert store.database.stage_results.count_documents({}) == len(STAGES)
    before = {document["_id"]: document for document in store.database.stage_results.find()}

    again = run_all(store, recording, tmp_path / "second", rubric=rubric)
    assert set(again.values()) <= {"reused", "skipped"}
    assert {document["_id"]: document for document in store.database.stage_results.find()} == before
    assert not (tmp_path / "second").exists()  # not even the recording was touched

    changed = run_all(store, recording, tmp_path / "third", rubric=rubric.model_copy(update={"version": "99"}))
    assert {name for name, status in changed.items() if status == "ok"} == {"score_answer"}
    assert store.database.stage_results.count_documents({}) == len(STAGES) + 1  # old and new side by side
    assert not (tmp_path / "third").exists()


# --- single writes -----------------------------------------------------------


def test_a_late_older_attempt_never_overwrites_a_newer_one(store: Store) -> None:
    newer = now()
    store.stage_results.put(result(started_at=newer, payload={"text": "newer"}))
    store.stage_results.put(result(started_at=newer - timedelta(seconds=30), payload={"text": "older"}))
    found = store.stage_results.get("one", "a", "transcribe", "f")
    assert known(found).payload == {"text": "newer"}
    store.stage_results.put(result(started_at=newer + timedelta(seconds=1), payload={"text": "newest"}))
    assert known(store.stage_results.get("one", "a", "transcribe", "f")).payload == {"text": "newest"}
    assert store.database.stage_results.count_documents({}) == 1


def test_large_payloads_go_to_the_media_store(store: Store) -> None:
    track = {"t_s": [round(0.1 * i, 1) for i in range(250_000)]}
    store.stage_results.put(result(payload=track))
    document = known(store.database.stage_results.find_one())
    assert document["payload"] is None
    assert document["payload_uri"].startswith("media://")
    assert known(store.stage_results.get("one", "a", "transcribe", "f")).payload == track


def test_times_come_back_as_they_went_in(store: Store) -> None:
    register(store, spec(received_at="2025-03-01T10:00:00+03:00"))
    assert store.interviews.get("one").received_at == datetime(2025, 3, 1, 7, tzinfo=UTC)


# --- interviews --------------------------------------------------------------


def test_registering_again_keeps_results_and_scorecard(store: Store) -> None:
    _, first = load(store, spec(), "run-1")
    store.interviews.name_scorecard("one", "one:abc", {"a": "f"}, first)
    store.interviews.mark_reported("one", "one:abc", [REPORT], first)
    store.interviews.mark_stage("one", "a", "transcribe", StageState(state="ok", started_at=now()), first)
    again, _ = load(store, spec(), "run-2")
    assert (again.state, again.run_id, again.progress) == ("queued", "run-2", {})
    assert (again.scorecard_id, again.scored_from, again.reported_id) == ("one:abc", {"a": "f"}, "one:abc")
    assert again.reports == [REPORT]
    assert store.database.interviews.count_documents({}) == 1
    assert known(store.interviews.of_run("run-2")).id == "one"


def test_a_stored_interview_can_be_submitted_again_under_the_same_versions(store: Store) -> None:
    registered = register(store, spec(policy="content"))
    again = register(store, store.interviews.get("one").spec())
    assert (again.rubric, again.policy) == (registered.rubric, registered.policy)
    assert again.policy.id == "content"


def test_a_version_never_changes_its_content(store: Store) -> None:
    rubric = pack(Rubric, "general-en")
    register(store, spec(rubric=rubric.model_dump()))
    other = rubric.model_copy(update={"competencies": rubric.competencies[:1]})
    with pytest.raises(BadInput, match=r"rubric .*already known with other content; give it a new version"):
        register(store, spec("two", rubric=other.model_dump()))
    register(store, spec("two", rubric=other.model_copy(update={"version": "99"}).model_dump()))
    assert store.rubrics.get(store.interviews.get("two").rubric).competencies == rubric.competencies[:1]


def test_a_question_given_by_its_id_is_stored_as_its_text(store: Store) -> None:
    asked = {"a": "problem", "b": "Why?", "c": None}
    answers = [{"answer_id": a, "question": q, "media_uri": "https://example.org/a.mp4"} for a, q in asked.items()]
    stored = {answer.answer_id: answer.question for answer in register(store, spec(answers=answers)).answers}
    assert stored == {"a": pack(Rubric, "general-en").questions[1].text, "b": "Why?", "c": None}


def test_a_rubric_with_questions_comes_back_as_it_was(store: Store) -> None:
    rubric, policy = pack(Rubric, "musteri-destek-tr"), pack(Policy, "eu")
    document: dict[str, Any] = {"rubric": rubric.model_dump(mode="json"), "policy": policy.model_dump(mode="json")}
    registered = register(store, spec(**document))
    assert (store.rubrics.get(registered.rubric), store.policies.get(registered.policy)) == (rubric, policy)


def test_unknown_names_are_refused(store: Store) -> None:
    with pytest.raises(BadInput, match="no interview 'nobody'"):
        store.interviews.get("nobody")
    with pytest.raises(BadInput, match=r"no rubric 'nonsense'; there are .*general-en"):
        register(store, spec(rubric="nonsense"))
    with pytest.raises(BadInput, match="no policy 'x:1'"):
        register(store, spec(policy="x:1"))
    assert store.database.interviews.count_documents({}) == 0


@pytest.mark.parametrize("bad", ["../up", "a/b", "", "a b", "a.b", "$where", "-x", "x" * 65, "ü"])
def test_ids_that_would_leave_their_place_are_refused(bad: str) -> None:
    with pytest.raises(BadInput, match="interview_id"):
        spec(bad)
    with pytest.raises(BadInput, match="answer_id"):
        spec(answers=[{"answer_id": bad, "media_uri": "a.mp4"}])


def test_a_text_goes_into_the_media_store_and_the_interview_names_it(store: Store) -> None:
    text = "Yazıcılar durdu, önce neyi bildiğimizi yazdım."
    answers = [{"answer_id": "here", "text": text}, {"answer_id": "there", "text_uri": "https://example.org/a.txt"}]
    register(store, spec(answers=answers))
    assert text not in str(store.database.interviews.find_one({"_id": "one"}))
    here, there = store.interviews.get("one").answers
    assert here.written and there.written
    assert here.uri == f"media://{hashlib.sha256(text.encode()).hexdigest()}"
    with store.media.open(here.uri) as file:
        assert file.read().decode() == text
    assert there.uri == "https://example.org/a.txt"
    assert store.interviews.get("one").spec().answers == [here, there]


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({}, "it has none"),
        ({"media_uri": "a.mp4", "text_uri": "a.txt"}, "it has media_uri and text_uri"),
        ({"text_uri": "a.txt", "text": "I did it."}, "it has text_uri and text"),
        ({"text": ""}, "text"),
        ({"text": "x" * 100_001}, "text"),
        ({"text": 5}, "text"),
        ({"media": "a.mp4"}, "media"),
    ],
)
def test_an_answer_is_one_recording_or_one_text(given: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadInput, match=problem):
        spec(answers=[{"answer_id": "a", **given}])


def test_without_consent_nothing_is_registered() -> None:
    with pytest.raises(BadInput, match="has not given consent"):
        spec(consent={"given": False})


def test_unknown_fields_are_named() -> None:
    with pytest.raises(BadInput, match="intervew_id"):
        spec(intervew_id="typo")


# --- lists -------------------------------------------------------------------


def test_pages_cover_everything_once_newest_first_also_with_equal_times(store: Store) -> None:
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(25):
        register(store, spec(f"i{number:02}", received_at=(moment + timedelta(hours=number // 5)).isoformat()))
    seen, cursor = [], None
    while True:
        page = store.interviews.page(cursor=cursor, limit=7)
        seen += [(item.received_at, item.id) for item in page.items]
        if page.cursor is None:
            break
        cursor = page.cursor
    assert seen == sorted(seen, key=lambda item: (-item[0].timestamp(), item[1]))
    assert len(seen) == len(set(seen)) == 25


def test_the_list_says_how_far_each_interview_is(store: Store) -> None:
    answers = [{"answer_id": a, "media_uri": "https://example.org/a.mp4"} for a in ("a", "b")]
    _, loading = load(store, spec(answers=answers))
    for answer_id, states in {"a": ("ok", "reused", "skipped", "failed"), "b": ("running", "ok")}.items():
        for stage, state in zip(STAGES, states, strict=False):
            found = StageState(state=state, started_at=now())
            store.interviews.mark_stage("one", answer_id, stage.name, found, loading)
    (item,) = store.interviews.page().items
    assert (item.stages_done, item.stages_total) == (4, 2 * len(STAGES))
    assert item.overall is None
    card = scorecard("one", 62.0)
    store.interviews.name_scorecard("one", store.scorecards.put(card, "f"), {"a": "f"}, loading)
    assert store.interviews.page().items[0].overall == card.overall


@pytest.mark.parametrize(
    "text", ["nonsense", "", "5", "[]", '["2026-01-01"]', '{"id": "one"}', '{"received_at": "2026-01-01", "id": "one"}']
)
def test_a_forged_cursor_is_refused(store: Store, text: str) -> None:
    for cursor in (text, base64.urlsafe_b64encode(text.encode()).decode(), text + "ü"):
        with pytest.raises(BadInput, match=r"is not a cursor of this list; start again without one$"):
            store.interviews.page(cursor=cursor)


def test_campaigns_come_by_their_newest_interview(store: Store) -> None:
    assert store.interviews.campaigns() == []
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for day, campaign in enumerate(("autumn", "spring", "winter", "spring", "autumn", "again")):
        received = (moment + timedelta(days=min(day, 4))).isoformat()
        register(store, spec(f"i{day}", campaign=campaign, received_at=received))
    assert store.interviews.campaigns() == ["again", "autumn", "spring", "winter"]


# --- progress ----------------------------------------------------------------


def test_an_interview_fails_runs_again_and_comes_to_its_end(store: Store) -> None:
    _, loading = load(store, spec())
    why = Reason.of(Code.SEE_RUN)

    def state() -> tuple[str, Reason | None]:
        found = store.interviews.get("one")
        return found.state, found.reason

    store.interviews.mark_failed("one", why, loading)
    assert state() == ("failed", why)
    store.interviews.mark_running("one", loading)
    assert state() == ("running", None)
    store.interviews.mark_stopped("one", loading)
    assert state() == ("stopped", Reason.of(Code.STOPPED))
    store.interviews.name_scorecard("one", "one:abc", {"a": "f"}, loading)
    store.interviews.mark_reported("one", "one:abc", [REPORT], loading)
    found = store.interviews.get("one")
    assert (found.state, found.reason, found.scorecard_id, found.reports) == ("scored", None, "one:abc", [REPORT])
    store.interviews.mark_failed("one", why, loading)
    store.interviews.mark_scored("one", loading)
    assert state() == ("scored", None)
    assert store.interviews.get("one").reports == [REPORT]


def test_what_is_not_there_has_no_state(store: Store) -> None:
    interviews, nobodys = store.interviews, attempt()
    changes: list[Callable[[], object]] = [
        lambda: interviews.begin("nobody", nobodys),
        lambda: interviews.check("nobody", nobodys),
        lambda: interviews.mark_running("nobody", nobodys),
        lambda: interviews.mark_reported("nobody", "nobody:abc", [], nobodys),
        lambda: interviews.mark_scored("nobody", nobodys),
        lambda: interviews.mark_failed("nobody", Reason.of(Code.SEE_RUN), nobodys),
        lambda: interviews.mark_stopped("nobody", nobodys),
        lambda: interviews.name_scorecard("nobody", "nobody:abc", {}, nobodys),
        lambda: interviews.mark_stage("nobody", "a", "transcribe", StageState(state="ok", started_at=now()), nobodys),
    ]
    for change in changes:
        with pytest.raises(BadInput, match="no interview 'nobody'"):
            change()
    _, loading = load(store, spec())
    before = interviews.get("one")
    with pytest.raises(BadInput, match="interview 'one' has no answer 'another'"):
        interviews.mark_stage("one", "another", "transcribe", StageState(state="ok", started_at=now()), loading)
    assert interviews.get("one") == before
    assert store.database.interviews.count_documents({}) == 1


def test_what_is_erased_is_gone_from_every_collection(store: Store) -> None:
    for name in ("one", "two"):
        register(store, spec(name))
        store.submissions.put(spec(name))
        store.stage_results.put(result(name))
        store.scorecards.put(scorecard(name), "f")
        store.reviews.add(ReviewSpec.parse({"interview_id": name, "reviewer": "Ayşe", "overall": 3}))
    assert store.erase("one")
    for collection in ("interviews", "submissions", "stage_results", "scorecards", "reviews"):
        (left,) = store.database[collection].find()
        assert left["_id"].startswith("two")
    assert not store.erase("one")
