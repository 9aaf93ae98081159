"""MongoDB: interviews, stage results, scorecards, and the indexes they need.

Writes are single upserts on deterministic ids, so a repeated or late attempt leaves
one document. Every query here uses an index made by `ensure_indexes`.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from bson.codec_options import CodecOptions
from pymongo import ASCENDING, DESCENDING, MongoClient
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError, PyMongoError

from mulakat.interviews.documents import (
    ENDED_WELL,
    AuditEntry,
    Interview,
    InterviewSpec,
    InterviewState,
    InterviewSummary,
    Page,
    StageState,
    StoredPolicy,
    StoredRubric,
    StoredScorecard,
    StoredStageResult,
    StrictModel,
    now,
)
from mulakat.pipeline import stages
from mulakat.rubrics.packs import pack
from mulakat.schema.base import StageResult
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Scorecard, Versioned

if TYPE_CHECKING:
    from mulakat.interviews.media_store import MediaStore

DatabaseError = PyMongoError
"""What every call raises when the database does not answer or refuses."""
INLINE_LIMIT_BYTES = 1_000_000
NOUNS = {"rubrics": "rubric", "policies": "policy"}

M = TypeVar("M", bound=StrictModel)


class Store:
    """What the platform remembers. Safe to share between threads."""

    def __init__(self, database: Database[dict[str, Any]], media: MediaStore) -> None:
        self.database: Database[dict[str, Any]] = database.with_options(codec_options=CodecOptions(tz_aware=True))
        self.media = media

    @classmethod
    def connect(cls, uri: str, database: str, media: MediaStore) -> Store:
        """Open a store; servers that do not answer show at the first query, after 5 s."""
        client: MongoClient[dict[str, Any]] = MongoClient(uri, serverSelectionTimeoutMS=5000, tz_aware=True)
        return cls(client[database], media)

    def close(self) -> None:
        """Close the connection."""
        self.database.client.close()

    def ensure_indexes(self) -> None:
        """Create what the queries below use. Harmless to repeat."""
        self.database.interviews.create_index([("received_at", DESCENDING), ("_id", ASCENDING)])
        self.database.interviews.create_index([("run_id", ASCENDING)])
        self.database.interviews.create_index([("campaign", ASCENDING)])
        self.database.stage_results.create_index([("interview_id", ASCENDING), ("answer_id", ASCENDING)])
        self.database.scorecards.create_index([("interview_id", ASCENDING), ("created_at", DESCENDING)])
        self.database.reviews.create_index(
            [("interview_id", ASCENDING), ("reviewer", ASCENDING), ("number", DESCENDING)], unique=True
        )
        self.database.audit.create_index([("interview_id", ASCENDING), ("at", ASCENDING)])

    # --- interviews ----------------------------------------------------------

    def register(self, spec: InterviewSpec, *, run_id: str | None = None) -> Interview:
        """Store an interview as submitted, its progress starting anew; results and scorecards stay.

        A question given by its id in the rubric is stored as its text.

        Raises:
            BadInput: unknown rubric or policy, or one of the same version but other content.
        """
        rubric = spec.rubric if isinstance(spec.rubric, Rubric) else self._configured("rubrics", Rubric, spec.rubric)
        policy = spec.policy if isinstance(spec.policy, Policy) else self._configured("policies", Policy, spec.policy)
        for collection, stored in (
            ("rubrics", StoredRubric(id=f"{rubric.id}:{rubric.version}", rubric=rubric)),
            ("policies", StoredPolicy(id=f"{policy.id}:{policy.version}", policy=policy)),
        ):
            self._keep_version(collection, stored)
        moment = now()
        fields = {
            "candidate": spec.candidate.model_dump(),
            "campaign": spec.campaign,
            "rubric": {"id": rubric.id, "version": rubric.version},
            "policy": {"id": policy.id, "version": policy.version},
            "consent": spec.consent.model_dump() if spec.consent else None,
            "answers": [
                a.naming_its_text(self.media.put_bytes).model_dump() | {"question": rubric.wording(a.question)}
                for a in spec.answers
            ],
            "updated_at": moment,
            "state": "queued",
            "reason": None,
            "run_id": run_id,
            "progress": {},
        }
        self.database.interviews.update_one(
            {"_id": spec.interview_id},
            {
                "$set": fields,
                "$setOnInsert": {
                    "schema_version": 1,
                    "received_at": spec.received_at or moment,
                    "scorecard_id": None,
                },
            },
            upsert=True,
        )
        return self.interview(spec.interview_id)

    def interview(self, interview_id: str) -> Interview:
        """One interview. Raises BadInput when there is none with this id."""
        found = self.find_interview(interview_id)
        if found is None:
            raise BadInput(f"no interview {interview_id!r}")
        return found

    def find_interview(self, interview_id: str) -> Interview | None:
        """One interview, or None."""
        document = self.database.interviews.find_one({"_id": interview_id})
        return Interview.model_validate(document) if document else None

    def spec(self, interview_id: str) -> InterviewSpec:
        """The request behind a stored interview, to submit it again."""
        interview = self.interview(interview_id)
        return InterviewSpec(
            interview_id=interview.id,
            candidate=interview.candidate,
            campaign=interview.campaign,
            rubric=f"{interview.rubric.id}:{interview.rubric.version}",
            policy=f"{interview.policy.id}:{interview.policy.version}",
            consent=interview.consent,
            answers=interview.answers,
            received_at=interview.received_at,
        )

    def interview_of_run(self, run_id: str) -> Interview | None:
        """The interview an Airflow run works or worked on."""
        document = self.database.interviews.find_one({"run_id": run_id})
        return Interview.model_validate(document) if document else None

    def page(self, *, cursor: str | None = None, limit: int = 20) -> Page:
        """Interviews, newest first, without their answers' details.

        Raises:
            BadInput: the cursor is not one this method gave out.
        """
        query: dict[str, Any] = {}
        if cursor is not None:
            received_at, identity = _decode_cursor(cursor)
            query = {
                "$or": [{"received_at": {"$lt": received_at}}, {"received_at": received_at, "_id": {"$gt": identity}}]
            }
        documents = list(self.database.interviews.find(query).sort([("received_at", -1), ("_id", 1)]).limit(limit + 1))
        shown = [Interview.model_validate(document) for document in documents[:limit]]
        scores = self._overall_scores([i.scorecard_id for i in shown if i.scorecard_id])
        items = [_summary(interview, scores) for interview in shown]
        more = len(documents) > limit
        return Page(items=items, cursor=_encode_cursor(shown[-1]) if more else None)

    def set_state(
        self,
        interview_id: str,
        state: InterviewState,
        *,
        reason: str | None = None,
        run_id: str | None = None,
        **fields: object,
    ) -> None:
        """Say how an interview is doing; `fields`: scorecard_id, reports."""
        update: dict[str, Any] = {"state": state, "reason": reason, "updated_at": now(), **fields}
        if run_id is not None:
            update["run_id"] = run_id
        self.database.interviews.update_one({"_id": interview_id}, {"$set": update})

    def set_stage(self, interview_id: str, answer_id: str, stage: str, state: StageState) -> None:
        """Say how a stage is doing. An attempt that started earlier never overwrites a later one."""
        key = f"progress.{answer_id}.{stage}"
        self.database.interviews.update_one(
            {
                "_id": interview_id,
                "$or": [{key: {"$exists": False}}, {f"{key}.started_at": {"$lte": state.started_at}}],
            },
            {"$set": {key: state.model_dump(), "updated_at": now()}},
        )

    # --- configuration -------------------------------------------------------

    def rubric(self, reference: Versioned) -> Rubric:
        """The rubric an interview refers to."""
        return self._version("rubrics", StoredRubric, reference).rubric

    def policy(self, reference: Versioned) -> Policy:
        """The policy an interview refers to."""
        return self._version("policies", StoredPolicy, reference).policy

    def _version(self, collection: str, kind: type[M], reference: Versioned) -> M:
        identity = f"{reference.id}:{reference.version}"
        document = self.database[collection].find_one({"_id": identity})
        if document is None:
            raise BadInput(f"no {NOUNS[collection]} {identity!r}")
        return kind.model_validate(document)

    def _configured(self, collection: str, kind: type[Rubric] | type[Policy], name: str) -> Any:
        """By `id:version` among the stored ones, else a pack that ships."""
        if ":" in name:
            identity, version = name.split(":", 1)
            reference = Versioned(id=identity, version=version)
            return self.rubric(reference) if kind is Rubric else self.policy(reference)
        return pack(kind, name)

    def _keep_version(self, collection: str, stored: StoredRubric | StoredPolicy) -> None:
        document = stored.model_dump(by_alias=True, mode="json")
        try:
            self.database[collection].insert_one(dict(document))
        except DuplicateKeyError:
            known = type(stored).model_validate(self.database[collection].find_one({"_id": stored.id}))
            if known != stored:
                raise BadInput(
                    f"{NOUNS[collection]} {stored.id!r} is already known with other content; give it a new version"
                ) from None

    # --- stage results -------------------------------------------------------

    def stage_result(self, interview_id: str, answer_id: str, stage: str, fingerprint: str) -> StoredStageResult | None:
        """One stage's result at one fingerprint, its payload filled in."""
        document = self.database.stage_results.find_one({"_id": f"{interview_id}:{answer_id}:{stage}:{fingerprint}"})
        return self._with_payload(StoredStageResult.model_validate(document)) if document else None

    def current_result(self, interview: Interview, answer_id: str, stage: str) -> StoredStageResult | None:
        """The result the interview's progress refers to, if that stage has one."""
        state = interview.progress.get(answer_id, {}).get(stage)
        if state is None or state.fingerprint is None:
            return None
        return self.stage_result(interview.id, answer_id, stage, state.fingerprint)

    def put_stage_result(self, result: StoredStageResult) -> None:
        """Write one upsert. A result whose attempt started earlier never replaces a later one."""
        if result.payload is not None and len(data := json.dumps(result.payload).encode()) > INLINE_LIMIT_BYTES:
            result = result.model_copy(update={"payload": None, "payload_uri": self.media.put_bytes(data)})
        document = result.model_dump(by_alias=True)
        try:
            self.database.stage_results.replace_one(
                {"_id": result.id, "started_at": {"$lte": result.started_at}}, document, upsert=True
            )
        except DuplicateKeyError:
            return  # a later attempt has written

    def _with_payload(self, result: StoredStageResult) -> StoredStageResult:
        if result.payload_uri is None:
            return result
        with self.media.open(result.payload_uri) as file:
            return result.model_copy(update={"payload": json.load(file)})

    # --- scorecards ----------------------------------------------------------

    def put_scorecard(self, scorecard: Scorecard, fingerprint: str, *, run_id: str | None = None) -> str:
        """Keep a version of an interview's scores; the same version twice is one document."""
        identity = f"{scorecard.interview_id}:{fingerprint}"
        stored = StoredScorecard(
            id=identity,
            interview_id=scorecard.interview_id,
            scorecard=scorecard,
            run_id=run_id,
            created_at=now(),
        )
        self.database.scorecards.update_one(
            {"_id": identity}, {"$setOnInsert": stored.model_dump(by_alias=True, exclude={"id"})}, upsert=True
        )
        return identity

    def scorecard(self, identity: str) -> Scorecard:
        """One version of an interview's scores."""
        document = self.database.scorecards.find_one({"_id": identity})
        if document is None:
            raise BadInput(f"no scorecard {identity!r}")
        return StoredScorecard.model_validate(document).scorecard

    def campaigns(self) -> list[str]:
        """Campaigns with interviews, the one with the newest interview first."""
        newest = self.database.interviews.aggregate(
            [{"$group": {"_id": "$campaign", "at": {"$max": "$received_at"}}}, {"$sort": {"at": -1, "_id": 1}}]
        )
        return [document["_id"] for document in newest]

    def scored(self, campaign: str) -> list[tuple[Interview, Scorecard]]:
        """The campaign's interviews with a scorecard, in the order they were received."""
        found = self.database.interviews.find({"campaign": campaign, "scorecard_id": {"$ne": None}})
        interviews = [Interview.model_validate(document) for document in found.sort([("received_at", 1), ("_id", 1)])]
        cards = {
            document["_id"]: StoredScorecard.model_validate(document).scorecard
            for document in self.database.scorecards.find({"_id": {"$in": [i.scorecard_id for i in interviews]}})
        }
        return [(i, cards[i.scorecard_id]) for i in interviews if i.scorecard_id in cards]

    def _overall_scores(self, identities: list[str]) -> dict[str, dict[str, Any]]:
        found = self.database.scorecards.find({"_id": {"$in": identities}}, {"scorecard.overall": 1})
        return {document["_id"]: document["scorecard"]["overall"] for document in found}

    # --- audit ---------------------------------------------------------------

    def audit(self, actor: str, action: str, interview_id: str | None = None, **detail: object) -> None:
        """Append who did what."""
        entry = AuditEntry(at=now(), actor=actor, action=action, interview_id=interview_id, detail=detail)
        self.database.audit.insert_one(entry.model_dump())


class AnswerResults:
    """One attempt's view of the stage results of one interview: a `ResultStore` of `mulakat.pipeline.run`."""

    def __init__(
        self, store: Store, interview_id: str, *, started_at: datetime, attempt: int = 1, run_id: str | None = None
    ) -> None:
        self.store = store
        self.interview_id = interview_id
        self.started_at = started_at
        self.attempt = attempt
        self.run_id = run_id

    def get(self, answer_id: str, stage: str, fingerprint: str) -> StageResult | None:
        """A stored result, or None."""
        stored = self.store.stage_result(self.interview_id, answer_id, stage, fingerprint)
        if stored is None:
            return None
        return StageResult.model_validate(stored.model_dump(include=set(StageResult.model_fields)))

    def put(self, result: StageResult) -> None:
        """Write a result under its deterministic id."""
        self.store.put_stage_result(
            StoredStageResult(
                id=f"{self.interview_id}:{result.answer_id}:{result.stage}:{result.fingerprint}",
                interview_id=self.interview_id,
                run_id=self.run_id,
                attempt=self.attempt,
                started_at=self.started_at,
                written_at=now(),
                **result.model_dump(),
            )
        )


def _summary(interview: Interview, scores: Mapping[str, dict[str, Any]]) -> InterviewSummary:
    states = [state.state for answer in interview.progress.values() for state in answer.values()]
    return InterviewSummary(
        id=interview.id,
        candidate=interview.candidate,
        campaign=interview.campaign,
        state=interview.state,
        reason=interview.reason,
        received_at=interview.received_at,
        updated_at=interview.updated_at,
        run_id=interview.run_id,
        stages_done=sum(state in ENDED_WELL for state in states),
        stages_total=len(interview.answers) * len(stages.STAGES),
        overall=scores.get(interview.scorecard_id or ""),
    )


def _encode_cursor(last: Interview) -> str:
    text = json.dumps([last.received_at.isoformat(), last.id])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _decode_cursor(cursor: str) -> tuple[datetime, str]:
    try:
        received_at, identity = json.loads(base64.urlsafe_b64decode(cursor))
        return datetime.fromisoformat(received_at), str(identity)
    except ValueError:
        raise BadInput(f"{cursor!r} is not a cursor of this list; start again without one") from None
