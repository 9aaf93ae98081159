"""Airflow for tests that load DAGs: its own home, a SQLite database, our folders."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

ROOT = Path(__file__).parents[2]

# Airflow reads these when it is first imported.
_home = tempfile.TemporaryDirectory(prefix="mulakat-airflow-")
os.environ |= {
    "AIRFLOW_HOME": _home.name,
    "AIRFLOW__CORE__UNIT_TEST_MODE": "True",
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__DAGS_FOLDER": str(ROOT / "dags"),
    "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{_home.name}/airflow.db",
}


@pytest.fixture(scope="session", autouse=True)
def airflow_home() -> Iterator[Path]:
    """Airflow's home, with a migrated database."""
    from airflow.utils.db import initdb

    initdb()
    yield Path(_home.name)
    _home.cleanup()


@pytest.fixture(scope="session")
def parse() -> Callable[[], DagBag]:
    """Parse all our DAGs anew."""
    from airflow.dag_processing.dagbag import DagBag

    return lambda: DagBag(dag_folder=ROOT / "dags")


@pytest.fixture(scope="session")
def dagbag(parse: Callable[[], DagBag]) -> DagBag:
    """All our DAGs, as they are."""
    return parse()
