"""Walks `docs/adding-a-stage.md` with a small real stage: one module, one row."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mulakat.pipeline import stages
from mulakat.pipeline.local import LocalFile, analyze
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.stages import Stage
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from tests.support.known import known

if TYPE_CHECKING:
    from airflow.dag_processing.dagbag import DagBag

NEW = Stage("measure_brightness", "brightness", needs=("fetch_media",), work="cpu", modality="face")


@pytest.fixture(autouse=True)
def _row_in_the_table(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Step 1 is `brightness.py` beside this test, step 2 this row."""
    monkeypatch.syspath_prepend(Path(__file__).parent)
    monkeypatch.setattr(stages, "STAGES", (*stages.STAGES, NEW))
    monkeypatch.setitem(stages.BY_NAME, NEW.name, NEW)
    yield
    sys.modules.pop(NEW.module, None)


def run(recording: Path, folder: Path, store: MemoryStore, policy: str = "multimodal") -> Run:
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=pack(Policy, policy))
    return Run(request, Workspace(folder, LocalFile(recording)), store)


def test_it_is_a_task_of_the_dag(parse: Callable[[], DagBag]) -> None:
    task = parse().dags["interview_analysis"].get_task(f"analyse_answer.{NEW.name}")
    assert task.upstream_task_ids == {"load_interview", "analyse_answer.fetch_media"}
    assert task.queue == "default"


def test_it_runs_on_the_command_line(samples: Path) -> None:
    analysis = analyze(
        samples / "introduction.mp4",
        rubric=pack(Rubric, "general-en"),
        policy=pack(Policy, "multimodal"),
        only=[NEW.name],
    )
    assert [(report.name, report.status) for report in analysis.stages] == [("fetch_media", "ok"), (NEW.name, "ok")]
    assert analysis.stages[1].versions["brightness"] == "1"


def test_it_measures_stores_and_reuses(samples: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    first = run(samples / "introduction.mp4", tmp_path / "first", store)
    assert first.stage("fetch_media").status == "ok"
    measured = first.stage(NEW.name)
    assert measured.status == "ok"
    assert 20 < known(measured.result).model_dump()["brightness"] < 235

    again = run(samples / "introduction.mp4", tmp_path / "second", store)
    assert again.stage("fetch_media").status == "reused"
    assert again.stage(NEW.name).status == "reused"
    assert again.result(NEW.name) == measured.result
    assert not (tmp_path / "second").exists()  # nothing had to be fetched


def test_a_new_version_runs_again(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    first = run(samples / "introduction.mp4", tmp_path, store)
    first.stage("fetch_media")
    before = first.stage(NEW.name).head.fingerprint
    monkeypatch.setattr("brightness.VERSION", "2")
    again = run(samples / "introduction.mp4", tmp_path, store)
    assert again.stage("fetch_media").status == "reused"
    assert again.stage(NEW.name).status == "ok"
    assert again.fingerprint(NEW.name) != before


def test_a_policy_can_switch_it_off(samples: Path, tmp_path: Path) -> None:
    content_only = pack(Policy, "content").model_copy(update={"analyse": ("language",)})
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=content_only)
    off = Run(request, Workspace(tmp_path, LocalFile(samples / "introduction.mp4")), MemoryStore())
    off.stage("fetch_media")
    skipped = off.stage(NEW.name)
    assert skipped.status == "skipped"
    assert skipped.reason == Reason.of(Code.NOT_IN_POLICY, policy="content", part="face")
