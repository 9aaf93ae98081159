"""The store against a real mongod: one document per stage, late attempts, versions, paging."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from pymongo import MongoClient

from mulakat.interviews.documents import InterviewSpec, StageState, StoredStageResult, now
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.store import AnswerResults, Store
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric


@pytest.fixture
def store(mongo: str, tmp_path) -> Iterator[Store]:
    """An empty database of its own."""
    name = f"test_{uuid.uuid4().hex}"
    opened = Store.connect(mongo, name, MediaStore(str(tmp_path / "media")))
    opened.ensure_indexes()
    yield opened
    opened.database.client.drop_database(name)
    opened.close()


def spec(interview_id: str = "one", **changes: object) -> InterviewSpec:
    return InterviewSpec.parse(
        {
            "interview_id": interview_id,
            "candidate": {"reference": "somebody"},
            "consent": {"given": True},
            "answers": [{"answer_id": "a", "question": "Why?", "media_uri": "https://example.org/a.mp4"}],
            **changes,
        }
    )


def result(fingerprint: str = "f", *, started_at: datetime | None = None, **changes: object) -> StoredStageResult:
    moment = started_at or now()
    document = {
        "id": f"one:a:transcribe:{fingerprint}",
        "interview_id": "one",
        "answer_id": "a",
        "stage": "transcribe",
        "fingerprint": fingerprint,
        "status": "ok",
        "payload": {"text": "first"},
        "seconds": 1.0,
        "started_at": moment,
        "written_at": moment,
    }
    return StoredStageResult.model_validate({**document, **changes})


# --- running an answer twice -------------------------------------------------


def run_all(store: Store, recording, folder, *, rubric: Rubric) -> dict[str, str]:
    """All stages of an answer, with the real analyzers; stage → status."""
    request = Request(answer_id="a", question="Why?", rubric=rubric, policy=pack(Policy, "multimodal"))
    results = AnswerResults(store, "one", started_at=now())
    run = Run(request, Workspace(folder, LocalFile(recording)), results)
    return {stage.name: run.stage(stage.name).status for stage in STAGES}


def test_again_nothing_runs_and_a_new_rubric_runs_only_what_reads_it(store, samples, tmp_path):
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
    ran = {name for name, status in changed.items() if status == "ok"}
    assert ran == {"analyse_language", "score_answer"}
    assert store.database.stage_results.count_documents({}) == len(STAGES) + 2  # old and new side by side
    assert not (tmp_path / "third").exists()


# --- single writes -----------------------------------------------------------


def test_a_late_older_attempt_never_overwrites_a_newer_one(store):
    newer = now()
    store.put_stage_result(result(started_at=newer, payload={"text": "newer"}))
    store.put_stage_result(result(started_at=newer - timedelta(seconds=30), payload={"text": "older"}))
    found = store.stage_result("one", "a", "transcribe", "f")
    assert found.payload == {"text": "newer"}
    store.put_stage_result(result(started_at=newer + timedelta(seconds=1), payload={"text": "newest"}))
    assert store.stage_result("one", "a", "transcribe", "f").payload == {"text": "newest"}
    assert store.database.stage_results.count_documents({}) == 1


def test_a_late_older_state_never_overwrites_a_newer_one(store):
    store.register(spec())
    newer = now()
    store.set_stage("one", "a", "transcribe", StageState(state="ok", started_at=newer))
    store.set_stage("one", "a", "transcribe", StageState(state="failed", started_at=newer - timedelta(seconds=9)))
    assert store.interview("one").progress["a"]["transcribe"].state == "ok"


def test_large_payloads_go_to_the_media_store(store):
    track = {"t_s": [round(0.1 * i, 1) for i in range(250_000)]}
    store.put_stage_result(result(payload=track))
    document = store.database.stage_results.find_one()
    assert document["payload"] is None
    assert document["payload_uri"].startswith("media://")
    assert store.stage_result("one", "a", "transcribe", "f").payload == track


def test_times_come_back_as_they_went_in(store):
    store.register(spec(received_at="2025-03-01T10:00:00+03:00"))
    assert store.interview("one").received_at == datetime(2025, 3, 1, 7, tzinfo=UTC)


# --- interviews --------------------------------------------------------------


def test_registering_again_keeps_results_and_scorecard(store):
    store.register(spec(), run_id="run-1")
    store.set_state("one", "scored", scorecard_id="one:abc")
    store.set_stage("one", "a", "transcribe", StageState(state="ok", started_at=now()))
    again = store.register(spec(), run_id="run-2")
    assert (again.state, again.run_id, again.progress, again.scorecard_id) == ("queued", "run-2", {}, "one:abc")
    assert store.database.interviews.count_documents({}) == 1
    assert store.interview_of_run("run-2").id == "one"


def test_a_stored_interview_can_be_submitted_again_under_the_same_versions(store):
    registered = store.register(spec(policy="content"))
    again = store.register(store.spec("one"))
    assert (again.rubric, again.policy) == (registered.rubric, registered.policy)
    assert again.policy.id == "content"


def test_a_version_never_changes_its_content(store):
    rubric = pack(Rubric, "general-en")
    store.register(spec(rubric=rubric.model_dump()))
    other = rubric.model_copy(update={"competencies": rubric.competencies[:1]})
    with pytest.raises(BadInput, match=r"rubric .*already known with other content; give it a new version"):
        store.register(spec("two", rubric=other.model_dump()))
    store.register(spec("two", rubric=other.model_copy(update={"version": "99"}).model_dump()))
    assert store.rubric(store.interview("two").rubric).competencies == rubric.competencies[:1]


def test_a_question_given_by_its_id_is_stored_as_its_text(store):
    asked = {"a": "problem", "b": "Why?", "c": None}
    answers = [{"answer_id": a, "question": q, "media_uri": "https://example.org/a.mp4"} for a, q in asked.items()]
    stored = {answer.answer_id: answer.question for answer in store.register(spec(answers=answers)).answers}
    assert stored == {"a": pack(Rubric, "general-en").questions[1].text, "b": "Why?", "c": None}


def test_a_rubric_with_questions_comes_back_as_it_was(store):
    rubric, policy = pack(Rubric, "musteri-destek-tr"), pack(Policy, "eu")
    document = {"rubric": rubric.model_dump(mode="json"), "policy": policy.model_dump(mode="json")}
    registered = store.register(spec(**document))
    assert (store.rubric(registered.rubric), store.policy(registered.policy)) == (rubric, policy)


def test_unknown_names_are_refused(store):
    with pytest.raises(BadInput, match="no interview 'nobody'"):
        store.interview("nobody")
    with pytest.raises(BadInput, match=r"no rubric 'nonsense'; there are .*general-en"):
        store.register(spec(rubric="nonsense"))
    with pytest.raises(BadInput, match="no policy 'x:1'"):
        store.register(spec(policy="x:1"))
    assert store.database.interviews.count_documents({}) == 0


@pytest.mark.parametrize("bad", ["../up", "a/b", "", "a b", "a.b", "$where", "-x", "x" * 65, "ü"])
def test_ids_that_would_leave_their_place_are_refused(bad):
    with pytest.raises(BadInput, match="interview_id"):
        spec(bad)
    with pytest.raises(BadInput, match="answer_id"):
        spec(answers=[{"answer_id": bad, "media_uri": "a.mp4"}])


def test_a_text_goes_into_the_media_store_and_the_interview_names_it(store):
    text = "Yazıcılar durdu, önce neyi bildiğimizi yazdım."
    answers = [{"answer_id": "here", "text": text}, {"answer_id": "there", "text_uri": "https://example.org/a.txt"}]
    store.register(spec(answers=answers))
    assert text not in str(store.database.interviews.find_one({"_id": "one"}))
    here, there = store.interview("one").answers
    assert here.written and there.written
    assert here.uri == f"media://{hashlib.sha256(text.encode()).hexdigest()}"
    with store.media.open(here.uri) as file:
        assert file.read().decode() == text
    assert there.uri == "https://example.org/a.txt"
    assert store.spec("one").answers == [here, there]


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
def test_an_answer_is_one_recording_or_one_text(given, problem):
    with pytest.raises(BadInput, match=problem):
        spec(answers=[{"answer_id": "a", **given}])


def test_without_consent_nothing_is_registered():
    with pytest.raises(BadInput, match="has not given consent"):
        spec(consent={"given": False})


def test_unknown_fields_are_named():
    with pytest.raises(BadInput, match="intervew_id"):
        spec(intervew_id="typo")


# --- lists -------------------------------------------------------------------


def test_pages_cover_everything_once_newest_first_also_with_equal_times(store):
    moment = datetime(2025, 1, 1, tzinfo=UTC)
    for number in range(25):
        store.register(spec(f"i{number:02}", received_at=(moment + timedelta(hours=number // 5)).isoformat()))
    seen, cursor = [], None
    while True:
        page = store.page(cursor=cursor, limit=7)
        seen += [(item.received_at, item.id) for item in page.items]
        if page.cursor is None:
            break
        cursor = page.cursor
    assert seen == sorted(seen, key=lambda item: (-item[0].timestamp(), item[1]))
    assert len(seen) == len(set(seen)) == 25


def test_a_forged_cursor_is_refused(store):
    with pytest.raises(BadInput, match="not a cursor"):
        store.page(cursor="nonsense")


def test_the_queries_use_indexes(store, mongo):
    """No query of the store may scan a collection: the server itself would refuse it."""
    client: MongoClient = store.database.client
    store.register(spec(), run_id="run-1")
    store.put_stage_result(result())
    store.page()
    cursor = store.page(limit=1).cursor
    client.admin.command({"setParameter": 1, "notablescan": True})
    try:
        store.page(cursor=cursor)
        assert store.page(limit=1).items
        assert store.interview("one")
        assert store.interview_of_run("run-1")
        assert store.stage_result("one", "a", "transcribe", "f")
        store.set_state("one", "running")
        store.set_stage("one", "a", "transcribe", StageState(state="ok", started_at=now()))
    finally:
        client.admin.command({"setParameter": 1, "notablescan": False})
