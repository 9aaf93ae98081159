"""The tasks of a run, one after the other as the DAG calls them, on a real database."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from analyzers import speech
from mulakat import report
from mulakat.interviews.documents import Interview, InterviewSpec, StageState, now
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.presentation.reasons import say
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, Superseded
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Missing
from mulakat.workflow import cleanup, steps
from mulakat.workflow.attempt import run_stage
from tests.support.attempts import at_work, attempt
from tests.support.known import known
from tests.support.written_interview import TEXT, clean_up, load, parameters, run_stages, whole_run


def test_a_run_takes_an_interview_from_loading_to_its_reports(store: Store) -> None:
    store.database.interviews.drop_indexes()
    assert load(store, "first") == ["a"]
    assert store.interviews.get("one").state == "running"
    (entry,) = store.database.audit.find()
    assert (entry["actor"], entry["action"], entry["detail"]) == ("airflow", "analyse", {"run_id": "first"})
    made = store.database.interviews.index_information()
    assert list(made) == ["_id_"], "no run makes indexes"

    run_stages(store, "first")
    (item,) = store.interviews.page().items
    assert (item.state, item.stages_done, item.stages_total) == ("running", len(STAGES), len(STAGES))
    identity = steps.score_interview(store, "one", attempt("score_interview", "first"))
    assert store.interviews.get("one").state == "running"
    count = steps.build_report(store, "one", attempt("build_report", "first"))
    found = clean_up(store, "first")

    assert (found.state, found.reason, found.scorecard_id) == ("scored", None, identity)
    assert len(found.reports) == count == len(report.AUDIENCES) * len(report.languages()) * len(report.FORMATS)
    assert all(store.media.exists(each.uri) for each in found.reports)
    (item,) = store.interviews.page().items
    assert item.overall == store.scorecards.get(identity).overall

    # Another run has it now: what the earlier one still wants to say is refused.
    steps.load_interview(store, parameters() | {"interview": None}, attempt(run_id="second"))
    again = store.interviews.get("one")
    assert (again.run_id, again.progress, again.scorecard_id) == ("second", {}, identity)
    assert again.reports == found.reports
    with pytest.raises(Superseded, match="now belongs to run 'second'"):
        run_stage(store, "one", "a", "transcribe", attempt(run_id="first"))
    with pytest.raises(Superseded, match="now belongs to run 'second'"):
        steps.score_interview(store, "one", attempt("score_interview", "first"))
    with pytest.raises(Superseded, match="now belongs to run 'second'"):
        steps.build_report(store, "one", attempt("build_report", "first"))
    with pytest.raises(Superseded, match="now belongs to run 'second'"):
        clean_up(store, "first")
    assert store.interviews.get("one") == again


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        ("/etc/hostname", Code.INPUT_REFUSED),  # outside the folders that recordings may come from
        ("ftp://example.com/a.mp4", Code.INPUT_REFUSED),
        ("media://" + "0" * 64, Code.RECORDING_MISSING),
        ("http://127.0.0.1:1/a.mp4", None),  # may come right, and is tried again
    ],
)
def test_an_answer_that_cannot_be_had_takes_no_other_down(store: Store, bad: str, code: Code | None) -> None:
    given = parameters()
    given["interview"]["answers"].append({"answer_id": "b", "media_uri": bad})
    steps.load_interview(store, given, attempt(run_id="run"))
    for answer_id in ("a", "b"):
        run_stages(store, "run", answer_id)
    steps.score_interview(store, "one", attempt("score_interview", "run"))
    steps.build_report(store, "one", attempt("build_report", "run"))
    before = store.interviews.get("one")
    reason = known(before.progress["b"]["fetch_media"].reason)
    assert code is None or reason.code == code
    after = clean_up(store, "run")
    assert (after.state, after.scorecard_id) == ("scored", before.scorecard_id)


def test_results_stay_when_the_recording_may_no_longer_be_read(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = tmp_path / "answer.txt"
    text.write_text(TEXT, encoding="utf-8")
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", json.dumps([str(tmp_path)]))
    settings.cache_clear()
    before = whole_run(store, "run", text_uri=str(text))
    assert before.state == "scored"
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", "[]")
    settings.cache_clear()
    assert clean_up(store, "run").scorecard_id == before.scorecard_id
    assert run_stage(store, "one", "a", "score_answer", attempt(run_id="run")).status == "reused"


def test_a_run_without_a_usable_answer_fails_and_says_why(store: Store) -> None:
    load(store, "only", media_uri="media://" + "0" * 64)
    run_stages(store, "only")
    with pytest.raises(BadInput, match=r"no answer of .* could be analysed: .*a: the recording is not there"):
        steps.score_interview(store, "one", attempt("score_interview", "only"))
    with pytest.raises(BadInput, match="has no scorecard yet"):
        steps.build_report(store, "one", attempt("build_report", "only"))
    found = clean_up(store, "only")
    assert found.state == "failed"
    assert found.reason is not None
    assert "a: the recording is not there" in say(found.reason, "en")


def test_a_run_names_a_submission(store: Store) -> None:
    submission = store.submissions.put(InterviewSpec.parse(parameters()["interview"]))
    given = parameters() | {"interview": None, "submission": submission}
    assert steps.load_interview(store, given, attempt()) == ["a"]
    assert store.interviews.get("one").candidate.reference == "somebody"
    with pytest.raises(BadInput, match=r"no submission 'one\.00000000'; submit the interview again"):
        steps.load_interview(store, given | {"submission": "one.00000000"}, attempt())
    with pytest.raises(BadInput, match="interview_id 'two' is not that of the interview, 'one'"):
        steps.load_interview(store, given | {"interview_id": "two"}, attempt())


def test_a_stage_of_an_answer_that_is_not_there_leaves_nothing(store: Store) -> None:
    load(store, "run")
    with pytest.raises(BadInput, match="interview 'one' has no answer 'b'"):
        run_stage(store, "one", "b", "transcribe", attempt(run_id="run"))
    assert store.interviews.get("one").progress == {}


# --- what the last task makes of a run ---------------------------------------


def without_attempts(interview: Interview) -> Interview:
    return interview.model_copy(update={"attempts": {}})


def leave_running(store: Store, stage: str, run_id: str = "run", started_at: datetime | None = None) -> None:
    """The worker of a stage is killed, and nobody tries again."""
    lost = attempt(f"a:{stage}", run_id, started_at)
    store.interviews.begin("one", lost)
    store.interviews.mark_stage("one", "a", stage, StageState(state="running", started_at=lost.started_at), lost)
    store.interviews.mark_running("one", lost)


def test_in_order_nothing_changes(store: Store) -> None:
    before = whole_run(store, "run")
    assert before.state == "scored"
    again = clean_up(store, "run", score_interview="success")
    assert without_attempts(again) == without_attempts(before)
    assert store.database.scorecards.count_documents({}) == 1


def test_a_stage_run_again_alone_leaves_the_interview_scored(store: Store) -> None:
    before = whole_run(store, "run")
    run_stage(store, "one", "a", "analyse_language", attempt(run_id="run"), force=True)
    assert store.interviews.get("one").state == "running"
    after = clean_up(store, "run")
    assert after.state == "scored"
    assert (after.scorecard_id, after.reports) == (before.scorecard_id, before.reports)


def test_a_stage_run_again_alone_that_finds_something_else_is_scored_anew(store: Store) -> None:
    """Under the same fingerprint: an endpoint that is asked again may rate otherwise."""
    before = whole_run(store, "run")
    stored = before.progress["a"]["analyse_language"].fingerprint
    other = {"$set": {"payload.ratings.0.level": None}}
    assert store.database.stage_results.update_one({"fingerprint": stored}, other).modified_count == 1
    run_stage(store, "one", "a", "analyse_language", attempt(run_id="run"), force=True)
    after = clean_up(store, "run")
    assert after.state == "scored"
    assert after.progress["a"]["analyse_language"].fingerprint == stored
    assert after.scored_from["a"] == after.progress["a"]["score_answer"].fingerprint != before.scored_from["a"]


def test_another_result_of_a_stage_run_again_alone_gets_into_the_score(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = whole_run(store, "run")
    monkeypatch.setattr(speech, "VERSION", "next")
    run_stage(store, "one", "a", "transcribe", attempt(run_id="run"))
    after = clean_up(store, "run")
    assert after.state == "scored"
    assert known(after.progress["a"]["transcribe"].fingerprint) != before.progress["a"]["transcribe"].fingerprint
    assert after.progress["a"]["score_answer"].fingerprint != before.progress["a"]["score_answer"].fingerprint
    assert after.scored_from == {"a": after.progress["a"]["score_answer"].fingerprint}
    assert after.scorecard_id == after.reported_id != before.scorecard_id
    assert store.scorecards.get(known(after.scorecard_id)).overall.value is not None


def test_a_stage_left_running_has_failed_and_the_score_goes_without_it(store: Store) -> None:
    before = whole_run(store, "run")
    leave_running(store, "analyse_language")
    after = clean_up(store, "run")
    interrupted = Reason.of(Code.INTERRUPTED)
    left = after.progress["a"]["analyse_language"]
    assert (left.state, left.reason) == ("failed", interrupted)
    assert (after.state, after.reason) == ("scored", None)
    assert after.scorecard_id == after.reported_id != before.scorecard_id
    card = store.scorecards.get(known(after.scorecard_id))
    assert Missing(answer_id="a", stage="analyse_language", reason=interrupted) in card.missing
    assert card.overall.value is None


def test_a_run_whose_stages_were_all_lost_has_failed(store: Store) -> None:
    load(store, "run")
    leave_running(store, "fetch_media")
    after = clean_up(store, "run")
    assert after.state == "failed"
    assert "a: " in say(known(after.reason), "en")


def test_a_stage_that_never_began_has_failed(store: Store) -> None:
    """Its process was killed before it came so far."""
    load(store, "run")
    for stage in ("fetch_media", "extract_audio"):
        run_stage(store, "one", "a", stage, attempt(run_id="run"))
    after = clean_up(store, "run")
    left = after.progress["a"]["transcribe"]
    assert (left.state, known(left.reason).code) == ("failed", Code.STAGE_NOT_RUN)
    assert "analyse_language" not in after.progress["a"], "it had to wait for another"
    card = store.scorecards.get(known(after.scorecard_id))
    assert Missing(answer_id="a", stage="transcribe", reason=known(left.reason)) in card.missing
    assert card.overall.value is None


def test_what_comes_back_after_the_last_task_is_refused(store: Store) -> None:
    load(store, "run")
    leave_running(store, "fetch_media")
    lost = attempt("a:fetch_media", started_at=store.interviews.get("one").attempts["a:fetch_media"])
    store.interviews.check("one", lost)
    cleanup.clean_up(store, "one", attempt("cleanup", started_at=now() + timedelta(seconds=1)), {})
    with pytest.raises(Superseded):
        store.interviews.check("one", lost)


def test_a_run_that_a_person_has_ended_is_stopped(store: Store) -> None:
    load(store, "run")
    leave_running(store, "fetch_media")
    after = clean_up(store, "run", score_interview="skipped")
    assert (after.state, after.reason) == ("stopped", Reason.of(Code.STOPPED))
    assert after.progress["a"]["fetch_media"].state == "failed"
    assert after.scorecard_id is None


def test_an_old_run_has_no_word(store: Store) -> None:
    load(store, "first")
    load(store, "second")
    leave_running(store, "fetch_media", "second")
    before = store.interviews.get("one")
    for tasks in ({}, {"score_interview": "skipped"}):
        with pytest.raises(Superseded, match="now belongs to run 'second'"):
            cleanup.clean_up(store, "one", attempt("cleanup", "first"), tasks)
    assert store.interviews.get("one") == before


# --- when Airflow says that a run has ended ----------------------------------


def settle(store: Store, ended_at: datetime | None = None) -> Interview:
    """The end of the run `run`; returns what is left."""
    cleanup.settle(store, "run", ended_at or now())
    return store.interviews.get("one")


def test_a_stage_run_again_after_the_last_task_is_settled_at_the_end_of_the_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = whole_run(store, "run")
    monkeypatch.setattr(speech, "VERSION", "next")
    run_stage(store, "one", "a", "transcribe", attempt(run_id="run"))
    after = settle(store)
    assert after.state == "scored"
    assert after.scored_from == {"a": after.progress["a"]["score_answer"].fingerprint} != before.scored_from
    assert after.scorecard_id == after.reported_id != before.scorecard_id


def test_a_stage_run_again_beside_the_last_task_is_settled_at_the_end_of_the_run(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_run(store, "run")
    monkeypatch.setattr(speech, "VERSION", "next")
    run_stage(store, "one", "a", "transcribe", attempt(run_id="run"))
    store.interviews.mark_scored("one", at_work(store, "one", "cleanup"))
    after = settle(store)
    assert after.scored_from == {"a": after.progress["a"]["score_answer"].fingerprint}
    assert after.scorecard_id == after.reported_id
    assert after.progress["a"]["score_answer"].started_at > known(after.progress["a"]["transcribe"].started_at)


def test_a_run_that_lost_its_last_task_is_settled(store: Store) -> None:
    load(store, "run")
    leave_running(store, "fetch_media")
    after = settle(store)
    assert after.state == "failed"
    assert after.progress["a"]["fetch_media"].reason == Reason.of(Code.INTERRUPTED)


def test_what_is_in_order_or_another_runs_is_left_alone(store: Store) -> None:
    cleanup.settle(store, "unknown", now())
    before = whole_run(store, "run")
    assert without_attempts(settle(store)) == without_attempts(before)
    load(store, "run")
    leave_running(store, "fetch_media")
    stopped = clean_up(store, "run", score_interview="skipped")
    assert settle(store) == stopped
    load(store, "second")
    taken = store.interviews.get("one")
    assert settle(store) == taken


def test_a_stage_that_began_after_the_end_is_at_work(store: Store) -> None:
    """A person has cleared it, before word of the run's end came through."""
    whole_run(store, "run")
    leave_running(store, "transcribe", started_at=now() + timedelta(seconds=1))
    before = store.interviews.get("one")
    assert settle(store) == before
