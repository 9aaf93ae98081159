"""The settings of a worker for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import written_interview


@pytest.fixture(autouse=True)
def _workplace(tmp_path: Path) -> Iterator[None]:
    with written_interview.workplace(tmp_path / "scratch"):
        yield
