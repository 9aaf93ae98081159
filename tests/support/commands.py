"""What a store says to its database, as the driver itself reports it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient, monitoring

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.store import Store

OF_THE_DRIVER = ("$db", "lsid", "txnNumber", "$clusterTime", "$readPreference", "writeConcern")


class Recorder(monitoring.CommandListener):
    """The commands of a client, while `on`."""

    def __init__(self) -> None:
        self.commands: list[dict[str, Any]] = []
        self.on = False

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.on and event.command_name != "endSessions":
            self.commands.append({k: v for k, v in event.command.items() if k not in OF_THE_DRIVER})

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...

    @contextmanager
    def listening(self) -> Iterator[list[dict[str, Any]]]:
        """The commands from here to the end of the block, as they come."""
        self.commands, self.on = [], True
        try:
            yield self.commands
        finally:
            self.on = False


@contextmanager
def listened_to(mongo: str, media: Path) -> Iterator[tuple[Store, Recorder]]:
    """A store with a database of its own, and what it sends."""
    recorder = Recorder()
    client: MongoClient[dict[str, Any]] = MongoClient(mongo, event_listeners=[recorder], tz_aware=True)
    name = f"listened_to_{uuid.uuid4().hex}"
    store = Store(client[name], MediaStore(str(media)))
    store.ensure_indexes()
    yield store, recorder
    client.drop_database(name)
    client.close()
