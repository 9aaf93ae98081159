"""Peak memory of `mulakat analyze` on 2 and on 20 minutes of a speaking face, beside the naive pipeline's 2.

Memory is the resident set of the command and all its child processes, summed, so pages that
they share count more than once; looked at twenty times a second.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

import clip as clips
from report import ROOT, Bench

MULAKAT = Path(sys.executable).with_name("mulakat")
LOOK_EVERY_S = 0.05
SHORT_MIN, LONG_MIN = 2, 20


def peak_bytes(command: list[str]) -> int:
    """Highest resident set of a command with its children while it runs.

    Raises:
        SystemExit: the command failed.
    """
    with tempfile.TemporaryFile() as output:
        child = psutil.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=ROOT)
        peak = 0
        while child.poll() is None:
            peak = max(peak, _resident(child))
            time.sleep(LOOK_EVERY_S)
        if child.returncode:
            output.seek(0)
            sys.exit(f"{' '.join(command)} failed:\n{output.read().decode(errors='replace')[-2000:]}")
    return peak


def _resident(process: psutil.Process) -> int:
    total = 0
    for each in (process, *_children(process)):
        try:
            total += each.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        children: list[psutil.Process] = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return []
    return children


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    bench = Bench("memory", "Peak memory of `mulakat analyze`")
    table = bench.table("Command and its child processes", "recording", "--jobs 1, MB", "--jobs 2, MB")
    peaks = {}
    with tempfile.TemporaryDirectory() as folder:
        for minutes in (SHORT_MIN, LONG_MIN):
            clip = clips.made(Path(folder), minutes)
            for jobs in (1, 2):
                peaks[minutes, jobs] = peak_bytes(
                    [str(MULAKAT), "analyze", str(clip.path), "--json", "--jobs", str(jobs)]
                )
            table.add_row(f"{minutes} min", *(f"{peaks[minutes, jobs] / 1e6:.0f}" for jobs in (1, 2)))
    for jobs in (1, 2):
        short, long = peaks[SHORT_MIN, jobs], peaks[LONG_MIN, jobs]
        bench.target(f"short_gb_jobs_{jobs}", short / 1e9, at_most=1.2)
        bench.target(f"long_of_short_jobs_{jobs}", long / short, at_most=1.1)
    bench.finish()


if __name__ == "__main__":
    main()
