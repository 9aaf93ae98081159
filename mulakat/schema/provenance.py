"""Say what produced a result: options, library versions, model digests."""

from __future__ import annotations

import platform
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pydantic import BaseModel

from mulakat.schema.base import Provenance


def provenance(
    analyzer: str,
    analyzer_version: str,
    options: BaseModel | None,
    *,
    libraries: tuple[str, ...] = (),
    models: dict[str, str] | None = None,
    device: str = "cpu",
    compute_type: str | None = None,
) -> Provenance:
    """Build the provenance of a result.

    Args:
        analyzer: the analyzer module's name, e.g. `analyzers.speech`.
        options: None where there is nothing to choose.
        libraries: distribution names, looked up in the environment.
        models: model name → sha256 of the file that was loaded.
        device, compute_type: where and in which numbers the models ran, where there is a choice.
    """
    computed_on = {"device": device, "instruction_set": instruction_set()} if models else {}
    if compute_type is not None:
        computed_on["compute_type"] = compute_type
    return Provenance(
        analyzer=analyzer,
        version=analyzer_version,
        options=options.model_dump(mode="json") if options is not None else {},
        libraries={name: version(name) for name in libraries},
        models=models or {},
        computed_on=computed_on,
    )


INSTRUCTION_SETS = ("avx512_vnni", "avx512f", "avx_vnni", "avx2", "avx")
"""Of x86-64 processors, those first whose kernels libraries prefer; names as in Linux's /proc/cpuinfo."""


@cache
def instruction_set() -> str:
    """The best of `INSTRUCTION_SETS` that this processor has; its architecture where Linux does not say."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    flags = next((set(line.split()) for line in lines if line.startswith("flags")), set())
    return next((name for name in INSTRUCTION_SETS if name in flags), platform.machine())
