"""Run a function in a child process that can be lost, and cannot reach the network.

A recording may be made to attack the decoder that reads it, and MediaPipe reports
its use to Google. So whatever touches a recording's bytes or MediaPipe runs here: in
a child process whose memory, output and computing time are bounded, and whose seccomp
filter refuses `socket` for every address family, and the other ways to come by a
socket, before any library is imported. Threads and processes the child starts inherit
the filter; nothing can lift it.

The child is a fresh interpreter, not a fork: it inherits no open connection, no
thread and no lock, and may be started from a daemonic process such as an Airflow
task. Arguments and results travel as JSON, so a child that was taken over can
hand back wrong values but no code.

The filter exists on Linux on x86-64 and arm64. Elsewhere `run_in_child` does without
it, and `run_without_network` raises SetupError: a face is not analysed at all rather
than by a library that phones home.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, Any

from mulakat.runtime import seccomp
from mulakat.schema import errors
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, MulakatError, NotMeasurable, SetupError, TemporaryError

MEMORY_LIMIT_BYTES = 4 * 1024**3
FILE_LIMIT_BYTES = 1024**3  # nine hours of 16 kHz mono sound
CPU_LIMIT_S = 120  # of computing on all cores, from one sign of progress to the next
STALL_LIMIT_S = 900.0  # of waiting for a sign of progress: storage or the machine hangs
LOG_TAIL_BYTES = 4000

# The last four would let the child open, borrow or steal a socket by another way.
_REFUSED = ("socket", "ptrace", "process_vm_writev", "io_uring_setup", "pidfd_getfd")
_PR_SET_PDEATHSIG = 1

_ENVIRONMENT = {
    # glibc would fetch each picture's memory from the system and give it back: 5 % of the time a face takes.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 1024**2),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 1024**2),
    # There is none, and looking for it takes a tenth of the child's start.
    "PYDANTIC_DISABLE_PLUGINS": "__all__",
}


def run_in_child(
    function: Callable[..., Any],
    *arguments: Any,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Any:
    """Call `function(*arguments, progress=report)` in a child process, without network where that can be had.

    Args:
        function: a module-level function of an importable module.
        arguments: JSON values; so is what the function returns (no NaN).
        progress: gets what the function passes to `report`.

    Raises:
        MulakatError: as the function does, same class, message and reason.
        BadInput: the child crashed, needed more than `MEMORY_LIMIT_BYTES`, wrote a larger file than
            `FILE_LIMIT_BYTES`, or computed for `CPU_LIMIT_S` without any progress.
        TemporaryError: somebody killed the child, or it stood still for `STALL_LIMIT_S`.
        RuntimeError: the function has a bug; the notes hold the child's log.
    """
    return _run(function, arguments, progress, network="optional")


def run_without_network(
    function: Callable[..., Any],
    *arguments: Any,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Any:
    """As `run_in_child`, but never with a network.

    Raises:
        SetupError: this machine cannot take the network away.
    """
    return _run(function, arguments, progress, network="never")


def _run(
    function: Callable[..., Any], arguments: tuple[Any, ...], progress: Callable[[float], None], network: str
) -> Any:
    request = json.dumps(
        {"function": f"{function.__module__}:{function.__qualname__}", "arguments": arguments, "network": network}
    )
    environment = {**_ENVIRONMENT, **os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "mulakat.runtime.sandbox"]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment) as child,
    ):
        assert child.stdin and child.stdout
        answer: dict[str, Any] = {}
        try:
            _send(child.stdin, request)
            for line in _lines(child.stdout):
                message = json.loads(line)
                if "progress" in message:
                    progress(message["progress"])
                else:
                    answer = message  # its last word: it ends at once
            if not answer:
                child.wait()
        finally:
            child.kill()
        if "error" in answer:
            raise _error(answer)
        if "result" not in answer:
            raise _ending(child.returncode, function.__qualname__, _tail(log))
        return answer["result"]


def _lines(pipe: IO[bytes]) -> Iterator[bytes]:
    """What the child says, line by line, up to its end."""
    ready = select.poll()
    ready.register(pipe, select.POLLIN)
    unfinished: list[bytes] = []
    while True:
        if not ready.poll(STALL_LIMIT_S * 1000):
            raise TemporaryError(
                f"the analysis of the recording has stood still for {STALL_LIMIT_S:.0f} s; "
                "look at this machine's load and storage, and try again"
            )
        received = os.read(pipe.fileno(), 1 << 16)
        if not received:
            return
        first, *more = received.split(b"\n")
        unfinished.append(first)
        for start in more:
            yield b"".join(unfinished)
            unfinished = [start]


def require_no_network() -> None:
    """Make sure this process cannot open a connection.

    Raises:
        RuntimeError: it can.
    """
    for family in (socket.AF_INET, socket.AF_INET6):
        try:
            socket.socket(family, socket.SOCK_STREAM).close()
        except PermissionError:
            continue
        except OSError as error:
            if error.errno == errno.EAFNOSUPPORT:
                continue
        raise RuntimeError("this process has network access; call through mulakat.runtime.sandbox.run_without_network")


def _send(pipe: IO[bytes], request: str) -> None:
    try:
        with pipe:
            pipe.write(request.encode())
    except BrokenPipeError:
        pass  # The child died at once; its exit code tells why.


def _error(message: dict[str, Any]) -> Exception:
    kind = getattr(errors, message["error"], None)
    if kind is NotMeasurable:
        return NotMeasurable(Code(message["code"]), **message["values"])
    if isinstance(kind, type) and issubclass(kind, MulakatError):
        return kind(message["message"], Code(message["code"]))
    return RuntimeError(f"unknown error {message['error']!r} from the child process: {message['message']}")


def _ending(code: int, name: str, log: str) -> Exception:
    """What to raise when the child ended without an answer."""
    error: Exception
    if code in (-signal.SIGKILL, -signal.SIGTERM):
        error = TemporaryError("the process analysing the recording was killed, perhaps for want of memory; try again")
    elif code in (-signal.SIGXCPU, -signal.SIGXFSZ):
        needs = f"{CPU_LIMIT_S} s of computing for one step" if code == -signal.SIGXCPU else "too large a file"
        error = BadInput(
            f"the recording needs {needs}: it is damaged; convert it to MP4 with H.264 and try again",
            Code.RECORDING_UNREADABLE,
        )
    elif code < 0:
        error = BadInput(
            f"the recording crashed its analysis ({signal.Signals(-code).name}): it is damaged; "
            "convert it to MP4 with H.264 and try again",
            Code.RECORDING_UNREADABLE,
        )
    else:
        last = log.strip().splitlines()[-1:] or ["no message"]
        error = RuntimeError(f"{name} failed in its child process: {last[0]}")
    if log:
        error.add_note(f"Log of the child process:\n{log}")
    return error


def _tail(log: IO[bytes]) -> str:
    size = log.seek(0, os.SEEK_END)
    log.seek(max(0, size - LOG_TAIL_BYTES))
    return log.read().decode(errors="replace")


# --- in the child ------------------------------------------------------------


def _forbid_network(*, required: bool) -> None:
    """Take the network from this process and all that it starts. Raises SetupError."""
    try:
        seccomp.forbid(_REFUSED)
    except SetupError as error:
        if required:
            raise SetupError(f"MediaPipe cannot be kept off the network: {error}; or do not analyse face") from error
    else:
        require_no_network()


def _limit() -> None:
    """Bound what a hostile recording can use up, and die with the parent."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_LIMIT_BYTES, FILE_LIMIT_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it, and a library may go on for ever
    _grant_time()


def _grant_time() -> None:
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    soft = int(used.ru_utime + used.ru_stime) + CPU_LIMIT_S
    resource.setrlimit(resource.RLIMIT_CPU, (soft if most == resource.RLIM_INFINITY else min(soft, most), most))


def _main() -> None:
    request = sys.stdin.read()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # What a library prints belongs to the log, not between the answers.

    def answer(**message: Any) -> None:
        answers.write(json.dumps(message, allow_nan=False) + "\n")
        answers.flush()

    def refuse(error: MulakatError) -> None:
        values = error.reason.model_dump(mode="json")["values"] if isinstance(error, NotMeasurable) else {}
        answer(error=type(error).__name__, message=str(error), code=error.code, values=values)

    def report(fraction: float) -> None:
        _grant_time()
        answer(progress=fraction)

    try:
        call = json.loads(request)
        _forbid_network(required=call["network"] == "never")
        _limit()
        module, _, name = call["function"].partition(":")
        function = getattr(importlib.import_module(module), name)
        result = function(*call["arguments"], progress=report)
    except MulakatError as error:
        refuse(error)
    except MemoryError:
        needs = f"the recording needs more than {MEMORY_LIMIT_BYTES >> 30} GB to be analysed"
        refuse(BadInput(needs, Code.RECORDING_UNREADABLE))
    else:
        answer(result=result)
    os._exit(0)  # taking libraries down would cost time, and could crash


if __name__ == "__main__":
    _main()
