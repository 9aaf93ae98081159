"""Put mutants through the media and face path, many to a child process; tell how each fared.

A child that dies is replaced, and the case it died of is counted.
"""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from mulakat.runtime.sandbox import MEMORY_LIMIT_BYTES, run_without_network
from mulakat.schema.errors import BadInput, MulakatError, NotMeasurable, TemporaryError
from mutants import mutant

DIED = "ended the child"
FRAMES = 12  # of each mutant are shown to the face model


@dataclass
class Case:
    """How one mutant fared. `outcome`: measured, an error's class, `DIED`, or `bug` with its traceback."""

    seed: int
    source: str
    outcome: str = DIED
    message: str = ""
    seconds: float = 0.0
    peak_mb: int = 0


def run(paths: list[Path], model: Path, seeds: range, folder: Path) -> list[Case]:
    """Put the mutants of `seeds` through everything."""
    log = folder / "cases.jsonl"
    cases: dict[int, Case] = {}
    while len(cases) < len(seeds):
        first = seeds.start + len(cases)
        ending = ""
        try:
            run_without_network(_cases, [str(path) for path in paths], str(model), first, seeds.stop, str(folder))
        except (BadInput, TemporaryError) as error:  # what a crash, a hang or too much memory becomes
            ending = str(error)
        found = [Case(**json.loads(line)) for line in log.read_text().splitlines()]
        cases |= {case.seed: case for case in found}  # what was said last of each
        if first not in cases:
            raise RuntimeError(f"the child does not start: {ending}")
        for case in cases.values():
            if case.outcome == DIED and not case.message:
                case.message = ending
    return [cases[seed] for seed in seeds]


def _cases(
    paths: list[str], model: str, first: int, stop: int, folder: str, *, progress: Callable[[float], None]
) -> None:
    """In the child: one line to the log before each case, one after it."""
    from analyzers.face import Options
    from analyzers.face.landmarks import Landmarker

    sources = [Path(path) for path in paths]
    with Path(folder, "cases.jsonl").open("a") as log, Landmarker(model, Options()) as landmarker:
        for seed in range(first, stop):
            name, data = mutant(sources, seed)
            path = Path(folder, "mutant")
            path.write_bytes(data)
            case = Case(seed, name)
            print(json.dumps(asdict(case)), file=log, flush=True)
            started = time.perf_counter()
            try:
                case.message = _one(path, folder, landmarker, progress)
                case.outcome = "measured"
            except MulakatError as error:
                case.outcome, case.message = type(error).__name__, str(error).replace(str(path), "…")
            except MemoryError:
                case.outcome, case.message = "BadInput", f"needs more than {MEMORY_LIMIT_BYTES >> 30} GB"
            except Exception:
                case.outcome, case.message = "bug", traceback.format_exc()
            case.seconds = round(time.perf_counter() - started, 3)
            case.peak_mb = _peak_mb()
            print(json.dumps(asdict(case)), file=log, flush=True)
            progress((seed + 1 - first) / (stop - first))


def _peak_mb() -> int:
    """Highest resident set of this program; `ru_maxrss` would count the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) >> 10


def _one(path: Path, folder: str, landmarker: Any, progress: Callable[[float], None]) -> str:
    from analyzers.media import contents, sound
    from analyzers.media.frames import frames
    from analyzers.media.probe import Options

    found = contents.measure(str(path), "mutant", Options().model_dump(), progress=progress)
    heard: dict[str, Any] | None = None
    seen = faces = 0
    if found["audio"] is not None:
        with suppress(NotMeasurable):
            heard = sound.extract(str(path), f"{folder}/sound.wav", found["duration_s"] + 60, progress=progress)
    if found["video"] is not None:
        for frame in frames(path, rate_hz=10, max_side_px=960):
            seen += 1
            if seen <= FRAMES:
                faces += len(landmarker.faces(frame.rgb, time.monotonic()))  # one clock for all recordings
    return f"{found['duration_s']} s, {'sound, ' if heard else ''}{seen} frames, {faces} faces"
