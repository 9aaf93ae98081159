"""Servers named by settings instead of our own: their addresses, and whether they answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from mulakat.schema.errors import SetupError

_TIMEOUT_S = 5


def database_url(url: str) -> str:
    """The address of a PostgreSQL as Airflow and Celery need it, with the driver spelled out.

    Raises:
        SetupError: it is for another kind of database or another driver.
    """
    scheme, _, rest = url.partition("://")
    if not rest or scheme not in ("postgres", "postgresql", "postgresql+psycopg2"):
        raise SetupError(
            f"MULAKAT_DATABASE_URL must look like postgresql://user:password@host:5432/database, not {scheme!r}://…"
        )
    return f"postgresql+psycopg2://{rest}"


def check(setting: str, url: str) -> None:
    """Connects once to the server that a setting names.

    Raises:
        SetupError: it does not answer; names the setting and the address without its password.
    """
    try:
        _CONNECT[setting](url)
    except Exception as error:  # each client library has its own errors
        # The first line, without pymongo's description of its own state.
        reason = re.split(r"\n| \(configured|, Timeout:", str(error).strip())[0] or type(error).__name__
        raise SetupError(
            f"the server of {setting} at {without_password(url)} does not answer ({reason}): start it, "
            f"correct {setting}, or unset it to use the embedded server"
        ) from error


def without_password(url: str) -> str:
    """The address without user and password."""
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()


def _mongo(url: str) -> None:
    from pymongo import MongoClient

    client: MongoClient[dict[str, Any]] = MongoClient(url, serverSelectionTimeoutMS=1000 * _TIMEOUT_S)
    with client:
        client.admin.command("ping")


def _redis(url: str) -> None:
    import redis

    with redis.Redis.from_url(url, socket_connect_timeout=_TIMEOUT_S, socket_timeout=_TIMEOUT_S) as client:
        client.ping()


def _postgres(url: str) -> None:
    import psycopg2

    psycopg2.connect(database_url(url).replace("+psycopg2", "", 1), connect_timeout=_TIMEOUT_S).close()


_CONNECT: dict[str, Callable[[str], None]] = {
    "MULAKAT_MONGO_URI": _mongo,
    "MULAKAT_REDIS_URL": _redis,
    "MULAKAT_DATABASE_URL": _postgres,
}
