"""Airflow's REST API, as far as submitting and watching an interview needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mulakat.interviews.documents import now
from mulakat.interviews.settings import Settings
from mulakat.schema.errors import BadInput, SetupError
from mulakat.workflow.queues import DAG_ID

if TYPE_CHECKING:
    import httpx

TIMEOUT_S = 30.0


@dataclass(frozen=True)
class TriggeredRun:
    """A run that was asked for; `new` is False when the same request was there already."""

    run_id: str
    new: bool


class AirflowClient:
    """A logged-in session. Use as a context manager.

    Raises SetupError when Airflow does not answer or refuses the login.
    """

    def __init__(self, settings: Settings) -> None:
        import httpx

        self.url = settings.airflow_url.rstrip("/")
        self._client = httpx.Client(base_url=self.url, timeout=TIMEOUT_S)
        password = settings.airflow_password
        try:
            reply = self._client.post(
                "/auth/token",
                json={
                    "username": settings.airflow_username,
                    "password": password.get_secret_value() if password else "",
                },
            )
        except httpx.TransportError as error:
            raise SetupError(f"Airflow does not answer at {self.url} ({error}); start it with `mulakat up`") from None
        if reply.status_code != 201:
            raise SetupError(
                f"Airflow at {self.url} refuses the login of {settings.airflow_username!r} ({reply.status_code}); "
                "check MULAKAT_AIRFLOW_USERNAME and MULAKAT_AIRFLOW_PASSWORD"
            )
        self._client.headers["Authorization"] = f"Bearer {reply.json()['access_token']}"

    def __enter__(self) -> AirflowClient:
        return self

    def __exit__(self, *exception: object) -> None:
        self._client.close()

    def submit(
        self,
        interview_id: str,
        submission_id: str,
        *,
        priority: str = "normal",
        force: bool = False,
        again: bool = False,
    ) -> TriggeredRun:
        """Start a run for a stored submission. The same one twice is one run, unless `again`.

        Raises:
            BadInput: Airflow refused the parameters.
        """
        run_id = submission_id
        if again or force:
            run_id += f".{now():%Y%m%dT%H%M%S.%f}"
        conf = {"interview_id": interview_id, "submission": submission_id, "priority": priority, "force": force}
        reply = self._client.post(
            f"/api/v2/dags/{DAG_ID}/dagRuns",
            json={"logical_date": None, "dag_run_id": run_id, "conf": conf},
        )
        if reply.status_code == 409:
            return TriggeredRun(run_id, new=False)
        self._check(reply)
        return TriggeredRun(run_id, new=True)

    def run(self, run_id: str) -> dict[str, Any]:
        """One run as Airflow tells it: `state`, `start_date`, `end_date`, …"""
        return self._get(f"/api/v2/dags/{DAG_ID}/dagRuns/{run_id}")

    def task_instances(self, run_id: str) -> list[dict[str, Any]]:
        """All task instances of a run."""
        found: list[dict[str, Any]] = []
        while True:
            page = self._get(f"/api/v2/dags/{DAG_ID}/dagRuns/{run_id}/taskInstances?limit=100&offset={len(found)}")
            found += page["task_instances"]
            if len(found) >= page["total_entries"] or not page["task_instances"]:
                return found

    def clear(self, run_id: str, task_id: str, map_index: int = -1) -> list[dict[str, Any]]:
        """Run one task of a run again, with what follows it; returns the cleared task instances."""
        reply = self._client.post(
            f"/api/v2/dags/{DAG_ID}/clearTaskInstances",
            json={
                "dry_run": False,
                "dag_run_id": run_id,
                "task_ids": [[task_id, map_index]] if map_index >= 0 else [task_id],
                "only_failed": False,
                "include_downstream": True,
                "reset_dag_runs": True,
            },
        )
        self._check(reply)
        return list(reply.json()["task_instances"])

    def _get(self, path: str) -> dict[str, Any]:
        reply = self._client.get(path)
        self._check(reply)
        return dict(reply.json())

    def _check(self, reply: httpx.Response) -> None:
        if reply.is_success:
            return
        try:
            detail = reply.json().get("detail", reply.text)
        except ValueError:
            detail = reply.text
        message = f"Airflow refused {reply.request.method} {reply.request.url.path} ({reply.status_code}): {detail}"
        raise (BadInput if reply.status_code < 500 else SetupError)(message[:1000])
