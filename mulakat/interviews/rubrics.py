"""Collections `rubrics` and `policies`: every version an interview was registered with."""

from __future__ import annotations

from typing import Any, Generic, TypeVar

from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from mulakat.interviews.documents import StoredPolicy, StoredRubric
from mulakat.rubrics.packs import pack
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Versioned

D = TypeVar("D", Rubric, Policy)


class VersionRepository(Generic[D]):
    """Versions of one kind of configuration: kept once, never changed."""

    kind: type[D]
    stored: type[StoredRubric] | type[StoredPolicy]
    collection: str

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._versions = database[self.collection]
        self._noun = self.kind.__name__.lower()

    def get(self, reference: Versioned) -> D:
        """The version an interview refers to. Raises BadInput when it is not known."""
        identity = f"{reference.id}:{reference.version}"
        document = self._versions.find_one({"_id": identity})
        if document is None:
            raise BadInput(f"no {self._noun} {identity!r}")
        return self._content(document)

    def named(self, name: str) -> D:
        """By `id:version` among the stored ones, else a pack that ships. Raises BadInput."""
        identity, separator, version = name.partition(":")
        return self.get(Versioned(id=identity, version=version)) if separator else pack(self.kind, name)

    def keep(self, version: D) -> Versioned:
        """Store a version, or find it stored; returns how to refer to it.

        Raises:
            BadInput: this version is known with other content.
        """
        identity = f"{version.id}:{version.version}"
        stored = self.stored.model_validate({"_id": identity, self._noun: version})
        try:
            self._versions.insert_one(stored.model_dump(by_alias=True, mode="json"))
        except DuplicateKeyError:
            document = self._versions.find_one({"_id": identity})
            if document is None or self._content(document) != version:
                raise BadInput(
                    f"{self._noun} {identity!r} is already known with other content; give it a new version"
                ) from None
        return Versioned(id=version.id, version=version.version)

    def _content(self, document: dict[str, Any]) -> D:
        content: D = getattr(self.stored.model_validate(document), self._noun)
        return content


class RubricRepository(VersionRepository[Rubric]):
    """Rubrics."""

    kind, stored, collection = Rubric, StoredRubric, "rubrics"


class PolicyRepository(VersionRepository[Policy]):
    """Policies."""

    kind, stored, collection = Policy, StoredPolicy, "policies"
