"""Say what produced a result: options, library versions, model digests."""

from __future__ import annotations

from importlib.metadata import version

from pydantic import BaseModel

from mulakat.schema.base import Provenance


def provenance(
    analyzer: str,
    analyzer_version: str,
    options: BaseModel | None,
    *,
    libraries: tuple[str, ...] = (),
    models: dict[str, str] | None = None,
) -> Provenance:
    """Build the provenance of a result.

    Args:
        analyzer: the analyzer module's name, e.g. `analyzers.speech`.
        options: None where there is nothing to choose.
        libraries: distribution names, looked up in the environment.
        models: model name → sha256 of the file that was loaded.
    """
    return Provenance(
        analyzer=analyzer,
        version=analyzer_version,
        options=options.model_dump(mode="json") if options is not None else {},
        libraries={name: version(name) for name in libraries},
        models=models or {},
    )
