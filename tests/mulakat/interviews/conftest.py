"""A store for each test."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.store import Store


@pytest.fixture
def store(mongo: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database of its own."""
    name = f"test_{uuid.uuid4().hex}"
    opened = Store.connect(mongo, name, MediaStore(str(tmp_path / "media")))
    opened.ensure_indexes()
    yield opened
    opened.database.client.drop_database(name)
    opened.close()
