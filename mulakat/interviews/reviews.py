"""Reviewers' ratings, and the scores of a campaign to hold them against."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

from pymongo import DESCENDING
from pymongo.errors import DuplicateKeyError

from mulakat.interviews.documents import Interview, InterviewScores, Review, ReviewSpec, now
from mulakat.interviews.store import Store
from mulakat.schema.errors import BadInput, TemporaryError
from mulakat.schema.scores import Versioned


class Reviews:
    """Reviews in a store: appended, never changed."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def check(self, spec: ReviewSpec) -> Interview:
        """The interview a review is of.

        Raises:
            BadInput: no such interview, or a competency that its rubric does not have.
        """
        interview = self.store.interview(spec.interview_id)
        known = [c.id for c in self.store.rubric(interview.rubric).competencies]
        if unknown := [name for name in spec.levels if name not in known]:
            rubric = f"{interview.rubric.id}:{interview.rubric.version}"
            raise BadInput(
                f"rubric {rubric!r} of interview {interview.id!r} has no competency {unknown[0]!r}; "
                f"it has {', '.join(known)}"
            )
        return interview

    def add(self, spec: ReviewSpec) -> tuple[Review, bool]:
        """Keep a review, and whether it is new: the same one twice is one.

        Raises:
            BadInput: as `check`.
            TemporaryError: the same reviewer has added another one at this moment.
        """
        interview = self.check(spec)
        query = {"interview_id": spec.interview_id, "reviewer": spec.reviewer}
        document = self.store.database.reviews.find_one(query, sort=[("number", DESCENDING)])
        latest = Review.model_validate(document) if document else None
        if latest is not None and latest.rubric == interview.rubric and _content(latest) == _content(spec):
            return latest, False
        number = latest.number + 1 if latest else 1
        who = hashlib.sha256(spec.reviewer.encode()).hexdigest()[:8]
        review = Review(
            **spec.model_dump(),
            id=f"{spec.interview_id}:{who}:{number}",
            number=number,
            rubric=interview.rubric,
            created_at=now(),
        )
        try:
            self.store.database.reviews.insert_one(review.model_dump(by_alias=True))
        except DuplicateKeyError:
            raise TemporaryError(
                f"{spec.reviewer!r} added another review of {spec.interview_id!r} at this moment; try again"
            ) from None
        self.store.audit(
            spec.reviewer, "review", spec.interview_id, review=review.id, supersedes=latest.id if latest else None
        )
        return review, True

    def of_campaign(self, campaign: str) -> list[Review]:
        """Each reviewer's latest review of each interview, by interview and reviewer."""
        query = {"interview_id": {"$in": list(self._interviews(campaign))}}
        order = [("interview_id", 1), ("reviewer", 1), ("number", -1)]
        latest: dict[tuple[str, str], Review] = {}
        for document in self.store.database.reviews.find(query).sort(order):
            latest.setdefault((document["interview_id"], document["reviewer"]), Review.model_validate(document))
        return list(latest.values())

    def scores(self, campaign: str) -> list[InterviewScores]:
        """The latest scorecards of a campaign, in short, by interview."""
        interviews = self._interviews(campaign)
        scorecards = {
            document["_id"]: document["scorecard"]
            for document in self.store.database.scorecards.find(
                {"_id": {"$in": [i["scorecard_id"] for i in interviews.values() if i["scorecard_id"]]}},
                {
                    f"scorecard.{field}": 1
                    for field in (
                        "rubric", "policy", "provisional", "overall.value",
                        "competencies.id", "competencies.score.value", "components.name", "components.score.value",
                    )
                },
            )
        }  # fmt: skip
        words = self._words(interviews)
        return [
            _in_short(interview, scorecards[interview["scorecard_id"]], words[identity])
            for identity, interview in interviews.items()
            if interview["scorecard_id"] in scorecards and scorecards[interview["scorecard_id"]]["rubric"]
        ]

    def _interviews(self, campaign: str) -> dict[str, dict[str, Any]]:
        """Raises BadInput when the campaign has none."""
        fields = {"candidate": 1, "answers.answer_id": 1, "progress": 1, "scorecard_id": 1}
        found = self.store.database.interviews.find({"campaign": campaign}, fields)
        interviews = {document["_id"]: document for document in sorted(found, key=lambda d: str(d["_id"]))}
        if not interviews:
            known = ", ".join(sorted(self.store.database.interviews.distinct("campaign"))) or "none"
            raise BadInput(f"campaign {campaign!r} has no interview; campaigns with interviews: {known}")
        return interviews

    def _words(self, interviews: dict[str, dict[str, Any]]) -> dict[str, int | None]:
        wanted = {identity: list(_transcripts(interview)) for identity, interview in interviews.items()}
        ids = [key for keys in wanted.values() for key in keys if key is not None]
        found: dict[str, int] = {}
        for document in self.store.database.stage_results.find({"_id": {"$in": ids}}, {"payload.text": 1}):
            if (text := self._text(document)) is not None:
                found[document["_id"]] = len(text.split())
        return {
            identity: sum(found[key] for key in keys if key is not None) if all(key in found for key in keys) else None
            for identity, keys in wanted.items()
        }

    def _text(self, document: dict[str, Any]) -> str | None:
        payload = document.get("payload")
        if payload is None:  # skipped, or too large for a document
            stored = self.store.stage_result(*document["_id"].split(":"))
            payload = stored.payload if stored is not None else None
        return str(payload["text"]) if payload is not None else None


def _transcripts(interview: dict[str, Any]) -> Iterator[str | None]:
    """The id of each answer's transcript; None where it was not transcribed."""
    for answer in interview["answers"]:
        state = interview["progress"].get(answer["answer_id"], {}).get("transcribe", {})
        fingerprint = state.get("fingerprint")
        yield f"{interview['_id']}:{answer['answer_id']}:transcribe:{fingerprint}" if fingerprint else None


def _in_short(interview: dict[str, Any], scorecard: dict[str, Any], words: int | None) -> InterviewScores:
    return InterviewScores(
        interview_id=interview["_id"],
        candidate=interview["candidate"]["reference"],
        rubric=Versioned.model_validate(scorecard["rubric"]),
        policy=Versioned.model_validate(scorecard["policy"]),
        overall=scorecard["overall"]["value"],
        competencies={c["id"]: c["score"]["value"] for c in scorecard["competencies"]},
        components={c["name"]: c["score"]["value"] for c in scorecard["components"]},
        provisional=scorecard["provisional"],
        words=words,
    )


def _content(review: ReviewSpec) -> dict[str, Any]:
    return review.model_dump(include=set(ReviewSpec.model_fields))
