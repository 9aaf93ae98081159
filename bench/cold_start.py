"""Cold start of each stage: what its first run in a new process costs beyond its second.

Imports and model loading are what differs. A stage that works in a child process without
network starts that child every time, so both of its runs are cold: its second run on so
short a recording is mostly that start.

"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from mulakat.pipeline import stages
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.options import stage_options
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.base import StageResult
from mulakat.schema.contract import Request
from mulakat.schema.rubric import Policy, Rubric
from report import ROOT, Bench

SAMPLE = ROOT / "samples" / "introduction.mp4"
SILLY_S = 5.0
"""A stage that takes longer to get ready than this has something to cut."""


def measured() -> dict[str, tuple[float, float]]:
    """Stage → seconds of its first and its second run in a process that has run nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results.json"
        _child("all", results)
        return {stage.name: tuple(json.loads(_child(stage.name, results))) for stage in stages.STAGES}


def _child(stage: str, results: Path) -> str:
    command = [sys.executable, __file__, "--stage", stage, "--results", str(results)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    return found.stdout.strip().splitlines()[-1]


def _measure(name: str, results: Path) -> list[float]:
    """Seconds of two runs of a stage, on stored results of the stages it needs; `all` stores them."""
    request = Request(answer_id="answer", rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"))
    store = MemoryStore()
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(Path(scratch), LocalFile(SAMPLE))
        if name == "all":
            run = Run(request, workspace, store, options=stage_options())
            found = [run.stage(stage.name).head for stage in stages.STAGES]  # new ones, so with what they measured
            results.write_text(json.dumps([head.model_dump(mode="json") for head in found]), encoding="utf-8")
            return []
        kept = [StageResult.model_validate(each) for each in json.loads(results.read_text(encoding="utf-8"))]
        for result in kept:
            store.put(result)
        known = {result.stage: result for result in kept}
        run = Run(request, workspace, store, options=stage_options(), known=known, force=True)
        seconds = []
        for _ in range(2):
            started = time.perf_counter()
            run.stage(name)
            seconds.append(time.perf_counter() - started)
        return seconds


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stage", help=argparse.SUPPRESS)
    parser.add_argument("--results", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.stage:
        print(json.dumps(_measure(arguments.stage, arguments.results)))  # noqa: T201
        return
    bench = Bench("cold_start", "Cold start of each stage")
    table = bench.table("First and second run on a recording of 3 s", "stage", "first, s", "second, s", "cold start, s")
    for stage, (first, second) in measured().items():
        table.add_row(stage, f"{first:.2f}", f"{second:.2f}", f"{first - second:.2f}")
        bench.target(f"{stage}_s", first - second, at_most=SILLY_S)
    bench.finish()


if __name__ == "__main__":
    main()
