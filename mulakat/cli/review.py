"""`mulakat review`: reviewers' ratings, in and out."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from mulakat.cli import spreadsheets
from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import err, out, plain_errors, print_json
from mulakat.interviews.documents import Review, ReviewSpec
from mulakat.schema.errors import BadInput

COLUMNS = ["interview", "reviewer", "competency", "level"]
OVERALL = "overall"

app = typer.Typer(help="Reviewers' ratings: add, import, export.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]


@app.command()
def add(
    interview_id: Annotated[str, typer.Argument(metavar="INTERVIEW", help="Interview id.")],
    reviewer: Annotated[str, typer.Option(help="Who rates; the same name each time.")],
    level: Annotated[list[str] | None, typer.Option(help="competency=1…5, once per competency.")] = None,
    overall: Annotated[float | None, typer.Option(help="The interview as a whole, 1–5.")] = None,
    comment: Annotated[str | None, typer.Option(help="A remark for other reviewers.")] = None,
    as_json: Json = False,
) -> None:
    """Rate an interview. A later review of the same reviewer supersedes an earlier one; both are kept."""
    with plain_errors():
        levels = _levels(level or [])
        spec = ReviewSpec.parse(
            {
                "interview_id": interview_id,
                "reviewer": reviewer,
                "levels": levels,
                "overall": overall,
                "comment": comment,
            }
        )
        ((review, new),) = _keep([spec])
        if as_json:
            print_json(review)
        else:
            how = "kept" if new else "was already there"
            out.print(f"review {review.number} of {interview_id} by {reviewer} {how}", markup=False)


@app.command("import")
def import_reviews(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", help=f"Columns {','.join(COLUMNS)}.")],
    as_json: Json = False,
) -> None:
    """Add reviews from a CSV file, as spreadsheets save them: all of them, or none when a line is wrong."""
    with plain_errors():
        specs, read_as = _read(file)
        kept = _keep(specs)
        new = sum(is_new for _, is_new in kept)
        if read_as is not None:
            err.print(read_as, markup=False)
        if as_json:
            print_json({"reviews": len(kept), "new": new})
        else:
            out.print(f"{len(kept)} reviews, {new} new", markup=False)


@app.command()
def export(
    campaign: Annotated[str, typer.Option(help="Interviews of this campaign.")],
    to: Annotated[Path | None, typer.Option("--out", help="Write here instead of to the screen.")] = None,
) -> None:
    """Print the latest review of each reviewer as CSV, as `import` reads it; comments stay behind."""
    with plain_errors():
        with open_store(running_settings()) as store:
            rows = [row for review in store.reviews.of_campaign(campaign) for row in _rows(review)]
        if to is None:
            _write(rows, sys.stdout)
            return
        try:
            with to.open("x", newline="", encoding="utf-8") as file:
                _write(rows, file)
        except OSError as error:
            raise BadInput(f"cannot write {str(to)!r}: {error.strerror}") from None


def _levels(given: list[str]) -> dict[str, float]:
    levels: dict[str, float] = {}
    for text in given:
        competency, separator, value = text.partition("=")
        if not separator or not competency:
            raise BadInput(f'--level {text!r} is not "competency=level", e.g. problem_solving=4')
        if competency in levels:
            raise BadInput(f"--level {text!r}: {competency!r} was given twice")
        levels[competency] = _number(value, f"--level {text!r}")
    return levels


def _number(text: str, where: str) -> float:
    try:
        return float(text.replace(",", "."))  # nobody gives a level in thousands
    except ValueError:
        raise BadInput(f"{where}: {text!r} is not a number from 1 to 5") from None


def _keep(specs: list[ReviewSpec]) -> list[tuple[Review, bool]]:
    with open_store(running_settings()) as store:
        for spec in specs:
            store.reviews.check(spec)
        return [store.reviews.add(spec) for spec in specs]


def _read(path: Path) -> tuple[list[ReviewSpec], str | None]:
    """Reviews of a table, and how it was read. An empty level says that the competency could not be judged."""
    sheet = spreadsheets.read(path, COLUMNS)
    documents: dict[tuple[str, str], dict[str, Any]] = {}
    for line, row in sheet.rows:
        where = f"{path.name} line {line}"
        interview, reviewer, competency, level = (row[name] for name in COLUMNS)
        document = documents.setdefault(
            (interview, reviewer), {"interview_id": interview, "reviewer": reviewer, "levels": {}}
        )
        value = _number(level, where) if level else None
        if competency in document["levels"] or (competency == OVERALL and OVERALL in document):
            raise BadInput(f"{where}: {reviewer!r} rates {competency!r} of {interview!r} twice")
        if competency == OVERALL:
            document[OVERALL] = value
        else:
            document["levels"][competency] = value
    if not documents:
        raise BadInput(f"{str(path)!r} holds no review")
    return [_parse(document, path) for document in documents.values()], sheet.read_as


def _parse(document: dict[str, Any], path: Path) -> ReviewSpec:
    try:
        return ReviewSpec.parse(document)
    except BadInput as error:
        who, what = document["reviewer"], document["interview_id"]
        raise BadInput(f"{path.name}: {who!r} of interview {what!r}: {error}") from None


def _rows(review: Review) -> Iterator[list[str]]:
    levels = review.levels if review.overall is None else {**review.levels, OVERALL: review.overall}
    for competency, level in levels.items():
        yield [review.interview_id, review.reviewer, competency, "" if level is None else f"{level:g}"]


def _write(rows: list[list[str]], file: Any) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([COLUMNS, *rows])
