"""`mulakat show`: a scorecard with its evidence, for a person."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, plain_errors, print_json
from mulakat.pipeline.local import Analysis
from mulakat.schema.errors import BadInput
from mulakat.schema.language import Evidence, Usage
from mulakat.schema.scores import Score, Scorecard


def show(
    interview_id: Annotated[str, typer.Argument(metavar="ID", help="Interview id.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print the scorecard as JSON.")] = False,
) -> None:
    """Print an interview's scorecard."""
    with plain_errors():
        with open_store(running_settings()) as store:
            interview = store.interview(interview_id)
            if interview.scorecard_id is None:
                reason = f" ({interview.reason})" if interview.reason else ""
                raise BadInput(f"interview {interview_id!r} has no scorecard: it is {interview.state}{reason}")
            scorecard = store.scorecard(interview.scorecard_id)
        if as_json:
            print_json(scorecard)
        else:
            print_scorecard(out, scorecard)


def print_scorecard(console: Console, scorecard: Scorecard) -> None:
    """Overall, competencies and components with evidence, and what is missing."""
    rubric = f"rubric {scorecard.rubric.id} v{scorecard.rubric.version}, " if scorecard.rubric else ""
    console.rule(Text(f"Scorecard of {scorecard.interview_id}"))
    console.print(
        Text.assemble(
            "Overall ",
            (_score(scorecard.overall), "bold"),
            f"   {rubric}policy {scorecard.policy.id} v{scorecard.policy.version}",
        )
    )
    if scorecard.provisional:
        console.print(Text("Provisional: rated by the local fallback, not by a language model.", style="yellow"))
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column("", ratio=2)
    table.add_column("weight", justify="right", no_wrap=True)
    table.add_column("score", ratio=2)
    table.add_column("evidence", ratio=5)
    for competency in scorecard.competencies:
        table.add_row(
            Text(competency.name),
            f"{competency.weight:g}",
            Text(_score(competency.score)),
            _evidence(competency.evidence),
        )
    table.add_section()
    for component in scorecard.components:
        table.add_row(
            Text(component.name), f"{component.weight:g}", Text(_score(component.score)), _evidence(component.evidence)
        )
    console.print(table)
    if scorecard.usage is not None:
        console.print(Text(f"language model: {_usage(scorecard.usage)}", style="dim"))
    for item in scorecard.missing:
        console.print(Text(f"not analysed: {item.answer_id}, {item.stage}: {item.reason}", style="yellow"))


def print_analysis(console: Console, analysis: Analysis) -> None:
    """One recording's analysis, in short."""
    console.rule(Text(analysis.file))
    facts = Table(box=None, show_header=False, pad_edge=False)
    facts.add_column(no_wrap=True, style="dim")
    facts.add_column()
    for name, value in _facts(analysis):
        facts.add_row(name, Text(value))
    console.print(facts)
    if analysis.scorecard is not None:
        print_scorecard(console, analysis.scorecard)
    for report in analysis.stages:
        line = f"{report.name:18} {report.status:8} {report.seconds:7.2f} s  {report.reason or ''}"
        console.print(Text(line.rstrip(), style="red" if report.status == "failed" else "dim"))


def _facts(analysis: Analysis) -> list[tuple[str, str]]:
    facts = []
    media, transcript = analysis.media, analysis.transcript
    if media is not None and media.text is not None:
        facts.append(("text", f"{media.text.characters} characters"))
    elif media is not None:
        video = media.video and f"{media.video.codec} {media.video.width}×{media.video.height}"
        audio = media.audio and f"{media.audio.codec} {media.audio.sample_rate_hz} Hz"
        facts.append(("media", f"{media.duration_s:.1f} s, {video or 'no video'}, {audio or 'no audio'}"))
    if transcript is not None:
        facts.append(("transcript", f"[{transcript.language or '–'}] {transcript.text or 'no speech'}"))
    if (face := analysis.face) is not None:
        camera = "not measured" if face.on_camera_ratio is None else f"{face.on_camera_ratio:.0%}"
        facts.append(
            ("face", f"visible {face.visible_ratio:.0%}, on camera {camera}, at most {face.max_faces} face(s)")
        )
    if (voice := analysis.voice) is not None:
        pitch = f"{voice.f0_hz.median:.0f} Hz" if voice.f0_hz else "not measured"
        pace = f"{voice.speech_rate_wpm:.0f} words/min" if voice.speech_rate_wpm is not None else "not measured"
        facts.append(("voice", f"pitch {pitch}, pace {pace}, {len(voice.pauses)} pauses"))
    return facts


def _usage(usage: Usage) -> str:
    """Requests, tokens and cost, as far as they are known."""
    parts = [f"{usage.requests} request{'s' if usage.requests != 1 else ''}"]
    if usage.prompt_tokens is not None and usage.completion_tokens is not None:
        parts.append(f"{usage.prompt_tokens} tokens sent, {usage.completion_tokens} received")
    else:
        parts.append("tokens not told by the endpoint")
    if usage.cost is not None:
        parts.append(f"{usage.cost:.4f} {usage.currency}")
    return ", ".join(parts)


def _score(score: Score) -> str:
    if score.value is None:
        return f"not scorable: {score.reason}"
    interval = f" ({score.low:.0f}–{score.high:.0f})" if score.low is not None and score.high is not None else ""
    return f"{score.value:.0f}{interval}"


def _evidence(evidence: list[Evidence]) -> Text:
    lines = []
    for item in evidence[:3]:
        when = "" if item.start_s is None or item.end_s is None else f"{_clock(item.start_s)}–{_clock(item.end_s)}"
        where = f"{item.answer_id or ''} {when}".strip()
        lines.append(f"{where}  {f'“{item.quote}”' if item.quote else item.note or item.stage}")
    return Text("\n".join(lines))


def _clock(seconds: float) -> str:
    return f"{int(seconds // 60)}:{seconds % 60:04.1f}"
