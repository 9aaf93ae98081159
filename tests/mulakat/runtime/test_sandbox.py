"""The child process has no way to the network, and every way it can end is told apart."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import multiprocessing
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from functools import partial
from multiprocessing.context import ForkContext, ForkServerContext, SpawnContext
from pathlib import Path
from typing import Any

import pytest

from mulakat.runtime import sandbox
from mulakat.runtime.sandbox import require_no_network, run_in_child, run_without_network
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, NotMeasurable, TemporaryError
from mulakat.schema.reasons import Reason

Progress = Callable[[float], None]


def add(a: int, b: int, *, progress: Progress) -> int:
    progress(0.5)
    os.write(1, b"a library that prints to stdout\n")
    os.system("echo and a program that does")  # noqa: S605
    progress(1.0)
    return a + b


def try_sockets(*, progress: Progress) -> dict[str, str]:
    """How each attempt to get a socket ends: an errno's name, or `open`."""

    def outcome(attempt: Callable[[], object]) -> str:
        try:
            attempt()
        except OSError as error:
            return errno.errorcode[error.errno or 0]
        return "open"

    outcomes = {
        family: outcome(partial(socket.socket, getattr(socket, family), socket.SOCK_DGRAM))
        for family in ("AF_INET", "AF_INET6", "AF_UNIX", "AF_NETLINK")
    }
    outcomes["connect"] = outcome(lambda: socket.create_connection(("127.0.0.1", 9)))

    def in_thread() -> None:
        outcomes["thread"] = outcome(lambda: socket.socket(socket.AF_INET))

    thread = threading.Thread(target=in_thread)
    thread.start()
    thread.join()
    code = "import socket\ntry: socket.socket()\nexcept PermissionError: print('EACCES')\nelse: print('open')"
    outcomes["program"] = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.strip()
    libc = ctypes.CDLL(None, use_errno=True)
    outcomes["io_uring"] = "open" if libc.syscall(425, 1, None) >= 0 else errno.errorcode[ctypes.get_errno()]
    outcomes["seccomp"] = next(
        line.split()[1] for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("Seccomp:")
    )
    return outcomes


def inherited(*, progress: Progress) -> list[str]:
    targets = []
    for descriptor in Path("/proc/self/fd").iterdir():
        with contextlib.suppress(FileNotFoundError):  # the descriptor of the listing itself
            targets.append(str(descriptor.readlink()))
    return targets


def fail(kind: str, *, progress: Progress) -> None:
    os.write(2, b"log line of the library\n")
    if kind == "bad input":
        raise BadInput("file 'ä.mp4' holds no picture", Code.RECORDING_UNREADABLE)
    if kind == "not measurable":
        raise NotMeasurable(Code.TOO_MANY_CHANNELS, channels=70)
    if kind == "bug":
        raise KeyError("nose")
    if kind == "memory":
        bytearray(8 * 1024**3)
    os.kill(os.getpid(), getattr(signal, kind))


def wait(pid_file: str, *, progress: Progress) -> None:
    Path(pid_file).write_text(str(os.getpid()))
    progress(0.0)
    signal.pause()


def test_no_way_to_a_socket() -> None:
    assert run_without_network(try_sockets) == {
        "AF_INET": "EACCES",
        "AF_INET6": "EACCES",
        "AF_UNIX": "EACCES",
        "AF_NETLINK": "EACCES",
        "connect": "EACCES",
        "thread": "EACCES",
        "program": "EACCES",
        "io_uring": "EACCES",
        "seccomp": "2",
    }


def test_open_connections_are_not_inherited() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.set_inheritable(True)
        assert str(Path(f"/proc/self/fd/{server.fileno()}").readlink()).startswith("socket:")
        assert not [target for target in run_without_network(inherited) if target.startswith("socket:")]


def test_this_process_is_recognised_as_having_network() -> None:
    with pytest.raises(RuntimeError, match="has network access"):
        require_no_network()


@pytest.mark.parametrize(
    ("kind", "error", "message"),
    [
        ("bad input", BadInput, "file 'ä.mp4' holds no picture"),
        ("not measurable", NotMeasurable, "too_many_channels"),
        ("memory", BadInput, "needs more than 4 GB"),
        ("SIGSEGV", BadInput, "SIGSEGV"),
        ("SIGABRT", BadInput, "SIGABRT"),
        ("SIGKILL", TemporaryError, "was killed"),
        ("bug", RuntimeError, "KeyError: 'nose'"),
    ],
)
def test_each_ending_is_told_apart(kind: str, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message) as caught:
        run_without_network(fail, kind)
    assert "\n" not in str(caught.value)


def test_the_reason_comes_back_with_the_error() -> None:
    with pytest.raises(BadInput) as refused:
        run_without_network(fail, "bad input")
    assert refused.value.reason == Reason.of(Code.RECORDING_UNREADABLE, message="file 'ä.mp4' holds no picture")
    with pytest.raises(NotMeasurable) as skipped:
        run_without_network(fail, "not measurable")
    assert skipped.value.reason == Reason.of(Code.TOO_MANY_CHANNELS, channels=70)


def use_up(what: str, folder: str, *, progress: Progress) -> None:
    """Go beyond a limit that is near: the real ones take minutes or gigabytes."""
    soft_s = resource.getrlimit(resource.RLIMIT_CPU)[0]
    if what == "computing":
        assert 0 < soft_s <= sandbox.CPU_LIMIT_S + 5
        resource.setrlimit(resource.RLIMIT_CPU, (1, resource.RLIM_INFINITY))
        while True:
            pass
    if what == "disk":
        assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] == sandbox.FILE_LIMIT_BYTES
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, sandbox.FILE_LIMIT_BYTES))
        Path(folder, "large").write_bytes(bytes(2000))


@pytest.mark.parametrize(("what", "message"), [("computing", "of computing"), ("disk", "too large a file")])
def test_what_a_recording_may_use_up_is_bounded(tmp_path: Path, what: str, message: str) -> None:
    with pytest.raises(BadInput, match=message):
        run_in_child(use_up, what, str(tmp_path))


def compute_and_report(steps: int, *, progress: Progress) -> float:
    """Use up half a second, several times, granting itself the next each time."""
    for step in range(steps):
        until = time.process_time() + 0.5
        while time.process_time() < until:
            pass
        progress(step / steps)
        soft_s, _ = resource.getrlimit(resource.RLIMIT_CPU)
    return soft_s


def test_progress_grants_more_time() -> None:
    assert run_in_child(compute_and_report, 4) >= sandbox.CPU_LIMIT_S + 1


def test_a_child_that_stands_still_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "STALL_LIMIT_S", 3.0)  # after its start, which takes less
    with pytest.raises(TemporaryError, match="has stood still"):
        run_in_child(wait, str(tmp_path / "pid"))
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()


def say_much(*, progress: Progress) -> str:
    return "ä" * 1_000_000


def test_long_answers_come_back_whole() -> None:
    assert run_in_child(say_much) == "ä" * 1_000_000


def test_the_librarys_log_stays_off_the_terminal_and_goes_with_a_crash(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput) as caught:
        run_without_network(fail, "SIGSEGV")
    assert "log line of the library" in "".join(caught.value.__notes__)
    assert capfd.readouterr() == ("", "")


def test_an_error_in_the_callers_progress_ends_the_child(tmp_path: Path) -> None:
    def stop(fraction: float) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        run_without_network(wait, str(tmp_path / "pid"), progress=stop)
    assert not Path(f"/proc/{(tmp_path / 'pid').read_text()}").exists()


def _run_in_worker(queue: Any) -> None:
    queue.put(run_without_network(add, 2, 3))


@pytest.mark.parametrize("kind", [ForkContext, SpawnContext, ForkServerContext])
def test_it_works_in_a_daemonic_process(kind: type[ForkContext | SpawnContext | ForkServerContext]) -> None:
    context = kind()
    queue = context.SimpleQueue()
    process = context.Process(target=_run_in_worker, args=(queue,), daemon=True)
    process.start()
    process.join()
    assert process.exitcode == 0
    assert queue.get() == 5


def test_the_child_dies_with_a_killed_caller(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    worker = multiprocessing.get_context("spawn").Process(target=run_without_network, args=(wait, str(pid_file)))
    worker.start()
    while not pid_file.exists() or not pid_file.read_text():
        assert worker.is_alive()
        time.sleep(0.02)
    child = int(pid_file.read_text())
    worker.kill()
    worker.join()
    while _runs(child):
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False
