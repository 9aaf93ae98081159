"""One program of the stack: what supervisord runs and how to know that it is ready."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mulakat.schema.errors import SetupError

if TYPE_CHECKING:
    import httpx

_LOG_LINES = 12


@dataclass(frozen=True)
class Program:
    """A long-running program.

    Attributes:
        name: its name in `status` and of its log file.
        command: program and arguments; no shell is involved.
        ready: raises while the program does not serve yet; its message says what it waits for.
        stop_signal: the signal that ends it fast and in order.
        stop_wait_s: after this long it is killed.
        address: what a person would open or connect to, without passwords.
    """

    name: str
    command: tuple[str, ...]
    ready: Callable[[], None] = field(compare=False)
    stop_signal: str = "TERM"
    stop_wait_s: int = 5
    address: str | None = None

    def problem(self) -> str | None:
        """Why it does not serve; None when it does."""
        try:
            self.ready()
        except Exception as error:  # each client library has its own errors
            return (str(error) or type(error).__name__).strip().splitlines()[0]
        return None


@lru_cache(maxsize=1)
def http() -> httpx.Client:
    """A client for programs on this machine; one for all, as making one takes longer than a request."""
    import httpx

    return httpx.Client(timeout=10, trust_env=False)


def with_log(error: SetupError, log: Path) -> SetupError:
    """The same error with the last lines of a log as notes, for whoever shows it."""
    try:
        lines = log.read_text(errors="replace").splitlines()
    except FileNotFoundError:
        lines = []
    for line in lines[-_LOG_LINES:]:
        error.add_note(line)
    return error
