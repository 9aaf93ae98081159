"""Collection `interviews`: what was asked for, and how far it is."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import AwareDatetime
from pymongo import ASCENDING, DESCENDING, ReturnDocument
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from mulakat.interviews.documents import (
    ENDED_WELL,
    Attempt,
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
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, Superseded
from mulakat.schema.reasons import Reason

LOAD = "load_interview"
"""The task that makes an interview a run's."""

# What outlives another submission of the same interview.
LASTING = {"schema_version", "received_at", "scorecard_id", "scored_from", "reported_id", "reports"}

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

        Raises:
            Superseded: it belongs to a run that was asked for later, or a newer attempt has loaded it.
        """
        anew = interview.model_dump(exclude={"id", *LASTING})
        lasting = interview.model_dump(include=LASTING)
        try:
            document = self._interviews.find_one_and_update(
                {"_id": interview.id, **_not_older(interview)},
                {"$set": anew, "$setOnInsert": lasting},
                upsert=True,
                return_document=ReturnDocument.AFTER,
            )
        except DuplicateKeyError:
            raise _taken_over(self.get(interview.id), interview.run_id) from None
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
    #
    # Each write names the attempt that makes it. A process that outlived its worker goes on beside
    # the next try of its task, and an old run may be cleared beside a new one: neither may write.

    def begin(self, interview_id: str, attempt: Attempt) -> Interview:
        """An attempt at a task begins: from now on those that began earlier write nothing.

        Raises:
            Superseded: the interview belongs to another run, or a newer attempt has begun.
            BadInput: there is no such interview.
        """
        key = f"attempts.{attempt.task}"
        document = self._interviews.find_one_and_update(
            {
                "_id": interview_id,
                "run_id": attempt.run_id,
                "$or": [{key: {"$exists": False}}, {key: {"$lte": attempt.started_at}}],
            },
            {"$set": {key: attempt.started_at}},
            return_document=ReturnDocument.AFTER,
        )
        if document is None:
            raise _taken_over(self.get(interview_id), attempt.run_id)
        return Interview.model_validate(document)

    def check(self, interview_id: str, attempt: Attempt) -> None:
        """Raises Superseded when this attempt may not write any more."""
        if self._interviews.find_one(_newest(interview_id, attempt), {"_id": 1}) is None:
            raise _taken_over(self.get(interview_id), attempt.run_id)

    def mark_running(self, interview_id: str, attempt: Attempt) -> None:
        """An Airflow run is at work. Raises as `check`, as all of these."""
        self._update(interview_id, attempt, state="running", reason=None)

    def name_scorecard(
        self, interview_id: str, scorecard_id: str, scored_from: Mapping[str, str], attempt: Attempt
    ) -> None:
        """This scorecard is the interview's latest, made of these `score_answer`s: answer id → fingerprint."""
        self._update(interview_id, attempt, scorecard_id=scorecard_id, scored_from=dict(scored_from))

    def mark_reported(
        self, interview_id: str, scorecard_id: str, reports: Sequence[StoredReport], attempt: Attempt
    ) -> None:
        """A run has come to its end, and has left these reports of a scorecard."""
        self._update(
            interview_id, attempt, state="scored", reason=None, reported_id=scorecard_id, reports=list(reports)
        )

    def mark_scored(self, interview_id: str, attempt: Attempt) -> None:
        """A run has come to its end, and the scorecard and the reports that are there hold."""
        self._update(interview_id, attempt, state="scored", reason=None)

    def mark_failed(self, interview_id: str, reason: Reason, attempt: Attempt) -> None:
        """A run has come to nothing, and why."""
        self._update(interview_id, attempt, state="failed", reason=reason)

    def mark_stopped(self, interview_id: str, attempt: Attempt) -> None:
        """A person has ended the run before its end."""
        self._update(interview_id, attempt, state="stopped", reason=Reason.of(Code.STOPPED))

    def mark_stage(self, interview_id: str, answer_id: str, stage: str, state: StageState, attempt: Attempt) -> None:
        """Say how a stage is doing. Raises BadInput, too, when the interview has no such answer."""
        self._set(interview_id, attempt, {f"progress.{answer_id}.{stage}": state.model_dump()}, answer_id)

    def mark_rescored(
        self,
        before: Interview,
        after: Interview,
        scorecard_id: str,
        scored_from: Mapping[str, str],
        attempt: Attempt,
    ) -> None:
        """The interview is held against other criteria now: those, and the states that are others, as in `after`."""
        update = InterviewUpdate(state="scored", reason=None, scorecard_id=scorecard_id, scored_from=dict(scored_from))
        fields = update.model_dump(exclude_unset=True) | after.model_dump(include={"rubric", "policy"})
        for answer_id, stages in after.progress.items():
            for stage, state in stages.items():
                if state != before.progress.get(answer_id, {}).get(stage):
                    fields[f"progress.{answer_id}.{stage}"] = state.model_dump()
        self._set(before.id, attempt, fields)

    def _update(self, interview_id: str, attempt: Attempt, **changes: Any) -> None:
        self._set(interview_id, attempt, InterviewUpdate(**changes).model_dump(exclude_unset=True))

    def _set(self, interview_id: str, attempt: Attempt, fields: dict[str, Any], answer_id: str | None = None) -> None:
        where = _newest(interview_id, attempt) | ({} if answer_id is None else {"answers.answer_id": answer_id})
        done = self._interviews.update_one(where, {"$set": fields | {"updated_at": now()}})
        if done.matched_count == 0:
            self.check(interview_id, attempt)
            raise BadInput(f"interview {interview_id!r} has no answer {answer_id!r}")

    def erase(self, interview_id: str) -> bool:
        """Remove an interview; whether there was one."""
        return self._interviews.delete_one({"_id": interview_id}).deleted_count == 1


def _newest(interview_id: str, attempt: Attempt) -> dict[str, Any]:
    """The interview, while this attempt is the newest of its task in the run that the interview belongs to."""
    return {"_id": interview_id, "run_id": attempt.run_id, f"attempts.{attempt.task}": attempt.started_at}


def _not_older(interview: Interview) -> dict[str, Any]:
    """What must hold of the stored interview for a run to take it over: that run was asked for later, or it loads
    the interview anew."""
    if interview.asked_at is None:
        return {}
    loaded = interview.attempts.get(LOAD)
    return {
        "$or": [
            {"asked_at": None},
            {"run_id": {"$ne": interview.run_id}, "asked_at": {"$lte": interview.asked_at}},
            {"run_id": interview.run_id, f"attempts.{LOAD}": {"$exists": False}},
            {"run_id": interview.run_id, f"attempts.{LOAD}": {"$lte": loaded}},
        ]
    }


def _taken_over(interview: Interview, run_id: str | None) -> Superseded:
    who = "a newer attempt of the same task" if interview.run_id == run_id else f"run {interview.run_id!r}"
    return Superseded(
        f"interview {interview.id!r} now belongs to {who}; what this one finds is not kept. "
        "Submit the interview again to analyse it anew"
    )


def _unknown(interview_id: str) -> BadInput:
    return BadInput(f"no interview {interview_id!r}")
