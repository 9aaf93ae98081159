"""Collection `stage_results`: one stage of one answer at one fingerprint."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from pymongo import ASCENDING, ReplaceOne
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from mulakat.interviews.documents import Attempt, StoredStageResult, now
from mulakat.schema.base import StageHead, StageResult

if TYPE_CHECKING:
    from mulakat.interviews.media_store import MediaStore

INLINE_LIMIT_BYTES = 1_000_000
DUPLICATE_KEY = 11000

HEAD = dict.fromkeys(StageHead.model_fields, 1) | {"_id": 0}
PAYLOAD = dict.fromkeys(("answer_id", "stage", "payload", "payload_uri"), 1)

Payloads = dict[tuple[str, str], dict[str, Any]]


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

    def head(self, interview_id: str, answer_id: str, stage: str, fingerprint: str) -> StageHead | None:
        """One stage's result at one fingerprint, without what it measured."""
        document = self._results.find_one({"_id": result_id(interview_id, answer_id, stage, fingerprint)}, HEAD)
        return StageHead.model_validate(document) if document is not None else None

    def payloads(self, interview_id: str, fingerprints: Mapping[tuple[str, str], str]) -> Payloads:
        """What stages measured: (answer, stage) → fingerprint in, (answer, stage) → payload out, where there is one."""
        wanted = [result_id(interview_id, *key, fingerprint) for key, fingerprint in fingerprints.items()]
        found = self._results.find({"_id": {"$in": wanted}}, PAYLOAD)
        payloads = {(each["answer_id"], each["stage"]): self._filled(each) for each in found}
        return {key: payload for key, payload in payloads.items() if payload is not None}

    def put(self, *results: StoredStageResult) -> None:
        """Write each by one upsert. A result whose attempt started earlier never replaces a later one."""
        upserts = [
            ReplaceOne(
                {"_id": result.id, "started_at": {"$lte": result.started_at}},
                self._small(result).model_dump(by_alias=True),
                upsert=True,
            )
            for result in results
        ]
        try:
            self._results.bulk_write(upserts, ordered=False)
        except BulkWriteError as error:
            # A duplicate key is a later attempt that has written.
            if any(each["code"] != DUPLICATE_KEY for each in error.details["writeErrors"]):
                raise

    def _small(self, result: StoredStageResult) -> StoredStageResult:
        """The result, its payload in the media store if it is large."""
        if result.payload is not None and len(data := json.dumps(result.payload).encode()) > INLINE_LIMIT_BYTES:
            return result.model_copy(update={"payload": None, "payload_uri": self._media.put_bytes(data)})
        return result

    def texts(self, identities: Collection[str]) -> dict[str, str]:
        """The text of each of these transcripts that there is, by `result_id`."""
        fields = {"payload.text": 1, "payload_uri": 1}
        texts: dict[str, str] = {}
        for document in self._results.find({"_id": {"$in": list(identities)}}, fields):
            payload = self._filled(document)
            if payload is not None:  # None: skipped
                texts[document["_id"]] = payload["text"]
        return texts

    def erase(self, interview_id: str) -> None:
        """Remove all results of an interview; the media store keeps what is there."""
        self._results.delete_many({"interview_id": interview_id})

    def _filled(self, document: Mapping[str, Any]) -> dict[str, Any] | None:
        uri = document["payload_uri"]
        return document.get("payload") if uri is None else self._payload(uri)

    def _payload(self, uri: str) -> dict[str, Any]:
        with self._media.open(uri) as file:
            payload: dict[str, Any] = json.load(file)
            return payload


def result_id(interview_id: str, answer_id: str, stage: str, fingerprint: str) -> str:
    """Id of a stage result."""
    return f"{interview_id}:{answer_id}:{stage}:{fingerprint}"


class AnswerResults:
    """One attempt's view of the stage results of one interview: a `ResultStore` of `mulakat.pipeline.run`.

    still_newest: raises Superseded when another attempt has taken over; asked before anything is written.
    """

    def __init__(
        self,
        results: StageResultRepository,
        interview_id: str,
        attempt: Attempt,
        still_newest: Callable[[], None] = lambda: None,
    ) -> None:
        self.results = results
        self.interview_id = interview_id
        self.attempt = attempt
        self.still_newest = still_newest

    def head(self, answer_id: str, stage: str, fingerprint: str) -> StageHead | None:
        """A stored result without what it measured, or None."""
        return self.results.head(self.interview_id, answer_id, stage, fingerprint)

    def payloads(self, answer_id: str, fingerprints: Mapping[str, str]) -> dict[str, dict[str, object]]:
        """What these stages measured, in one read."""
        wanted = {(answer_id, stage): fingerprint for stage, fingerprint in fingerprints.items()}
        return {stage: payload for (_, stage), payload in self.results.payloads(self.interview_id, wanted).items()}

    def put(self, result: StageResult) -> None:
        """Write a result under its deterministic id. Raises Superseded."""
        self.still_newest()
        self.results.put(self._stored(result))

    def _stored(self, result: StageResult) -> StoredStageResult:
        return StoredStageResult(
            id=result_id(self.interview_id, result.answer_id, result.stage, result.fingerprint),
            interview_id=self.interview_id,
            run_id=self.attempt.run_id,
            attempt=self.attempt.number,
            started_at=self.attempt.started_at,
            written_at=now(),
            **result.model_dump(),
        )


class PendingResults(AnswerResults):
    """What is put is kept back until all of it is written at once."""

    def __init__(self, results: StageResultRepository, interview_id: str, attempt: Attempt) -> None:
        super().__init__(results, interview_id, attempt)
        self._pending: list[StoredStageResult] = []

    def put(self, result: StageResult) -> None:
        """Keep a result back."""
        self._pending.append(self._stored(result))

    def write(self) -> None:
        """Write what was kept back."""
        if self._pending:
            self.results.put(*self._pending)
        self._pending = []
