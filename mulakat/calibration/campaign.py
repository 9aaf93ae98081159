"""A campaign's scores and reviews: what of them can be pooled, and what calibration makes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TypeVar

from pydantic import Field

from mulakat.calibration.agreement import ReviewerRating
from mulakat.calibration.fit import Calibration, Observation, calibrate
from mulakat.calibration.proposal import next_version, propose
from mulakat.interviews.documents import InterviewScores, Review
from mulakat.interviews.store import Store
from mulakat.schema.base import Result
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Versioned

D = TypeVar("D", Rubric, Policy)


class CampaignCalibration(Result):
    """What `mulakat calibrate` found."""

    campaign: str
    rubric: Versioned
    policy: Versioned
    criterion: str = Field(description="what the reviewers' rating of an interview is")
    notes: list[str] = Field(description="what was left out, and what else to know of what was not")
    calibration: Calibration
    proposed_rubric: Rubric | None
    proposed_policy: Policy | None


def calibrate_campaign(store: Store, campaign: str) -> CampaignCalibration:
    """Hold the scores of a campaign's interviews against their reviews.

    Raises:
        BadInput: no such campaign, no reviews, or nothing that can be learned from.
    """
    reviews, scores = store.reviews.of_campaign(campaign), store.campaigns.scores(campaign)
    if not reviews:
        raise BadInput(
            f"campaign {campaign!r} has no reviews; add some with `mulakat review add` or `mulakat review import`"
        )
    chosen, rated, notes = _one_version(scores, reviews)
    rubric, policy = store.rubrics.get(chosen[0].rubric), store.policies.get(chosen[0].policy)
    criterion, ratings, unused = _criterion(rated)
    calibration = calibrate(
        [_observation(s) for s in chosen], ratings, rubric, policy, by_competency=_by_competency(rated, rubric)
    )
    new_rubric, new_policy = propose(calibration, rubric, policy)
    return CampaignCalibration(
        campaign=campaign,
        rubric=chosen[0].rubric,
        policy=chosen[0].policy,
        criterion=criterion,
        notes=[*notes, *unused],
        calibration=calibration,
        proposed_rubric=new_rubric and _unused(new_rubric, store.rubrics.get),
        proposed_policy=new_policy and _unused(new_policy, store.policies.get),
    )


def _unused(document: D, find: Callable[[Versioned], D]) -> D:
    """With a version that the store does not hold yet."""
    try:
        find(Versioned(id=document.id, version=document.version))
    except BadInput:
        return document
    return _unused(document.model_copy(update={"version": next_version(document.version)}), find)


def _one_version(
    scores: Sequence[InterviewScores], reviews: Sequence[Review]
) -> tuple[list[InterviewScores], list[Review], list[str]]:
    """What can be pooled: scores of one rubric and policy, the most frequent among reviewed interviews.

    Weights learned over several rubrics would mean nothing.
    """
    reviewed = {review.interview_id for review in reviews}
    left_out: Counter[str] = Counter()
    pairs = Counter(_pair(s) for s in scores if s.interview_id in reviewed and s.overall is not None)
    if not pairs:
        raise BadInput("no interview of this campaign has both a review and an overall score")
    pair = min(pairs, key=lambda p: (-pairs[p], p))
    chosen = []
    for s in scores:
        if s.interview_id not in reviewed:
            left_out["scored, not reviewed"] += 1
        elif _pair(s) != pair:
            left_out[f"scored with rubric {_pair(s)[0]}, policy {_pair(s)[1]}"] += 1
        elif s.overall is None:
            left_out["whose overall score is not scorable"] += 1
        else:
            chosen.append(s)
    left_out["reviewed, not scored"] += len(reviewed - {s.interview_id for s in scores})
    ids = {s.interview_id for s in chosen}
    rated = [r for r in reviews if r.interview_id in ids and r.rubric == chosen[0].rubric]
    notes = [f"left out: {count} interview(s) {why}" for why, count in left_out.items() if count]
    if others := sum(r.interview_id in ids for r in reviews) - len(rated):
        notes.append(f"left out: {others} review(s) on another version of the rubric")
    if chosen and 0 < (local := sum(s.provisional for s in chosen)) < len(chosen):
        notes.append(f"mixed raters: {local} of {len(chosen)} interviews were rated by the local fallback")
    return chosen, rated, notes


def _pair(s: InterviewScores) -> tuple[str, str]:
    return f"{s.rubric.id}:{s.rubric.version}", f"{s.policy.id}:{s.policy.version}"


def _criterion(reviews: Sequence[Review]) -> tuple[str, list[ReviewerRating], list[str]]:
    """The reviewers' rating of the whole: what they gave as such, or the mean of their levels, whichever is more."""
    overall = [ReviewerRating(r.interview_id, r.reviewer, r.overall) for r in reviews if r.overall is not None]
    means = [
        ReviewerRating(r.interview_id, r.reviewer, sum(levels) / len(levels))
        for r in reviews
        if (levels := [level for level in r.levels.values() if level is not None])
    ]
    name, ratings = ("an overall level", overall) if len(overall) >= len(means) else ("levels (their mean)", means)
    unused = len(reviews) - len(ratings)
    return name, ratings, [f"left out: {unused} review(s) without {name}"] if unused else []


def _by_competency(reviews: Sequence[Review], rubric: Rubric) -> dict[str, list[ReviewerRating]]:
    given: dict[str, list[ReviewerRating]] = {c.id: [] for c in rubric.competencies}
    for review in reviews:
        for competency, level in review.levels.items():
            if level is not None:
                given[competency].append(ReviewerRating(review.interview_id, review.reviewer, level))
    return {competency: ratings for competency, ratings in given.items() if ratings}


def _observation(s: InterviewScores) -> Observation:
    return Observation(
        interview=s.interview_id,
        candidate=s.candidate,
        # Too little was rated for language to be scorable: then its competencies do not count either.
        competencies=s.competencies if s.components.get("language") is not None else {},
        components={name: value for name, value in s.components.items() if name != "language"},
        words=s.words,
    )
