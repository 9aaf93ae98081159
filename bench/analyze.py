"""`mulakat analyze` on two minutes of a speaking face, beside what people write first and the floor.

    python bench/analyze.py [CLIP --transcript TEXTFILE] [--rounds 3]

Ours is the whole command as a person starts it, with start-up and model loading and with
what the others do not do: voice activity, voices told apart, capture quality, the language of
the answer, scores. The naive pipeline is timed as a script, the floor with everything loaded
(`contenders.py`). Rounds take turns,
so a busy moment of the machine meets all of them; the medians count.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import clip as clips
import contenders
import wer
from mulakat.runtime import models
from mulakat.runtime.sandbox import run_without_network
from openai_weights import rebuild
from report import ROOT, Bench

MULAKAT = Path(sys.executable).with_name("mulakat")


def main() -> None:
    """The benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clip", nargs="?", type=Path, help="a recording of 2 minutes or more; default: made")
    parser.add_argument("--transcript", type=Path, help="what is said in CLIP, for the word error rate")
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        clip = _clip(arguments, Path(folder))
        bench = Bench("analyze", "`mulakat analyze` beside the naive pipeline and the floor")
        checkpoint = Path(folder) / "base.pt"
        rebuild(models.locate("whisper-base") / "model.bin", checkpoint)
        naives, floors, in_order, both = [], [], [], []
        for _ in range(arguments.rounds):
            naives.append(_naive(clip.path, checkpoint))
            floors.append(_floor(clip.path))
            in_order.append(_ours(clip.path, jobs=1))
            both.append(_ours(clip.path, jobs=2))
    _report(bench, clip, naives, floors, in_order, both)
    bench.finish()


def _clip(arguments: argparse.Namespace, folder: Path) -> clips.Clip:
    if arguments.clip is None:
        return clips.made(folder, 2)
    text = arguments.transcript.read_text(encoding="utf-8") if arguments.transcript else ""
    return clips.Clip(arguments.clip, clips.duration_s(arguments.clip), text)


def _naive(clip: Path, checkpoint: Path) -> dict[str, Any]:
    found: dict[str, Any] = run_without_network(
        contenders.naive, str(clip), str(checkpoint), str(models.locate("face_landmarker"))
    )
    return found


def _floor(clip: Path) -> dict[str, Any]:
    found: dict[str, Any] = run_without_network(
        contenders.floor, str(clip), str(models.locate("whisper-base")), str(models.locate("face_landmarker"))
    )
    return found


def _ours(clip: Path, *, jobs: int) -> dict[str, Any]:
    """Wall seconds of the command, and its stages' own."""
    command = [str(MULAKAT), "analyze", str(clip), "--json", "--jobs", str(jobs)]
    started = time.perf_counter()
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    wall_s = time.perf_counter() - started
    document = json.loads(found.stdout)
    stages = {stage["name"]: stage["seconds"] for stage in document["stages"]}
    return {"wall_s": wall_s, "seconds": stages, "text": document["transcript"]["text"]}


def _report(
    bench: Bench,
    clip: clips.Clip,
    naives: list[dict[str, Any]],
    floors: list[dict[str, Any]],
    in_order: list[dict[str, Any]],
    both: list[dict[str, Any]],
) -> None:
    # openai-whisper draws lots where it is in doubt, so it takes now more and now less.
    naive = sorted(naives, key=lambda each: sum(each["seconds"].values()))[len(naives) // 2]
    naive_s = sum(naive["seconds"].values())
    floor_s = statistics.median(sum(each["seconds"].values()) for each in floors)
    order_s = statistics.median(each["wall_s"] for each in in_order)
    both_s = statistics.median(each["wall_s"] for each in both)
    table = bench.table(
        f"{clip.duration_s:.0f} s of {clips.WIDTH}×{clips.HEIGHT} at {clips.FPS} pictures/s",
        "pipeline", "wall, s", "× naive", "÷ floor", "WER, %",
    )  # fmt: skip
    rows = (
        ("naive, one after another", naive_s, naive["text"]),
        ("floor: the models alone, loaded", floor_s, floors[0]["text"]),
        ("ours, in order (--jobs 1)", order_s, in_order[0]["text"]),
        ("ours, both cores (--jobs 2)", both_s, both[0]["text"]),
    )
    rates = {}
    for name, wall_s, text in rows:
        rates[name] = _error_rate(clip, text)
        table.add_row(
            name, f"{wall_s:.1f}", f"{naive_s / wall_s:.2f}", f"{wall_s / floor_s:.2f}", f"{100 * rates[name]:.1f}"
        )
    parts = bench.table("Where the time goes (first round)", "part", "seconds")
    for title, seconds in (
        ("naive", naive["seconds"]),
        ("floor", floors[0]["seconds"]),
        ("ours", in_order[0]["seconds"]),
    ):
        for part, spent in seconds.items():
            parts.add_row(f"{title}: {part}", f"{spent:.2f}")
    start_s = in_order[0]["wall_s"] - sum(in_order[0]["seconds"].values())
    parts.add_row("ours: starting the command", f"{start_s:.2f}")
    for name, value in (("naive_s", naive_s), ("floor_s", floor_s), ("in_order_s", order_s), ("both_cores_s", both_s)):
        bench.figure(name, value)
    bench.target("faster_than_naive_in_order", naive_s / order_s, at_least=4.0)
    bench.target("faster_than_naive_both_cores", naive_s / both_s, at_least=6.0)
    bench.target("of_floor_in_order", order_s / floor_s, at_most=1.15)
    bench.target("of_floor_both_cores", both_s / floor_s, below=1.0)
    if clip.text:
        naive_rate, _, ours, _ = rates.values()
        bench.figure("naive_wer", naive_rate)
        bench.figure("our_wer", ours)
        bench.target("wer_beyond_naive", ours - naive_rate, at_most=0.0)


def _error_rate(clip: clips.Clip, heard: str) -> float:
    """NaN when nobody says what is said in the clip."""
    if not clip.text:
        return float("nan")
    labelled = wer.Clip(clip.path, "clip", "en", clip.text, written_by_people=False)
    wrong, words = wer.errors(labelled, heard)
    return wrong / words


if __name__ == "__main__":
    main()
