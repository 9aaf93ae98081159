"""Collection `submissions`: interviews as they were submitted, so that a run needs to name one only."""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from mulakat.interviews.documents import InterviewSpec, StoredSubmission, now
from mulakat.schema.errors import BadInput


class SubmissionRepository:
    """Submissions by their id, `interview.digest`: kept once, never changed."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._submissions = database.submissions

    def ensure_indexes(self) -> None:
        """Create what the queries here need."""
        self._submissions.create_index([("interview_id", ASCENDING)])

    def put(self, spec: InterviewSpec) -> str:
        """Keep a submission, and return its id; the same one twice is one document."""
        stored = StoredSubmission(id=spec.submission_id, interview_id=spec.interview_id, spec=spec, submitted_at=now())
        self._submissions.update_one(
            {"_id": stored.id},
            {"$setOnInsert": stored.model_dump(by_alias=True, mode="json", exclude={"id"})},
            upsert=True,
        )
        return stored.id

    def get(self, identity: str) -> InterviewSpec:
        """One submission. Raises BadInput when there is none with this id."""
        document = self._submissions.find_one({"_id": identity})
        if document is None:
            raise BadInput(f"no submission {identity!r}; submit the interview again")
        return StoredSubmission.model_validate(document).spec

    def any_of(self, interview_id: str) -> bool:
        """Whether this interview was ever submitted."""
        return self._submissions.find_one({"interview_id": interview_id}, {"_id": 1}) is not None

    def erase(self, interview_id: str) -> None:
        """Remove all submissions of an interview."""
        self._submissions.delete_many({"interview_id": interview_id})
