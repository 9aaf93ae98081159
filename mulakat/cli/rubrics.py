"""`mulakat rubric` and `mulakat policy`: write rubrics and policies that answers can be scored by."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from mulakat.cli.console import out, plain_errors, print_json
from mulakat.rubrics import strict_yaml
from mulakat.rubrics.lint import Problem, check_policy, check_rubric
from mulakat.rubrics.packs import load, packs, source
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Document, Policy, Rubric

rubric_app = typer.Typer(help="Rubrics: what answers are held against.", no_args_is_help=True)
policy_app = typer.Typer(help="Policies: what may be used to score.", no_args_is_help=True)
Files = Annotated[list[str], typer.Argument(metavar="FILE…", help="YAML files, or names of what ships.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A YAML file, or the name of one that ships.")]
Json = Annotated[bool, typer.Option("--json", help="Print as JSON.")]
STYLES = {"error": "red", "warning": "yellow"}


@rubric_app.command("check")
def check_rubrics(files: Files, as_json: Json = False) -> None:
    """Every problem of a rubric, and what to do about it. Exit code 1 when answers cannot be scored by one."""
    _check(Rubric, files, check_rubric, as_json=as_json)


@policy_app.command("check")
def check_policies(files: Files, as_json: Json = False) -> None:
    """Every problem of a policy, and what to do about it. Exit code 1 when one cannot be used."""
    _check(Policy, files, check_policy, as_json=as_json)


@rubric_app.command("list")
def list_rubrics() -> None:
    """The rubrics that ship."""
    for name in packs(Rubric):
        rubric = load(Rubric, name)
        out.print(f"{name}  v{rubric.version}, {rubric.language}, {len(rubric.competencies)} competencies")


@policy_app.command("list")
def list_policies() -> None:
    """The policies that ship."""
    for name in packs(Policy):
        policy = load(Policy, name)
        out.print(f"{name}  v{policy.version}, {policy.description}", soft_wrap=True)


@rubric_app.command("show")
def show_rubric(name: Name, as_json: Json = False) -> None:
    """A rubric's questions, competencies and levels."""
    with plain_errors():
        rubric = load(Rubric, name)
        if as_json:
            print_json(rubric)
            return
        out.rule(Text(f"{rubric.id} v{rubric.version} ({rubric.language})"))
        questions = Table(box=None, pad_edge=False, expand=True, title="Questions", title_justify="left")
        questions.add_column("id", no_wrap=True)
        questions.add_column("question", ratio=1)
        questions.add_column("asks for", no_wrap=True)
        for question in rubric.questions:
            asked = [c.id for c in rubric.asked(question.id)[0].competencies]
            shown = Text("\n".join(asked)) if asked else Text("not rated", style="dim")
            questions.add_row(Text(question.id), Text(question.text), shown)
        if rubric.questions:
            out.print(questions)
        for competency in rubric.competencies:
            levels = Table(box=None, pad_edge=False, expand=True, show_header=False, title_justify="left")
            levels.title = Text.assemble((competency.name, "bold"), f"  {competency.id}, weight {competency.weight:g}")
            levels.add_column("", no_wrap=True, style="bold")
            levels.add_column("", ratio=1)
            levels.add_row("", Text(competency.description, style="italic"))
            for level, text in sorted(competency.levels.items()):
                levels.add_row(str(level), Text(text))
            out.print()
            out.print(levels)


@policy_app.command("show")
def show_policy(name: Name, as_json: Json = False) -> None:
    """What a policy analyses, what counts, and when it abstains."""
    with plain_errors():
        policy = load(Policy, name)
        if as_json:
            print_json(policy)
            return
        out.rule(Text(f"{policy.id} v{policy.version}"))
        out.print(Text(policy.description))
        table = Table(box=None, pad_edge=False, show_header=False)
        table.add_row("analysed", ", ".join(policy.analyse))
        table.add_row("counts", ", ".join(f"{name} {weight:g}" for name, weight in policy.weights.items()))
        for field in ("min_words", "min_speech_s", "min_visible_ratio", "min_scored_weight", "min_rated_weight"):
            table.add_row(field, f"{getattr(policy, field):g}  {Policy.model_fields[field].description}")
        for field, rule in policy.when_not_scorable:
            table.add_row(f"{field} not scorable", rule)
        out.print(table)


def _check(kind: type[Document], files: list[str], check: Callable[[object], list[Problem]], *, as_json: bool) -> None:
    failed = False
    for file in files:
        lines: dict[str, int] = {}
        try:
            text = source(kind, file)
            document = strict_yaml.parse(text, file)
            lines = strict_yaml.lines(text)
            found = check(document)
        except BadInput as error:
            found = [Problem("error", "", str(error))]
        problems = sorted(((_line(p.path, lines), p) for p in found), key=lambda numbered: numbered[0] or 0)
        bad = any(p.severity == "error" for p in found)
        failed |= bad
        if as_json:
            print_json({"file": file, "ok": not bad, "problems": [{"line": n, **vars(p)} for n, p in problems]})
        else:
            _print(file, problems)
    if failed:
        raise typer.Exit(1)


def _line(path: str, lines: dict[str, int]) -> int | None:
    """The line of a value, or of the nearest thing around it that is there."""
    while path and path not in lines:
        path = path.rpartition(".")[0]
    return lines.get(path)


def _print(file: str, problems: list[tuple[int | None, Problem]]) -> None:
    counts = {severity: sum(p.severity == severity for _, p in problems) for severity in STYLES}
    told = ", ".join(f"{n} {severity}{'s' * (n > 1)}" for severity, n in counts.items() if n)
    out.print(Text.assemble((file, "bold"), ": ", told or ("ok", "green")), soft_wrap=True)
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, p in problems:
        where = Text.assemble((p.path or "document", "bold"), f"  line {number}" if number else "")
        table.add_row(Text(p.severity, style=STYLES[p.severity]), Text.assemble(where, "\n", p.text, "\n"))
    if problems:
        out.print(table)
