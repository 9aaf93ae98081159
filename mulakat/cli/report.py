"""`mulakat report`: an interview's report as a file; `mulakat analyze --report`: that of one recording."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, plain_errors
from mulakat.pipeline.local import ANSWER_ID, Analysis
from mulakat.runtime.files import replacing
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric


def report(
    interview_id: Annotated[str, typer.Argument(metavar="INTERVIEW", help="Interview id.")],
    target: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write it; default: named by what it is.")
    ] = None,
    audience: Annotated[str, typer.Option(help="reviewer or candidate.")] = "reviewer",
    language: Annotated[
        str | None, typer.Option(help="en or tr; default: the rubric's language, else English.", show_default=False)
    ] = None,
    format_: Annotated[
        str | None,
        typer.Option("--format", help="html or pdf; default: by the name, else html.", show_default=False),
    ] = None,
) -> None:
    """Write an interview's report to a file."""
    with plain_errors():
        if format_ is None:
            format_ = target.suffix.removeprefix(".") if target is not None else "html"
        with open_store(running_settings()) as store:
            interview = store.interviews.get(interview_id)
            language = language or _language(store.rubrics.get(interview.rubric))
            uri = interview.report(audience, language, format_)
            if uri is None:
                wanted = f"{audience} report of interview {interview_id!r} in {language!r} as {format_!r}"
                there = ", ".join(f"{r.audience} {r.language} {r.format}" for r in interview.reports)
                raise BadInput(f"no {wanted}; there are {there or f'none yet, the interview is {interview.state}'}")
            target = target or Path(f"{interview_id}-{audience}-{language}.{format_}")
            with store.media.open(uri) as file:
                try:
                    with target.open("wb") as copy:
                        shutil.copyfileobj(file, copy)
                except OSError as error:
                    raise BadInput(f"cannot write {str(target)!r}: {error.strerror}") from None
        out.print(str(target), markup=False, soft_wrap=True)


def write(target: Path, analysis: Analysis, rubric: Rubric, policy: Policy) -> None:
    """The reviewer's report of one recording, as HTML or PDF by the name of `target`.

    Raises:
        BadInput: the analysis has no scorecard, or the file cannot be written.
    """
    from mulakat import report as reports
    from mulakat.schema.scores import AnswerDetails

    if analysis.scorecard is None:
        raise BadInput(f"no report of {analysis.file!r}: it has no score; run all stages")
    details = AnswerDetails(
        answer_id=ANSWER_ID,
        question=next((a.question for a in analysis.scorecard.answers), None),
        media=analysis.media,
        transcript=analysis.transcript,
        face=analysis.face,
        voice=analysis.voice,
        findings=analysis.language,
    )
    content = reports.build(
        analysis.scorecard, details=[details], language=_language(rubric), rubric=rubric, policy=policy
    )
    try:
        with replacing(target) as partial:
            partial.write_bytes(reports.FORMATS[target.suffix.removeprefix(".")](content))
    except OSError as error:
        raise BadInput(f"cannot write {str(target)!r}: {error.strerror}") from None


def check(target: Path | None, answers: int) -> None:
    """Refuse, before the work begins, a name that no report can have, and one report of several answers.

    Raises:
        BadInput: as said.
    """
    if target is None:
        return
    if target.suffix not in (".html", ".pdf"):
        raise BadInput(f"a report's name ends in .html or .pdf, got {str(target)!r}")
    if answers > 1:
        raise BadInput(f"--report {str(target)!r} is for one answer, got {answers}; submit them as an interview")


def _language(rubric: Rubric) -> str:
    from mulakat.report import languages

    return rubric.language if rubric.language in languages() else "en"
