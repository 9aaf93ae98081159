"""A report as an A4 PDF, typeset by Typst: tagged for screen readers, text to select, plots as vectors.

All text goes in as data, never as Typst source, so nothing in it can be markup. Typst
reads no file of ours but the fonts, and no packages: it is given empty places for them.
"""

from __future__ import annotations

import json
import re
import tempfile
from functools import cache
from importlib.resources import files
from typing import Any

from mulakat.report.content import Report

_LONG = re.compile(r"\S{36}(?=\S)")


def pdf(report: Report) -> bytes:
    """The document; the same report gives the same bytes.

    It is PDF/UA-1 (ISO 14289-1) where the fonts have all letters, which that standard
    asks for; otherwise tagged in the same way, without the claim.
    """
    import typst

    source = (files("mulakat.report") / "report.typ").read_bytes()
    with tempfile.TemporaryDirectory(prefix="mulakat-report-") as empty:
        options: dict[str, Any] = {
            "root": empty,
            "font_paths": _fonts(),
            "sys_inputs": {"report": json.dumps(_with_breaks(report.model_dump(mode="json")), ensure_ascii=False)},
            "package_path": empty,
            "package_cache_path": empty,
            "timestamp": 0,
        }
        try:
            return bytes(typst.compile(source, pdf_standards=["ua-1"], **options))
        except typst.TypstError as error:
            if "could not be displayed" not in error.message:
                raise
            return bytes(typst.compile(source, **options))


def _with_breaks(part: Any, name: str = "") -> Any:
    """The same texts, with places (zero-width spaces) where a word longer than a line may break."""
    if isinstance(part, str):
        return part if name in ("svg", "url") else _LONG.sub("\\g<0>\u200b", part)
    if isinstance(part, dict):
        return {key: _with_breaks(value, key) for key, value in part.items()}
    return [_with_breaks(each) for each in part] if isinstance(part, list) else part


@cache
def _fonts() -> Any:
    """Inter for all letters it has; what the machine has for the others."""
    import typst

    return typst.Fonts(font_paths=[str(files("fontpkg_inter") / "files")])
