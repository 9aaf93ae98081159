"""What an analyzer sees: the request, its options, the results it needs and the files; nothing of how runs are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from pydantic import BaseModel

from mulakat.schema.base import Produced, StageHead, StageResult
from mulakat.schema.media import Media
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Document, Policy, Rubric

Progress = Callable[[float], None]


class Request(Document):
    """What is asked about one answer, apart from the answer itself. `written`: it is a text, no recording."""

    answer_id: str
    question: str | None = None
    language: str | None = None
    written: bool = False
    rubric: Rubric
    policy: Policy


class MediaSource(Protocol):
    """Where a recording comes from."""

    uri: str

    def revision(self) -> str:
        """A cheap token that changes when the recording does. Raises BadInput, TemporaryError."""

    def fetch(self, target: Path) -> None:
        """Write the recording to `target`. Raises BadInput, TemporaryError."""


class ResultStore(Protocol):
    """Keeps stage results by answer, stage and fingerprint."""

    def head(self, answer_id: str, stage: str, fingerprint: str) -> StageHead | None:
        """A stored result without what it measured, or None."""

    def payloads(self, answer_id: str, fingerprints: Mapping[str, str]) -> dict[str, dict[str, object]]:
        """What these stages measured, stage → fingerprint in, stage → payload out, as far as it is stored."""

    def put(self, result: StageResult) -> None:
        """Keep a result."""


class Files(Protocol):
    """The files of one answer on this machine; what is not here yet is made when it is asked for."""

    @property
    def uri(self) -> str:
        """Where the recording comes from, safe to show."""

    def media(self, sha256: str | None = None) -> Path:
        """The recording. Raises BadInput when it is no longer the one with `sha256`."""

    def audio(self, media: Media) -> Path:
        """The recording's sound as a 16 kHz mono WAV file."""

    def extract_audio(self, media: Media, progress: Progress = lambda fraction: None) -> dict[str, Any]:
        """Make the sound anew and say what is in it: the fields of `Audio` without provenance."""


@dataclass(frozen=True)
class Context:
    """What an analyzer's `run` gets.

    results: stage name → result of each stage in `Stage.needs` that has one.
    missing: stage name → why there is no result (only for tolerant stages).
    """

    request: Request
    options: BaseModel
    files: Files
    results: Mapping[str, Produced] = field(default_factory=dict)
    missing: Mapping[str, Reason] = field(default_factory=dict)
    progress: Progress = lambda fraction: None

    def media(self) -> Path:
        """Path of the recording."""
        result = self.results.get("fetch_media")
        return self.files.media(result.sha256 if isinstance(result, Media) else None)

    def audio(self) -> Path:
        """Path of the recording's sound, a 16 kHz mono WAV file (needs `fetch_media`)."""
        media = self.results["fetch_media"]
        assert isinstance(media, Media)
        return self.files.audio(media)


class Analyzer(Protocol):
    """What an analyzer module exports."""

    VERSION: str
    Options: type[BaseModel]
    Result: type[Produced]

    def uses(self, options: BaseModel) -> Mapping[str, str | None]:
        """What decides the result beside options and inputs: model → sha256, None where an optional one is not on
        this machine; `device` and `compute_type` where there is a choice. Cheap: nothing is loaded."""

    def run(self, context: Context) -> Produced: ...
