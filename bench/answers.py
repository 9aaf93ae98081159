"""Answers written for the benchmarks (`answers.tsv`), rated by the local scorer without a recording.

Three qualities, 1, 3 and 5, by two lengths, in English and Turkish: quality and length are
not tied to each other. The quality is what the writer aimed at, not a rating by people.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from analyzers import language
from mulakat import scoring
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import load
from mulakat.schema.base import Produced, Provenance
from mulakat.schema.codes import Code
from mulakat.schema.contract import Context, Request
from mulakat.schema.language import Findings
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore
from mulakat.schema.speech import Transcript, Word
from report import ROOT

WORD_S = 0.4
NO_PROVENANCE = Provenance(analyzer="bench", version="0")


@dataclass(frozen=True)
class Answer:
    """An answer; `quality` 1–5 is what its writer aimed at."""

    language: str
    quality: int
    text: str

    @property
    def words(self) -> int:
        """How many it has."""
        return len(self.text.split())


class _NoRecording:
    uri = "text:"

    def revision(self) -> str:
        return "1"

    def fetch(self, target: Path) -> None:
        raise NotImplementedError(f"nothing to write to {target}")


def written() -> list[Answer]:
    """All answers of the table."""
    with (ROOT / "bench" / "answers.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [Answer(row["language"], int(row["quality"]), row["text"]) for row in rows]


def rated(answer: Answer, policy: str = "content") -> tuple[Findings, AnswerScore]:
    """An answer through the real stages `analyse_language` and `score_answer`, by the local scorer."""
    transcript = Transcript(
        provenance=NO_PROVENANCE,
        language=answer.language,
        language_probability=None,
        text=answer.text,
        segments=[],
        words=[
            Word(text=word, start_s=i * WORD_S, end_s=(i + 1) * WORD_S, probability=1.0)
            for i, word in enumerate(answer.text.split())
        ],
        speech_s=None,
    )
    request = Request(
        answer_id="a1", rubric=load(Rubric, f"general-{answer.language}"), policy=load(Policy, policy), question=None
    )
    findings = language.run(context(request, language.Options(), {"transcribe": transcript}))
    found: dict[str, Produced] = {"transcribe": transcript, "analyse_language": findings}
    missing = dict.fromkeys(("analyse_voice", "analyse_face"), Reason.of(Code.NOT_ANALYZED))
    return findings, scoring.run(context(request, scoring.Options(), found, missing))


def context(
    request: Request, options: BaseModel, results: Mapping[str, Produced], missing: Mapping[str, Reason] | None = None
) -> Context:
    """What a stage's `run` gets, without a recording."""
    workspace = Workspace(Path(tempfile.gettempdir()), _NoRecording())
    return Context(request=request, options=options, files=workspace, results=results, missing=missing or {})
