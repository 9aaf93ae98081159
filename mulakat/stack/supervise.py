"""Supervision by supervisord: its configuration, starting and stopping it, and its view of the programs.

supervisord starts everything, keeps the logs and brings back what dies. It runs as a
daemon and is asked over its own Unix socket. Every program works in the folder `run/`
of its stack; children inherit that and nothing else does it, so programs whose
supervisor was killed are still known as ours.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import shlex
import subprocess
import sys
import time
import xmlrpc.client
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from mulakat.schema.errors import SetupError
from mulakat.stack.layout import Layout
from mulakat.stack.program import Program

ALIVE = ("STARTING", "RUNNING")
_SHUTDOWN_WAIT_S = 60  # more than all groups together may take to stop
_KILL_WAIT_S = 5


@dataclass(frozen=True)
class Process:
    """What supervisord says of a program.

    Attributes:
        state: STOPPED, STARTING, RUNNING, BACKOFF, STOPPING, EXITED or FATAL.
        pid: 0 when it does not run.
        uptime_s: seconds since its last start, None when it does not run.
    """

    name: str
    state: str
    pid: int
    uptime_s: int | None


def configuration(layout: Layout, groups: Mapping[str, Sequence[Program]]) -> str:
    """supervisord.conf; holds no secrets, as programs inherit the environment.

    Args:
        groups: programs by group; groups stop in reverse order.
    """
    lines = [
        "[supervisord]",
        f"directory={_escaped(layout.run)}",
        f"logfile={_escaped(layout.log('supervisord'))}",
        f"pidfile={_escaped(layout.run / 'supervisord.pid')}",
        f"childlogdir={_escaped(layout.logs)}",
        "umask=077",
        "identifier=mulakat",
        "",
        "[unix_http_server]",
        f"file={_escaped(layout.supervisor_socket)}",
        "chmod=0700",
        "",
        "[rpcinterface:supervisor]",
        "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface",
    ]
    for place, (group, programs) in enumerate(groups.items(), 1):
        lines += ["", f"[group:{group}]", f"programs={','.join(p.name for p in programs)}", f"priority={place}"]
        for program in programs:
            lines += [
                "",
                f"[program:{program.name}]",
                f"command={_escaped(shlex.join(program.command))}",
                "autostart=false",
                "autorestart=true",
                # Dies sooner than this: tried again with growing waits, then given up.
                "startsecs=5",
                "startretries=5",
                f"stopsignal={program.stop_signal}",
                f"stopwaitsecs={program.stop_wait_s}",
                "stopasgroup=true",
                "killasgroup=true",
                "redirect_stderr=true",
                f"stdout_logfile={_escaped(layout.log(program.name))}",
                "stdout_logfile_maxbytes=10MB",
                "stdout_logfile_backups=2",
            ]
    return "\n".join(lines) + "\n"


def _escaped(value: object) -> str:
    return str(value).replace("%", "%%")


class Supervisor:
    """The supervisord of one stack, running or not."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def start(self, groups: Mapping[str, Sequence[Program]], environment: Mapping[str, str]) -> None:
        """Starts supervisord, and none of the programs yet.

        Raises:
            SetupError: it did not come up.
        """
        self._layout.supervisor_conf.write_text(configuration(self._layout, groups))
        self._layout.supervisor_socket.unlink(missing_ok=True)
        done = subprocess.run(
            [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._layout.supervisor_conf)],
            env=dict(environment),
            cwd=self._layout.run,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        deadline = time.monotonic() + 20
        while done.returncode == 0 and time.monotonic() < deadline:
            if self.answers():
                return
            time.sleep(0.02)
        raise SetupError(
            f"supervisord did not start: {done.stdout.strip() or 'no message'}; see {self._layout.log('supervisord')}"
        )

    def answers(self) -> bool:
        """Whether supervisord runs."""
        try:
            with self._rpc() as rpc:
                return bool(rpc.getState()["statename"] == "RUNNING")
        except SetupError:
            return False

    def start_group(self, group: str) -> None:
        """Starts the programs of a group without waiting for them."""
        with self._rpc() as rpc:
            rpc.startProcessGroup(group, False)

    def start_program(self, group: str, program: str) -> None:
        """Starts one program, if it does not run, without waiting for it."""
        with self._rpc() as rpc, contextlib.suppress(xmlrpc.client.Fault):  # it runs by now
            rpc.startProcess(f"{group}:{program}", False)

    def processes(self) -> dict[str, Process]:
        """All programs by name; empty when supervisord does not run."""
        try:
            with self._rpc() as rpc:
                infos: list[dict[str, Any]] = rpc.getAllProcessInfo()
        except SetupError:
            return {}
        return {
            info["name"]: Process(
                info["name"],
                info["statename"],
                info["pid"],
                info["now"] - info["start"] if info["pid"] else None,
            )
            for info in infos
        }

    def stop(self) -> int:
        """Stops everything and waits until no process is left, whatever state it was in.

        Returns:
            How many processes had to be ended one by one, because supervisord was gone or they had left it.
        """
        daemon = self._daemon()
        if self.answers():
            with contextlib.suppress(SetupError), self._rpc() as rpc:
                rpc.shutdown()
            _wait([daemon] if daemon else [], _SHUTDOWN_WAIT_S)
        leftovers = list(self.processes_left())
        for process in leftovers:
            with contextlib.suppress(psutil.NoSuchProcess):
                process.terminate()
        for process in _wait(leftovers, _KILL_WAIT_S):
            with contextlib.suppress(psutil.NoSuchProcess):
                process.kill()
        for _ in range(3):  # some may have started others meanwhile
            remaining = list(self.processes_left())
            for process in remaining:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()
            _wait(remaining, _KILL_WAIT_S)
        if remaining := list(self.processes_left()):
            pids = ", ".join(str(process.pid) for process in remaining)
            raise SetupError(f"processes {pids} of the stack in {str(self._layout.home)!r} cannot be ended")
        self._layout.supervisor_socket.unlink(missing_ok=True)
        return len(leftovers)

    def processes_left(self) -> Iterator[psutil.Process]:
        """Processes of this stack: those that work in its folders and have no terminal."""
        ancestors = {process.pid for process in psutil.Process().parents()}
        for process in psutil.process_iter():
            if process.pid in ancestors or process.pid == os.getpid():
                continue
            try:
                folder = Path(process.cwd())
                ours = folder.is_relative_to(self._layout.run) or folder.is_relative_to(self._layout.data)
                if ours and process.terminal() is None and process.status() != psutil.STATUS_ZOMBIE:
                    yield process
            except psutil.Error:
                continue  # gone, or somebody else's

    def _daemon(self) -> psutil.Process | None:
        try:
            with self._rpc() as rpc:
                return psutil.Process(rpc.getPID())
        except (SetupError, psutil.NoSuchProcess):
            return None

    @contextlib.contextmanager
    def _rpc(self) -> Iterator[Any]:
        from supervisor.xmlrpc import Faults, SupervisorTransport

        transport = SupervisorTransport(serverurl=f"unix://{self._layout.supervisor_socket}")
        try:
            # The address is not used: the transport knows the socket.
            with xmlrpc.client.ServerProxy("http://127.0.0.1", transport=transport) as proxy:
                yield proxy.supervisor
        except (OSError, http.client.HTTPException, xmlrpc.client.ProtocolError) as error:
            raise SetupError(
                f"the supervisor of the stack in {str(self._layout.home)!r} does not answer ({error}): "
                "somebody may have stopped the stack meanwhile"
            ) from error
        except xmlrpc.client.Fault as fault:
            if fault.faultCode == Faults.SHUTDOWN_STATE:
                raise SetupError(f"the stack in {str(self._layout.home)!r} is being stopped") from fault
            raise


def _wait(processes: Iterable[psutil.Process], seconds: float) -> list[psutil.Process]:
    """Waits until the processes are gone; those that are not."""
    return list(psutil.wait_procs(list(processes), timeout=seconds)[1])
