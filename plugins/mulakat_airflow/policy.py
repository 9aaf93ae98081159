"""Airflow's cluster policy: the priority of a run, given as its parameter, as priority weight.

Weights decide who gets a free pool slot first. A priority weight strategy would not
do: Airflow asks it before a task instance knows its run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow import settings
from airflow.policies import hookimpl

from mulakat.workflow.queues import DAG_ID

if TYPE_CHECKING:
    from airflow.models import DagRun
    from airflow.models.taskinstance import TaskInstance

# Airflow asks the hook for new task instances only where this is off, and turns it off itself only for a module
# `airflow_local_settings`, not for an entry point (findings/airflow_policy_entry_point.sh).
settings.task_instance_mutation_hook.is_noop = False  # type: ignore[attr-defined]

WEIGHTS = {"low": 1, "normal": 10, "high": 100}


@hookimpl
def task_instance_mutation_hook(task_instance: TaskInstance, dag_run: DagRun | None) -> None:
    """All tasks of an interview's run weigh what its `priority` parameter says: 1, 10 or 100."""
    if task_instance.dag_id == DAG_ID and dag_run is not None:
        task_instance.priority_weight = WEIGHTS[(dag_run.conf or {}).get("priority", "normal")]
