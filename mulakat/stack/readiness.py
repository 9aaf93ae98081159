"""Waiting until programs serve, and saying why they do not."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from typing import Literal

from mulakat.schema.errors import SetupError
from mulakat.stack.layout import Layout
from mulakat.stack.program import Program, with_log
from mulakat.stack.supervise import Supervisor

StepState = Literal["waiting", "working", "ready"]
Progress = Callable[[str, StepState], None]  # name of a program or step, and how far it is


def wait_until_ready(
    programs: Sequence[Program], supervisor: Supervisor, layout: Layout, progress: Progress, timeout_s: float
) -> None:
    """Returns when all serve.

    Raises:
        SetupError: one died or took too long; with its last log lines.
    """
    give_up = threading.Event()
    deadline = time.monotonic() + timeout_s
    first_pids: dict[str, int] = {}

    def wait_for(program: Program) -> None:
        progress(program.name, "working")
        pause_s = 0.05
        while not give_up.wait(pause_s):
            if program.problem() is None:
                progress(program.name, "ready")
                return
            pause_s = min(1.5 * pause_s, 0.5)  # what starts has better use for the processor

    with ThreadPoolExecutor(len(programs)) as pool:
        waiting = {program.name: pool.submit(wait_for, program) for program in programs}
        try:
            while pending := [program for program in programs if not waiting[program.name].done()]:
                _check_alive(pending, supervisor, layout, first_pids)
                if time.monotonic() > deadline:
                    raise _failure(pending[0], layout, f"is not ready after {timeout_s:.0f} s")
                wait(waiting.values(), timeout=0.3)
        finally:
            give_up.set()


def _check_alive(
    programs: Iterable[Program], supervisor: Supervisor, layout: Layout, first_pids: dict[str, int]
) -> None:
    processes = supervisor.processes()
    for program in programs:
        process = processes.get(program.name)
        if process is None:
            raise SetupError(f"supervisord has ended during the start; see {layout.log('supervisord')}")
        if process.pid:
            first_pids.setdefault(program.name, process.pid)
        died = process.state in ("BACKOFF", "FATAL", "EXITED", "STOPPED")
        if died or (process.pid and process.pid != first_pids[program.name]):
            raise _failure(program, layout, "died while it started")


def _failure(program: Program, layout: Layout, what: str) -> SetupError:
    log = layout.log(program.name)
    problem = program.problem()
    because = f" ({problem})" if problem else ""
    return with_log(SetupError(f"{program.name} {what}{because}; see {log}"), log)
