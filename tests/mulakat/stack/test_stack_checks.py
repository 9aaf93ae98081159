"""`mulakat doctor` and the messages of the stack's commands."""

from __future__ import annotations

import json
import os
import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from mulakat.cli.main import app
from mulakat.interviews.settings import Settings
from mulakat.stack import checks
from mulakat.stack.checks import Finding
from tests.support.known import known
from tests.support.servers import free_port


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder where nothing has been started, and no other setting."""
    for name in [name for name in os.environ if name.startswith("MULAKAT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MULAKAT_HOME", str(tmp_path / "state"))
    return tmp_path / "state"


def examine() -> dict[str, Finding]:
    return {finding.name: finding for finding in checks.examine(Settings())}


def test_what_runs_these_tests_can_run_the_stack() -> None:
    findings = examine()
    for name in ("python", "PostgreSQL", "Valkey", "MongoDB", "Airflow", "libcurl.so.4"):
        assert findings[name].ok, findings[name]


def test_what_is_wrong_comes_with_a_remedy() -> None:
    for finding in examine().values():
        assert finding.ok == (finding.remedy is None)


def test_a_missing_library_is_named_with_its_user_and_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "LIBRARIES", {"libno-such.so.7": ("mediapipe (face)", "libno-such7")})
    finding = examine()["libno-such.so.7"]
    assert not finding.ok
    assert "mediapipe" in finding.found
    assert "libno-such7" in known(finding.remedy)


def test_a_taken_port_is_a_fault_only_when_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("MULAKAT_PORT_REVIEW", str(port))
        finding = examine()[f"port {port}"]
        assert not finding.ok
        assert f"process {os.getpid()}" in finding.found
        assert "MULAKAT_PORT_REVIEW" in known(finding.remedy)


def test_a_server_of_ones_own_is_asked(monkeypatch: pytest.MonkeyPatch, mongo: str) -> None:
    monkeypatch.setenv("MULAKAT_MONGO_URI", mongo)
    monkeypatch.setenv("MULAKAT_REDIS_URL", f"redis://:secret@127.0.0.1:{free_port()}")
    findings = examine()
    assert findings["MongoDB"].ok
    assert "test-password" not in findings["MongoDB"].found
    assert not findings["Valkey"].ok
    assert "MULAKAT_REDIS_URL" in known(findings["Valkey"].remedy)
    assert "secret" not in known(findings["Valkey"].remedy)


def test_a_state_folder_of_somebody_else_is_a_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULAKAT_HOME", "/proc/state")
    finding = examine()["disk"]
    assert not finding.ok
    assert "MULAKAT_HOME" in known(finding.remedy)


def test_doctor_exits_0_only_when_nothing_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    said = CliRunner().invoke(app, ["doctor", "--json"])
    document = json.loads(said.stdout)
    assert document["ok"] == all(check["ok"] for check in document["checks"])
    assert said.exit_code == (0 if document["ok"] else 1)
    monkeypatch.setattr(checks, "LIBRARIES", {"libno-such.so.7": ("mediapipe", "libno-such7")})
    broken = CliRunner().invoke(app, ["doctor"])
    assert broken.exit_code == 1
    assert "libno-such7" in broken.stdout


def test_commands_where_nothing_was_started(home: Path) -> None:
    run = CliRunner().invoke
    assert "nothing to stop" in run(app, ["down"]).stdout
    status = run(app, ["status"])
    assert status.exit_code == 1
    assert "mulakat up" in status.stdout
    assert json.loads(run(app, ["status", "--json"]).stdout) == {"ready": False, "programs": []}
    logs = run(app, ["logs"])
    assert logs.exit_code == 1
    assert "mulakat up" in logs.stderr
    assert not home.exists()


def test_up_on_a_port_that_is_taken_says_so_and_leaves_nothing(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        monkeypatch.setenv("MULAKAT_PORT_AIRFLOW", str(port))
        said = CliRunner().invoke(app, ["up"])
    assert said.exit_code == 1
    assert f"port {port} for airflow is in use" in " ".join(said.stderr.split())
    assert "MULAKAT_PORT_AIRFLOW" in said.stderr
    assert not (home / "stack.json").exists()
