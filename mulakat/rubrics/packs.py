"""Rubrics and policies that ship, and those from a file. Both are YAML; the packs stand in `shipped/`."""

from __future__ import annotations

from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from mulakat.rubrics import strict_yaml
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Document, describe

D = TypeVar("D", bound=Document)


def pack(kind: type[D], name: str) -> D:
    """A rubric or policy that ships, by name, e.g. `multimodal`.

    Raises:
        BadInput: no such pack.
    """
    if name not in (known := packs(kind)):
        raise BadInput(f"no {kind.__name__.lower()} {name!r}; there are {', '.join(known)}")
    return load(kind, name)


def load(kind: type[D], name_or_path: str) -> D:
    """A rubric or policy from a YAML file, or a pack by name.

    Raises:
        BadInput: no such pack or file, not YAML, or not a valid document.
    """
    document = strict_yaml.parse(source(kind, name_or_path), name_or_path)
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        raise BadInput(f"{name_or_path}: {describe(error)}") from None


def source(kind: type[D], name_or_path: str) -> str:
    """The YAML text of a file, or of a pack by name.

    Raises:
        BadInput: no such pack or file, or no text.
    """
    known, path = _packs(kind), Path(name_or_path)
    if name_or_path in known:
        return known[name_or_path].read_text(encoding="utf-8")
    if path.suffix or path.exists():
        return strict_yaml.read(path)
    listed = ", ".join(sorted(known))
    raise BadInput(f"no {kind.__name__.lower()} {name_or_path!r}; there are {listed}, or give a YAML file")


def packs(kind: type[D]) -> list[str]:
    """Names of the rubrics or policies that ship."""
    return sorted(_packs(kind))


def _packs(kind: type[D]) -> dict[str, Traversable]:
    return {
        p.name.removesuffix(".yaml"): p
        for p in (files("mulakat.rubrics") / "shipped" / kind.__name__.lower()).iterdir()
    }
