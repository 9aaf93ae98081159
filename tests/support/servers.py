"""Real servers for tests, started the way the embedded stack starts them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from mulakat import stack
from mulakat.interviews.settings import Settings
from mulakat.stack import ports
from mulakat.stack.layout import Layout
from mulakat.stack.lifecycle import Stack
from mulakat.stack.servers import Mongo, Postgres, Valkey
from mulakat.stack.supervise import Supervisor


def free_port() -> int:
    """A port on which nothing listens."""
    return ports.choose({"test": ports.PortRequest(None)})[0]["test"]


@contextmanager
def serving(server: Mongo | Postgres | Valkey, folder: Path) -> Iterator[None]:
    """Runs one server; its output is in `folder`/server.log."""
    server.install()
    program = server.program()
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(program.command, cwd=folder, stdout=log, stderr=subprocess.STDOUT)
    try:
        while (problem := program.problem()) is not None:
            if process.poll() is not None:
                raise AssertionError(f"{program.name}: {problem}\n{(folder / 'server.log').read_text()}")
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()


def settings_from(variables: dict[str, str]) -> Settings:
    """The settings of a process with these `MULAKAT_*` variables and no others."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("MULAKAT_")]:
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        return Settings()


@dataclass(frozen=True)
class RunningStack:
    """The stack of the test session.

    Attributes:
        conf: settings that lead to it.
        recordings: a folder from which workers may read recordings given as paths.
        bundle: a folder of further DAG files.
        environment: that of a person who uses this stack.
    """

    stack: Stack
    conf: Settings
    recordings: Path
    bundle: Path
    environment: dict[str, str]

    @classmethod
    def start(cls, home: Path, recordings: Path, bundle: Path, file_roots: list[Path]) -> RunningStack:
        """Starts a stack in `home` on free ports, with short waits between retries."""
        _add_bundle(Layout.at(home), bundle)
        outside = {name: value for name, value in os.environ.items() if not name.startswith("MULAKAT_")}
        given = {
            "MULAKAT_HOME": str(home),
            "MULAKAT_PORT_AIRFLOW": str(free_port()),
            "MULAKAT_PORT_REVIEW": str(free_port()),
            "MULAKAT_FILE_ROOTS": json.dumps([str(root) for root in file_roots]),
            "MULAKAT_RETRY_DELAY_S": "1",
        }
        running = stack.up(settings_from(given))
        return cls(running, settings_from(running.settings), recordings, bundle, outside | given)

    def mulakat(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs the command `mulakat` on this stack."""
        command = [str(Path(sys.executable).with_name("mulakat")), *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, cwd=self.recordings, capture_output=True, text=True)
        if check:
            assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def stop(self) -> None:
        """Stops everything; nothing may be left."""
        stack.down(self.conf)
        assert list(Supervisor(Layout.at(self.conf.home)).processes_left()) == []
        assert all(ports.is_free(port) for port in self.stack.ports.values())
        shutil.rmtree(Layout.at(self.conf.home).data)  # hundreds of megabytes; the logs stay


def _add_bundle(layout: Layout, folder: Path) -> None:
    """A further folder of DAG files, as whoever runs Airflow adds one: in the configuration file of its home."""
    local = {"classpath": "airflow.dag_processing.bundles.local.LocalDagBundle"}
    bundles = [
        local | {"name": "dags-folder", "kwargs": {}},
        local | {"name": "tests", "kwargs": {"path": str(folder), "refresh_interval": 2}},
    ]
    layout.airflow.mkdir(parents=True)
    config = f"[dag_processor]\ndag_bundle_config_list = {json.dumps(bundles)}\n"
    (layout.airflow / "airflow.cfg").write_text(config)
