"""Collection `stage_results`: one stage of one answer at one fingerprint."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pymongo import ASCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from mulakat.interviews.documents import Interview, StoredStageResult, now
from mulakat.schema.base import StageResult

if TYPE_CHECKING:
    from mulakat.interviews.media_store import MediaStore

INLINE_LIMIT_BYTES = 1_000_000


class StageResultRepository:
    """Stage results by interview, answer, stage and fingerprint; large payloads lie in the media store."""

    def __init__(self, database: Database[dict[str, Any]], media: MediaStore) -> None:
        self._results = database.stage_results
        self._media = media

    def ensure_indexes(self) -> None:
        """Create what the queries here need."""
        self._results.create_index([("interview_id", ASCENDING)])

    def get(self, interview_id: str, answer_id: str, stage: str, fingerprint: str) -> StoredStageResult | None:
        """One stage's result at one fingerprint, its payload filled in."""
        document = self._results.find_one({"_id": result_id(interview_id, answer_id, stage, fingerprint)})
        if document is None:
            return None
        result = StoredStageResult.model_validate(document)
        if result.payload_uri is None:
            return result
        return result.model_copy(update={"payload": self._payload(result.payload_uri)})

    def current(self, interview: Interview, answer_id: str, stage: str) -> StoredStageResult | None:
        """The result the interview's progress refers to, if that stage has one."""
        state = interview.progress.get(answer_id, {}).get(stage)
        if state is None or state.fingerprint is None:
            return None
        return self.get(interview.id, answer_id, stage, state.fingerprint)

    def put(self, result: StoredStageResult) -> None:
        """Write one upsert. A result whose attempt started earlier never replaces a later one."""
        if result.payload is not None and len(data := json.dumps(result.payload).encode()) > INLINE_LIMIT_BYTES:
            result = result.model_copy(update={"payload": None, "payload_uri": self._media.put_bytes(data)})
        try:
            self._results.replace_one(
                {"_id": result.id, "started_at": {"$lte": result.started_at}},
                result.model_dump(by_alias=True),
                upsert=True,
            )
        except DuplicateKeyError:
            return  # a later attempt has written

    def texts(self, identities: Collection[str]) -> dict[str, str]:
        """The text of each of these transcripts that there is, by `result_id`."""
        fields = {"payload.text": 1, "payload_uri": 1}
        texts: dict[str, str] = {}
        for document in self._results.find({"_id": {"$in": list(identities)}}, fields):
            uri = document["payload_uri"]
            payload = document.get("payload") if uri is None else self._payload(uri)
            if payload is not None:  # None: skipped
                texts[document["_id"]] = payload["text"]
        return texts

    def erase(self, interview_id: str) -> None:
        """Remove all results of an interview; the media store keeps what is there."""
        self._results.delete_many({"interview_id": interview_id})

    def _payload(self, uri: str) -> dict[str, Any]:
        with self._media.open(uri) as file:
            payload: dict[str, Any] = json.load(file)
            return payload


def result_id(interview_id: str, answer_id: str, stage: str, fingerprint: str) -> str:
    """Id of a stage result."""
    return f"{interview_id}:{answer_id}:{stage}:{fingerprint}"


class AnswerResults:
    """One attempt's view of the stage results of one interview: a `ResultStore` of `mulakat.pipeline.run`."""

    def __init__(
        self,
        results: StageResultRepository,
        interview_id: str,
        *,
        started_at: datetime,
        attempt: int = 1,
        run_id: str | None = None,
    ) -> None:
        self.results = results
        self.interview_id = interview_id
        self.started_at = started_at
        self.attempt = attempt
        self.run_id = run_id

    def get(self, answer_id: str, stage: str, fingerprint: str) -> StageResult | None:
        """A stored result, or None."""
        stored = self.results.get(self.interview_id, answer_id, stage, fingerprint)
        if stored is None:
            return None
        return StageResult.model_validate(stored.model_dump(include=set(StageResult.model_fields)))

    def put(self, result: StageResult) -> None:
        """Write a result under its deterministic id."""
        self.results.put(
            StoredStageResult(
                id=result_id(self.interview_id, result.answer_id, result.stage, result.fingerprint),
                interview_id=self.interview_id,
                run_id=self.run_id,
                attempt=self.attempt,
                started_at=self.started_at,
                written_at=now(),
                **result.model_dump(),
            )
        )
