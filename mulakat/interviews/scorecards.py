"""Collection `scorecards`: one document per version of an interview's scores, never changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pymongo import ASCENDING
from pymongo.database import Database

from mulakat.interviews.documents import ScorecardSummary, StoredScorecard, now
from mulakat.schema.errors import BadInput
from mulakat.schema.scores import Score, Scorecard

SUMMARY = {
    f"scorecard.{field}": 1
    for field in (
        "rubric", "policy", "provisional", "overall",
        "competencies.id", "competencies.score.value", "components.name", "components.score.value",
    )
}  # fmt: skip


class ScorecardRepository:
    """Scorecards by their id, `interview:fingerprint`."""

    def __init__(self, database: Database[dict[str, Any]]) -> None:
        self._scorecards = database.scorecards

    def ensure_indexes(self) -> None:
        """Create what the queries here need."""
        self._scorecards.create_index([("interview_id", ASCENDING)])

    def put(self, scorecard: Scorecard, fingerprint: str, *, run_id: str | None = None) -> str:
        """Keep a version of an interview's scores, and return its id; the same version twice is one document."""
        stored = StoredScorecard(
            id=f"{scorecard.interview_id}:{fingerprint}",
            interview_id=scorecard.interview_id,
            scorecard=scorecard,
            run_id=run_id,
            created_at=now(),
        )
        self._scorecards.update_one(
            {"_id": stored.id}, {"$setOnInsert": stored.model_dump(by_alias=True, exclude={"id"})}, upsert=True
        )
        return stored.id

    def get(self, identity: str) -> Scorecard:
        """One version of an interview's scores. Raises BadInput when there is none with this id."""
        document = self._scorecards.find_one({"_id": identity})
        if document is None:
            raise BadInput(f"no scorecard {identity!r}")
        return StoredScorecard.model_validate(document).scorecard

    def overall(self, identities: Collection[str]) -> dict[str, Score]:
        """The overall score of each of these scorecards that there is."""
        found = self._scorecards.find({"_id": {"$in": list(identities)}}, {"scorecard.overall": 1})
        return {document["_id"]: Score.model_validate(document["scorecard"]["overall"]) for document in found}

    def summaries(self, identities: Collection[str]) -> dict[str, ScorecardSummary]:
        """These scorecards, as far as there are any, without answers and evidence."""
        found = self._scorecards.find({"_id": {"$in": list(identities)}}, SUMMARY)
        return {document["_id"]: _summary(document["scorecard"]) for document in found}

    def erase(self, interview_id: str) -> None:
        """Remove all versions of an interview's scores."""
        self._scorecards.delete_many({"interview_id": interview_id})


def _summary(scorecard: dict[str, Any]) -> ScorecardSummary:
    points = {
        "competencies": {c["id"]: c["score"]["value"] for c in scorecard["competencies"]},
        "components": {c["name"]: c["score"]["value"] for c in scorecard["components"]},
    }
    return ScorecardSummary.model_validate(scorecard | points)
