"""The stages of an analysis, in one table.

To add a step, write its analyzer module and add a row here; the DAG, the command
line, the fingerprints and the progress display follow from this table
(`docs/adding-a-stage.md`).
"""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from mulakat.schema.contract import Analyzer
    from mulakat.schema.rubric import Modality, Policy

Work = Literal["io", "accelerator", "cpu", "llm"]
Part = Literal["question", "language", "written", "rubric", "policy", "task", "least_words"]


@dataclass(frozen=True)
class Stage:
    """One step of the analysis of one answer.

    name: also the Airflow task id and the key in MongoDB.
    module: analyzer module, imported only when the stage runs.
    needs: stages whose results it reads.
    reads: parts of the request, besides options, that change its result (`mulakat.pipeline.fingerprint.PARTS`).
    work: the resource it uses; `dags/` maps it to a queue and a pool.
    modality: what a policy can switch off.
    tolerant: runs although some of `needs` have no result.
    """

    name: str
    module: str
    needs: tuple[str, ...] = ()
    reads: tuple[Part, ...] = ()
    work: Work = "cpu"
    modality: Modality | None = None
    tolerant: bool = False

    def load(self) -> Analyzer:
        """Import the analyzer module; heavy libraries load only when it runs."""
        return importlib.import_module(self.module)

    def enabled(self, policy: Policy) -> bool:
        """Whether the policy has it run."""
        return self.modality is None or self.modality in policy.analyse


STAGES: tuple[Stage, ...] = (
    Stage("fetch_media", "analyzers.media.probe", reads=("written",), work="io"),
    Stage("extract_audio", "analyzers.media.audio", needs=("fetch_media",), work="io"),
    Stage(
        "transcribe",
        "analyzers.speech",
        needs=("fetch_media", "extract_audio"),
        reads=("language",),
        work="accelerator",
        tolerant=True,  # a written answer has words, but no sound
    ),
    Stage("analyse_face", "analyzers.face", needs=("fetch_media",), work="accelerator", modality="face"),
    Stage(
        "analyse_emotion",
        "analyzers.face.emotion",
        needs=("fetch_media", "analyse_face"),
        work="accelerator",
        modality="emotion",
    ),
    Stage("analyse_voice", "analyzers.voice", needs=("fetch_media", "extract_audio", "transcribe"), modality="voice"),
    Stage(
        "analyse_language",
        "analyzers.language",
        needs=("transcribe",),
        reads=("question", "task", "least_words"),
        work="llm",
        modality="language",
    ),
    Stage(
        "score_answer",
        "mulakat.scoring",
        needs=("fetch_media", "extract_audio", "transcribe", "analyse_face", "analyse_voice", "analyse_language"),
        reads=("question", "rubric", "policy"),
        tolerant=True,
    ),
)

BY_NAME = {stage.name: stage for stage in STAGES}


def with_needs(*names: str) -> list[str]:
    """The stages named and all they need, in order."""
    wanted: set[str] = set()
    pending = list(names)
    while pending:
        name = pending.pop()
        if name not in wanted:
            wanted.add(name)
            pending.extend(BY_NAME[name].needs)
    return [stage.name for stage in STAGES if stage.name in wanted]
