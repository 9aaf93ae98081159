"""Interviews in the real Airflow: trigger, wait, look."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import Any

import httpx

from mulakat.interviews.documents import Interview
from mulakat.schema.errors import SetupError
from mulakat.workflow.airflow_client import AirflowClient
from mulakat.workflow.queues import DAG_ID

PATIENCE_S = 600  # only so that a hanging run ends the test


def wait(condition: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        with contextlib.suppress(httpx.TransportError, SetupError):  # late, or the server is being started again
            if found := condition():
                return found
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.5)


def ended(airflow: AirflowClient, run_id: str, *, dag: str = DAG_ID) -> str | None:
    state: str = airflow._get(f"/api/v2/dags/{dag}/dagRuns/{run_id}")["state"]
    return state if state in ("success", "failed") else None


def states(airflow: AirflowClient, run_id: str) -> dict[tuple[str, int], dict[str, Any]]:
    return {(t["task_id"].rpartition(".")[2], t["map_index"]): t for t in airflow.task_instances(run_id)}


def trigger(airflow: AirflowClient, run_id: str, conf: dict[str, Any], *, dag: str = DAG_ID) -> httpx.Response:
    """As any client of Airflow's REST API would."""
    return airflow._client.post(
        f"/api/v2/dags/{dag}/dagRuns", json={"logical_date": None, "dag_run_id": run_id, "conf": conf}
    )


def interview(name: str, **answers: str) -> dict[str, Any]:
    """An interview as `conf`; answer id → media URI."""
    return {
        "interview_id": name,
        "interview": {
            "interview_id": name,
            "candidate": {"reference": "somebody"},
            "consent": {"given": True},
            "answers": [{"answer_id": key, "media_uri": uri} for key, uri in answers.items()],
        },
    }


def stage_states(found: Interview, answer_id: str) -> dict[str, str]:
    return {stage: state.state for stage, state in found.progress[answer_id].items()}
