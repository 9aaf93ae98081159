"""Files that appear under their name whole, or not at all; and what is in them. Free of heavy imports."""

from __future__ import annotations

import hashlib
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PRIVATE = 0o600


@contextmanager
def replacing(path: Path, mode: int = 0o666) -> Iterator[Path]:
    """A new file beside `path`, to be written; it takes that name when the block ends, and goes if it fails.

    mode: permissions, less the process's umask.

    Raises:
        OSError: the folder cannot be written.
    """
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex[:12]}")
    os.close(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode))
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read, in one step."""
    with replacing(path, PRIVATE) as partial:
        partial.write_text(text, encoding="utf-8")


def sha256(path: Path) -> str:
    """Hex sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
