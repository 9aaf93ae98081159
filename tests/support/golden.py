"""What the stages find in the samples, as kept in `tests/data/golden.json`: figures that hold on every processor.

Each stage works on the kept results of those it needs, so what differs differs in the stage itself.
`python -m tests.support.golden` writes the file anew. It refuses while a result has changed and the stage's
`VERSION` has not: stored results would be taken for what the stage computes now.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.base import StageResult
from mulakat.schema.contract import Request
from mulakat.schema.rubric import Policy, Rubric
from tests.support.sounds import word_errors

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "tests" / "data" / "golden.json"
SAMPLES = ("introduction.mp4", "problem_solving.mp4")

RELATIVE = 0.03
"""Of a number: more than processors differ by in anything that is measured (int8 with and without VNNI)."""
ABSOLUTE = 0.05
"""Of small numbers: shares, levels, seconds, degrees."""
PROBABILITY = 0.1
"""Of how sure the recogniser is of a word."""
WORDS = 0.1
"""Share of the words of a text that may be others."""

Figures = dict[str, float | str | None]
Kept = dict[str, StageResult]


def kept() -> tuple[dict[str, str], dict[str, Kept]]:
    """The file: stage → `VERSION`, and sample → stage → result."""
    document = json.loads(FILE.read_text(encoding="utf-8"))
    results = {
        sample: {stage: StageResult.model_validate(result) for stage, result in found.items()}
        for sample, found in document["results"].items()
    }
    return document["versions"], results


def found(sample: str, before: Kept) -> Kept:
    """Stage → what it finds now in a sample, working on what is kept of the stages it needs."""
    policy = pack(Policy, "multimodal")
    everything = policy.model_copy(update={"analyse": (*policy.analyse, "emotion")})
    request = Request(answer_id="answer", rubric=pack(Rubric, "general-en"), policy=everything)
    now: Kept = {}
    with tempfile.TemporaryDirectory() as scratch:
        workspace = Workspace(Path(scratch), LocalFile(ROOT / "samples" / sample))
        for stage in STAGES:
            inputs = {need: before.get(need) or now[need] for need in stage.needs}
            store = MemoryStore()
            for result in inputs.values():
                store.put(result)
            run = Run(request, workspace, store, known=inputs).stage(stage.name)
            payload = run.result.model_dump(mode="json") if run.result is not None else None
            now[stage.name] = StageResult(**run.head.model_dump(exclude={"payload"}), payload=payload)
    return now


def figures(value: Any, path: str = "") -> Iterator[tuple[str, float | str | None]]:
    """A result as single figures: columns by their length, gaps, median and ends, lists of parts by their columns."""
    match value:
        case Mapping():
            for key, inner in value.items():
                if key not in ("provenance", "sha256", "file"):
                    yield from figures(inner, f"{path}.{key}".lstrip("."))
        case list():
            yield f"{path}.n", float(len(value))
            yield from _column(value, path)
        case bool() | int() | float():
            yield path, float(value)
        case None | str():
            yield path, value


def _column(values: list[Any], path: str) -> Iterator[tuple[str, float | str | None]]:
    kinds = {type(each) for each in values}
    if kinds == {dict}:
        for key in values[0]:
            yield from figures([each.get(key) for each in values], f"{path}.{key}")
    elif kinds == {str}:
        yield path, " ".join(values)
    elif numbers := sorted(float(each) for each in values if isinstance(each, int | float)):
        yield f"{path}.gaps", float(sum(each is None for each in values))
        for name, number in (("low", numbers[0]), ("median", statistics.median(numbers)), ("high", numbers[-1])):
            yield f"{path}.{name}", number


def differences(before: StageResult, after: StageResult) -> list[str]:
    """What has changed, beyond what processors differ by."""
    old, new = (dict(figures({"payload": r.payload, "status": r.status})) for r in (before, after))
    changed = [name for name in sorted(old.keys() | new.keys()) if not _alike(name, old, new)]
    return [f"{name}: {old.get(name, 'not there')!r} → {new.get(name, 'not there')!r}" for name in changed]


def _alike(name: str, before: Figures, now: Figures) -> bool:
    if name not in before or name not in now:
        return False
    one, other = before[name], now[name]
    if isinstance(one, float) and isinstance(other, float):
        # Where one sentence ends is the decoder's whim, and its words have times too; so is which word it is least
        # sure of.
        if ".segments." in name or name.endswith(".probability.low"):
            return True
        at_least = 1.0 if name.endswith((".n", ".gaps")) else PROBABILITY if ".probability." in name else ABSOLUTE
        return abs(one - other) <= max(at_least, RELATIVE * abs(one))
    if isinstance(one, str) and isinstance(other, str) and " " in one:
        wrong, count = word_errors(one, other)
        return wrong <= WORDS * count
    return one == other


def versions() -> dict[str, str]:
    """Stage → `VERSION` of its analyzer."""
    return {stage.name: stage.load().VERSION for stage in STAGES}


def main() -> None:
    """Write the file anew."""
    versions_before, before = kept() if FILE.exists() else ({}, {})
    current = versions()
    results: dict[str, dict[str, Any]] = {}
    for sample in SAMPLES:
        old = {stage: r for stage, r in before.get(sample, {}).items() if versions_before.get(stage) == current[stage]}
        now = found(sample, old)
        for stage in old:
            if changed := differences(old[stage], now[stage]):
                sys.exit(f"{stage} has changed: raise its VERSION ({current[stage]}).\n" + "\n".join(changed[:20]))
        # The last digits are those of the first processor.
        results[sample] = {stage: (old.get(stage) or now[stage]).model_dump(mode="json") for stage in now}
    text = json.dumps({"versions": current, "results": results}, ensure_ascii=False, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
