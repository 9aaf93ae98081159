"""Real servers for tests, started the way the embedded stack starts them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from interviews.settings import Settings
from mulakat import stack
from mulakat.stack import ports
from mulakat.stack.lifecycle import Stack
from mulakat.stack.servers import Mongo, Postgres, Valkey


def free_port() -> int:
    """A port on which nothing listens."""
    return ports.choose({"test": ports.Wish(None)})[0]["test"]


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


@dataclass(frozen=True)
class RunningStack:
    """The stack of the test session.

    Attributes:
        conf: settings that lead to it.
        recordings: a folder from which workers may read recordings given as paths.
    """

    stack: Stack
    conf: Settings
    recordings: Path

    @classmethod
    def start(cls, home: Path, recordings: Path, file_roots: list[Path]) -> RunningStack:
        """Starts a stack in `home` on free ports, with short waits between retries."""
        with pytest.MonkeyPatch.context() as patch:
            for name in [name for name in os.environ if name.startswith("MULAKAT_")]:
                patch.delenv(name)
            running = stack.up(
                Settings(
                    home=home,
                    port_airflow=free_port(),
                    port_review=free_port(),
                    file_roots=file_roots,
                    retry_delay_s=1,
                )
            )
            for name, value in running.settings.items():
                patch.setenv(name, value)
            return cls(running, Settings(), recordings)

    @property
    def environment(self) -> dict[str, str]:
        """The environment of a person who uses this stack."""
        return {name: value for name, value in os.environ.items() if not name.startswith("MULAKAT_")} | {
            "MULAKAT_HOME": str(self.conf.home)
        }

    def mulakat(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Runs the command `mulakat` on this stack."""
        command = [str(Path(sys.executable).with_name("mulakat")), *map(str, arguments)]
        done = subprocess.run(command, env=self.environment, cwd=self.recordings, capture_output=True, text=True)
        if check:
            assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def stop(self) -> None:
        """Stops everything."""
        stack.down(self.conf)
