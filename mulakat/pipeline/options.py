"""Options of stages that come from the environment rather than from the analyzer's defaults."""

from __future__ import annotations

from pydantic import BaseModel


def stage_options() -> dict[str, BaseModel]:
    """Stage name → options. Raises BadInput when the environment names an endpoint that cannot be used."""
    from analyzers.language import Options

    return {"analyse_language": Options.from_environment()}
