"""What processes of this machine share about language models: slots, and what an endpoint understands.

Airflow runs every task in a process of its own, so neither a semaphore nor a
dictionary would do. Both live in a folder of files in the system's folder for
temporary files; the kernel lets go of a lock when its process dies.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mulakat.runtime.files import write_private
from mulakat.schema.errors import SetupError

POLL_S = 0.02


def folder() -> Path:
    """A folder of this user's.

    Raises:
        SetupError: it belongs to somebody else.
    """
    path = Path(tempfile.gettempdir()) / f"mulakat-llm-{os.getuid()}"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_symlink() or path.stat().st_uid != os.getuid():
        raise SetupError(f"{str(path)!r} belongs to somebody else; remove it, or set TMPDIR to another folder")
    return path


@contextlib.contextmanager
def slot(name: str, slots: int) -> Iterator[None]:
    """Hold one of `slots` places; waits until one is free.

    Args:
        name: what the places are for; all who give the same name share them.
    """
    from filelock import FileLock, Timeout

    locks = [FileLock(folder() / f"{_key(name)}-{i}.lock", thread_local=False) for i in range(slots)]
    while True:
        for lock in locks:
            try:
                lock.acquire(blocking=False)
            except Timeout:
                continue
            try:
                yield
            finally:
                lock.release()
            return
        time.sleep(POLL_S)


def recall(name: str) -> Any:
    """What was remembered under this name, or None."""
    try:
        return json.loads((folder() / f"{_key(name)}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def remember(name: str, value: Any) -> None:
    """Keep a value that JSON can hold, for all processes."""
    write_private(folder() / f"{_key(name)}.json", json.dumps(value))


def _key(name: str) -> str:
    return hashlib.sha256(name.encode()).hexdigest()[:16]
