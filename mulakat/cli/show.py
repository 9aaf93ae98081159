"""`mulakat show`: a scorecard with its evidence, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import english, out, plain_errors, print_json
from mulakat.pipeline.local import Analysis
from mulakat.schema.errors import BadInput
from mulakat.schema.language import Evidence
from mulakat.schema.scores import AnswerScore, Score, Scorecard

if TYPE_CHECKING:
    from mulakat.presentation.presenter import Presenter


def show(
    interview_id: Annotated[str, typer.Argument(metavar="ID", help="Interview id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scorecard as JSON.")] = False,
) -> None:
    """Print an interview's scorecard."""
    with plain_errors():
        with open_store(running_settings()) as store:
            interview = store.interviews.get(interview_id)
            if interview.scorecard_id is None:
                reason = f" ({english().reason(interview.reason)})" if interview.reason else ""
                raise BadInput(f"interview {interview_id!r} has no scorecard: it is {interview.state}{reason}")
            scorecard = store.scorecards.get(interview.scorecard_id)
        if as_json:
            print_json(scorecard)
        else:
            print_scorecard(out, scorecard)


def print_scorecard(console: Console, scorecard: Scorecard) -> None:
    """Overall, competencies and components with evidence, and what is missing."""
    from mulakat.presentation import scores

    t = english()
    console.rule(Text(f"Scorecard of {scorecard.interview_id}"))
    overall = Text.assemble(f"{t('overall')} ", (_written(t, scorecard.overall), "bold"))
    versions = [scores.versioned(t, "policy", scorecard.policy)]
    if scorecard.rubric:
        versions.insert(0, scores.versioned(t, "rubric", scorecard.rubric))
    console.print(overall)
    console.print(Text(" · ".join(versions), style="dim"))
    if scorecard.provisional:
        console.print(Text(f"{t('provisional')}. {t('provisional-help')}", style="yellow"))
    if scorecard.sensitivity is not None:
        console.print(Text(scores.sensitivity(t, scorecard.sensitivity)))
    table = Table(box=None, pad_edge=False, expand=True)
    for heading, ratio in (("", 3), ("", 3), ("", 5)):
        table.add_column(heading, ratio=ratio)
    for competency in scorecard.competencies:
        about = t("weight", weight=t.short(competency.weight))
        table.add_row(*_row(t, competency.name, about, competency.score, competency.evidence))
    table.add_section()
    for component in scorecard.components:
        label, about = t.name("component", component.name), scores.weight(t, scorecard, component)
        table.add_row(*_row(t, label, about, component.score, component.evidence))
    console.print(table)
    if scorecard.usage is not None:
        used = ", ".join(f"{name} {value}" for name, value in scores.usage(t, scorecard.usage))
        console.print(Text(f"{t('usage')}: {used}", style="dim"))
    for line in _remarks(t, scorecard):
        console.print(Text(line, style="yellow"))


def _remarks(t: Presenter, scorecard: Scorecard) -> list[str]:
    """What to know before trusting it, answer by answer, and what could not be analysed."""
    remarks = [f"{answer.answer_id}: {line}" for answer in scorecard.answers for line in _worth_a_look(t, answer)]
    for item in scorecard.missing:
        where = f"{item.answer_id}, {t.name('stage', item.stage)}"
        remarks.append(f"{t('not-analysed')}: {where}: {t.reason(item.reason)}")
    return remarks


def _worth_a_look(t: Presenter, answer: AnswerScore) -> list[str]:
    """Flags with their times, poor quality, and what was noted about the recording."""
    from mulakat.presentation import scores

    flags = [f"{t.span(flag.start_s, flag.end_s)}  {t.name('flag', flag.kind)}" for flag in answer.flags]
    poor = [scores.quality(t, check) for check in answer.quality if check.status != "good"]
    return [*flags, *poor, *map(t.reason, answer.notes)]


def print_analysis(console: Console, analysis: Analysis) -> None:
    """One recording's analysis, in short."""
    t = english()
    console.rule(Text(analysis.file))
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(no_wrap=True, style="dim")
    facts.add_column()
    for name, value in _facts(t, analysis):
        facts.add_row(name, Text(value))
    console.print(facts)
    if analysis.scorecard is not None:
        print_scorecard(console, analysis.scorecard)
    for report in analysis.stages:
        line = f"{t.name('stage', report.name):20} {t.name('state', report.status):12} "
        line += f"{t.duration(report.seconds):>8}  {t.reason(report.reason) if report.reason else ''}"
        console.print(Text(line.rstrip(), style="red" if report.status == "failed" else "dim"))


def _facts(t: Presenter, analysis: Analysis) -> list[tuple[str, str]]:
    """The recording, its words, and the main measures."""
    from mulakat.presentation import measures

    facts: list[tuple[str, str]] = []
    if analysis.media is not None:
        known = measures.recording(t, analysis.media, None)
        facts += [(t.name("measure", key), value) for key, value in known.items() if value is not None]
    if (transcript := analysis.transcript) is not None:
        known = measures.speech(t, transcript)
        facts += [(t.name("measure", key), value) for key, value in known.items() if value is not None]
        facts.append((t("transcript"), transcript.text))
    for result, table in ((analysis.voice, measures.VOICE), (analysis.face, measures.FACE)):
        if result is not None:
            facts += [
                (measures.label(t, m), measures.written(t, m, result) or t("not-measured")) for m in table if m.main
            ]
    return facts


def _row(t: Presenter, label: str, about: str, score: Score, evidence: list[Evidence]) -> tuple[Text, Text, Text]:
    """What is scored and how much it counts, the score, and the first of its evidence."""
    return Text.assemble(label, "\n", (about, "dim")), Text(_written(t, score)), _evidence(t, evidence)


def _written(t: Presenter, score: Score) -> str:
    from mulakat.presentation import scores

    return scores.written(t, score, t.reason(score.reason) if score.reason else "")


def _evidence(t: Presenter, evidence: list[Evidence]) -> Text:
    lines = []
    for item in evidence[:3]:
        when = "" if item.start_s is None or item.end_s is None else t.span(item.start_s, item.end_s)
        where = f"{item.answer_id or ''} {when}".strip()
        lines.append(f"{where}  {_said(t, item)}")
    return Text("\n".join(lines))


def _said(t: Presenter, item: Evidence) -> str:
    """The words, else what was measured."""
    if item.quote:
        return f"“{item.quote}”"
    return t.reason(item.note) if item.note else t.name("stage", item.stage)
