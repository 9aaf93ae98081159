"""What is stored of an interview, as scoring and reports want it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from mulakat.interviews.documents import Interview
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import with_needs
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import AnswerDetails, AnswerScore, Missing, Scorecard
from mulakat.workflow.attempt import Criteria

# Field of `AnswerDetails` → the stage it comes from.
DETAILS = {
    "media": "fetch_media",
    "transcript": "transcribe",
    "face": "analyse_face",
    "voice": "analyse_voice",
    "findings": "analyse_language",
}


def scorecard(
    store: Store, interview: Interview, criteria: Criteria, in_hand: Mapping[str, AnswerScore] | None = None
) -> tuple[Scorecard, str, dict[str, str]]:
    """The interview scored on the answers that worked; its fingerprint, and those of the answers' scores.

    Args:
        in_hand: answer id → its score, as far as it need not be read.

    Raises:
        BadInput: no answer could be scored.
    """
    from mulakat.presentation.reasons import say
    from mulakat.scoring import score_interview
    from mulakat.scoring.interview import nothing_scored

    scores, of_answers = answer_scores(store, interview, in_hand or {})
    left_out = missing(interview)
    if not scores:
        why = say(nothing_scored(left_out), "en")
        raise BadInput(f"no answer of interview {interview.id!r} could be analysed: {why}")
    made = score_interview(interview.id, scores, left_out, criteria.rubric, criteria.policy)
    text = made.model_dump_json() + "".join(of_answers.values())
    return made, hashlib.sha256(text.encode()).hexdigest()[:32], of_answers


def scored_from(interview: Interview) -> dict[str, str]:
    """Answer id → fingerprint of its newest score."""
    states = {a.answer_id: interview.progress.get(a.answer_id, {}).get("score_answer") for a in interview.answers}
    return {
        answer_id: state.fingerprint
        for answer_id, state in states.items()
        if state is not None and state.state in ("ok", "reused") and state.fingerprint is not None
    }


def answer_scores(
    store: Store, interview: Interview, in_hand: Mapping[str, AnswerScore]
) -> tuple[list[AnswerScore], dict[str, str]]:
    """The answers' scores in order, and the fingerprints they were stored under."""
    found = scored_from(interview)
    wanted = {(answer_id, "score_answer"): found[answer_id] for answer_id in found if answer_id not in in_hand}
    payloads = store.stage_results.payloads(interview.id, wanted) if wanted else {}
    read = {answer_id: AnswerScore.model_validate(payload) for (answer_id, _), payload in payloads.items()} | dict(
        in_hand
    )
    scores = [read[answer_id] for answer_id in found if answer_id in read]
    return scores, {score.answer_id: found[score.answer_id] for score in scores}


def details(store: Store, interview: Interview) -> list[AnswerDetails]:
    """All that was measured in each answer."""
    wanted = {
        (answer.answer_id, stage): head.fingerprint
        for answer in interview.answers
        for stage, head in interview.known(answer.answer_id).items()
        if stage in DETAILS.values()
    }
    payloads = store.stage_results.payloads(interview.id, wanted)
    return [
        AnswerDetails.model_validate(
            {"answer_id": answer.answer_id, "question": answer.question}
            | {field: payloads.get((answer.answer_id, stage)) for field, stage in DETAILS.items()}
        )
        for answer in interview.answers
    ]


def missing(interview: Interview) -> list[Missing]:
    """Stages the score could have used that have no result, each with its reason."""
    used = with_needs("score_answer")
    missing = []
    for answer in interview.answers:
        reasons = interview.failures(answer.answer_id)
        for stage, state in interview.progress.get(answer.answer_id, {}).items():
            if state.state == "skipped" and stage != "score_answer":
                reasons[stage] = state.reason or Reason.of(Code.NOT_ANALYZED)
        missing += [
            Missing(answer_id=answer.answer_id, stage=stage, reason=reasons[stage])
            for stage in reasons
            if stage in used
        ]
    return missing
