"""Take system calls away from this process for good: seccomp(2) filters on Linux, x86-64 and arm64."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from typing import Literal

from mulakat.schema.errors import SetupError

# Machine → its AUDIT_ARCH constant and the numbers of system calls.
_MACHINES: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "socket": 41, "connect": 42, "sendto": 44, "sendmsg": 46, "ptrace": 101, "sendmmsg": 307,
            "process_vm_writev": 311, "io_uring_setup": 425, "pidfd_getfd": 438,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "socket": 198, "connect": 203, "sendto": 206, "sendmsg": 211, "ptrace": 117, "sendmmsg": 269,
            "process_vm_writev": 271, "io_uring_setup": 425, "pidfd_getfd": 438,
        },
    ),
}  # fmt: skip
_X32_BIT = 0x40000000

_PR_SET_SECCOMP = 22
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_MODE_FILTER = 2
_RET_KILL_PROCESS = 0x80000000
_RET_ERRNO = 0x00050000
_RET_ALLOW = 0x7FFF0000
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06


def forbid(calls: tuple[str, ...], then: Literal["refuse", "kill"] = "refuse") -> None:
    """Forbid system calls to this thread and to the threads and processes it starts from now on.

    Nothing lifts a filter; of several, the most severe answer wins.

    Args:
        then: let the call fail with EACCES, or end the process with SIGSYS.

    Raises:
        SetupError: this machine has no such filter.
    """
    machine = platform.machine()
    if sys.platform != "linux" or machine not in _MACHINES:
        raise SetupError(f"{platform.system()} on {machine} has no seccomp filter here; use Linux on x86-64 or arm64")
    architecture, numbers = _MACHINES[machine]
    answer = _RET_KILL_PROCESS if then == "kill" else _RET_ERRNO | errno.EACCES
    code = ctypes.create_string_buffer(_program(architecture, [numbers[call] for call in calls], answer))
    program = _Program(len(code.raw) // 8, ctypes.addressof(code))
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or libc.prctl(
        _PR_SET_SECCOMP, _SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0
    ):
        raise SetupError(f"this system does not allow seccomp filters: {os.strerror(ctypes.get_errno())}")


class _Program(ctypes.Structure):
    """`struct sock_fprog`."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _program(architecture: int, forbidden: list[int], answer: int) -> bytes:
    """The filter in classic BPF: one `struct sock_filter` of 8 bytes per instruction."""

    def instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
        return code.to_bytes(2, sys.byteorder) + bytes((if_true, if_false)) + value.to_bytes(4, sys.byteorder)

    left = len(forbidden)
    return b"".join(
        [
            instruction(_LOAD, 4),  # seccomp_data.arch
            instruction(_JUMP_IF_EQUAL, architecture, if_true=1),
            instruction(_RETURN, _RET_KILL_PROCESS),
            instruction(_LOAD, 0),  # seccomp_data.nr
            instruction(_JUMP_IF_AT_LEAST, _X32_BIT, if_true=left + 1),
            *(instruction(_JUMP_IF_EQUAL, number, if_true=left - i) for i, number in enumerate(forbidden)),
            instruction(_RETURN, _RET_ALLOW),
            instruction(_RETURN, answer),
        ]
    )
