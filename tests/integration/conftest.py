"""The whole embedded stack with its database and its Airflow, and the sample interview in it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.store import Store
from mulakat.workflow.airflow_client import AirflowClient
from tests.support.known import known
from tests.support.servers import RunningStack


@pytest.fixture(scope="package")
def stack(tmp_path_factory: pytest.TempPathFactory, samples: Path) -> Iterator[RunningStack]:
    """The whole embedded stack, started once, and gone after these tests: it is busy also when nothing is to do."""
    recordings = tmp_path_factory.mktemp("recordings")
    bundle = shutil.copytree(Path(__file__).parent / "bundle", tmp_path_factory.mktemp("bundle") / "dags")
    home = tmp_path_factory.mktemp("stack") / ".mulakat"
    running = RunningStack.start(home, recordings, bundle, [recordings, samples])
    yield running
    running.stop()


@pytest.fixture(scope="package")
def store(stack: RunningStack) -> Iterator[Store]:
    opened = Store.connect(
        known(stack.conf.mongo_uri), stack.conf.mongo_database, MediaStore(stack.conf.media_store_url)
    )
    yield opened
    opened.close()


@pytest.fixture(scope="package")
def airflow(stack: RunningStack) -> Iterator[AirflowClient]:
    with AirflowClient(stack.conf) as session:
        yield session


@pytest.fixture(scope="package")
def sample(stack: RunningStack, samples: Path) -> str:
    """The sample interview, analysed once; its run id."""
    done = json.loads(stack.mulakat("submit", samples / "interview.json", "--json").stdout)
    assert done["new"]
    stack.mulakat("watch", "sample-interview")
    run_id: str = done["run_id"]
    return run_id
