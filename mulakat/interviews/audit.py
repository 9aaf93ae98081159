"""Collection `audit`: who did what, when."""

from __future__ import annotations

from typing import Any

from pymongo.database import Database

from mulakat.interviews.documents import AuditEntry


class AuditRepository:
    """Entries are appended, never changed."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._entries = database.audit

    def append(self, entry: AuditEntry) -> None:
        """Write down what was done."""
        self._entries.insert_one(entry.model_dump())
