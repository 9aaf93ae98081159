"""Collection `interviews`: what was asked for, and how far it is."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

from pydantic import AwareDatetime
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database

from mulakat.interviews.documents import (
    ENDED_WELL,
    CampaignInterview,
    Id,
    Interview,
    InterviewSummary,
    InterviewUpdate,
    Page,
    StageState,
    StoredReport,
    StrictModel,
    now,
)
from mulakat.interviews.scorecards import ScorecardRepository
from mulakat.pipeline.stages import STAGES
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason

# What outlives another submission of the same interview.
LASTING = {"schema_version", "received_at", "scorecard_id", "reports"}

# The database counts, so that no list carries answers and progress trees around.
STAGES_DONE = {
    "$sum": {
        "$map": {
            "input": {"$objectToArray": "$progress"},
            "as": "answer",
            "in": {
                "$size": {
                    "$filter": {
                        "input": {"$objectToArray": "$$answer.v"},
                        "as": "stage",
                        "cond": {"$in": ["$$stage.v.state", list(ENDED_WELL)]},
                    }
                }
            },
        }
    }
}
STAGES_TOTAL = {"$multiply": [{"$size": "$answers"}, len(STAGES)]}
SUMMARY = {
    **dict.fromkeys(("candidate", "campaign", "state", "reason", "received_at", "scorecard_id"), 1),
    "stages_done": STAGES_DONE,
    "stages_total": STAGES_TOTAL,
}
TRANSCRIPTS = {
    "$arrayToObject": {
        "$map": {
            "input": {"$objectToArray": "$progress"},
            "as": "answer",
            "in": {"k": "$$answer.k", "v": {"$ifNull": ["$$answer.v.transcribe.fingerprint", None]}},
        }
    }
}
OF_CAMPAIGN = {"candidate": 1, "scorecard_id": 1, "answer_ids": "$answers.answer_id", "transcripts": TRANSCRIPTS}


class Cursor(StrictModel):
    """Where a page of the list ends; opaque outside, as base64."""

    received_at: AwareDatetime
    id: Id

    def encoded(self) -> str:
        return base64.urlsafe_b64encode(self.model_dump_json().encode()).decode()

    @classmethod
    def decoded(cls, cursor: str) -> Cursor:
        """Raises BadInput when `encoded` did not make this."""
        try:
            return cls.model_validate_json(base64.urlsafe_b64decode(cursor))
        except ValueError:
            raise BadInput(f"{cursor!r} is not a cursor of this list; start again without one") from None


class InterviewRepository:
    """Interviews by their id, which the caller of `keep` has chosen."""

    def __init__(self, database: Database[dict[str, Any]], scorecards: ScorecardRepository) -> None:
        self._interviews = database.interviews
        self._scorecards = scorecards

    def ensure_indexes(self) -> None:
        """Create what the queries here need."""
        self._interviews.create_index([("received_at", DESCENDING), ("_id", ASCENDING)])
        self._interviews.create_index([("campaign", ASCENDING), ("received_at", DESCENDING)])
        self._interviews.create_index([("run_id", ASCENDING)])

    def keep(self, interview: Interview) -> Interview:
        """Store an interview, or another submission of a known one, and return what is stored.

        Of a known one the time it was received, its scorecard and its reports stay.
        """
        anew = interview.model_dump(exclude={"id", *LASTING})
        lasting = interview.model_dump(include=LASTING)
        document = self._interviews.find_one_and_update(
            {"_id": interview.id},
            {"$set": anew, "$setOnInsert": lasting},
            upsert=True,
            return_document=ReturnDocument.AFTER,
        )
        return Interview.model_validate(document)

    def get(self, interview_id: str) -> Interview:
        """One interview. Raises BadInput when there is none with this id."""
        found = self.find(interview_id)
        if found is None:
            raise _unknown(interview_id)
        return found

    def find(self, interview_id: str) -> Interview | None:
        """One interview, or None."""
        document = self._interviews.find_one({"_id": interview_id})
        return Interview.model_validate(document) if document else None

    def of_run(self, run_id: str) -> Interview | None:
        """The interview an Airflow run works or worked on."""
        document = self._interviews.find_one({"run_id": run_id})
        return Interview.model_validate(document) if document else None

    # --- lists ---------------------------------------------------------------

    def page(self, *, cursor: str | None = None, limit: int = 20) -> Page:
        """Summaries, newest first.

        Raises:
            BadInput: the cursor is not one this method gave out.
        """
        query: dict[str, Any] = {}
        if cursor is not None:
            last = Cursor.decoded(cursor)
            # Two stretches of the index, which the server merges.
            query = {
                "$or": [
                    {"received_at": {"$lt": last.received_at}},
                    {"received_at": last.received_at, "_id": {"$gt": last.id}},
                ]
            }
        order = [("received_at", DESCENDING), ("_id", ASCENDING)]
        found = list(self._interviews.find(query, SUMMARY).sort(order).limit(limit + 1))
        items = [InterviewSummary.model_validate(document) for document in found[:limit]]
        overall = self._scorecards.overall([item.scorecard_id for item in items if item.scorecard_id])
        items = [item.model_copy(update={"overall": overall.get(item.scorecard_id or "")}) for item in items]
        more = len(found) > limit
        return Page(
            items=items,
            cursor=Cursor(received_at=items[-1].received_at, id=items[-1].id).encoded() if more else None,
        )

    def campaigns(self) -> list[str]:
        """Campaigns with interviews, the one with the newest interview first."""
        # The server jumps in the index from campaign to campaign; no interview is read.
        newest = self._interviews.aggregate(
            [
                {"$sort": {"campaign": ASCENDING, "received_at": DESCENDING}},
                {"$group": {"_id": "$campaign", "at": {"$first": "$received_at"}}},
                {"$sort": {"at": DESCENDING, "_id": ASCENDING}},
            ]
        )
        return [document["_id"] for document in newest]

    def of_campaign(self, campaign: str) -> list[CampaignInterview]:
        """The campaign's interviews, newest first."""
        found = self._interviews.find({"campaign": campaign}, OF_CAMPAIGN).sort("received_at", DESCENDING)
        return [CampaignInterview.model_validate(document) for document in found]

    # --- progress ------------------------------------------------------------

    def mark_running(self, interview_id: str) -> None:
        """An Airflow run is at work. Raises BadInput, as all of these, when there is no such interview."""
        self._update(interview_id, InterviewUpdate(state="running", reason=None, updated_at=now()))

    def name_scorecard(self, interview_id: str, scorecard_id: str) -> None:
        """This scorecard is the interview's latest."""
        self._update(interview_id, InterviewUpdate(scorecard_id=scorecard_id, updated_at=now()))

    def mark_scored(self, interview_id: str, reports: Sequence[StoredReport]) -> None:
        """A run has come to its end and has left these reports."""
        self._update(
            interview_id, InterviewUpdate(state="scored", reason=None, reports=list(reports), updated_at=now())
        )

    def mark_failed(self, interview_id: str, reason: Reason) -> None:
        """A run has come to nothing, and why."""
        self._update(interview_id, InterviewUpdate(state="failed", reason=reason, updated_at=now()))

    def mark_stage(self, interview_id: str, answer_id: str, stage: str, state: StageState) -> None:
        """Say how a stage is doing. An attempt that started earlier never overwrites a later one."""
        key = f"progress.{answer_id}.{stage}"
        self._interviews.update_one(
            {
                "_id": interview_id,
                "answers.answer_id": answer_id,
                "$or": [{key: {"$exists": False}}, {f"{key}.started_at": {"$lte": state.started_at}}],
            },
            {"$set": {key: state.model_dump(), "updated_at": now()}},
        )

    def _update(self, interview_id: str, update: InterviewUpdate) -> None:
        done = self._interviews.update_one({"_id": interview_id}, {"$set": update.model_dump(exclude_unset=True)})
        if done.matched_count == 0:
            raise _unknown(interview_id)

    def erase(self, interview_id: str) -> bool:
        """Remove an interview; whether there was one."""
        return self._interviews.delete_one({"_id": interview_id}).deleted_count == 1


def _unknown(interview_id: str) -> BadInput:
    return BadInput(f"no interview {interview_id!r}")
