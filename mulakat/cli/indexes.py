"""`mulakat indexes`: the indexes of the database."""

from __future__ import annotations

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, plain_errors


def indexes() -> None:
    """Create the indexes of the database. `mulakat up` and the compose file do it; harmless to repeat."""
    with plain_errors():
        settings = running_settings()
        with open_store(settings) as store:
            store.ensure_indexes()
        out.print(f"The database {settings.mongo_database!r} has its indexes.", markup=False)
