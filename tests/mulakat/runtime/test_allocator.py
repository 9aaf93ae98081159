"""The C allocator of an analysing process: one arena, whatever threads there are."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

THREADS_ALLOCATE = """
import ctypes, sys, threading
from mulakat.runtime.allocator import share_one_arena

libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
if sys.argv[1] == "shared":
    share_one_arena()
together = threading.Barrier(4)

def allocate():
    libc.malloc(1000)
    together.wait()

threads = [threading.Thread(target=allocate) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
file = ctypes.c_void_p(libc.fopen(sys.argv[2].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other allocators have other arenas")
def test_threads_share_one_arena(tmp_path: Path) -> None:
    def arenas(which: str) -> int:
        info = tmp_path / which
        subprocess.run([sys.executable, "-c", THREADS_ALLOCATE, which, str(info)], check=True)
        return info.read_text().count("<heap ")

    assert arenas("shared") == 1
    assert arenas("as glibc likes") > 1
