"""What the stages find in the samples, as kept in `tests/data/golden.json`: figures that hold on every processor.

`python -m tests.support.golden` writes the file anew. It refuses while a result has changed and the stage's
`VERSION` has not: stored results would be taken for what the stage computes now.
"""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from mulakat.pipeline.local import analyze
from mulakat.pipeline.stages import STAGES
from mulakat.rubrics.packs import pack
from mulakat.schema.rubric import Policy, Rubric
from tests.support.sounds import word_errors

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "tests" / "data" / "golden.json"
SAMPLES = ("introduction.mp4", "problem_solving.mp4")
FIELDS = {
    "fetch_media": "media",
    "extract_audio": "audio",
    "transcribe": "transcript",
    "analyse_face": "face",
    "analyse_emotion": "emotion",
    "analyse_voice": "voice",
    "analyse_language": "language",
    "score_answer": "scorecard",
}

RELATIVE = 0.03
"""Of a number: more than processors differ by in anything that is measured (int8 with and without VNNI)."""
ABSOLUTE = 0.05
"""Of small numbers: shares, levels, seconds, degrees."""
WORDS = 0.1
"""Share of the words of a text that may be others."""

Figures = dict[str, float | str | None]


def found() -> dict[str, dict[str, Figures]]:
    """Stage → sample → what it finds there."""
    policy = pack(Policy, "multimodal")
    everything = policy.model_copy(update={"analyse": (*policy.analyse, "emotion")})
    results: dict[str, dict[str, Figures]] = {stage.name: {} for stage in STAGES}
    for sample in SAMPLES:
        done = analyze(ROOT / "samples" / sample, rubric=pack(Rubric, "general-en"), policy=everything)
        document = done.model_dump(mode="json")
        for stage, field in FIELDS.items():
            results[stage][sample] = dict(figures(document[field]))
    return results


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


def differences(before: Figures, now: Figures) -> list[str]:
    """What has changed, beyond what processors differ by."""
    changed = [name for name in sorted(before.keys() | now.keys()) if not _alike(name, before, now)]
    return [f"{name}: {before.get(name, 'not there')!r} → {now.get(name, 'not there')!r}" for name in changed]


def _alike(name: str, before: Figures, now: Figures) -> bool:
    if name not in before or name not in now:
        return False
    one, other = before[name], now[name]
    if isinstance(one, float) and isinstance(other, float):
        at_least = 1.0 if name.endswith((".n", ".gaps")) else ABSOLUTE
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
    kept = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"versions": {}, "found": {}}
    now, current = found(), versions()
    for stage, samples in now.items():
        if kept["versions"].get(stage) == current[stage]:
            changed = [d for sample in SAMPLES for d in differences(kept["found"][stage][sample], samples[sample])]
            if changed:
                sys.exit(f"{stage} has changed: raise its VERSION ({current[stage]}).\n" + "\n".join(changed[:20]))
            now[stage] = kept["found"][stage]  # the last digits are those of the first processor
    text = json.dumps({"versions": current, "found": now}, indent=1, ensure_ascii=False, sort_keys=True)
    FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
