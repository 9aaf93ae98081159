"""Airflow's environment in the embedded stack."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from mulakat.interviews.settings import Settings
from mulakat.stack import plan
from mulakat.stack.airflow import WORKERS, mongo_connection
from mulakat.stack.layout import Layout, read_json
from mulakat.stack.plan import Plan
from mulakat.workflow.queues import POOLS, QUEUES, pools
from tests.support.known import known


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.at(tmp_path / ".mulakat")
    layout.create()
    return layout


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MULAKAT_")]:
        monkeypatch.delenv(name)


def make(layout: Layout, **settings: Any) -> Plan:
    return plan.make(Settings(home=layout.home, **settings), layout)


def test_what_tasks_read_from_the_environment_are_the_settings(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    made = make(layout, retries=7, file_roots=[Path("/a b"), Path("/ç")])
    for name, value in made.settings.items():
        monkeypatch.setenv(name, value)
    read = Settings()
    assert read.home == layout.home
    assert read.retries == 7
    assert read.file_roots == [Path("/a b"), Path("/ç")]
    assert read.mongo_uri == known(made.mongo).uri
    assert read.redis_url == known(made.valkey).uri
    assert read.airflow_url == f"http://127.0.0.1:{made.ports['airflow']}"
    assert known(read.airflow_password).get_secret_value() == made.airflow.password
    assert read.signing_key is not None
    assert set(made.settings) <= {f"MULAKAT_{name.upper()}" for name in Settings.model_fields}
    assert made.settings.items() <= made.airflow.environment().items()


def test_airflow_variables_of_the_shell_do_not_reach_the_stack(layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD", "echo elsewhere")
    monkeypatch.setenv("AIRFLOW_HOME", "/elsewhere")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://model")
    environment = make(layout).airflow.environment()
    assert "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN_CMD" not in environment
    assert environment["AIRFLOW_HOME"] == str(layout.airflow)
    assert environment["OPENAI_BASE_URL"] == "http://model"


def test_servers_of_ones_own_are_used_and_not_started(layout: Layout) -> None:
    made = make(
        layout,
        mongo_uri="mongodb://db.example/x",
        redis_url="redis://cache.example/1",
        database_url="postgresql+psycopg2://me:pw@sql.example/airflow",
    )
    assert (made.postgres, made.valkey, made.mongo) == (None, None, None)
    assert set(made.ports) == {"airflow", "review"}
    names = [program.name for programs in made.groups().values() for program in programs]
    assert not {"postgres", "valkey", "mongo"} & set(names)
    environment = made.airflow.environment()
    assert environment["AIRFLOW__CELERY__BROKER_URL"] == "redis://cache.example/1"
    assert environment["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].endswith("@sql.example/airflow")
    assert environment["AIRFLOW__CELERY__RESULT_BACKEND"] == "db+postgresql+psycopg2://me:pw@sql.example/airflow"
    assert json.loads(environment["AIRFLOW_CONN_MULAKAT_MONGO"])["host"] == "db.example"


def test_settings_that_change_are_noticed(layout: Layout) -> None:
    conf = Settings(home=layout.home)
    assert plan.digest(conf) == plan.digest(Settings(home=layout.home))
    assert plan.digest(conf) != plan.digest(Settings(home=layout.home, retries=9))
    assert plan.digest(conf) != plan.digest(Settings(home=layout.home, signing_key="k"))


@pytest.mark.parametrize("model", [None, "some-model"])
def test_no_task_waits_in_a_celery_queue(model: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each queue has a pool of its own, and each worker runs as many tasks at once as the pools of its queues hold."""
    if model is not None:
        monkeypatch.setenv("OPENAI_MODEL", model)
    else:
        monkeypatch.delenv("OPENAI_MODEL", raising=False)
    served = [queue for worker in WORKERS for queue in worker.queues]
    assert sorted(served) == sorted(QUEUES)
    assert sorted(QUEUES.values()) == sorted(POOLS)
    for worker in WORKERS:
        assert worker.concurrency == sum(pools()[QUEUES[queue]].slots for queue in worker.queues)
    assert sum(worker.concurrency for worker in WORKERS) <= 32  # [core] parallelism: tasks sent and not yet done


@pytest.mark.parametrize(
    ("uri", "connection"),
    [
        (
            "mongodb://me:p%40ss@h1:27017/?authSource=admin&directConnection=true",
            {
                "conn_type": "mongo", "host": "h1:27017", "schema": "db", "login": "me", "password": "p@ss",
                "extra": {"authSource": "admin", "directConnection": "true", "serverSelectionTimeoutMS": 5000},
            },
        ),
        (
            "mongodb://h1:1,h2:2/other?replicaSet=rs",
            {
                "conn_type": "mongo", "host": "h1:1,h2:2", "schema": "db",
                "extra": {"replicaSet": "rs", "serverSelectionTimeoutMS": 5000, "authSource": "other"},
            },
        ),
        (
            "mongodb+srv://me:pw@cluster.example/?retryWrites=true",
            {
                "conn_type": "mongo", "host": "cluster.example", "schema": "db", "login": "me", "password": "pw",
                "extra": {"retryWrites": "true", "serverSelectionTimeoutMS": 5000, "srv": True},
            },
        ),
    ],
)  # fmt: skip
def test_a_mongo_uri_becomes_an_airflow_connection(uri: str, connection: dict[str, Any]) -> None:
    assert json.loads(mongo_connection(uri, "db")) == connection


def test_a_missing_state_file_is_an_empty_one(tmp_path: Path) -> None:
    assert read_json(tmp_path / "none.json") == {}
