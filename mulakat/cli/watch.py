"""`mulakat watch`: live progress of an interview.

First the snapshot from MongoDB, then the events of Redis from the moment before the
snapshot, so nothing falls between; after a dropped connection it goes on from the last
event it saw. Without Redis it looks at MongoDB every second.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Group
from rich.live import Live
from rich.table import Table
from rich.text import Text

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import english, out, plain_errors, print_json
from mulakat.interviews.documents import Interview, StageState
from mulakat.interviews.settings import Settings
from mulakat.pipeline.stages import STAGES
from mulakat.schema.errors import BadInput

if TYPE_CHECKING:
    from mulakat.interviews import events
    from mulakat.interviews.store import Store
    from mulakat.presentation.presenter import Presenter

ENDED = ("scored", "failed", "stopped")
REGISTER_WAIT_S = 60.0
MARKS = {"ok": "[green]✓[/]", "reused": "[cyan]↺[/]", "skipped": "[yellow]–[/]", "failed": "[red]✗[/]", "running": "…"}


def watch(
    interview_id: Annotated[str, typer.Argument(metavar="ID", help="Interview id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print events as JSON, one per line.")] = False,
) -> None:
    """Follow an interview until it is scored, failed or stopped; exit code 1 when it failed or was stopped."""
    with plain_errors():
        settings = running_settings()
        if not (_print_events if as_json else follow_to_end)(settings, interview_id):
            raise typer.Exit(1)


def follow_to_end(settings: Settings, interview_id: str, run_id: str | None = None) -> bool:
    """Show live progress until the interview ends; True when it was scored."""
    percents: dict[tuple[str | None, str | None], float] = {}
    interview: Interview | None = None
    with open_store(settings) as store, Live(console=out, refresh_per_second=4, auto_refresh=out.is_terminal) as live:
        for interview, event in updates(settings, store, interview_id, run_id):
            if event is not None and event.percent is not None:
                percents[event.answer_id, event.stage] = event.percent
            elif event is not None and event.stage is not None and not out.is_terminal:
                # Where nothing can be redrawn, a line per event.
                why = f": {english().reason(event.reason)}" if event.reason is not None else ""
                out.print(Text(f"{event.answer_id or interview_id} {event.stage} {event.state}{why}"), soft_wrap=True)
            live.update(progress_table(interview, percents))
    out.print()
    if interview is None or interview.state != "scored":
        reason = english().reason(interview.reason) if interview and interview.reason else "it was never registered"
        state = english().name("interview-state", interview.state if interview else "failed")
        out.print(Text(f"{interview_id} {state}: {reason}", style="red"), soft_wrap=True)
        return False
    return True


def updates(
    settings: Settings, store: Store, interview_id: str, run_id: str | None = None
) -> Iterator[tuple[Interview, events.Event | None]]:
    """The interview as it is now, then again at each event, until it has ended.

    Args:
        run_id: wait for this run to take the interview up; None: whichever has it.

    Raises:
        BadInput: the interview, which nobody has submitted, does not show up within a minute.
    """
    from redis.exceptions import RedisError

    from mulakat.interviews import events

    name = events.stream(interview_id)
    after = "0-0"
    if settings.redis_url:
        with suppress(RedisError, OSError):
            after = events.last_id(settings.redis_url, name)
    interview = _registered(store, interview_id, run_id)
    yield interview, None
    for event in _news(settings.redis_url, name, after):
        if interview.state in ENDED:
            return
        if event is not None and events.out_of_date(event, interview):
            continue
        # Percents change nothing in MongoDB: no need to look.
        if event is None or event.state != "progress":
            interview = store.interviews.get(interview_id)
        yield interview, event


def _news(url: str | None, name: str, after: str) -> Iterator[events.Event | None]:
    if url is None:
        while True:
            time.sleep(1.0)
            yield None
    from mulakat.interviews import events

    for item in events.follow(url, name, after=after, block_s=1.0):
        yield item[1] if item else None


def _registered(store: Store, interview_id: str, run_id: str | None) -> Interview:
    """Wait for Airflow to take the interview up: its first task stores it. A busy one may take its time for what was
    submitted; what was only triggered in Airflow, or never, is not there to be waited for."""
    deadline = time.monotonic() + REGISTER_WAIT_S
    while True:
        found = store.interviews.find(interview_id)
        if found is not None and run_id in (None, found.run_id):
            return found
        if time.monotonic() > deadline and not store.submissions.any_of(interview_id):
            what = f"run {run_id!r} has not taken up" if run_id else "no run has taken up"
            raise BadInput(f"{what} interview {interview_id!r} within {REGISTER_WAIT_S:.0f} s; look at it in Airflow")
        time.sleep(0.3)


def _print_events(settings: Settings, interview_id: str) -> bool:
    with open_store(settings) as store:
        for _, event in updates(settings, store, interview_id):
            if event is not None:
                print_json(event)
        return store.interviews.get(interview_id).state == "scored"


def progress_table(interview: Interview, percents: dict[tuple[str | None, str | None], float]) -> Group:
    """Answers × stages, each with its mark or percent."""
    table = Table(box=None, pad_edge=False)
    t = english()
    table.add_column("")
    for stage in STAGES:
        table.add_column(t.name("stage", stage.name), justify="center")
    for answer in interview.answers:
        states = interview.progress.get(answer.answer_id, {})
        cells = [_cell(t, states.get(s.name), percents.get((answer.answer_id, s.name))) for s in STAGES]
        table.add_row(answer.answer_id, *cells)
    state = t.name("interview-state", interview.state)
    return Group(Text(f"{interview.id}: {state}", style="bold"), table)


def _cell(t: Presenter, state: StageState | None, percent: float | None) -> str:
    if state is None:
        return "[dim]·[/]"
    if state.state == "running" and percent is not None:
        return t.percent(percent / 100)
    seconds = f" {t.duration(state.seconds)}" if state.seconds else ""
    return MARKS[state.state] + seconds
