"""Thousands of broken recordings through probing, sound extraction, frames and the face model.

Each must end in a result or in one of the errors of `mulakat.schema.errors`. A crash or a hang
of a decoder may only end the child process it happens in. Cases run in the same sandbox as
in production, many to a child process.

    python bench/fuzz.py [--cases 3000] [--seed 0]
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from mulakat.runtime import models
from mutants import corpus
from ordeal import DIED, Case, run
from report import ROOT, Bench, media_folder


def _last_line(case: Case) -> str:
    return case.message.strip().splitlines()[-1]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    bench = Bench("fuzz", "Fuzz: broken recordings")
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        paths = corpus(ROOT / "samples", Path(folder), more=media_folder())
        seeds = range(arguments.seed, arguments.seed + arguments.cases)
        cases = run(paths, models.locate("face_landmarker"), seeds, Path(folder))
    outcomes = Counter(case.outcome for case in cases)
    table = bench.table(f"{len(cases)} mutants of {len(paths)} recordings", "outcome", "cases", "example")
    for outcome, count in outcomes.most_common():
        example = next(case for case in cases if case.outcome == outcome)
        table.add_row(outcome, str(count), f"{example.source[:40]} → {_last_line(example)[:60]}")
    for case in cases:
        if case.outcome in ("bug", DIED):
            bench.note(f"seed {case.seed} ({case.source}) {case.outcome}: {_last_line(case)}")
    slowest = max(cases, key=lambda case: case.seconds)
    bench.figure("seconds", time.perf_counter() - started)
    bench.figure("slowest_case_s", slowest.seconds)
    bench.figure("slowest_seed", slowest.seed)
    bench.figure("ended_the_child", outcomes[DIED])
    bench.target("bugs", outcomes["bug"], at_most=0)
    bench.target("peak_mb", max(case.peak_mb for case in cases), at_most=1024)
    bench.finish()


if __name__ == "__main__":
    main()
