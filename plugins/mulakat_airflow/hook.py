"""Airflow connection → the platform's store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.mongo.hooks.mongo import MongoHook

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store


class StoreHook(MongoHook):
    """The Mongo connection `mulakat_mongo`; its schema is the database.

    :param mongo_conn_id: Airflow connection to use.
    """

    default_conn_name = "mulakat_mongo"

    def __init__(self, mongo_conn_id: str = default_conn_name) -> None:
        super().__init__(mongo_conn_id=mongo_conn_id)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """A store that is closed at the end."""
        with self:
            name = self.connection.schema or settings().mongo_database
            yield Store(self.get_conn()[name], MediaStore(settings().media_store_url))
