"""`mulakat up`, `down`, `status`, `logs` and `doctor`."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mulakat.cli.console import err, out, plain_errors, print_json
from mulakat.interviews.settings import Settings
from mulakat.schema.errors import BadInput, SetupError
from mulakat.stack import checks, lifecycle
from mulakat.stack.layout import Layout
from mulakat.stack.lifecycle import Stack
from mulakat.stack.readiness import StepState

_SIGNS: dict[StepState, tuple[str, str]] = {
    "waiting": ("·", "dim"),
    "working": ("…", "yellow"),
    "ready": ("✓", "green"),
}


class StartDisplay:
    """A live list of what starts, with the seconds each took; plain lines where there is no terminal."""

    def __init__(self) -> None:
        self._states: dict[str, StepState] = {}
        self._began: dict[str, float] = {}
        self._seconds: dict[str, float] = {}

    def __call__(self, name: str, state: StepState) -> None:
        """Takes one report; may be called from several threads."""
        now = time.monotonic()
        if state == "working":
            self._began[name] = now
        if state == "ready":
            self._seconds[name] = now - self._began.get(name, now)
            if not err.is_terminal:
                err.print(f"{name} is ready ({self._seconds[name]:.1f} s)")
        self._states[name] = state

    def __rich__(self) -> Table:
        table = Table.grid(padding=(0, 2))
        for name, state in list(self._states.items()):
            sign, style = _SIGNS[state]
            since = self._began.get(name)
            seconds = self._seconds.get(name, time.monotonic() - since if since else None)
            table.add_row(Text(sign, style), name, f"{seconds:.1f} s" if seconds is not None else "")
        return table


def start(conf: Settings | None = None) -> Stack:
    """Starts the stack and shows how it goes.

    Raises:
        SetupError: it does not start.
    """
    display = StartDisplay()
    with Live(display, console=err, transient=True, refresh_per_second=8, auto_refresh=err.is_terminal):
        try:
            stack = lifecycle.up(conf, display)
        except SetupError as error:
            for line in getattr(error, "__notes__", []):  # the end of the log
                err.print(Text(line, "dim"), soft_wrap=True)
            raise
    for note in stack.notes:
        err.print(Text(f"note: {note}", "yellow"), soft_wrap=True)
    return stack


def up() -> None:
    """Start the embedded stack: databases, Airflow with its workers, the review app."""
    with plain_errors():
        stack = start()
        out.print(
            f"[green]The stack is up[/] after {stack.seconds:.0f} s."
            if stack.new
            else "[green]The stack is up[/] already."
        )
        out.print(addresses(stack))


def addresses(stack: Stack) -> Table:
    """What a person can open, with the login."""
    table = Table.grid(padding=(0, 2))
    table.add_row("Airflow", stack.airflow_url, f"{stack.airflow_username} / {stack.airflow_password}")
    table.add_row("Review", stack.review_url)
    return table


def down() -> None:
    """Stop the embedded stack; no process is left behind."""
    with plain_errors():
        stopped = lifecycle.down()
        out.print("The stack is stopped." if stopped else "There was nothing to stop.")


def status(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Say how each program of the stack is; exit 0 only when all serve."""
    with plain_errors():
        programs = lifecycle.status()
        ready = bool(programs) and all(program.ready for program in programs)
        if as_json:
            print_json({"ready": ready, "programs": [asdict(program) for program in programs]})
        elif not programs:
            out.print("No stack has been started here: `mulakat up` starts one.")
        else:
            out.print(_status_table(programs))
        if not ready:
            raise typer.Exit(1)


def _status_table(programs: list[lifecycle.ProgramStatus]) -> Table:
    table = Table("program", "state", "since", "process", box=None)
    table.add_column("address", no_wrap=True)
    table.add_column("problem", overflow="fold")
    for program in programs:
        style = "green" if program.ready else "red"
        uptime = "" if program.uptime_s is None else _duration(program.uptime_s)
        table.add_row(
            program.name,
            Text("ready" if program.ready else program.state.lower(), style),
            uptime,
            str(program.pid or ""),
            program.address or "",
            Text(program.problem or ""),
        )
    return table


def _duration(seconds: int) -> str:
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes:02} min" if hours else f"{minutes} min {seconds:02} s" if minutes else f"{seconds} s"


def logs(
    name: Annotated[
        str | None, typer.Argument(help="A program, as `mulakat status` names it; all when left out.")
    ] = None,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Keep showing new lines.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", min=0, help="How many last lines to show.")] = 50,
) -> None:
    """Show what the programs of the stack have written."""
    with plain_errors():
        folder = Layout.at(Settings().home).logs
        known = {path.stem: path for path in sorted(folder.glob("*.log"))}
        if name is not None and name not in known:
            there = ", ".join(known) or "none yet"
            raise BadInput(f"there is no log of {name!r} in {str(folder)!r}: there are {there}")
        if not known:
            raise BadInput(f"there are no logs in {str(folder)!r}: `mulakat up` starts the stack")
        chosen = [known[name]] if name else list(known.values())
    tail = shutil.which("tail") or "tail"
    os.execv(tail, [tail, *(["-F"] if follow else []), "-n", str(lines), "--", *map(str, chosen)])  # noqa: S606


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object instead of a table.")] = False,
) -> None:
    """Say what is missing on this machine and how to get it; exit 0 only when nothing is."""
    with plain_errors():
        findings = checks.examine(Settings())
        fine = all(finding.ok for finding in findings)
        if as_json:
            print_json({"ok": fine, "checks": [asdict(finding) for finding in findings]})
        else:
            table = Table.grid(padding=(0, 2))
            for _ in range(4):
                table.add_column(overflow="fold")
            for finding in findings:
                sign = Text("✓", "green") if finding.ok else Text("✗", "red")
                table.add_row(sign, finding.name, Text(finding.found), Text(finding.remedy or ""))
            out.print(table)
        if not fine:
            raise typer.Exit(1)


COMMANDS: dict[str, Callable[..., None]] = {"up": up, "down": down, "status": status, "logs": logs, "doctor": doctor}
