"""Give freed memory back to the system."""

from __future__ import annotations

import ctypes


def give_back() -> None:
    """Let glibc return what has been freed: it would keep it, and grow from batch to batch."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
