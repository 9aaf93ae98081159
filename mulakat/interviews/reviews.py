"""Collection `reviews`: reviewers' ratings, appended, never changed."""

from __future__ import annotations

import hashlib
from typing import Any

from pymongo import ASCENDING, DESCENDING
from pymongo.database import Database
from pymongo.errors import DuplicateKeyError

from mulakat.interviews.audit import AuditRepository
from mulakat.interviews.campaigns import Campaigns
from mulakat.interviews.documents import AuditEntry, Interview, Review, ReviewSpec, now
from mulakat.interviews.interviews import InterviewRepository
from mulakat.interviews.rubrics import RubricRepository
from mulakat.schema.errors import BadInput, TemporaryError

ORDER = [("interview_id", ASCENDING), ("reviewer", ASCENDING), ("number", DESCENDING)]


class ReviewRepository:
    """Reviews of interviews; a reviewer's later one supersedes the earlier, and both are kept."""

    def __init__(
        self,
        database: Database[dict[str, Any]],
        interviews: InterviewRepository,
        rubrics: RubricRepository,
        campaigns: Campaigns,
        audit: AuditRepository,
    ) -> None:
        self._reviews = database.reviews
        self._interviews = interviews
        self._rubrics = rubrics
        self._campaigns = campaigns
        self._audit = audit

    def ensure_indexes(self) -> None:
        """Create what the queries here need."""
        self._reviews.create_index(ORDER, unique=True)

    def check(self, spec: ReviewSpec) -> Interview:
        """The interview a review is of.

        Raises:
            BadInput: no such interview, or a competency that its rubric does not have.
        """
        interview = self._interviews.get(spec.interview_id)
        known = [c.id for c in self._rubrics.get(interview.rubric).competencies]
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
        latest = self._latest(spec)
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
            self._reviews.insert_one(review.model_dump(by_alias=True))
        except DuplicateKeyError:
            raise TemporaryError(
                f"{spec.reviewer!r} added another review of {spec.interview_id!r} at this moment; try again"
            ) from None
        detail = {"review": review.id, "supersedes": latest.id if latest else None}
        self._audit.append(
            AuditEntry(actor=spec.reviewer, action="review", interview_id=spec.interview_id, detail=detail)
        )
        return review, True

    def of_campaign(self, campaign: str) -> list[Review]:
        """Each reviewer's latest review of each interview, by interview and reviewer. Raises BadInput."""
        ids = [interview.id for interview in self._campaigns.interviews(campaign)]
        latest: dict[tuple[str, str], Review] = {}
        for document in self._reviews.find({"interview_id": {"$in": ids}}).sort(ORDER):
            review = Review.model_validate(document)
            latest.setdefault((review.interview_id, review.reviewer), review)
        return list(latest.values())

    def erase(self, interview_id: str) -> None:
        """Remove all reviews of an interview."""
        self._reviews.delete_many({"interview_id": interview_id})

    def _latest(self, spec: ReviewSpec) -> Review | None:
        query = {"interview_id": spec.interview_id, "reviewer": spec.reviewer}
        document = self._reviews.find_one(query, sort=[("number", DESCENDING)])
        return Review.model_validate(document) if document else None


def _content(review: ReviewSpec) -> dict[str, Any]:
    return review.model_dump(include=set(ReviewSpec.model_fields))
