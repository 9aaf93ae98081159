"""Shared by all tests: where the recordings are, and real servers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from mulakat.stack.servers import Mongo, Valkey
from support import review_data
from support.servers import RunningStack, free_port, serving

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def samples() -> Path:
    """The recordings that ship with the project."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def development_media() -> Path:
    """A folder of further real recordings, where there is one (`MULAKAT_TEST_MEDIA`)."""
    folder = Path(os.environ.get("MULAKAT_TEST_MEDIA", ROOT.parent / "shared" / "media"))
    if not folder.is_dir():
        pytest.skip(f"no development recordings in {folder}")
    return folder


@pytest.fixture(scope="session")
def mongo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URI of a real mongod of this test session, a replica set of one."""
    server = Mongo(tmp_path_factory.mktemp("mongo") / "data", free_port(), "test-password", keyfile="0123456789" * 4)
    with serving(server, server.folder.parent):
        server.prepare()
        yield server.uri
    shutil.rmtree(server.folder)


@pytest.fixture(scope="session")
def redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """URL of a real Valkey of this test session."""
    server = Valkey(tmp_path_factory.mktemp("valkey") / "data", free_port(), "test-password")
    with serving(server, server.folder.parent):
        yield server.uri


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[RunningStack]:
    """The whole embedded stack, started once per session; for tests marked `integration` or `browser`."""
    recordings = tmp_path_factory.mktemp("recordings")
    running = RunningStack.start(tmp_path_factory.mktemp("stack") / ".mulakat", recordings, [recordings, samples])
    yield running
    running.stop()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """With `-n … --dist loadgroup`, all tests of the stack share one process and so one stack."""
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("stack"))


@pytest.fixture(scope="session")
def analyzed(mongo: str, samples: Path, tmp_path_factory: pytest.TempPathFactory) -> review_data.Place:
    """The sample interview, taken through all real stages and stored, as `sample-interview`."""
    place = review_data.Place(mongo, "analysed", tmp_path_factory.mktemp("media"))
    store = place.store()
    spec = review_data.spec("sample-interview", review_data.sample_answers(store, samples))
    review_data.analyse(store, spec, tmp_path_factory.mktemp("scratch"))
    store.close()
    return place


@pytest.fixture
def review_place(mongo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[review_data.Place]:
    """An empty database and media store that the review app of this process looks at."""
    place = review_data.Place(mongo, f"review_{uuid4().hex}", tmp_path / "media")
    review_data.visit(place, monkeypatch)
    yield place
    review_data.forget()
    store = place.store()
    store.database.client.drop_database(place.database)
    store.close()


@pytest.fixture
def endpoint_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What is remembered of language model endpoints goes with the test."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
