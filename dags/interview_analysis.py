"""## One run analyses one interview

`load_interview` stores the interview given in the parameters (or finds the one already
stored), `analyse_answer` takes each answer through the stages of `mulakat.pipeline.stages`,
`score_interview` scores what worked and says what is missing, `build_report` writes the
reports, and `cleanup` removes scratch files and leaves a true state, whatever happened.

A stage whose result is already stored is not run again; `force` runs it all the same.
Broken input fails at once; trouble that passes is tried again with growing waits.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from airflow.sdk import (
    ExceptionRetryPolicy,
    Param,
    RetryAction,
    RetryRule,
    TriggerRule,
    dag,
    get_current_context,
    task,
    task_group,
)

from mulakat.interviews.documents import InterviewSpec, now
from mulakat.interviews.settings import settings
from mulakat.pipeline.stages import STAGES
from mulakat.schema.errors import BadInput, SetupError, Superseded
from mulakat.workflow import steps
from mulakat.workflow.cleanup import clean_up, settle
from mulakat.workflow.queues import DAG_ID, DEFAULT, LOW, PLACES, Place
from mulakat_airflow.hook import StoreHook
from mulakat_airflow.operators import StageOperator, task_states, this_attempt

if TYPE_CHECKING:
    from airflow.sdk import BaseOperator, Context

PARAMS = {
    "interview_id": Param(
        type="string",
        pattern="^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$",
        title="Interview id",
        description="Letters, digits, _ and -; the interview is stored under it.",
    ),
    "interview": Param(
        None,
        **InterviewSpec.model_json_schema()
        | {
            "type": ["object", "null"],
            "title": "Interview",
            "description": "The interview itself; leave empty for one that is already stored, or submitted.",
        },
    ),
    "submission": Param(
        None,
        type=["string", "null"],
        title="Submission",
        description="Instead of the interview: the id under which `mulakat submit` has stored it.",
    ),
    "policy": Param(
        None,
        type=["string", "null"],
        title="Policy",
        description="Use this policy instead of the interview's: content, multimodal, eu or id:version.",
    ),
    "priority": Param("normal", enum=["low", "normal", "high"], title="Priority"),
    "force": Param(False, type="boolean", title="Force", description="Run also stages with a stored result."),
}

# First match wins; anything not named here (network, rate limits, a lost worker) is tried again.
RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(exception=BadInput, action=RetryAction.FAIL, reason="the input is at fault"),
        RetryRule(exception=SetupError, action=RetryAction.FAIL, reason="this worker lacks something"),
        RetryRule(exception=Superseded, action=RetryAction.FAIL, reason="another run or attempt has taken over"),
    ]
)


def run_ended(context: Context) -> None:
    """Airflow's last word on a run, however it came to its end: also when tasks ran after `cleanup`, or it was lost."""
    run = context.get("dag_run")
    ended_at = run.end_date if run is not None else None
    with StoreHook().store() as store:
        settle(store, context["run_id"], ended_at or now())


def at(place: Place) -> dict[str, Any]:
    """Operator arguments for a place."""
    return {"queue": place.queue, "pool": place.pool}


@task_group
def analyse_answer(answer_id: str) -> None:
    """All stages of one answer."""
    operators: dict[str, BaseOperator] = {}
    for stage in STAGES:
        operators[stage.name] = StageOperator(
            stage=stage.name,
            answer_id=answer_id,
            trigger_rule=TriggerRule.ALL_DONE if stage.tolerant else TriggerRule.ALL_SUCCESS,
            **at(PLACES[stage.work]),
        )
        for need in stage.needs:
            operators[need] >> operators[stage.name]


@dag(
    dag_id=DAG_ID,
    schedule=None,
    catchup=False,
    # Queued runs start in the order they came, whatever their priority: pools decide instead, task by task.
    max_active_runs=10_000,
    on_success_callback=run_ended,
    on_failure_callback=run_ended,
    params=PARAMS,
    doc_md=__doc__,
    tags=["mulakat"],
    default_args={
        "retries": settings().retries,
        "retry_delay": timedelta(seconds=settings().retry_delay_s),
        "retry_exponential_backoff": 2.0,
        "max_retry_delay": timedelta(minutes=5),
        "retry_policy": RETRY_POLICY,
        "weight_rule": "absolute",  # see mulakat_airflow.policy
    },
)
def interview_analysis() -> None:
    """See the module docstring."""

    @task(**at(DEFAULT))
    def load_interview() -> list[str]:
        context = get_current_context()
        with StoreHook().store() as store:
            return steps.load_interview(store, dict(context["params"]), this_attempt(context))

    @task(**at(DEFAULT), trigger_rule=TriggerRule.ALL_DONE)
    def score_interview() -> str:
        context = get_current_context()
        with StoreHook().store() as store:
            return steps.score_interview(store, context["params"]["interview_id"], this_attempt(context))

    @task(**at(DEFAULT))
    def build_report() -> int:
        context = get_current_context()
        with StoreHook().store() as store:
            return steps.build_report(store, context["params"]["interview_id"], this_attempt(context))

    @task(**at(LOW))
    def cleanup() -> None:
        context = get_current_context()
        with StoreHook().store() as store:
            clean_up(store, context["params"]["interview_id"], this_attempt(context), task_states(context))

    loaded = load_interview()
    answers = analyse_answer.expand(answer_id=loaded)
    report = build_report()
    loaded >> answers >> score_interview() >> report >> cleanup().as_teardown(on_failure_fail_dagrun=False)


interview_analysis()
