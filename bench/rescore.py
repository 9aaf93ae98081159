"""Score stored interviews again under a new rubric weight: this commit beside f22d0b4, in one run.

Both run on a real mongod with interviews of three answers (two recordings and a text), each of which has been
analysed once. What is timed is what the tasks of a run do, from `load_interview` to `score_interview`, one after
the other and without Airflow. f22d0b4 is timed on fewer interviews, since each takes it seconds.
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mulakat.stack.servers import Mongo
from report import ROOT, Bench

BEFORE = "f22d0b4"


@contextmanager
def mongod(folder: Path) -> Iterator[Mongo]:
    """A database server of its own."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    server = Mongo(folder, port, "benchmark", keyfile="0123456789" * 4)
    server.install()
    program = server.program()
    process = subprocess.Popen(program.command, stdout=subprocess.DEVNULL)
    try:
        while program.problem() is not None:
            time.sleep(0.1)
        server.prepare()
        yield server
    finally:
        process.terminate()
        process.wait()


def measured(tree: Path, server: Mongo, folder: Path, stored: Sequence[int], timed: int) -> list[dict[str, Any]]:
    """How a checkout rescores, for each number of stored interviews."""
    folder.mkdir()
    samples = ROOT / "samples"
    command = [
        sys.executable, str(ROOT / "bench" / "rescoring.py"), server.uri, folder.name, str(folder), str(samples),
        "--stored", *map(str, stored), "--timed", str(timed),
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MULAKAT_", "OPENAI_"))}
    environment |= {
        "PYTHONPATH": os.pathsep.join(map(str, (tree, tree / "plugins"))),
        "MULAKAT_HOME": str(folder),
        "MULAKAT_FILE_ROOTS": json.dumps([str(samples)]),
    }
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{tree}: {done.stderr[-2000:]}")
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stored", type=int, nargs="+", default=[1000, 10_000])
    parser.add_argument("--timed", type=int, default=200, help="interviews of each number that are scored again")
    parser.add_argument("--timed-before", type=int, default=10)
    options = parser.parse_args()
    bench = Bench("rescore", "Rescoring stored interviews under a new rubric weight")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "before"
        subprocess.run(["git", "-C", str(ROOT), "worktree", "add", "--detach", "-q", str(tree), BEFORE], check=True)
        try:
            with mongod(folder / "mongo") as server:
                before = measured(tree, server, folder / "old", options.stored[:1], options.timed_before)
                ours = measured(ROOT, server, folder / "new", options.stored, options.timed)
        finally:
            subprocess.run(["git", "-C", str(ROOT), "worktree", "remove", "--force", str(tree)], check=True)
    table = bench.table(
        "Interviews of three answers",
        "commit", "stored", "timed", "interviews per s", "reads of results per answer", "calls per interview",
        "time in the database",
    )  # fmt: skip
    for commit, rows in ((BEFORE, before), ("ours", ours)):
        for row in rows:
            table.add_row(
                commit, str(row["stored"]), str(row["timed"]), f"{row['per_s']:.2f}", f"{row['reads_per_answer']:.1f}",
                f"{row['calls']:.0f}", f"{row['database_share']:.0%}",
            )  # fmt: skip
    bench.figure("before_per_s", before[0]["per_s"])
    bench.figure("ours_per_s", ours[0]["per_s"])
    bench.target("ratio", ours[0]["per_s"] / before[0]["per_s"], at_least=20)
    bench.target("reads_per_answer", ours[0]["reads_per_answer"], at_most=16)
    if len(ours) > 1:
        bench.target("rate_with_most_stored", ours[-1]["per_s"] / ours[0]["per_s"], at_least=0.8)
    bench.note(
        "A new weight changes no rating, so ours takes them over and only scores; f22d0b4 rates each answer again. "
        "What is not spent in the database is Python: fingerprints, reading results into types, scoring."
    )
    bench.finish()


if __name__ == "__main__":
    main()
