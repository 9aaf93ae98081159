"""What a process that outlived its time still wants to write is refused, on a real mongod."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from mulakat.interviews.documents import Attempt, StageState, StoredReport, now
from mulakat.interviews.registration import register
from mulakat.interviews.stage_results import AnswerResults
from mulakat.interviews.store import Store
from mulakat.schema.base import StageResult
from mulakat.schema.codes import Code
from mulakat.schema.errors import Superseded
from mulakat.schema.reasons import Reason
from tests.support.attempts import attempt
from tests.support.interview_data import spec

NOON = now()
EARLIER, LATER = NOON - timedelta(minutes=1), NOON + timedelta(minutes=1)
TASK = "a:transcribe"

Write = Callable[[Store, Attempt], None]
Late = Callable[[Store], Attempt]


def run(run_id: str, task: str = "load_interview", *, started_at: Any = NOON, asked_at: Any = NOON) -> Attempt:
    return attempt(task, run_id, started_at, asked_at=asked_at)


def everything(store: Store) -> dict[str, list[Any]]:
    """All documents that an attempt may write."""
    return {name: list(store.database[name].find()) for name in ("interviews", "stage_results")}


# --- each write --------------------------------------------------------------


def progress(store: Store, by: Attempt) -> None:
    state = StageState(state="ok", fingerprint="f", started_at=by.started_at)
    store.interviews.mark_stage("one", "a", "transcribe", state, by)


def result(store: Store, by: Attempt) -> None:
    found = StageResult(
        answer_id="a", stage="transcribe", fingerprint="f", identity="f", status="ok", payload={"text": ""}, seconds=1.0
    )
    AnswerResults(store.stage_results, "one", by, partial(store.interviews.check, "one", by)).put(found)


def scorecard(store: Store, by: Attempt) -> None:
    store.interviews.name_scorecard("one", "one:abc", {"a": "f"}, by)


def reports(store: Store, by: Attempt) -> None:
    report = StoredReport(audience="reviewer", language="en", format="html", uri="media://" + "0" * 64)
    store.interviews.mark_reported("one", "one:abc", [report], by)


def running(store: Store, by: Attempt) -> None:
    store.interviews.mark_running("one", by)


def scored(store: Store, by: Attempt) -> None:
    store.interviews.mark_scored("one", by)


def failed(store: Store, by: Attempt) -> None:
    store.interviews.mark_failed("one", Reason.of(Code.SEE_RUN), by)


def stopped(store: Store, by: Attempt) -> None:
    store.interviews.mark_stopped("one", by)


WRITES: tuple[Write, ...] = (progress, result, scorecard, reports, running, scored, failed, stopped)


# --- each way of being late --------------------------------------------------


def one_that_began_earlier(store: Store) -> Attempt:
    """The worker was lost and the task tried again, and then the first try came back."""
    register(store, spec(), run("run"))
    late = run("run", TASK, started_at=EARLIER)
    store.interviews.begin("one", late)
    store.interviews.begin("one", run("run", TASK, started_at=LATER))
    return late


def one_before_its_interview_was_loaded_anew(store: Store) -> Attempt:
    """The whole run was cleared while one of its tasks was at work."""
    register(store, spec(), run("run"))
    late = run("run", TASK)
    store.interviews.begin("one", late)
    register(store, spec(), run("run", started_at=LATER))
    return late


def one_of_another_run(store: Store) -> Attempt:
    register(store, spec(), run("run"))
    return run("other", TASK, started_at=LATER)


def one_of_a_run_asked_for_earlier(store: Store) -> Attempt:
    """The interview was submitted again while the first run was at work."""
    register(store, spec(), run("first", asked_at=EARLIER))
    late = run("first", TASK, started_at=LATER, asked_at=EARLIER)
    store.interviews.begin("one", late)
    register(store, spec(), run("second"))
    return late


LATE: tuple[Late, ...] = (
    one_that_began_earlier,
    one_before_its_interview_was_loaded_anew,
    one_of_another_run,
    one_of_a_run_asked_for_earlier,
)


@pytest.mark.parametrize("late", LATE, ids=lambda late: late.__name__)
@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_a_late_attempt_writes_nothing(write: Write, late: Late, store: Store) -> None:
    by = late(store)
    before = everything(store)
    with pytest.raises(Superseded, match="what this one finds is not kept"):
        write(store, by)
    assert everything(store) == before


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.__name__)
def test_the_newest_attempt_writes(write: Write, store: Store) -> None:
    one_that_began_earlier(store)
    before = everything(store)
    write(store, run("run", TASK, started_at=LATER))
    assert everything(store) != before


def test_tasks_of_a_run_write_beside_each_other(store: Store) -> None:
    register(store, spec(), run("run"))
    working = [run("run", task, started_at=moment) for task, moment in ((TASK, EARLIER), ("a:analyse_face", LATER))]
    for each in working:
        store.interviews.begin("one", each)
    for each in working:
        store.interviews.check("one", each)


@pytest.mark.parametrize("late", LATE[:1] + LATE[2:], ids=lambda late: late.__name__)
def test_a_late_attempt_does_not_begin_again(late: Late, store: Store) -> None:
    by = late(store)
    before = everything(store)
    with pytest.raises(Superseded):
        store.interviews.begin("one", by)
    assert everything(store) == before


# --- who has the interview ---------------------------------------------------


def begun(store: Store, run_id: str) -> None:
    """A stage of that run has ended well."""
    working = run(run_id, TASK)
    store.interviews.begin("one", working)
    progress(store, working)


def test_a_late_attempt_at_loading_does_not_reset_progress(store: Store) -> None:
    register(store, spec(), run("run", started_at=NOON))
    begun(store, "run")
    before = everything(store)
    with pytest.raises(Superseded, match="belongs to a newer attempt of the same task"):
        register(store, spec(), run("run", started_at=EARLIER))
    assert everything(store) == before


def test_a_run_that_is_cleared_loads_anew(store: Store) -> None:
    register(store, spec(), run("run"))
    begun(store, "run")
    assert register(store, spec(), run("run", started_at=LATER)).progress == {}


def test_a_run_asked_for_earlier_does_not_take_the_interview_back(store: Store) -> None:
    register(store, spec(), run("first", asked_at=EARLIER))
    register(store, spec(), run("second"))
    begun(store, "second")
    before = everything(store)
    with pytest.raises(Superseded, match="belongs to run 'second'"):
        register(store, spec(), run("first", started_at=LATER, asked_at=EARLIER))
    assert everything(store) == before


def test_a_run_asked_for_later_takes_the_interview_over(store: Store) -> None:
    register(store, spec(), run("first"))
    begun(store, "first")
    taken = register(store, spec(), run("second", asked_at=LATER))
    assert (taken.run_id, taken.asked_at, taken.progress) == ("second", LATER, {})
