"""Same input, same numbers: two processes write the same JSON, apart from times."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

MULAKAT = Path(sys.executable).with_name("mulakat")


def analysis(path: Path) -> str:
    done = subprocess.run([str(MULAKAT), "analyze", str(path), "--json"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["media"] is not None
    return json.dumps(_without_times(document), indent=1)


def _damaged(data: bytes) -> bytes:
    """One bit in about every 500 bytes of the media data flipped; the index stays whole."""
    broken = bytearray(data)
    start = data.index(b"mdat") + 4
    stop = data.index(b"moov", start) if b"moov" in data[start:] else len(data)
    for place in range(start + 5000, stop - 8, 499):
        broken[place] ^= 1 << place % 8
    return bytes(broken)


def _without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without_times(item) for key, item in value.items() if key != "seconds"}
    return [_without_times(item) for item in value] if isinstance(value, list) else value


@pytest.mark.parametrize("name", ["introduction.mp4", "problem_solving.mp4"])
def test_samples(samples: Path, name: str) -> None:
    assert analysis(samples / name) == analysis(samples / name)


def test_damaged_recording(samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.mp4"
    path.write_bytes(_damaged((samples / "introduction.mp4").read_bytes()))
    first = analysis(path)
    assert json.loads(first)["face"] is not None
    assert json.loads(first)["face"]["track"] != json.loads(analysis(samples / "introduction.mp4"))["face"]["track"]
    assert analysis(path) == first
