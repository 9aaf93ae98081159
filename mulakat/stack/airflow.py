"""Airflow in the embedded stack: its environment, its programs, and its database.

Everything is set by environment variables, so that tasks, which inherit them, see the
same as the scheduler. Airflow variables of the surrounding shell are left out: the
stack shall not change with where it is started from.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote, urlsplit

import celery

from mulakat.runtime.files import write_private
from mulakat.schema.errors import SetupError
from mulakat.stack.layout import Layout, Secrets, folder_of, read_json
from mulakat.stack.ports import HOST
from mulakat.stack.program import Program, http, with_log
from mulakat.workflow.queues import POOLS, QUEUES, pools, slots

if TYPE_CHECKING:
    import httpx

PATIENCE: dict[str, dict[str, int]] = {
    "scheduler": {
        # A restart of the API server takes a quarter of a minute, in which no task can say that it is alive. One whose
        # worker was killed is given up after this long, and tried again.
        "task_instance_heartbeat_timeout": 120,
        "task_instance_heartbeat_timeout_detection_interval": 5,
        # A task given up in its queue fails for good, whatever its retries. Pools keep the queues short.
        "task_queued_timeout": 7 * 24 * 3600,
        # Runs that only wait count too; of the default's 20, all could wait while others are not looked at.
        "max_dagruns_per_loop_to_schedule": 500,
    },
    "workers": {
        # The task's own process gives itself up after as many heartbeats that failed, of some seconds each.
        "max_failed_heartbeats": 30,
        # A task that has done its work while the server is away tries for about a minute to say so; with the default,
        # 5 tries, it has failed after some 10 s.
        "execution_api_retries": 12,
        "execution_api_retry_wait_max": 15,
    },
}
"""How long Airflow waits before it gives something up; the compose file has the same."""

DAGS = folder_of("mulakat_dags")
LONG_AGO = datetime.fromtimestamp(0, UTC)
_PREPARED_BY = ("apache-airflow", "apache-airflow-providers-fab", "apache-airflow-providers-celery")


@dataclass(frozen=True)
class Worker:
    """A Celery worker: the queues it serves. It runs as many tasks at once as their pools have slots."""

    name: str
    queues: tuple[str, ...]

    @property
    def concurrency(self) -> int:
        return slots(self.queues)


WORKERS = (
    Worker("worker-cpu", tuple(queue for queue in QUEUES if queue != "gpu")),
    Worker("worker-gpu", ("gpu",)),
)


@dataclass(frozen=True)
class AirflowPrograms:
    """What Airflow needs to know of the stack.

    Attributes:
        password: of the FAB user `username`, who may do everything.
        mulakat: `MULAKAT_*` variables, for tasks and plugins.
    """

    layout: Layout
    secrets: Secrets
    port: int
    database_url: str
    redis_url: str
    mongo_uri: str
    mongo_database: str
    username: str
    password: str
    mulakat: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    def environment(self) -> dict[str, str]:
        """The whole environment of every program of the stack."""
        outside = {name: value for name, value in os.environ.items() if not name.startswith("AIRFLOW")}
        venv = str(Path(sys.executable).parent)
        return {
            **outside,
            "PATH": os.pathsep.join((venv, outside.get("PATH", os.defpath))),
            "OMP_NUM_THREADS": outside.get("OMP_NUM_THREADS", str(max(1, (os.cpu_count() or 1) // POOLS["gpu"].slots))),
            **self._variables(),
            **self.mulakat,
        }

    def _variables(self) -> dict[str, str]:
        celery_database = "db+" + self.database_url
        sections: dict[str, dict[str, object]] = {
            "core": {
                "auth_manager": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager",
                "executor": "CeleryExecutor",
                "dags_folder": DAGS,
                "load_examples": False,
                "dags_are_paused_at_creation": False,
                "fernet_key": self.secrets.fernet_key,
                "execution_api_server_url": f"{self.url}/execution/",
                "hostname_callable": "socket.gethostname",  # the default asks the name server
            },
            "database": {"sql_alchemy_conn": self.database_url},
            "api": {
                "host": HOST,
                "port": self.port,
                "base_url": self.url,
                "workers": 1,
                "secret_key": self.secrets.api_secret_key,
            },
            "api_auth": {"jwt_secret": self.secrets.jwt_secret},
            "scheduler": {
                # Half the wait of the default from task to task; 0.1 would keep a third of a core busy.
                "scheduler_idle_sleep_time": 0.5,
                **PATIENCE["scheduler"],
                "enable_health_check": False,  # its port could not be chosen per stack; the API tells the same
            },
            # Also the longest time a finished task may keep its worker's slot (5 by default).
            "workers": {"min_heartbeat_interval": 1, **PATIENCE["workers"]},
            "dag_processor": {
                "refresh_interval": 10,
                "min_file_process_interval": 30,
                "parsing_processes": 1,
                # Workers would keep a process of their own for this, which our one local folder does not need.
                "stale_bundle_cleanup_interval": 0,
            },
            "celery": {
                "broker_url": self.redis_url,
                "result_backend": celery_database,
                "operation_timeout": 5.0,
            },
            # After this long, work a dead worker had taken is given out again: longer than any task.
            "celery_broker_transport_options": {"visibility_timeout": 6 * 3600},
            "logging": {"base_log_folder": self.layout.logs / "tasks", "logging_level": "INFO"},
            "fab": {"config_file": self.layout.airflow / "webserver_config.py"},
        }
        variables = {
            f"AIRFLOW__{section.upper()}__{name.upper()}": str(value)
            for section, options in sections.items()
            for name, value in options.items()
        }
        return {
            "AIRFLOW_HOME": str(self.layout.airflow),
            **variables,
            "AIRFLOW_CONN_MULAKAT_MONGO": mongo_connection(self.mongo_uri, self.mongo_database),
        }

    def programs(self, since: datetime = LONG_AGO) -> tuple[Program, ...]:
        """Airflow's programs but the workers; they need the prepared database.

        Args:
            since: a heartbeat counts from this moment on. An earlier start's heartbeat
                would pass as healthy for half a minute.
        """
        return (
            Program(
                "api-server",
                airflow("api-server", "--host", HOST, "--port", str(self.port)),
                self._api,
                address=self.url,
            ),
            Program("scheduler", airflow("scheduler", "--skip-serve-logs"), self._heartbeat("scheduler", since)),
            Program("dag-processor", airflow("dag-processor"), self._heartbeat("dag_processor", since)),
            Program("triggerer", airflow("triggerer", "--skip-serve-logs"), self._heartbeat("triggerer", since)),
        )

    def workers(self) -> tuple[Program, ...]:
        """The Celery workers; they need the broker and any PostgreSQL."""
        return tuple(self._worker(worker) for worker in WORKERS)

    def _worker(self, worker: Worker) -> Program:
        node = f"{worker.name}@localhost"
        return Program(
            worker.name,
            airflow(
                "celery", "worker", "--queues", ",".join(worker.queues), "--concurrency", str(worker.concurrency),
                "--celery-hostname", node, "--skip-serve-logs", "--without-mingle", "--without-gossip",
            ),
            lambda: ping_worker(self.redis_url, node),
        )  # fmt: skip

    def _api(self) -> None:
        self.health()

    def _heartbeat(self, component: str, since: datetime) -> Callable[[], None]:
        def ready() -> None:
            said = self.health()[component]
            beat = said.get(f"latest_{component}_heartbeat")
            if said.get("status") != "healthy" or beat is None or datetime.fromisoformat(beat) < since:
                raise SetupError(f"no heartbeat of the {component.replace('_', '-')} yet")

        return ready

    def health(self) -> dict[str, Any]:
        """What Airflow says of itself."""
        return dict(http().get(f"{self.url}/api/v2/monitor/health").raise_for_status().json())

    def wait_for_dags(self, timeout_s: float) -> list[str]:
        """Returns when the DAG files have been read once, so that a run can be asked for.

        Returns:
            A line for each DAG file that cannot be imported, and one when the plugin was not loaded.

        Raises:
            SetupError: the login does not work, or it takes too long.
        """
        import httpx

        if not any(DAGS.glob("*.py")):
            return []
        with httpx.Client(base_url=self.url, timeout=30, trust_env=False) as client:
            login = client.post("/auth/token", json={"username": self.username, "password": self.password})
            if login.status_code == httpx.codes.UNAUTHORIZED:
                raise SetupError(
                    f"Airflow's database has a user {self.username!r} with another password: "
                    "set MULAKAT_AIRFLOW_PASSWORD to it"
                )
            client.headers["Authorization"] = f"Bearer {login.raise_for_status().json()['access_token']}"
            deadline = time.monotonic() + timeout_s
            while time.monotonic() < deadline:
                errors = client.get("/api/v2/importErrors").raise_for_status().json()["import_errors"]
                if errors or client.get("/api/v2/dags?limit=1").raise_for_status().json()["total_entries"]:
                    told = [f"{e['filename']}: {e['stack_trace'].strip().splitlines()[-1]}" for e in errors]
                    return told + _plugin_missing(client)
                time.sleep(0.3)
        raise SetupError(f"Airflow has not read the DAGs in {DAGS} after {timeout_s:.0f} s")

    def prepare(self) -> None:
        """Makes Airflow's tables, pools and user; does nothing when that was done at these versions.

        Raises:
            SetupError: Airflow could not; the message is its own last line.
        """
        wanted = self._preparation()
        if read_json(self.layout.prepared_file) == wanted:
            return
        log = self.layout.log("prepare")
        with log.open("w") as output:
            done = subprocess.run(
                [sys.executable, "-m", "mulakat.stack.prepare_airflow"],
                env={**self.environment(), "MULAKAT_AIRFLOW_PASSWORD": self.password},
                cwd=self.layout.run,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        if done.returncode != 0:
            raise with_log(SetupError(f"Airflow's database could not be prepared; see {log}"), log)
        write_private(self.layout.prepared_file, json.dumps(wanted))

    def _preparation(self) -> dict[str, Any]:
        """What the database depends on; passwords only as part of a digest."""
        inputs = json.dumps([self._server(), self.username, self.password, pools()])
        return {
            "versions": {name: version(name) for name in _PREPARED_BY},
            "digest": hashlib.sha256(inputs.encode()).hexdigest(),
        }

    def _server(self) -> str:
        """The database without its port, which may change from start to start."""
        url = urlsplit(self.database_url)
        return f"{url.username}@{url.hostname}{url.path}"


def _plugin_missing(client: httpx.Client) -> list[str]:
    """Airflow leaves out a plugin that cannot be imported, starts, and answers 200 on every path: so ask by name."""
    plugins = client.get("/api/v2/plugins?limit=100").raise_for_status().json()["plugins"]
    if any(plugin["name"] == "mulakat" for plugin in plugins):
        return []
    return ["the plugin mulakat was not loaded: no progress events; the API server's log says why"]


def airflow(*arguments: str) -> tuple[str, ...]:
    """The command line of an Airflow command."""
    return (sys.executable, "-m", "airflow", *arguments)


def ping_worker(redis_url: str, node: str) -> None:
    """Raises unless the Celery worker answers."""
    with celery.Celery(broker=redis_url, set_as_current=False) as app:
        if not app.control.inspect([node], timeout=1.0).ping():
            raise SetupError(f"worker {node} does not answer yet")


def mongo_connection(uri: str, database: str) -> str:
    """A MongoDB URI as an Airflow connection, for the Mongo provider."""
    url = urlsplit(uri)
    host = url.netloc.rpartition("@")[2]
    extra: dict[str, object] = dict(parse_qsl(url.query))
    extra.setdefault("serverSelectionTimeoutMS", 5000)
    if url.scheme == "mongodb+srv":
        extra["srv"] = True
    if url.path.strip("/") and "authSource" not in extra:
        extra["authSource"] = url.path.strip("/")  # what the URI means; the hook takes its path for the database
    connection = {"conn_type": "mongo", "host": host, "schema": database, "extra": extra}
    if url.username is not None:
        connection |= {"login": unquote(url.username), "password": unquote(url.password or "")}
    return json.dumps(connection)
