"""How often an analysis asks its database: on a real mongod, as the driver counts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.workflow.attempt import run_stage
from tests.support import written_interview
from tests.support.attempts import attempt
from tests.support.commands import Recorder, listened_to

PER_STAGE, PER_ANSWER = 2, 16
Commands = list[dict[str, Any]]
Stages = dict[str, tuple[str, Commands]]


def run_each(store: Store, recorder: Recorder, run_id: str) -> Stages:
    """Stage → what became of it, and what it said to the database."""
    written_interview.load(store, run_id)
    found: Stages = {}
    for stage in STAGES:
        with recorder.listening() as commands:
            done = run_stage(store, "one", "a", stage.name, attempt(run_id=run_id))
        found[stage.name] = done.status, commands
    return found


def reads(commands: Commands, collection: str) -> Commands:
    return [c for c in commands if collection in (c.get("find"), c.get("aggregate"), c.get("count"), c.get("distinct"))]


@pytest.fixture(scope="module")
def runs(mongo: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Stages]]:
    """A run that analyses the answer, and one that finds everything there."""
    folder: Path = tmp_path_factory.mktemp("reads")
    with written_interview.workplace(folder / "scratch"), listened_to(mongo, folder / "media") as (store, recorder):
        yield [run_each(store, recorder, run_id) for run_id in ("first", "second")]


@pytest.mark.parametrize("run", [0, 1], ids=["first", "again"])
def test_results_are_asked_for_at_most_twice_per_stage(runs: list[Stages], run: int) -> None:
    asked = {stage: len(reads(commands, "stage_results")) for stage, (_, commands) in runs[run].items()}
    assert set(asked) == {stage.name for stage in STAGES}
    assert min(asked.values()) >= 1  # the listener listens
    assert max(asked.values()) <= PER_STAGE, asked
    assert sum(asked.values()) <= PER_ANSWER, asked


def test_what_is_there_already_is_not_read(runs: list[Stages]) -> None:
    assert {status for status, _ in runs[0].values()} == {"ok", "skipped"}
    assert {status for status, _ in runs[1].values()} == {"reused", "skipped"}
    for _, commands in runs[1].values():
        (found,) = reads(commands, "stage_results")
        assert found["projection"] and "payload" not in found["projection"]


@pytest.mark.parametrize("collection", ["rubrics", "policies"])
def test_rubric_and_policy_are_read_once_per_attempt(runs: list[Stages], collection: str) -> None:
    for run in runs:
        assert {stage: len(reads(commands, collection)) for stage, (_, commands) in run.items()} == dict.fromkeys(
            run, 1
        )
