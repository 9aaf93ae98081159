"""The whole embedded stack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.servers import RunningStack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[RunningStack]:
    """The whole embedded stack, started once, and gone after these tests: it is busy also when nothing is to do."""
    recordings = tmp_path_factory.mktemp("recordings")
    running = RunningStack.start(tmp_path_factory.mktemp("stack") / ".mulakat", recordings, [recordings, samples])
    yield running
    running.stop()
