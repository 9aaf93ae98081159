"""Servers of one's own: plain addresses are understood, silent ones are named."""

from __future__ import annotations

from typing import Any

import pytest

from mulakat.interviews.settings import Settings
from mulakat.schema.errors import SetupError
from mulakat.stack import given, plan
from tests.support.servers import free_port


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg2"])
def test_a_plain_address_gets_the_driver_airflow_needs(scheme: str) -> None:
    assert given.database_url(f"{scheme}://me:p@h:1/db?x=1") == "postgresql+psycopg2://me:p@h:1/db?x=1"


@pytest.mark.parametrize("url", ["mysql://me:secret@h/db", "", "h/db"])
def test_another_kind_of_database_is_refused_without_telling_the_password(url: str) -> None:
    with pytest.raises(SetupError, match="MULAKAT_DATABASE_URL") as caught:
        given.database_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("setting", "url"),
    [
        ("mongo_uri", "mongodb://me:secret@127.0.0.1:{port}/?directConnection=true"),
        ("redis_url", "redis://:secret@127.0.0.1:{port}/0"),
        ("database_url", "postgresql://me:secret@127.0.0.1:{port}/db"),
    ],
)
def test_a_silent_server_is_named_with_its_setting_and_without_its_password(setting: str, url: str) -> None:
    port = free_port()
    settings: dict[str, Any] = {setting: url.format(port=port)}
    with pytest.raises(SetupError) as caught:
        plan.check_given(Settings(**settings))
    assert f"MULAKAT_{setting.upper()}" in str(caught.value)
    assert str(port) in str(caught.value)
    assert "secret" not in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_servers_that_answer_are_fine(mongo: str, redis: str) -> None:
    plan.check_given(Settings(mongo_uri=mongo, redis_url=redis))
