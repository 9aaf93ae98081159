"""Airflow task and run states → Redis Streams.

Task hooks run in the task's own process, run hooks in the scheduler's loop, so
nothing here may raise or wait: `publish` does neither.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.listeners import hookimpl

from mulakat.interviews.events import Event, EventState, publish
from mulakat.interviews.settings import settings
from mulakat.schema.codes import Code
from mulakat.schema.errors import reason_of
from mulakat.schema.reasons import Reason
from mulakat.workflow.queues import DAG_ID

if TYPE_CHECKING:
    from airflow.models import DagRun


@hookimpl
def on_task_instance_running(task_instance: Any) -> None:
    """A task has started."""
    _task_event(task_instance, "running")


@hookimpl
def on_task_instance_success(task_instance: Any) -> None:
    """A task has succeeded."""
    _task_event(task_instance, "ok")


@hookimpl
def on_task_instance_skipped(task_instance: Any) -> None:
    """A task was skipped."""
    _task_event(task_instance, "skipped")


@hookimpl
def on_task_instance_failed(task_instance: Any, error: str | BaseException | None) -> None:
    """A try has failed; Airflow may try again."""
    from airflow.utils.state import TaskInstanceState

    again = getattr(task_instance, "state", None) == TaskInstanceState.UP_FOR_RETRY
    _task_event(task_instance, "retrying" if again else "failed", reason=_reason(error) if error else None)


@hookimpl
def on_dag_run_running(dag_run: DagRun) -> None:
    """A run has started."""
    _run_event(dag_run, "running")


@hookimpl
def on_dag_run_success(dag_run: DagRun) -> None:
    """A run has ended well."""
    _run_event(dag_run, "ok")


@hookimpl
def on_dag_run_failed(dag_run: DagRun, msg: str) -> None:
    """A run has failed."""
    _run_event(dag_run, "failed", reason=_reason(msg))


def _reason(error: str | BaseException) -> Reason:
    return Reason.of(Code.UNEXPECTED, message=error) if isinstance(error, str) else reason_of(error)


def _task_event(task_instance: Any, state: EventState, reason: Reason | None = None) -> None:
    if task_instance.dag_id != DAG_ID:
        return
    interview_id = _interview_id(task_instance)
    if interview_id is None:
        return
    publish(
        settings().redis_url,
        Event(
            interview_id=interview_id,
            answer_id=getattr(task_instance, "rendered_map_index", None),
            stage=task_instance.task_id.rpartition(".")[2],
            state=state,
            attempt=task_instance.try_number,
            reason=reason,
            run_id=task_instance.run_id,
        ),
    )


def _run_event(dag_run: DagRun, state: EventState, reason: Reason | None = None) -> None:
    interview_id = (dag_run.conf or {}).get("interview_id")
    if dag_run.dag_id == DAG_ID and interview_id:
        publish(
            settings().redis_url,
            Event(interview_id=interview_id, state=state, reason=reason, run_id=dag_run.run_id),
        )


def _interview_id(task_instance: Any) -> str | None:
    """From the run's parameters: a worker has a RuntimeTaskInstance, scheduler and API an ORM one."""
    if hasattr(task_instance, "get_template_context") and hasattr(task_instance, "max_tries"):
        try:
            return str(task_instance.get_template_context()["params"]["interview_id"])
        except (KeyError, AttributeError):
            return None
    return (task_instance.dag_run.conf or {}).get("interview_id")
