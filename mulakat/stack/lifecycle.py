"""Starting, stopping and looking at the embedded stack."""

from __future__ import annotations

import contextlib
import fcntl
import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from mulakat.interviews.settings import Settings
from mulakat.runtime.files import write_private
from mulakat.schema.errors import SetupError
from mulakat.stack import plan as planning
from mulakat.stack.layout import Layout, Secrets, read_json
from mulakat.stack.plan import Plan
from mulakat.stack.program import Program
from mulakat.stack.readiness import Progress, wait_until_ready
from mulakat.stack.supervise import ALIVE, Supervisor

START_TIMEOUT_S = 240
REPAIR_TIMEOUT_S = 90


@dataclass(frozen=True)
class Stack:
    """A running stack.

    Attributes:
        settings: `MULAKAT_*` variables that lead to it; `Settings()` reads them.
        addresses: what a person can open or connect to, by program.
        new: whether this call has started it.
        notes: what a person should know about it.
        seconds: how long the start took.
    """

    settings: dict[str, str]
    ports: dict[str, int]
    addresses: dict[str, str]
    new: bool
    notes: list[str]
    seconds: float

    @property
    def airflow_url(self) -> str:
        return self.settings["MULAKAT_AIRFLOW_URL"]

    @property
    def review_url(self) -> str:
        return self.settings["MULAKAT_REVIEW_URL"]

    @property
    def airflow_username(self) -> str:
        return self.settings["MULAKAT_AIRFLOW_USERNAME"]

    @property
    def airflow_password(self) -> str:
        return self.settings["MULAKAT_AIRFLOW_PASSWORD"]


@dataclass(frozen=True)
class ProgramStatus:
    """One program of the stack, as it is now.

    Attributes:
        state: supervisord's word for it, or DOWN when there is no supervisord.
        ready: whether it serves.
        problem: why not, None when it does.
    """

    name: str
    state: str
    ready: bool
    problem: str | None
    pid: int | None
    uptime_s: int | None
    address: str | None
    log: str


def up(conf: Settings | None = None, progress: Progress = lambda name, state: None) -> Stack:
    """Starts the stack, mends it, or finds it running; returns when it takes interviews.

    Raises:
        SetupError: something is missing or a program dies; nothing is left running then.
    """
    conf = conf or Settings()
    began = time.monotonic()
    layout = Layout.at(conf.home)
    layout.create()
    with _alone(layout, progress):
        supervisor = Supervisor(layout)
        notes: list[str] = []
        known = read_json(layout.stack_file)
        if known and supervisor.answers():
            if known["digest"] != planning.digest(conf):
                notes.append("the settings have changed, so the stack was started anew")
            elif _repair(running := _known(layout), supervisor, progress):
                return _stack(running, new=False, seconds=time.monotonic() - began)
            else:
                notes.append("the earlier stack did not work any more, so it was started anew")
        if supervisor.stop() and not notes:
            notes.append("what was left of an earlier stack was ended first")
        layout.stack_file.unlink(missing_ok=True)
        planning.check_given(conf)
        plan = planning.make(conf, layout)
        plan.notes.extend(notes)
        try:
            _start(plan, supervisor, progress)
        except BaseException:
            supervisor.stop()
            raise
        write_private(
            layout.stack_file,
            json.dumps({"settings": plan.settings, "ports": plan.ports, "digest": planning.digest(conf)}, indent=1),
        )
        return _stack(plan, new=True, seconds=time.monotonic() - began)


def down(conf: Settings | None = None) -> bool:
    """Stops the stack; afterwards none of its processes is left.

    Returns:
        Whether there was anything to stop.
    """
    layout = Layout.at((conf or Settings()).home)
    if not layout.home.is_dir():
        return False
    supervisor = Supervisor(layout)
    ran = supervisor.answers()
    left = supervisor.stop()
    layout.stack_file.unlink(missing_ok=True)
    return ran or left > 0


def status(conf: Settings | None = None) -> list[ProgramStatus]:
    """Every program of the stack, asked just now; empty when no stack has been started here."""
    conf = conf or Settings()
    layout = Layout.at(conf.home)
    if not read_json(layout.stack_file):
        return []
    plan = _known(layout)
    processes = Supervisor(layout).processes()
    programs = [program for group in plan.groups().values() for program in group]
    with ThreadPoolExecutor(len(programs)) as pool:
        problems = list(pool.map(Program.problem, programs))
    result = []
    for program, problem in zip(programs, problems, strict=True):
        process = processes.get(program.name)
        result.append(
            ProgramStatus(
                name=program.name,
                state=process.state if process else "DOWN",
                ready=problem is None and process is not None and process.state in ALIVE,
                problem=problem,
                pid=process.pid or None if process else None,
                uptime_s=process.uptime_s if process else None,
                address=program.address,
                log=str(layout.log(program.name)),
            )
        )
    return result


def environment(conf: Settings | None = None) -> dict[str, str]:
    """The `MULAKAT_*` variables that lead to the running stack.

    Raises:
        SetupError: no stack runs in this state folder.
    """
    layout = Layout.at((conf or Settings()).home)
    known = read_json(layout.stack_file)
    if not known:
        raise SetupError(f"no stack runs in {str(layout.home)!r}: start it with `mulakat up`")
    return dict(known["settings"])


def _known(layout: Layout) -> Plan:
    """The plan of the stack that was started here, whatever the settings are now."""
    known = read_json(layout.stack_file)
    settings = known["settings"]
    as_started = Settings(
        home=layout.home,
        mongo_uri=settings["MULAKAT_MONGO_URI"],
        redis_url=settings["MULAKAT_REDIS_URL"],
        airflow_username=settings["MULAKAT_AIRFLOW_USERNAME"],
        airflow_password=settings["MULAKAT_AIRFLOW_PASSWORD"],
    )
    plan = planning.with_ports(as_started, layout, Secrets.load_or_create(layout), known["ports"], notes=[])
    return replace(plan, settings=settings)


def _repair(plan: Plan, supervisor: Supervisor, progress: Progress) -> bool:
    """Starts what does not run; whether all is well then."""
    groups = plan.groups()
    processes = supervisor.processes()
    try:
        for group, programs in groups.items():
            for program in programs:
                if program.name not in processes:
                    return False
                if processes[program.name].state not in (*ALIVE, "BACKOFF"):
                    supervisor.start_program(group, program.name)
        wait_until_ready(_all(groups), supervisor, plan.layout, progress, REPAIR_TIMEOUT_S)
    except SetupError:
        return False
    return True


def _start(plan: Plan, supervisor: Supervisor, progress: Progress) -> None:
    """Starts everything, each as soon as what it needs is there."""
    groups = plan.groups(since=datetime.now(UTC))
    for program in _all(groups):
        progress(program.name, "waiting")
    for server in (plan.valkey, plan.mongo):
        if server:
            server.install()
    if plan.postgres and plan.postgres.install():
        plan.layout.prepared_file.unlink(missing_ok=True)
    write_private(plan.layout.ports_file, json.dumps(plan.ports))
    supervisor.start(groups, plan.airflow.environment())
    servers = groups.pop("servers", [])
    if servers:
        supervisor.start_group("servers")
        wait_until_ready(servers, supervisor, plan.layout, progress, START_TIMEOUT_S)
    if plan.mongo:
        plan.mongo.prepare()
    _index(plan)
    if plan.postgres:
        plan.postgres.prepare()
    supervisor.start_group("review")
    supervisor.start_group("workers")
    progress("airflow-database", "working")
    plan.airflow.prepare()
    progress("airflow-database", "ready")
    supervisor.start_group("airflow")
    wait_until_ready(_all(groups), supervisor, plan.layout, progress, START_TIMEOUT_S)
    progress("dags", "working")
    plan.notes.extend(plan.airflow.wait_for_dags(START_TIMEOUT_S))
    progress("dags", "ready")


def _index(plan: Plan) -> None:
    """Makes the indexes of the database, ours or one that settings name, before anything asks it."""
    from mulakat.interviews.media_store import MediaStore
    from mulakat.interviews.store import DatabaseError, Store

    media = MediaStore(plan.settings["MULAKAT_MEDIA_STORE"])
    store = Store.connect(plan.airflow.mongo_uri, plan.airflow.mongo_database, media)
    try:
        store.ensure_indexes()
    except DatabaseError as error:
        raise SetupError(f"MongoDB refuses the indexes: {error}") from error
    finally:
        store.close()


def _all(groups: dict[str, list[Program]]) -> list[Program]:
    return [program for programs in groups.values() for program in programs]


def _stack(plan: Plan, *, new: bool, seconds: float) -> Stack:
    addresses = {program.name: program.address for program in _all(plan.groups()) if program.address}
    return Stack(plan.settings, plan.ports, addresses, new, plan.notes, seconds)


@contextlib.contextmanager
def _alone(layout: Layout, progress: Progress) -> Iterator[None]:
    """Only one `up` at a time works on a state folder; others wait for it and then find the stack running.

    `down` does not wait: it shall also stop a start that hangs.
    """
    with layout.lock_file.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another `mulakat up` in this folder", "working")
            fcntl.flock(lock, fcntl.LOCK_EX)
            progress("another `mulakat up` in this folder", "ready")
        yield
