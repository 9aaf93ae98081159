"""Hold a stored interview against another rubric or policy: nothing but scoring runs."""

from __future__ import annotations

from mulakat.interviews.documents import Attempt, AuditEntry, StageState, now
from mulakat.interviews.stage_results import PendingResults
from mulakat.interviews.store import Store
from mulakat.pipeline.fingerprint import reads_the_same
from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput, NotMeasurable
from mulakat.schema.scores import AnswerScore, Versioned
from mulakat.workflow.attempt import Criteria, answer_run, criteria, ended
from mulakat.workflow.scorecard import scorecard

SCORE = "score_answer"


def rescore(
    store: Store, interview_id: str, *, rubric: Versioned | None = None, policy: Versioned | None = None
) -> Attempt:
    """Score an interview's stored results anew. Its reports are those of the earlier scorecard until they are built.

    Args:
        rubric, policy: stored ones; None: those it has.

    Returns:
        The attempt, in whose name the reports may be built.

    Raises:
        BadInput: it is at work, or more than its scores would change: then it must be submitted again.
        Superseded: somebody else scores it again, too.
    """
    interview = store.interviews.get(interview_id)
    if interview.run_id is None or interview.state in ("queued", "running"):
        raise BadInput(f"interview {interview_id!r} is {interview.state}; score it again when that has ended")
    attempt = Attempt(run_id=interview.run_id, task="rescore", started_at=now())
    before = store.interviews.begin(interview_id, attempt)
    criteria_now = {"rubric": rubric or before.rubric, "policy": policy or before.policy}
    after = before.model_copy(update=criteria_now | {"progress": dict(before.progress)})
    old = criteria(store, before)
    new = Criteria(
        store.rubrics.get(after.rubric) if after.rubric != before.rubric else old.rubric,
        store.policies.get(after.policy) if after.policy != before.policy else old.policy,
    )
    in_hand: dict[str, AnswerScore] = {}
    results = PendingResults(store.stage_results, interview_id, attempt)
    for answer_id, stages in before.progress.items():
        run = answer_run(store, before, answer_id, attempt, new, results=results)
        states = _taken_over(run, old, attempt)
        states[SCORE], score = _scored(run, attempt)
        after.progress[answer_id] = stages | states
        if score is not None:
            in_hand[answer_id] = score
    store.interviews.check(interview_id, attempt)
    results.write()
    made, fingerprint, of_answers = scorecard(store, after, new, in_hand)
    identity = store.scorecards.put(made, fingerprint, run_id=attempt.run_id)
    store.interviews.mark_rescored(before, after, identity, of_answers, attempt)
    detail = {"rubric": _name(after.rubric), "policy": _name(after.policy), "scorecard": identity}
    store.audit.append(AuditEntry(actor="mulakat", action="rescore", interview_id=interview_id, detail=detail))
    return attempt


def _taken_over(run: Run, old: Criteria, attempt: Attempt) -> dict[str, StageState]:
    """The stages that find something else under the new criteria: stored results take the place of those there are.

    Raises:
        BadInput: a stage would have to run.
    """
    request: Request = run.request
    formerly = request.model_copy(update=old._asdict())
    states: dict[str, StageState] = {}
    for stage in STAGES:
        if stage.name == SCORE or (reads_the_same(stage, formerly, request) and not states.keys() & set(stage.needs)):
            continue
        stored = run.store.head(request.answer_id, stage.name, run.fingerprint(stage.name))
        if stored is None and stage.enabled(request.policy):
            raise BadInput(
                f"{stage.name} of answer {request.answer_id!r} would have to run under these criteria; "
                "submit the interview again with them"
            )
        states[stage.name] = ended(_at_work(attempt), run.stage(stage.name))  # found there, or left out by the policy
    return states


def _at_work(attempt: Attempt) -> StageState:
    return StageState(state="running", run_id=attempt.run_id, started_at=attempt.started_at)


def _scored(run: Run, attempt: Attempt) -> tuple[StageState, AnswerScore | None]:
    """The state of the answer's score, and the score itself if it was not stored already."""
    state = _at_work(attempt)
    try:
        done = run.stage(SCORE)
    except NotMeasurable as error:
        return state.model_copy(update={"state": "skipped", "reason": error.reason}), None
    return ended(state, done), done.result if isinstance(done.result, AnswerScore) else None


def _name(version: Versioned) -> str:
    return f"{version.id}:{version.version}"
