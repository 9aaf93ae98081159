"""A report as one self-contained HTML page: no network, no JavaScript.

The template escapes every text, and the page forbids scripts and remote content by
its own content security policy.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

from mulakat.report.content import Report


def html(report: Report) -> bytes:
    """The page, UTF-8."""
    style = (files("mulakat.report") / "report.css").read_text(encoding="utf-8")
    return _environment().get_template("report.html.j2").render(report=report, style=style).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("mulakat", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
