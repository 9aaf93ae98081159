"""What Airflow does that nobody would guess, and what holds all the same (`docs/architecture.md` has the table)."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path

import psutil
import pytest

from mulakat.interviews import events
from mulakat.interviews.documents import Interview
from mulakat.interviews.store import Store
from mulakat.workflow.airflow_client import AirflowClient
from mulakat.workflow.queues import DAG_ID, QUEUES, pools
from tests.support.known import known
from tests.support.runs import ended, interview, stage_states, states, trigger, wait
from tests.support.servers import RunningStack

pytestmark = pytest.mark.integration


def clear(airflow: AirflowClient, run_id: str, task: str, *, only_failed: bool) -> None:
    """One task of the first answer, and nothing behind it."""
    reply = airflow._client.post(
        f"/api/v2/dags/{DAG_ID}/clearTaskInstances",
        json={
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": [[f"analyse_answer.{task}", 0]],
            "only_failed": only_failed,
            "include_downstream": False,
            "reset_dag_runs": True,
        },
    )
    assert reply.is_success, reply.text


def finished(airflow: AirflowClient, run_id: str) -> str:
    """Waits for the end of a run; its state."""
    state: str = wait(lambda: ended(airflow, run_id))
    return state


def settled(store: Store, name: str) -> Interview | None:
    found = store.interviews.get(name)
    return found if found.state not in ("queued", "running") else None


def transcribing(store: Store, name: str, answer_id: str) -> bool:
    found = store.interviews.find(name)
    return bool(found and found.progress and stage_states(found, answer_id).get("transcribe") == "running")


def test_clearing_a_stage_alone_leaves_a_true_state(airflow: AirflowClient, store: Store, sample: str) -> None:
    before = store.interviews.get("sample-interview")
    run_id = known(before.run_id)
    wait(lambda: ended(airflow, run_id))
    tries = {key: task["try_number"] for key, task in states(airflow, run_id).items()}
    clear(airflow, run_id, "transcribe", only_failed=False)
    assert wait(lambda: ended(airflow, run_id)) == "success"
    again = {key for key, task in states(airflow, run_id).items() if task["try_number"] != tries[key]}
    assert again == {("transcribe", 0)}
    found = wait(lambda: settled(store, "sample-interview"))
    assert (found.state, found.scorecard_id) == ("scored", before.scorecard_id)
    first = found.answers[0].answer_id
    assert (found.progress[first]["transcribe"].state, found.progress[first]["transcribe"].attempt) == ("reused", 2)


def test_a_stage_that_is_mended_alone_reaches_the_score(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    """The text is not there at first; when it is, only what had failed is cleared, as Airflow's page proposes."""
    text = stack.recordings / "later.txt"
    spec = interview("mended", first=str(stack.recordings / "unused"), other=str(stack.recordings / "unused"))
    shutil.copy(samples / "problem_solving.txt", stack.recordings / "there.txt")
    spec["interview"]["answers"] = [
        {"answer_id": "late", "text_uri": str(text)},
        {"answer_id": "there", "text_uri": str(stack.recordings / "there.txt")},
    ]
    assert trigger(airflow, "mended-1", spec).is_success
    assert wait(lambda: ended(airflow, "mended-1")) == "success"
    found = store.interviews.get("mended")
    assert found.state == "scored" and set(found.scored_from) == {"there"}
    card = store.scorecards.get(known(found.scorecard_id))
    assert ("late", "fetch_media") in {(each.answer_id, each.stage) for each in card.missing}

    shutil.copy(samples / "problem_solving.txt", text)
    clear(airflow, "mended-1", "fetch_media", only_failed=True)
    assert wait(lambda: ended(airflow, "mended-1")) == "success"
    found = wait(lambda: settled(store, "mended"))
    assert stage_states(found, "late")["fetch_media"] == "ok"
    assert found.state == "scored"
    card = store.scorecards.get(known(found.scorecard_id))
    # Nothing that is known now is said to be missing: what Airflow did not run again is.
    assert ("late", "fetch_media") not in {(each.answer_id, each.stage) for each in card.missing}


def test_a_run_that_a_person_ends_is_stopped(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    long = shutil.copy(samples / "problem_solving.mp4", stack.recordings / "ended.mp4")
    assert trigger(airflow, "ended-1", interview("ended", long=str(long))).is_success
    wait(lambda: transcribing(store, "ended", "long"))
    reply = airflow._client.patch(f"/api/v2/dags/{DAG_ID}/dagRuns/ended-1", json={"state": "failed"})
    assert reply.is_success, reply.text
    found = wait(lambda: settled(store, "ended"))
    assert (found.state, found.reason and found.reason.code) == ("stopped", "stopped")
    assert "running" not in stage_states(found, "long").values()
    wait(lambda: airflow.run("ended-1")["state"] == "success")  # what Airflow makes of it
    url = known(stack.conf.redis_url)
    told = wait(lambda: [e for e in run_events(url, "ended") if e.state in ("ok", "failed", "stopped")])
    assert {event.state for event in told} == {"stopped"}
    watched = stack.mulakat("watch", "ended", check=False)
    assert watched.returncode == 1 and "stopped" in watched.stdout


def stage_events(url: str, name: str, stage: str) -> list[events.Event]:
    """What was told of a stage so far, but for its percents."""
    return [event for event in all_events(url, name) if event.stage == stage and event.state != "progress"]


def run_events(url: str, name: str) -> list[events.Event]:
    """What was told of the run as a whole so far."""
    return [event for event in all_events(url, name) if event.stage is None]


def all_events(url: str, name: str) -> list[events.Event]:
    found: list[events.Event] = []
    for item in events.follow(url, events.stream(name), block_s=0.1):
        if item is None:
            return found
        found.append(item[1])
    return found


@pytest.mark.long
def test_a_task_outlives_a_restart_of_the_api_server(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    long = shutil.copy(samples / "problem_solving.mp4", stack.recordings / "restart.mp4")
    conf = interview("restart", long=str(long)) | {"force": True}
    assert trigger(airflow, "restart-1", conf).is_success
    wait(lambda: transcribing(store, "restart", "long"))
    programs = json.loads(stack.mulakat("status", "--json", check=False).stdout)["programs"]
    server = next(program["pid"] for program in programs if program["name"] == "api-server")
    for victim in [*psutil.Process(server).children(recursive=True), psutil.Process(server)]:
        os.kill(victim.pid, signal.SIGKILL)
    assert wait(lambda: ended(airflow, "restart-1")) == "success"
    assert {task["try_number"] for task in states(airflow, "restart-1").values()} == {1}


@pytest.mark.long
def test_clearing_an_old_run_changes_nothing(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    text = shutil.copy(samples / "problem_solving.txt", stack.recordings / "taken.txt")
    spec = interview("taken")
    spec["interview"]["answers"] = [{"answer_id": "a", "text_uri": str(text)}]
    for run_id in ("taken-1", "taken-2"):
        assert trigger(airflow, run_id, spec).is_success
        assert finished(airflow, run_id) == "success"
    before = store.interviews.get("taken")
    assert before.run_id == "taken-2"
    airflow.clear("taken-1", "analyse_answer.transcribe", 0)
    wait(lambda: ended(airflow, "taken-1"))
    again = states(airflow, "taken-1")
    assert again["transcribe", 0]["state"] == "failed"  # superseded
    # Airflow's word on the end of the run comes through the DAG processor; that of a later run comes after it.
    airflow.clear("taken-2", "build_report")
    wait(lambda: ended(airflow, "taken-2"))
    after = wait(lambda: settled(store, "taken"))
    assert (after.run_id, after.state, after.progress) == (before.run_id, "scored", before.progress)
    assert (after.scorecard_id, after.reports) == (before.scorecard_id, before.reports)


@pytest.mark.long
def test_a_stage_whose_process_is_killed_each_time_has_failed_and_the_run_goes_on(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    """No listener hears of it: what is said of the stage and of the interview ends all the same."""
    long = shutil.copy(samples / "problem_solving.mp4", stack.recordings / "shot.mp4")
    assert trigger(airflow, "shot-1", interview("shot", long=str(long)) | {"force": True}).is_success
    shot: set[str] = set()

    def over() -> bool:
        task = states(airflow, "shot-1").get(("transcribe", 0))
        if task is not None and task["state"] == "running" and task["id"] not in shot:
            for process in psutil.process_iter(["cmdline"]):
                if f"airflow worker -- {task['id']}" in " ".join(process.info["cmdline"] or []):
                    process.kill()
                    shot.add(task["id"])
        return ended(airflow, "shot-1") is not None

    wait(over)
    assert len(shot) == 3  # a try, and two more
    found = wait(lambda: settled(store, "shot"))
    assert "running" not in stage_states(found, "long").values()
    left = found.progress["long"]["transcribe"]
    # Shot while it worked, or before it began.
    assert left.state == "failed" and known(left.reason).code in ("interrupted", "stage_not_run")
    assert found.state in ("scored", "failed")
    told = stage_events(known(stack.conf.redis_url), "shot", "transcribe")
    assert (told[-1].state, told[-1].reason) == ("failed", left.reason)


@pytest.mark.long
def test_an_urgent_interview_overtakes_those_that_wait(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    text = shutil.copy(samples / "problem_solving.txt", stack.recordings / "urgent.txt")
    names = [*(f"waits-{number}" for number in range(6)), "urgent"]
    for name in names:
        spec = interview(name) | {"priority": "high" if name == "urgent" else "low"}
        spec["interview"]["answers"] = [{"answer_id": "a", "text_uri": str(text)}]
        assert trigger(airflow, f"{name}-1", spec).is_success
    for name in names:
        finished(airflow, f"{name}-1")
    at = {name: airflow.run(f"{name}-1")["end_date"] for name in names}
    assert sorted(at, key=lambda name: at[name]).index("urgent") <= 2, at  # one or two had nearly ended


def test_every_run_starts_at_once(airflow: AirflowClient) -> None:
    """Airflow starts queued runs in the order they came: so none is queued, and pools decide by priority."""
    assert airflow._get(f"/api/v2/dags/{DAG_ID}/details")["max_active_runs"] >= 1000


def test_every_queue_has_its_pool(airflow: AirflowClient) -> None:
    made = {pool["name"]: pool["slots"] for pool in airflow._get("/api/v2/pools?limit=100")["pools"]}
    assert {name: made[name] for name in QUEUES.values()} == {name: pool.slots for name, pool in pools().items()}


def test_a_submitted_run_is_small(airflow: AirflowClient, sample: str) -> None:
    conf = airflow.run(sample)["conf"]
    assert set(conf) == {"interview_id", "submission", "priority", "force"}


def test_the_plugin_is_loaded(airflow: AirflowClient) -> None:
    """Airflow starts without a plugin that cannot be imported, and answers 200 on its paths."""
    assert "mulakat" in {plugin["name"] for plugin in airflow._get("/api/v2/plugins?limit=100")["plugins"]}
