"""Keep what the C allocator holds small. Only glibc needs it: elsewhere nothing is done."""

from __future__ import annotations

import ctypes

_M_ARENA_MAX = -8  # of malloc.h


def share_one_arena() -> None:
    """Let all threads of this process allocate from one arena: glibc has eight a core, and each keeps what it freed."""
    if hasattr(libc := ctypes.CDLL(None), "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Let glibc return what has been freed: it would keep it, and grow from batch to batch."""
    if hasattr(libc := ctypes.CDLL(None), "malloc_trim"):
        libc.malloc_trim(0)
