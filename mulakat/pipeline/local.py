"""Analyse one recording or written answer in this process, without servers, into one JSON document.

The document is a contract (`docs/analysis-json.md`, `mulakat analyze --json`).
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, Field

from mulakat.pipeline import stages
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.schema.base import Produced, Result
from mulakat.schema.contract import MediaSource, Request
from mulakat.schema.errors import BadInput, MulakatError, NotMeasurable
from mulakat.schema.face import EmotionTrack, FaceTrack
from mulakat.schema.language import Findings
from mulakat.schema.media import Audio, Media
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Missing, Scorecard
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack

SCHEMA = "mulakat.analysis/3"
ANSWER_ID = "answer"


class StageReport(Result):
    """How one stage went."""

    name: str
    status: Literal["ok", "reused", "skipped", "failed"]
    seconds: float
    reason: Reason | None = Field(description="why skipped or failed")
    versions: dict[str, str] = Field(description="the analyzer and the libraries it used")


class Analysis(Result):
    """Everything found in one recording or written answer. A part that is null was not measured; `stages` says why."""

    schema_: str = Field(SCHEMA, alias="schema")
    file: str = Field(description="the file as given")
    error: Reason | None = Field(None, description="why the file could not be analysed at all")
    media: Media | None = None
    audio: Audio | None = None
    transcript: Transcript | None = None
    face: FaceTrack | None = None
    emotion: EmotionTrack | None = Field(None, description="only under a policy that analyses it; never scored")
    voice: VoiceTrack | None = None
    language: Findings | None = None
    scorecard: Scorecard | None = None
    stages: list[StageReport]


class LocalFile:
    """A file on this machine, used where it is."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.uri = path.name

    def revision(self) -> str:
        """Size and time of the last change."""
        try:
            stat = self.path.stat()
        except OSError as error:
            raise BadInput(f"cannot read {str(self.path)!r}: {error.strerror}") from None
        return f"{stat.st_size}:{stat.st_mtime_ns}"

    def fetch(self, target: Path) -> None:
        """Link instead of copying."""
        target.unlink()
        target.symlink_to(self.path.absolute())


def analyze(
    recording: Path | MediaSource,
    *,
    rubric: Rubric,
    policy: Policy,
    question: str | None = None,
    language: str | None = None,
    written: bool = False,
    only: Collection[str] = (),
    jobs: int = 1,
    options: Mapping[str, BaseModel] | None = None,
    progress: Callable[[str, float], None] = lambda stage, fraction: None,
) -> Analysis:
    """Run the stages over one recording or written answer.

    Args:
        recording: a file on this machine, or where else it comes from.
        written: it is a text.
        only: stages to run, with those they need; empty = all.
        jobs: how many stages may run at a time, where they do not need each other.
        options: stage name → options, where not the defaults.
        progress: called with stage name and fraction done, from several threads when `jobs` > 1.

    Never raises for a bad recording: `error` and `stages` then say what is wrong.
    """
    asked = rubric.wording(question)
    request = Request(
        answer_id=ANSWER_ID, question=asked, language=language, written=written, rubric=rubric, policy=policy
    )
    source = LocalFile(recording) if isinstance(recording, Path) else recording
    with tempfile.TemporaryDirectory(prefix="mulakat-") as scratch:
        run = Run(request, Workspace(Path(scratch), source), MemoryStore(), options=options)
        done = _run(run, _wanted(only), jobs, progress)
    reports = [report for report, _ in done.values()]
    results = {name: result for name, (_, result) in done.items() if result is not None}
    first = reports[0]
    score = results.get("score_answer")
    return Analysis(
        schema=SCHEMA,
        file=str(recording) if isinstance(recording, Path) else source.uri,
        error=first.reason if first.status == "failed" else None,
        media=results.get("fetch_media"),
        audio=results.get("extract_audio"),
        transcript=results.get("transcribe"),
        face=results.get("analyse_face"),
        emotion=results.get("analyse_emotion"),
        voice=results.get("analyse_voice"),
        language=results.get("analyse_language"),
        scorecard=_scorecard(source.uri, score, reports, request) if isinstance(score, AnswerScore) else None,
        stages=reports,
    )


def _run(
    run: Run, wanted: list[str], jobs: int, progress: Callable[[str, float], None]
) -> dict[str, tuple[StageReport, Produced | None]]:
    """Each stage's outcome, in the order of `wanted`: every stage after those it needs."""
    order = TopologicalSorter({name: stages.BY_NAME[name].needs for name in wanted})
    order.prepare()
    done: dict[str, tuple[StageReport, Produced | None]] = {}
    running: dict[Future[tuple[StageReport, Produced | None]], str] = {}
    with ThreadPoolExecutor(max_workers=jobs, thread_name_prefix="stage") as pool:
        while order.is_active():
            for name in sorted(order.get_ready(), key=wanted.index):
                running[pool.submit(_stage, run, name, progress)] = name
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                name = running.pop(future)
                done[name] = future.result()
                order.done(name)
    return {name: done[name] for name in wanted}


def _stage(run: Run, name: str, progress: Callable[[str, float], None]) -> tuple[StageReport, Produced | None]:
    started = time.perf_counter()
    progress(name, 0.0)
    reason: Reason | None
    status: Literal["ok", "reused", "skipped", "failed"]
    result: Produced | None = None
    try:
        outcome = run.stage(name, lambda fraction: progress(name, fraction))
        status, reason, result = outcome.status, outcome.reason, outcome.result
    except NotMeasurable as error:
        status, reason = "skipped", error.reason
        run.failures[name] = reason
    except MulakatError as error:
        status, reason = "failed", error.reason
        run.failures[name] = reason
    progress(name, 1.0)
    versions: dict[str, str] = {}
    if result is not None:
        versions = {result.provenance.analyzer: result.provenance.version, **result.provenance.libraries}
    seconds = round(time.perf_counter() - started, 3)
    return StageReport(name=name, status=status, seconds=seconds, reason=reason, versions=versions), result


def _wanted(only: Collection[str]) -> list[str]:
    """The stages asked for and all they need, in order."""
    if unknown := set(only) - set(stages.BY_NAME):
        raise BadInput(f"no stage {sorted(unknown)[0]!r}; there are {', '.join(stages.BY_NAME)}")
    return stages.with_needs(*only or stages.BY_NAME)


def _scorecard(name: str, score: AnswerScore, reports: list[StageReport], request: Request) -> Scorecard:
    from mulakat.scoring import score_interview

    missing = [
        Missing(answer_id=ANSWER_ID, stage=report.name, reason=report.reason)
        for report in reports
        if report.reason is not None and report.name in stages.with_needs("score_answer")
    ]
    return score_interview(name, [score], missing, request.rubric, request.policy)
