"""The embedded stack as a person meets it: up, looked at, hurt, mended."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

import httpx
import psutil
import pytest
from celery import Celery
from psycopg2 import connect

from mulakat.stack import lifecycle
from mulakat.stack.layout import Layout, Secrets
from mulakat.stack.supervise import Supervisor
from mulakat.workflow.queues import POOLS, QUEUES
from tests.support.known import known
from tests.support.parameters import shortened
from tests.support.servers import RunningStack

pytestmark = pytest.mark.integration

T = TypeVar("T")

PROGRAMS = {
    "postgres", "valkey", "mongo", "review", "worker-cpu", "worker-gpu",
    "api-server", "scheduler", "dag-processor", "triggerer",
}  # fmt: skip


def layout(stack: RunningStack) -> Layout:
    return Layout.at(stack.conf.home)


def of_each_process(stack: RunningStack, read: Callable[[psutil.Process], list[T]]) -> list[list[T]]:
    """What `read` finds in each of the stack's processes; tasks come and go meanwhile."""
    found = []
    for process in Supervisor(layout(stack)).processes_left():
        with contextlib.suppress(psutil.NoSuchProcess):
            found.append(read(process))
    return found


def programs(stack: RunningStack) -> dict[str, lifecycle.ProgramStatus]:
    return {program.name: program for program in lifecycle.status(stack.conf)}


def wait_until_ready(stack: RunningStack) -> None:
    while not all(program.ready for program in programs(stack).values()):
        time.sleep(0.5)


@pytest.fixture
def airflow(stack: RunningStack) -> Iterator[httpx.Client]:
    """Airflow's REST API, logged in."""
    with httpx.Client(base_url=stack.stack.airflow_url, timeout=30, trust_env=False) as client:
        login = {"username": stack.stack.airflow_username, "password": stack.stack.airflow_password}
        token = client.post("/auth/token", json=login).raise_for_status().json()["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def test_every_program_serves(stack: RunningStack) -> None:
    wait_until_ready(stack)
    said = json.loads(stack.mulakat("status", "--json").stdout)
    assert said["ready"] and {program["name"] for program in said["programs"]} == PROGRAMS
    table = stack.mulakat("status").stdout
    assert stack.stack.airflow_url in table
    assert stack.stack.review_url in table


@pytest.mark.long
def test_a_second_up_changes_nothing_and_says_so(stack: RunningStack) -> None:
    wait_until_ready(stack)
    before = {name: program.pid for name, program in programs(stack).items()}
    said = stack.mulakat("up").stdout
    assert "already" in said
    assert stack.stack.airflow_password in said
    assert {name: program.pid for name, program in programs(stack).items()} == before


def test_only_this_machine_can_connect(stack: RunningStack) -> None:
    listening = [
        connection.laddr
        for connections in of_each_process(stack, lambda process: process.net_connections("inet"))
        for connection in connections
        if connection.status == psutil.CONN_LISTEN
    ]
    assert {address.port for address in listening} == set(stack.stack.ports.values())
    assert {address.ip for address in listening} == {"127.0.0.1"}


def test_no_password_is_in_a_command_line_or_in_a_readable_file(stack: RunningStack) -> None:
    secrets = vars(Secrets.load_or_create(layout(stack)))
    for words in of_each_process(stack, psutil.Process.cmdline):
        command = " ".join(words)
        assert not [name for name, secret in secrets.items() if secret in command], command
    for path in (layout(stack).stack_file, layout(stack).home / "secrets.json"):
        assert path.stat().st_mode & 0o077 == 0
    assert layout(stack).home.stat().st_mode & 0o077 == 0


def test_the_pools_are_those_of_the_table(airflow: httpx.Client) -> None:
    pools = airflow.get("/api/v2/pools").raise_for_status().json()["pools"]
    slots = {pool["name"]: pool["slots"] for pool in pools}
    assert {name: slots[name] for name in POOLS} == {name: pool.slots for name, pool in POOLS.items()}


def test_a_stranger_is_turned_away(stack: RunningStack) -> None:
    assert httpx.get(f"{stack.stack.airflow_url}/api/v2/dags", trust_env=False).status_code == 401
    wrong = {"username": "admin", "password": "admin"}
    assert httpx.post(f"{stack.stack.airflow_url}/auth/token", json=wrong, trust_env=False).status_code == 401


def test_every_queue_has_a_worker(stack: RunningStack) -> None:
    wait_until_ready(stack)
    with Celery(broker=stack.conf.redis_url, set_as_current=False) as app:
        active = app.control.inspect(timeout=5).active_queues()
    assert {queue["name"] for queues in active.values() for queue in queues} == set(QUEUES)


def test_airflow_keeps_its_data_in_postgres(stack: RunningStack) -> None:
    secrets = Secrets.load_or_create(layout(stack))
    connection = connect(
        host="127.0.0.1", port=stack.stack.ports["postgres"], user="mulakat", password=secrets.postgres_password,
        dbname="airflow",
    )  # fmt: skip
    with connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM slot_pool")
        assert cursor.fetchone()[0] >= len(POOLS)
    connection.close()


@pytest.mark.parametrize("name", shortened(["valkey", "scheduler", "worker-gpu"], 1))
def test_a_killed_program_comes_back(stack: RunningStack, name: str) -> None:
    wait_until_ready(stack)
    pid = known(programs(stack)[name].pid)
    os.kill(pid, signal.SIGKILL)
    while programs(stack)[name].pid in (None, pid):
        time.sleep(0.2)
    wait_until_ready(stack)


def test_logs_of_one_program_and_of_none_such(stack: RunningStack) -> None:
    assert "celery" in stack.mulakat("logs", "worker-cpu", "-n", "1000").stdout.lower()
    refused = stack.mulakat("logs", "no-such", check=False)
    assert refused.returncode == 1
    assert "'no-such'" in refused.stderr
    assert "worker-cpu" in refused.stderr


def test_doctor_knows_our_own_ports(stack: RunningStack) -> None:
    said = json.loads(stack.mulakat("doctor", "--json", check=False).stdout)
    checks = {check["name"]: check for check in said["checks"]}
    for name in ("PostgreSQL", "Valkey", "MongoDB", "Airflow"):
        assert checks[name]["ok"]
