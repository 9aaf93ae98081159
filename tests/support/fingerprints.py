"""Fingerprints of all stages of an answer, none of which is run."""

from __future__ import annotations

from mulakat.pipeline.run import Run
from mulakat.pipeline.stages import STAGES
from mulakat.schema.base import StageHead


def head(stage: str, fingerprint: str, identity: str | None = None) -> StageHead:
    """A result of answer `a` that is known; under its fingerprint, unless it has another identity."""
    return StageHead(
        answer_id="a",
        stage=stage,
        fingerprint=fingerprint,
        identity=fingerprint if identity is None else identity,
        status="ok",
        seconds=1.0,
    )


def fingerprints(run: Run) -> dict[str, str]:
    """Stage → fingerprint, as if each stage that is not known had a result under it."""
    found = {}
    for stage in STAGES:
        found[stage.name] = run.fingerprint(stage.name)
        run.known.setdefault(stage.name, head(stage.name, found[stage.name]))
    return found


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    """The stages whose fingerprint is another."""
    return {name for name in before if before[name] != after[name]}
