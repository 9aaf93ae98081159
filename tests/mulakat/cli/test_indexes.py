"""`mulakat indexes` against a real mongod, and where none answers."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from typer.testing import CliRunner, Result

from mulakat.cli.main import app
from tests.support.servers import free_port


def indexes(uri: str, database: str, folder: Path) -> Result:
    environment = {
        "MULAKAT_HOME": str(folder / "none"),
        "MULAKAT_MONGO_URI": uri,
        "MULAKAT_MONGO_DATABASE": database,
        "MULAKAT_MEDIA_STORE": str(folder),
    }
    return CliRunner().invoke(app, ["indexes"], env=environment)


def test_an_empty_database_gets_its_indexes_and_keeps_them(mongo: str, tmp_path: Path) -> None:
    name = f"indexes_{uuid.uuid4().hex}"
    with MongoClient[dict[str, Any]](mongo) as client:
        try:
            for _ in range(2):
                assert indexes(mongo, name, tmp_path).exit_code == 0
                made = {c: len(client[name][c].index_information()) for c in client[name].list_collection_names()}
                assert made == {"submissions": 2, "interviews": 4, "stage_results": 2, "scorecards": 2, "reviews": 2}
        finally:
            client.drop_database(name)


def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    uri = f"mongodb://somebody:secret@127.0.0.1:{free_port()}/?serverSelectionTimeoutMS=200"
    done = indexes(uri, "none", tmp_path)
    assert done.exit_code == 1
    assert done.stderr.startswith("error: MongoDB does not answer or refuses: ")
    assert done.stderr.count("\n") == 1
    assert "secret" not in done.stderr
