"""Shared by all tests: where the recordings are, and real servers."""

from __future__ import annotations

import os
import shutil
import tempfile
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from xdist.scheduler import LoadScopeScheduling

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.store import Store
from mulakat.stack.servers import Mongo, Valkey
from tests.support import review_data
from tests.support.servers import free_port, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser

ROOT = Path(__file__).parent.parent

# `make test-all` takes more: --hypothesis-profile=thorough
hypothesis.settings.register_profile("quick", max_examples=25, deadline=None)
hypothesis.settings.register_profile("thorough", max_examples=150, deadline=None)
hypothesis.settings.load_profile("quick")

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


@pytest.fixture(scope="session")
def samples() -> Path:
    """The recordings that ship with the project."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def data() -> Path:
    """Further recordings that ship with the tests; their README says whose they are."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def development_media() -> Path:
    """Recordings that do not ship (`MULAKAT_TEST_MEDIA`). Tests that use them are marked `media`."""
    folder = Path(os.environ.get("MULAKAT_TEST_MEDIA", ROOT.parent / "shared" / "media"))
    assert folder.is_dir(), f"no development recordings in {folder}: name their folder in MULAKAT_TEST_MEDIA"
    return folder


@pytest.fixture
def recording(request: pytest.FixtureRequest) -> Callable[[str], Path]:
    """Find a recording: in `tests/data` by its file name, or by its path among those that do not ship."""

    def find(name: str) -> Path:
        folder = "development_media" if "/" in name else "data"
        return Path(request.getfixturevalue(folder), name)

    return find


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser; without one the tests marked `browser` are skipped."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"NO BROWSER TEST RUNS: none of {', '.join(BROWSERS)} is installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        # Chromium refuses its sandbox to root.
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        yield browser
        browser.close()


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


@pytest.fixture
def store(mongo: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database of the test's own."""
    name = f"test_{uuid.uuid4().hex}"
    opened = Store.connect(mongo, name, MediaStore(str(tmp_path / "media")))
    opened.ensure_indexes()
    yield opened
    opened.database.client.drop_database(name)
    opened.close()


class ByFolder(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """With `-n`, one process runs the tests of a folder, so that models and the stack are started once.

    It takes the folders in order. `--dist loadgroup` does not do it: pytest 9.2 no longer reads the name in which
    xdist 3.8 keeps the group.
    """

    def _split_scope(self, nodeid: str) -> str:
        return nodeid.partition("::")[0].rpartition("/")[0]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> ByFolder:
    """As `ByFolder` says."""
    config.option.loadscopereorder = False
    return ByFolder(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Those that use the stack or a browser come first: they wait a lot, while another process computes."""
    waiting = ("tests/integration/", "tests/review_ui/")
    items.sort(key=lambda item: not item.nodeid.startswith(waiting))


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what asks for recordings that do not ship."""
    if "development_media" in getattr(item, "fixturenames", ()):
        item.add_marker(pytest.mark.media)


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
    place = review_data.Place(mongo, f"review_{uuid.uuid4().hex}", tmp_path / "media")
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
