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


def run_events(url: str, name: str) -> list[events.Event]:
    """What was told of the run as a whole so far."""
    found: list[events.Event] = []
    for item in events.follow(url, events.stream(name), block_s=0.1):
        if item is None:
            return found
        found += [item[1]] if item[1].stage is None else []
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
