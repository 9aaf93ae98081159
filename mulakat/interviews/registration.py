"""From an interview as submitted to one that is stored, with its rubric, its policy and its texts."""

from __future__ import annotations

from mulakat.interviews.documents import Attempt, Interview, InterviewSpec, now
from mulakat.interviews.store import Store
from mulakat.schema.rubric import Policy, Rubric


def register(store: Store, spec: InterviewSpec, attempt: Attempt | None = None) -> Interview:
    """Store an interview as submitted, its progress starting anew; results, scorecard and reports stay.

    From then on it belongs to the run of `attempt`.

    A question given by its id in the rubric is stored as its text; a written answer goes into the media store.

    Raises:
        BadInput: unknown rubric or policy, or one of the same version but other content.
        Superseded: it belongs to a run that was asked for later.
    """
    rubric = spec.rubric if isinstance(spec.rubric, Rubric) else store.rubrics.named(spec.rubric)
    policy = spec.policy if isinstance(spec.policy, Policy) else store.policies.named(spec.policy)
    moment = now()
    return store.interviews.keep(
        Interview(
            id=spec.interview_id,
            candidate=spec.candidate,
            campaign=spec.campaign,
            rubric=store.rubrics.keep(rubric),
            policy=store.policies.keep(policy),
            consent=spec.consent,
            answers=[
                answer.naming_its_text(store.media.put_bytes).model_copy(
                    update={"question": rubric.wording(answer.question)}
                )
                for answer in spec.answers
            ],
            received_at=spec.received_at or moment,
            updated_at=moment,
            run_id=attempt.run_id if attempt else None,
            asked_at=attempt.asked_at if attempt else None,
            attempts={attempt.task: attempt.started_at} if attempt else {},
        )
    )
