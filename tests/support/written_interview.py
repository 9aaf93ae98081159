"""An interview, `one`, of a written answer, `a`: taken through the tasks of a run as the DAG calls them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mulakat.interviews.documents import Interview
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.schema.errors import MulakatError
from mulakat.schema.rubric import Rubric
from mulakat.workflow import cleanup, steps
from mulakat.workflow.attempt import run_stage
from tests.support.attempts import attempt

TEXT = (Path(__file__).parents[2] / "samples" / "problem_solving.txt").read_text(encoding="utf-8")


@contextlib.contextmanager
def workplace(scratch: Path) -> Iterator[None]:
    """The settings of a worker, without Redis."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MULAKAT_SCRATCH_DIR", str(scratch))
        patch.delenv("MULAKAT_REDIS_URL", raising=False)
        settings.cache_clear()
        yield
    settings.cache_clear()


def parameters(**answer: str) -> dict[str, Any]:
    """Those of a run; the answer is the sample's text, if nothing else is given."""
    given = answer or {"text": TEXT}
    interview = {
        "interview_id": "one",
        "candidate": {"reference": "somebody"},
        "answers": [{"answer_id": "a", "question": "Which problem did you solve?", **given}],
    }
    return {
        "interview_id": "one",
        "interview": interview,
        "submission": None,
        "policy": None,
        "priority": "normal",
        "force": False,
    }


def load(store: Store, run_id: str, *, rubric: Rubric | None = None, **answer: str) -> list[str]:
    """The first task of a run; returns the answers' ids."""
    given = parameters(**answer)
    if rubric is not None:
        given["interview"]["rubric"] = rubric.model_dump(mode="json")
    return steps.load_interview(store, given, attempt(run_id=run_id))


def run_stages(store: Store, run_id: str, answer_id: str = "a") -> None:
    """All stages of an answer; those that cannot run are left, as Airflow leaves them."""
    for stage in STAGES:
        with contextlib.suppress(MulakatError):
            run_stage(store, "one", answer_id, stage.name, attempt(run_id=run_id))


def clean_up(store: Store, run_id: str, **tasks: str) -> Interview:
    """The last task, with the states of others in Airflow; returns what it leaves."""
    cleanup.clean_up(store, "one", attempt("cleanup", run_id), tasks)
    return store.interviews.get("one")


def whole_run(store: Store, run_id: str, **answer: Any) -> Interview:
    """All tasks of a run; returns what it leaves."""
    load(store, run_id, **answer)
    run_stages(store, run_id)
    steps.score_interview(store, "one", attempt("score_interview", run_id))
    steps.build_report(store, "one", attempt("build_report", run_id))
    return clean_up(store, run_id)
