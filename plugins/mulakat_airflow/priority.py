"""Priority of a run, given as its parameter, as Airflow's priority weight.

Weights decide who gets a free pool slot first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from airflow.task.priority_strategy import PriorityWeightStrategy

if TYPE_CHECKING:
    from airflow.models.taskinstance import TaskInstance

WEIGHTS = {"low": 1, "normal": 10, "high": 100}


class RunPriority(PriorityWeightStrategy):
    """All tasks of a run weigh what its `priority` parameter says."""

    def get_weight(self, ti: TaskInstance) -> int:
        """1, 10 or 100."""
        conf = getattr(ti.dag_run, "conf", None) or {}
        return WEIGHTS.get(conf.get("priority", "normal"), WEIGHTS["normal"])
