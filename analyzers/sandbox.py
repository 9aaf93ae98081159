"""Run a function in a child process that cannot reach the network.

MediaPipe reports its use to Google, and a recording may be made to attack the
decoder that reads it. So whatever touches both runs here: a child process whose
seccomp filter (seccomp(2), `SECCOMP_SET_MODE_FILTER`) refuses `socket` for every
address family, and the other ways to come by a socket, before any library is
imported. Threads and processes the child starts inherit the filter; nothing can
lift it.

The child is a fresh interpreter, not a fork: it inherits no open connection, no
thread and no lock, and may be started from a daemonic process such as an Airflow
task. Arguments and results travel as JSON, so a child that was taken over can
hand back wrong values but no code.

Linux on x86-64 and arm64 only. Elsewhere `run_without_network` raises SetupError:
a face is not analysed at all rather than by a library that phones home.
"""

from __future__ import annotations

import ctypes
import errno
import importlib
import json
import os
import platform
import resource
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from typing import IO, Any

from analyzers import errors
from analyzers.errors import BadInput, MulakatError, SetupError, TemporaryError

MEMORY_LIMIT_BYTES = 4 * 1024**3
LOG_TAIL_BYTES = 4000

# Machine → its AUDIT_ARCH constant and the numbers of the system calls to refuse:
# socket, ptrace, process_vm_writev, io_uring_setup, pidfd_getfd. The last four
# would let the child open, borrow or steal a socket by another way.
_FILTERS = {
    "x86_64": (0xC000003E, (41, 101, 311, 425, 438)),
    "aarch64": (0xC00000B7, (198, 117, 271, 425, 438)),
}
_X32_BIT = 0x40000000

_PR_SET_PDEATHSIG = 1
_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_RET_KILL_PROCESS = 0x80000000
_RET_ERRNO = 0x00050000
_RET_ALLOW = 0x7FFF0000
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def run_without_network(
    function: Callable[..., Any],
    *arguments: Any,
    progress: Callable[[float], None] = lambda fraction: None,
) -> Any:
    """Call `function(*arguments, progress=report)` in a child process without network.

    Args:
        function: a module-level function of an importable module.
        arguments: JSON values; so is what the function returns (no NaN).
        progress: gets what the function passes to `report`.

    Raises:
        MulakatError: as the function does, same class and message.
        BadInput: the child crashed or needed more than `MEMORY_LIMIT_BYTES`.
        TemporaryError: somebody killed the child.
        SetupError: this machine cannot take the network away.
        RuntimeError: the function has a bug; the notes hold the child's log.
    """
    request = json.dumps({"function": f"{function.__module__}:{function.__qualname__}", "arguments": arguments})
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-P", "-m", "analyzers.sandbox"]
    with (
        tempfile.TemporaryFile() as log,
        subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, env=environment, encoding="utf-8"
        ) as child,
    ):
        assert child.stdin and child.stdout
        try:
            _send(child.stdin, request)
            for line in child.stdout:
                message = json.loads(line)
                if "progress" in message:
                    progress(message["progress"])
                elif "error" in message:
                    raise _error(message)
                else:
                    return message["result"]
            child.wait()
        finally:
            child.kill()
        raise _ending(child.returncode, function.__qualname__, _tail(log))


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
        raise RuntimeError("this process has network access; call through analyzers.sandbox.run_without_network")


def _send(pipe: IO[str], request: str) -> None:
    try:
        with pipe:
            pipe.write(request)
    except BrokenPipeError:
        pass  # The child died at once; its exit code tells why.


def _error(message: dict[str, str]) -> Exception:
    kind = getattr(errors, message["error"], None)
    if isinstance(kind, type) and issubclass(kind, MulakatError):
        return kind(message["message"])
    return RuntimeError(f"unknown error {message['error']!r} from the child process: {message['message']}")


def _ending(code: int, name: str, log: str) -> Exception:
    """What to raise when the child ended without an answer."""
    error: Exception
    if code in (-signal.SIGKILL, -signal.SIGTERM):
        error = TemporaryError("the process analysing the recording was killed, perhaps for want of memory; try again")
    elif code < 0:
        error = BadInput(
            f"the recording crashed its analysis ({signal.Signals(-code).name}): it is damaged; "
            "convert it to MP4 with H.264 and try again"
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


def _forbid_network() -> None:
    """Install the filter for this thread and all that it starts. Raises SetupError."""
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _FILTERS:
        raise SetupError(
            f"{platform.system()} on {machine} has no way to keep MediaPipe off the network here; "
            "analyse faces on Linux (x86-64 or arm64), or use a policy that does not analyse face"
        )
    libc = ctypes.CDLL(None, use_errno=True)
    # Die with the parent, so that a killed worker leaves no analysis running.
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    code = ctypes.create_string_buffer(_program(*_FILTERS[machine]))
    program = _Program(len(code.raw) // 8, ctypes.addressof(code))
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise SetupError(
            f"this system does not allow seccomp filters ({os.strerror(ctypes.get_errno())}), so MediaPipe "
            "cannot be kept off the network; use a policy that does not analyse face"
        )
    require_no_network()


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _program(architecture: int, refused: tuple[int, ...]) -> bytes:
    """The filter in classic BPF: one `struct sock_filter` of 8 bytes per instruction."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return code.to_bytes(2, sys.byteorder) + bytes((if_true, if_false)) + value.to_bytes(4, sys.byteorder)

    left = len(refused)
    return b"".join(
        [
            instruction(_LOAD, 4),  # seccomp_data.arch
            instruction(_JUMP_IF_EQUAL, architecture, if_true=1),
            instruction(_RETURN, _RET_KILL_PROCESS),
            instruction(_LOAD, 0),  # seccomp_data.nr
            instruction(_JUMP_IF_AT_LEAST, _X32_BIT, if_true=left + 1),
            *(instruction(_JUMP_IF_EQUAL, number, if_true=left - i) for i, number in enumerate(refused)),
            instruction(_RETURN, _RET_ALLOW),
            instruction(_RETURN, _RET_ERRNO | errno.EACCES),
        ]
    )


def _main() -> None:
    request = sys.stdin.read()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # What a library prints belongs to the log, not between the answers.

    def answer(**message: Any) -> None:
        answers.write(json.dumps(message, allow_nan=False) + "\n")
        answers.flush()

    try:
        _forbid_network()
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_LIMIT_BYTES, MEMORY_LIMIT_BYTES))
        call = json.loads(request)
        module, _, name = call["function"].partition(":")
        function = getattr(importlib.import_module(module), name)
        result = function(*call["arguments"], progress=lambda fraction: answer(progress=fraction))
    except MulakatError as error:
        answer(error=type(error).__name__, message=str(error))
    except MemoryError:
        answer(error="BadInput", message=f"the recording needs more than {MEMORY_LIMIT_BYTES >> 30} GB to be analysed")
    else:
        answer(result=result)


if __name__ == "__main__":
    _main()
