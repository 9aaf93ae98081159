"""The stack that is running: what `mulakat up` wrote down, else servers named in the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from mulakat import stack
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import Settings
from mulakat.schema.errors import SetupError, TemporaryError

if TYPE_CHECKING:
    from mulakat.interviews.store import Store


def running_settings() -> Settings:
    """Where the servers are.

    Raises:
        SetupError: no stack is running here and the environment names no MongoDB.
    """
    try:
        os.environ.update(stack.environment())
    except SetupError:
        if Settings().mongo_uri is None:
            raise
    return Settings()


@contextmanager
def open_store(settings: Settings) -> Iterator[Store]:
    """The store of the running stack, closed at the end.

    Raises:
        SetupError: no MongoDB is known.
        TemporaryError: it does not answer, or refuses.
    """
    from mulakat.interviews.store import DatabaseError, Store  # a tenth of a second that most commands need not wait

    if settings.mongo_uri is None:
        raise SetupError("no MongoDB is known: start the stack with `mulakat up` or set MULAKAT_MONGO_URI")
    store = Store.connect(settings.mongo_uri, settings.mongo_database, MediaStore(settings.media_store_url))
    try:
        yield store
    except DatabaseError as error:
        # The first line, without pymongo's description of its own state.
        reason = re.split(r"\n| \(configured|, Timeout:", str(error))[0]
        raise TemporaryError(f"MongoDB does not answer or refuses: {reason}") from error
    finally:
        store.close()
