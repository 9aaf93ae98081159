"""Operators: thin, they hand ids to `work` and return ids and fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowSkipException

from mulakat.interviews.documents import Attempt, now
from mulakat.schema.errors import NotMeasurable
from mulakat.workflow.attempt import run_stage
from mulakat_airflow.hook import StoreHook

if TYPE_CHECKING:
    from airflow.sdk import Context


class StageOperator(BaseOperator):
    """Run one stage of one answer of the interview in `params`.

    :param stage: name of a stage in `mulakat.pipeline.stages`.
    :param answer_id: the answer, usually mapped.
    """

    template_fields = ("answer_id",)

    def __init__(self, *, stage: str, answer_id: str, **kwargs: Any) -> None:
        kwargs.setdefault("task_id", stage)
        kwargs.setdefault("map_index_template", "{{ task.answer_id }}")
        super().__init__(**kwargs)
        self.stage = stage
        self.answer_id = answer_id

    def execute(self, context: Context) -> dict[str, str]:
        from mulakat.presentation.reasons import say

        params = context["params"]
        attempt = this_attempt(context)
        with StoreHook().store() as store:
            try:
                done = run_stage(
                    store, params["interview_id"], self.answer_id, self.stage, attempt, force=bool(params["force"])
                )
            except NotMeasurable as error:
                raise AirflowSkipException(f"{self.answer_id}: {say(error.reason, 'en')}") from None
        why = say(done.reason, "en") if done.reason is not None else ""
        self.log.info("%s of %s: %s %s", self.stage, self.answer_id, done.status, why)
        return {"status": done.status, "fingerprint": done.head.fingerprint}


def this_attempt(context: Context) -> Attempt:
    """Which run, task and try the current one is."""
    ti = context["ti"]
    task = ti.task_id.rpartition(".")[2]
    asked_at = context["dag_run"].run_after
    return Attempt(run_id=ti.run_id, task=task, number=ti.try_number, started_at=now(), asked_at=asked_at)


def task_states(context: Context) -> dict[str, str | None]:
    """The state of each task of the current run in Airflow; a mapped one is named `task_id_index`."""
    ti = context["ti"]
    states: dict[str, dict[str, str | None]] = ti.get_task_states(dag_id=ti.dag_id, run_ids=[ti.run_id])
    return states.get(ti.run_id, {})
