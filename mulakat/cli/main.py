"""The command `mulakat`."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from mulakat.cli import (
    analyze,
    calibrate,
    demo,
    indexes,
    models,
    report,
    rescore,
    review,
    rubrics,
    show,
    stack,
    submit,
    watch,
)

app = typer.Typer(no_args_is_help=True, pretty_exceptions_show_locals=False)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"mulakat {version('mulakat')}")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    """Mülakat analyses recorded job interviews."""


app.command()(demo.demo)
app.command()(stack.up)
app.command()(stack.down)
app.command()(stack.status)
app.command()(stack.logs)
app.command()(stack.doctor)
app.command()(indexes.indexes)
app.command()(analyze.analyze)
app.command()(submit.submit)
app.command()(watch.watch)
app.command()(show.show)
app.command()(report.report)
app.command()(rescore.rescore)
app.command()(calibrate.calibrate)
app.add_typer(review.app, name="review")
app.add_typer(rubrics.rubric_app, name="rubric")
app.add_typer(rubrics.policy_app, name="policy")
app.add_typer(models.app, name="models")
