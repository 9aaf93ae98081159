"""How the command line talks to a person, and how it ends."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from pydantic import BaseModel
from rich.console import Console

from mulakat.schema.errors import MulakatError

if TYPE_CHECKING:
    from mulakat.presentation.presenter import Presenter

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@contextmanager
def plain_errors() -> Iterator[None]:
    """Turn our errors into one line on stderr and exit code 1."""
    try:
        yield
    except MulakatError as error:
        err.print(f"[bold red]error:[/] {_escape(str(error))}", soft_wrap=True)
        raise typer.Exit(1) from None


def own_command() -> str:
    """What to type here to call this command line: `mulakat` where the search path leads to it, else its file."""
    program = Path(sys.executable).with_name("mulakat")
    found = shutil.which("mulakat")
    if found is not None and Path(found).resolve() == program.resolve():
        return "mulakat"
    return os.path.relpath(program) if program.is_relative_to(Path.cwd()) else str(program)


def english() -> Presenter:
    """What is said here, with the words of the review app and the report."""
    from mulakat.presentation.presenter import Presenter

    return Presenter("en")


def print_json(document: BaseModel | object) -> None:
    """One line of JSON on stdout."""
    text = (
        document.model_dump_json(by_alias=True)
        if isinstance(document, BaseModel)
        else json.dumps(document, ensure_ascii=False)
    )
    typer.echo(text)


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(" ".join(text.split()))
