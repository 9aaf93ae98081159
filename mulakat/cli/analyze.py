"""`mulakat analyze`: the same analyzers in this process, no servers."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from analyzers.media.limits import MAX_TEXT_BYTES
from mulakat.cli.console import english, err, out, plain_errors, print_json
from mulakat.cli.report import check
from mulakat.cli.report import write as write_report
from mulakat.pipeline import local
from mulakat.pipeline.local import Analysis
from mulakat.pipeline.options import stage_options
from mulakat.rubrics.packs import load
from mulakat.runtime.files import replacing
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric

STDIN = "-"


def analyze(
    files: Annotated[
        list[str] | None, typer.Argument(metavar="FILE…", help="Recordings on this machine.", show_default=False)
    ] = None,
    text: Annotated[
        list[str] | None, typer.Option(help="A written answer: a UTF-8 text file, or - for standard input; repeatable.")
    ] = None,
    question: Annotated[
        str | None, typer.Option(help="The question that was answered, or its id in the rubric.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="ISO 639-1 code of the answer; default: detected.")] = None,
    rubric: Annotated[str, typer.Option(help="A rubric that ships, or a YAML file.")] = "general-en",
    policy: Annotated[str, typer.Option(help="A policy that ships (content, multimodal, eu), or a YAML file.")] = (
        "multimodal"
    ),
    stage: Annotated[list[str] | None, typer.Option(help="Run only this stage and what it needs; repeatable.")] = None,
    jobs: Annotated[
        int | None, typer.Option(min=1, help="Stages at a time; default: one per core.", show_default=False)
    ] = None,
    out_dir: Annotated[Path | None, typer.Option("--out", help="Also write FILE.json into this folder.")] = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write the report of the one FILE here: a name in .html or .pdf.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON document per line, one line per file.")] = False,
) -> None:
    """Analyse recordings and written answers and print what was found. Exit code 1 when any is bad."""
    with plain_errors():
        chosen_rubric, chosen_policy = load(Rubric, rubric), load(Policy, policy)
        if language is not None and not (len(language) == 2 and language.isascii() and language.islower()):
            raise BadInput(f"language {language!r} is not an ISO 639-1 code such as en or tr")
        answers = [*((file, False) for file in files or ()), *((file, True) for file in text or ())]
        if not answers:
            raise BadInput("nothing to analyse: name a recording, or give a written answer with --text")
        names = _output_names([file for file, _ in answers])
        check(report, len(answers))
        cores = os.cpu_count() or 1
        jobs = jobs or cores
        # Stages that run at a time share the cores: more threads than cores wait for each other.
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, cores // jobs)))
        failed = 0
        for file, written in answers:
            with _Bars(quiet=as_json or not err.is_terminal) as bar:
                analysis = local.analyze(
                    StandardInput() if written and file == STDIN else Path(file),
                    rubric=chosen_rubric,
                    policy=chosen_policy,
                    question=question,
                    language=language,
                    written=written,
                    only=stage or (),
                    jobs=jobs,
                    options=stage_options(),
                    progress=bar.report,
                )
            failed += _tell(analysis, as_json=as_json)
            if out_dir is not None:
                _write(out_dir / names[file], analysis)
            if report is not None and not analysis.error:
                write_report(report, analysis, chosen_rubric, chosen_policy)
    if failed:
        raise typer.Exit(1)


class StandardInput:
    """A written answer that is typed or piped in."""

    uri = STDIN

    def __init__(self) -> None:
        self._content = sys.stdin.buffer.read(MAX_TEXT_BYTES + 1)

    def revision(self) -> str:
        """Hash of the content."""
        return hashlib.sha256(self._content).hexdigest()

    def fetch(self, target: Path) -> None:
        """Write the content."""
        target.write_bytes(self._content)


def _tell(analysis: Analysis, *, as_json: bool) -> bool:
    """Print one file's analysis; True when it failed."""
    failures = [r.reason for r in analysis.stages if r.status == "failed" and r.reason is not None]
    for reason in failures:
        said = english().reason(reason)
        err.print(f"error: {analysis.file}: {said}", markup=False, soft_wrap=True, style="red")
    if as_json:
        print_json(analysis)
    elif not analysis.error:
        from mulakat.cli.show import print_analysis

        print_analysis(out, analysis)
    return bool(failures)


class _Bars:
    """A bar per stage on stderr, for one file."""

    def __init__(self, *, quiet: bool) -> None:
        self._bars = Progress(
            TextColumn("{task.description:18}"),
            BarColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
            disable=quiet,
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> _Bars:
        self._bars.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._bars.stop()

    def report(self, stage: str, fraction: float) -> None:
        """Move a stage's bar."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=1.0)
        self._bars.update(self._tasks[stage], completed=fraction)


def _output_names(files: list[str]) -> dict[str, str]:
    """File → name of its JSON. Raises BadInput when two files would share one."""
    names = {file: f"{'stdin' if file == STDIN else Path(file).name}.json" for file in files}
    by_name: dict[str, str] = {}
    for file, name in names.items():
        if name in by_name and by_name[name] != file:
            raise BadInput(f"{by_name[name]!r} and {file!r} have the same name; analyse them in two calls")
        by_name[name] = file
    return names


def _write(path: Path, analysis: Analysis) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as partial:
            partial.write_text(analysis.model_dump_json(by_alias=True, indent=2), encoding="utf-8")
    except OSError as error:
        raise BadInput(f"cannot write {str(path)!r}: {error.strerror}") from None
