"""Supervision with a real supervisord and small programs."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from mulakat.schema.errors import SetupError
from mulakat.stack.layout import Layout
from mulakat.stack.program import Program
from mulakat.stack.readiness import wait_until_ready
from mulakat.stack.supervise import Supervisor, configuration

# A program that starts a grandchild which leaves its session, as PostgreSQL's do, and ignores SIGTERM.
STUBBORN = """
import os, signal, time
if os.fork() == 0:
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("here", flush=True)
time.sleep(1000)
"""


def program(name: str, code: str, **options: Any) -> Program:
    def ready() -> None:
        return None

    one_line = f"exec({code!r})"  # a configuration file has no place for more
    return Program(name, (sys.executable, "-c", one_line), options.pop("ready", ready), **options)


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.at(tmp_path / 'a#state\'s; "folder" ğ')
    layout.create()
    return layout


@pytest.fixture
def supervisor(layout: Layout) -> Iterator[Supervisor]:
    supervisor = Supervisor(layout)
    yield supervisor
    supervisor.stop()


def wait_for(condition: Callable[[], bool]) -> None:
    while not condition():
        time.sleep(0.05)


def start(supervisor: Supervisor, *programs: Program) -> None:
    supervisor.start({"all": programs}, os.environ)
    supervisor.start_group("all")
    wait_for(lambda: all(process.pid for process in supervisor.processes().values()))


def test_the_configuration_has_no_secrets_and_its_groups_stop_in_reverse(layout: Layout) -> None:
    servers, others = [program("mongo", "", stop_wait_s=15)], [program("review", "")]
    text = configuration(layout, {"servers": servers, "others": others})
    assert "[group:servers]\nprograms=mongo\npriority=1" in text
    assert "[group:others]\nprograms=review\npriority=2" in text
    assert "stopwaitsecs=15" in text
    assert "password" not in text
    assert "environment" not in text


def test_a_killed_program_comes_back(supervisor: Supervisor) -> None:
    start(supervisor, program("worker", "import time; time.sleep(1000)"))
    first = supervisor.processes()["worker"].pid
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: supervisor.processes()["worker"].pid not in (0, first))


def test_arguments_arrive_as_they_are(supervisor: Supervisor, layout: Layout) -> None:
    arguments = ("50%", "a b", "it's", '"q"', "%(here)s", "x;y#z", "ğ")
    command = (sys.executable, "-c", "import sys, time; print(sys.argv[1:], flush=True); time.sleep(1000)", *arguments)
    start(supervisor, Program("echo", command, lambda: None))
    wait_for(lambda: "]" in layout.log("echo").read_text())
    assert layout.log("echo").read_text() == f"{list(arguments)}\n"


def test_output_goes_to_one_log_per_program(supervisor: Supervisor, layout: Layout) -> None:
    start(supervisor, program("loud", "import sys; print('out', flush=True); print('err', file=sys.stderr); input()"))
    wait_for(lambda: "err" in layout.log("loud").read_text())
    assert "out" in layout.log("loud").read_text()


def test_stopping_leaves_nothing_behind_even_what_left_its_session(supervisor: Supervisor) -> None:
    start(supervisor, program("stubborn", STUBBORN))
    wait_for(lambda: len(list(supervisor.processes_left())) == 3)  # supervisord, program, grandchild
    supervisor.stop()
    assert list(supervisor.processes_left()) == []
    assert not supervisor.answers()


@pytest.mark.long
def test_stopping_leaves_nothing_behind_after_supervisord_was_killed(supervisor: Supervisor, layout: Layout) -> None:
    start(supervisor, program("stubborn", STUBBORN), program("other", "import time; time.sleep(1000)"))
    wait_for(lambda: len(list(supervisor.processes_left())) == 4)
    daemon = psutil.Process(int((layout.run / "supervisord.pid").read_text()))
    daemon.kill()
    daemon.wait()
    assert supervisor.processes() == {}
    assert supervisor.stop() > 0
    assert list(supervisor.processes_left()) == []


def test_a_stack_of_another_folder_is_left_alone(supervisor: Supervisor, tmp_path: Path) -> None:
    start(supervisor, program("mine", "import time; time.sleep(1000)"))
    other = Layout.at(tmp_path / "other")
    other.create()
    assert Supervisor(other).stop() == 0
    assert supervisor.processes()["mine"].pid


def test_it_starts_again_after_a_kill(supervisor: Supervisor, layout: Layout) -> None:
    start(supervisor, program("one", "import time; time.sleep(1000)"))
    psutil.Process(int((layout.run / "supervisord.pid").read_text())).kill()
    supervisor.stop()
    start(supervisor, program("one", "import time; time.sleep(1000)"))
    assert supervisor.processes()["one"].pid


def not_yet() -> None:
    raise ConnectionRefusedError("nobody there")


def test_a_program_that_dies_while_it_starts_is_named_with_its_last_words(
    supervisor: Supervisor, layout: Layout
) -> None:
    dying = program("dying", "print('my last words', flush=True); raise SystemExit(3)", ready=not_yet)
    supervisor.start({"all": [dying]}, os.environ)
    supervisor.start_group("all")
    with pytest.raises(SetupError, match="dying died while it started") as caught:
        wait_until_ready([dying], supervisor, layout, lambda name, state: None, timeout_s=1000)
    assert str(layout.log("dying")) in str(caught.value)
    assert "my last words" in caught.value.__notes__


def test_a_program_that_never_serves_is_named_with_the_reason(supervisor: Supervisor, layout: Layout) -> None:
    idle = program("idle", "import time; time.sleep(1000)", ready=not_yet)
    start(supervisor, idle)
    with pytest.raises(SetupError, match=r"idle is not ready after 0 s \(nobody there\)"):
        wait_until_ready([idle], supervisor, layout, lambda name, state: None, timeout_s=0.3)


def test_readiness_is_reported(supervisor: Supervisor, layout: Layout) -> None:
    fine = program("fine", "import time; time.sleep(1000)")
    start(supervisor, fine)
    seen = []
    wait_until_ready([fine], supervisor, layout, lambda *report: seen.append(report), timeout_s=1000)
    assert seen == [("fine", "working"), ("fine", "ready")]
