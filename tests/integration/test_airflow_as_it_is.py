"""What Airflow does that nobody would guess, and what holds all the same (`docs/architecture.md` has the table)."""

from __future__ import annotations

import json
import os
import shutil
import signal
from pathlib import Path
from typing import Any

import psutil
import pytest

from mulakat.interviews import events
from mulakat.interviews.documents import Interview
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.presentation.reasons import say
from mulakat.workflow.airflow_client import AirflowClient
from mulakat.workflow.queues import DAG_ID, QUEUES, pools
from tests.support.known import known
from tests.support.runs import ended, interview, stage_states, states, trigger, wait
from tests.support.servers import RunningStack

pytestmark = pytest.mark.integration


def clear(airflow: AirflowClient, run_id: str, task: str, *, only_failed: bool = False, dag: str = DAG_ID) -> None:
    """One task, or one stage of the first answer, and nothing behind it."""
    stages = {stage.name for stage in STAGES}
    reply = airflow._client.post(
        f"/api/v2/dags/{dag}/clearTaskInstances",
        json={
            "dry_run": False,
            "dag_run_id": run_id,
            "task_ids": [[f"analyse_answer.{task}", 0] if task in stages else task],
            "only_failed": only_failed,
            "include_downstream": False,
            "reset_dag_runs": True,
        },
    )
    assert reply.is_success, reply.text


def finished(airflow: AirflowClient, run_id: str, *, dag: str = DAG_ID) -> str:
    """Waits for the end of a run; its state."""
    state: str = wait(lambda: ended(airflow, run_id, dag=dag))
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


def transcribing_again(store: Store, name: str, answer_id: str) -> bool:
    state = store.interviews.get(name).progress[answer_id]["transcribe"]
    return (state.state, state.attempt) == ("running", 2)


def process_of(task: dict[str, Any]) -> psutil.Process:
    """That in which a task's own code runs."""
    of_task = f"airflow worker -- {task['id']}"
    (found,) = [each for each in psutil.process_iter(["cmdline"]) if of_task in " ".join(each.info["cmdline"] or [])]
    return found


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
def test_a_process_that_outlived_its_worker_changes_nothing(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    """It sleeps while the stage is tried again, and then goes on as if nothing had been."""
    long = shutil.copy(samples / "problem_solving.mp4", stack.recordings / "orphan.mp4")
    assert trigger(airflow, "orphan-1", interview("orphan", long=str(long)) | {"force": True}).is_success
    wait(lambda: transcribing(store, "orphan", "long"))
    orphan = process_of(states(airflow, "orphan-1")["transcribe", 0])
    supervisor = known(orphan.parent())  # who tells Airflow how the task is
    supervisor.kill()
    supervisor.wait()  # the kernel ends those that are suspended already when they become orphans
    orphan.suspend()
    path = f"/api/v2/dags/{DAG_ID}/dagRuns/orphan-1/taskInstances/analyse_answer.transcribe/0"
    airflow._client.patch(path, json={"new_state": "failed"}).raise_for_status()
    clear(airflow, "orphan-1", "transcribe")
    wait(lambda: transcribing_again(store, "orphan", "long"))
    orphan.resume()
    assert wait(lambda: ended(airflow, "orphan-1"))
    found = wait(lambda: settled(store, "orphan"))
    orphan.wait()
    assert store.interviews.get("orphan") == found
    left = found.progress["long"]["transcribe"]
    assert (left.state, left.attempt) == ("ok", 2)
    (written,) = store.database.stage_results.find({"interview_id": "orphan", "stage": "transcribe"})
    assert written["attempt"] == 2
    assert found.state == "scored"
    told = [event for event in all_events(known(stack.conf.redis_url), "orphan") if event.stage == "transcribe"]
    assert 1 in {event.attempt for event in told if event.percent == 100}, "it did its work to the end"
    attempts = [event.attempt for event in told if event.state != "progress"]
    assert attempts == sorted(attempts, key=known)


@pytest.mark.long
def test_twenty_runs_that_wait_do_not_stop_a_backfill(airflow: AirflowClient) -> None:
    made = airflow._client.post("/api/v2/pools", json={"name": "nothing_gets_in", "slots": 0})
    assert made.is_success, made.text
    wait(lambda: airflow._get("/api/v2/dags?dag_id_pattern=days")["total_entries"])
    waiting = [f"waits-{number}" for number in range(25)]
    for run_id in waiting:
        assert trigger(airflow, run_id, {}, dag="waits").is_success
    at_work = "/api/v2/dags/waits/dagRuns?state=running&limit=100"
    wait(lambda: airflow._get(at_work)["total_entries"] == len(waiting))
    day = {"dag_id": "days", "from_date": "2026-02-01T00:00:00Z", "to_date": "2026-02-01T00:00:00Z"}
    reply = airflow._client.post("/api/v2/backfills", json=day | {"max_active_runs": 1, "dag_run_conf": {}})
    assert reply.is_success, reply.text
    (run,) = wait(lambda: airflow._get("/api/v2/dags/days/dagRuns?run_type=backfill")["dag_runs"])
    assert finished(airflow, run["dag_run_id"], dag="days") == "success"
    assert airflow._get(at_work)["total_entries"] == len(waiting)
    for run_id in waiting:
        airflow._client.patch(f"/api/v2/dags/waits/dagRuns/{run_id}", json={"state": "failed"}).raise_for_status()


@pytest.mark.long
def test_a_stage_added_since_changes_no_interview_by_itself(
    stack: RunningStack, airflow: AirflowClient, store: Store, samples: Path
) -> None:
    """Airflow runs it for every run of which a task is cleared. Here it finds no number, and fails."""
    text = shutil.copy(samples / "problem_solving.txt", stack.recordings / "grown.txt")
    spec = interview("grown")
    spec["interview"]["answers"] = [{"answer_id": "a", "text_uri": str(text)}]
    wait(lambda: airflow._get("/api/v2/dags?dag_id_pattern=grown")["total_entries"])
    for run_id in ("grown-1", "grown-2"):
        assert trigger(airflow, run_id, spec, dag="grown").is_success
        assert finished(airflow, run_id, dag="grown") == "success"
    before = wait(lambda: settled(store, "grown"))
    assert (before.state, before.run_id) == ("scored", "grown-2")

    (stack.bundle / "grows").touch()
    tasks = "/api/v2/dags/grown/tasks?limit=100"
    wait(lambda: any(task["task_id"].endswith("measure_nothing") for task in airflow._get(tasks)["tasks"]))
    for run_id in ("grown-1", "grown-2"):
        clear(airflow, run_id, "build_report", dag="grown")
        finished(airflow, run_id, dag="grown")
        of_run = f"/api/v2/dags/grown/dagRuns/{run_id}/taskInstances?limit=100"
        found = {task["task_id"]: task for task in airflow._get(of_run)["task_instances"]}
        assert found["analyse_answer.measure_nothing"]["state"] == "failed"
        after = wait(lambda: settled(store, "grown"))
        added = after.progress["a"].pop("measure_nothing", None)
        assert (added is None) is (run_id != before.run_id)
        assert (after.state, after.scorecard_id, after.progress) == ("scored", before.scorecard_id, before.progress)
    assert known(known(added).reason).code == "unexpected"
    assert "mean" in say(known(known(added).reason), "en")


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
