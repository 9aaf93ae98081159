"""What the platform remembers, in MongoDB: a repository for each collection.

Repositories take and give models of `mulakat.interviews.documents`, nothing else. Writes
are single upserts on deterministic ids, so a repeated or late attempt leaves one document.
Every query uses an index; `ensure_indexes` makes them, `mulakat indexes` calls it.
"""

from __future__ import annotations

from typing import Any

from bson.codec_options import CodecOptions
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import PyMongoError

from mulakat.interviews.audit import AuditRepository
from mulakat.interviews.campaigns import Campaigns
from mulakat.interviews.interviews import InterviewRepository
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.reviews import ReviewRepository
from mulakat.interviews.rubrics import PolicyRepository, RubricRepository
from mulakat.interviews.scorecards import ScorecardRepository
from mulakat.interviews.stage_results import StageResultRepository
from mulakat.interviews.submissions import SubmissionRepository

DatabaseError = PyMongoError
"""What every call raises when the database does not answer or refuses."""


class Store:
    """The repositories of one database, and the media store beside it. Safe to share between threads."""

    def __init__(self, database: Database[dict[str, Any]], media: MediaStore) -> None:
        self.database: Database[dict[str, Any]] = database.with_options(codec_options=CodecOptions(tz_aware=True))
        self.media = media
        self.audit = AuditRepository(self.database)
        self.rubrics = RubricRepository(self.database)
        self.policies = PolicyRepository(self.database)
        self.stage_results = StageResultRepository(self.database, media)
        self.scorecards = ScorecardRepository(self.database)
        self.submissions = SubmissionRepository(self.database)
        self.interviews = InterviewRepository(self.database, self.scorecards)
        self.campaigns = Campaigns(self.interviews, self.scorecards, self.stage_results)
        self.reviews = ReviewRepository(self.database, self.interviews, self.rubrics, self.campaigns, self.audit)

    @classmethod
    def connect(cls, uri: str, database: str, media: MediaStore) -> Store:
        """Open a store; servers that do not answer show at the first query, after 5 s if the address says nothing."""
        # An argument would win over the address.
        patience: dict[str, Any] = (
            {} if "serverselectiontimeoutms=" in uri.lower() else {"serverSelectionTimeoutMS": 5000}
        )
        client: MongoClient[dict[str, Any]] = MongoClient(uri, tz_aware=True, **patience)
        return cls(client[database], media)

    def close(self) -> None:
        """Close the connection."""
        self.database.client.close()

    def ensure_indexes(self) -> None:
        """Create the indexes of all collections. Harmless to repeat."""
        for repository in (self.submissions, self.interviews, self.stage_results, self.scorecards, self.reviews):
            repository.ensure_indexes()

    def erase(self, interview_id: str) -> bool:
        """Remove an interview with its submissions, results, scorecards and reviews; whether there was one.

        The media store, where one file may belong to several interviews, and the audit log keep what they have.
        """
        known = self.interviews.erase(interview_id)
        for repository in (self.submissions, self.stage_results, self.scorecards, self.reviews):
            repository.erase(interview_id)
        return known
