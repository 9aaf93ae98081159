"""Run one stage of one answer: look its fingerprint up, run the analyzer, store the result.

The same code serves the command line (results in memory) and Airflow (results in
MongoDB); they differ in the `ResultStore` and the `Source` they pass in.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

from pydantic import BaseModel

from analyzers import stages
from analyzers.errors import BadInput, NotMeasurable
from analyzers.memory import share_one_arena
from analyzers.results import Media, Produced, StageResult
from analyzers.rubric import Document, Policy, Rubric
from analyzers.stages import Stage

Progress = Callable[[float], None]
T = TypeVar("T")


class Request(Document):
    """What is asked about one answer, apart from the answer itself. `written`: it is a text, no recording."""

    answer_id: str
    question: str | None = None
    language: str | None = None
    written: bool = False
    rubric: Rubric
    policy: Policy


class Source(Protocol):
    """Where a recording comes from."""

    uri: str

    def revision(self) -> str:
        """A cheap token that changes when the recording does. Raises BadInput, TemporaryError."""

    def fetch(self, target: Path) -> None:
        """Write the recording to `target`. Raises BadInput, TemporaryError."""


class ResultStore(Protocol):
    """Keeps stage results by answer, stage and fingerprint."""

    def get(self, answer_id: str, stage: str, fingerprint: str) -> StageResult | None: ...

    def put(self, result: StageResult) -> None: ...


class MemoryStore:
    """A `ResultStore` that lasts as long as the process."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, str, str], StageResult] = {}

    def get(self, answer_id: str, stage: str, fingerprint: str) -> StageResult | None:
        return self._results.get((answer_id, stage, fingerprint))

    def put(self, result: StageResult) -> None:
        self._results[result.answer_id, result.stage, result.fingerprint] = result


class Workspace:
    """Scratch files of one answer. What is missing is made again, so any host can run any stage."""

    def __init__(self, folder: Path, source: Source) -> None:
        self.folder = folder
        self.source = source

    def media(self, sha256: str | None = None) -> Path:
        """The recording as a local file, fetched when it is not here yet.

        Raises:
            BadInput: the recording is no longer the one with `sha256`.
        """
        path = self.folder / "media"
        if not path.exists():
            self._write(path, self.source.fetch)
            if sha256 is not None and file_sha256(path) != sha256:
                path.unlink()
                raise BadInput(f"{self.source.uri} has changed since it was fetched; submit the interview again")
        return path

    def audio(self, media: Media) -> Path:
        """The recording's sound as a 16 kHz mono WAV file, extracted when it is not here yet."""
        path = self.folder / "audio.wav"
        if not path.exists():
            self.extract_audio(media)
        return path

    def extract_audio(self, media: Media, progress: Progress = lambda fraction: None) -> dict[str, Any]:
        """Extract the sound anew and say what is in it (`analyzers.media.sound.extract`)."""
        from analyzers.media.audio import extract

        recording = self.media(media.sha256)
        assert media.duration_s is not None
        # A damaged timestamp may put sound long after the end.
        longest_s = media.duration_s + 60
        return self._write(
            self.folder / "audio.wav",
            lambda target: extract(recording, target, longest_s=longest_s, progress=progress),
        )

    def _write(self, path: Path, write: Callable[[Path], T]) -> T:
        self.folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self.folder, prefix=path.name)
        os.close(handle)
        try:
            written = write(Path(name))
            Path(name).replace(path)
            return written
        finally:
            Path(name).unlink(missing_ok=True)


@dataclass(frozen=True)
class Context:
    """What an analyzer's `run` gets.

    results: stage name → result of each stage in `Stage.needs` that has one.
    missing: stage name → why there is no result (only for tolerant stages).
    """

    request: Request
    options: BaseModel
    workspace: Workspace
    results: Mapping[str, Produced] = field(default_factory=dict)
    missing: Mapping[str, str] = field(default_factory=dict)
    progress: Progress = lambda fraction: None

    def media(self) -> Path:
        """Path of the recording."""
        result = self.results.get("fetch_media")
        return self.workspace.media(result.sha256 if isinstance(result, Media) else None)

    def audio(self) -> Path:
        """Path of the recording's sound, a 16 kHz mono WAV file (needs `fetch_media`)."""
        media = self.results["fetch_media"]
        assert isinstance(media, Media)
        return self.workspace.audio(media)


class Analyzer(Protocol):
    """What an analyzer module exports."""

    VERSION: str
    Options: type[BaseModel]
    Result: type[Produced]

    def run(self, context: Context) -> Produced: ...


@dataclass(frozen=True)
class StageRun:
    """What happened when a stage was asked for."""

    status: Literal["ok", "reused", "skipped"]
    stored: StageResult
    result: Produced | None

    @property
    def reason(self) -> str | None:
        return self.stored.reason


class Run:
    """One answer's analysis: knows each stage's fingerprint and its result, if there is one.

    options: stage name → options; a stage not named uses its analyzer's defaults.
    failures: stage name → why it failed, as far as the caller knows.
    """

    def __init__(
        self,
        request: Request,
        workspace: Workspace,
        store: ResultStore,
        *,
        options: Mapping[str, BaseModel] | None = None,
        failures: Mapping[str, str] | None = None,
        force: bool = False,
    ) -> None:
        self.request = request
        self.workspace = workspace
        self.store = store
        self.options = dict(options or {})
        self.failures = dict(failures or {})
        self.force = force
        self._revision: str | None = None
        share_one_arena()

    def stage(self, name: str, progress: Progress = lambda fraction: None) -> StageRun:
        """Run one stage, or reuse its stored result.

        Raises:
            BadInput, SetupError, TemporaryError: as the analyzer does; nothing is stored then.
            NotMeasurable: a stage it needs has failed or not run; nothing is stored then.
        """
        stage = stages.BY_NAME[name]
        found, missing = self._needs(stage)
        fingerprint = self.fingerprint(name)
        before = self.store.get(self.request.answer_id, name, fingerprint)
        stored = None if self.force else before
        if stored is not None and not _is_stand_in(stored):
            return StageRun("skipped" if stored.status == "skipped" else "reused", stored, self._typed(stored))
        started = time.perf_counter()
        result: Produced | None = None
        reason = self._reason_to_skip(stage, missing)
        if reason is None:
            analyzer = stage.load()
            context = Context(
                self.request, self._options(stage), self.workspace, results=found, missing=missing, progress=progress
            )
            try:
                result = analyzer.run(context)
            except NotMeasurable as error:
                reason = str(error)
        stored = StageResult(
            answer_id=self.request.answer_id,
            stage=name,
            fingerprint=fingerprint,
            status="ok" if result is not None else "skipped",
            reason=reason,
            payload=result.model_dump(mode="json") if result is not None else None,
            seconds=round(time.perf_counter() - started, 3),
        )
        if _is_stand_in(stored) and before is not None and not _is_stand_in(before):
            return StageRun("reused", before, self._typed(before))  # the real one is worth more
        self.store.put(stored)
        return StageRun("ok" if result is not None else "skipped", stored, result)

    def result(self, name: str) -> Produced | None:
        """A stage's result, if it has been run and measured something."""
        stored = self._stored(name)
        return self._typed(stored) if stored else None

    def fingerprint(self, name: str) -> str:
        """Hash of analyzer version, options and inputs: same fingerprint, same result."""
        stage = stages.BY_NAME[name]
        inputs: dict[str, object] = {}
        if not stage.needs:
            if self._revision is None:
                self._revision = self.workspace.source.revision()
            inputs["source"] = [self.workspace.source.uri, self._revision]
        for need in stage.needs:
            inputs[need] = self._input(need, tolerant=stage.tolerant)
        for part in stage.reads:
            value = getattr(self.request, part)
            inputs[part] = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
        document = {
            "stage": name,
            "version": stage.load().VERSION,
            "options": self._options(stage).model_dump(mode="json"),
            "inputs": inputs,
            "enabled": self._enabled(stage),
        }
        text = json.dumps(document, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _input(self, need: str, *, tolerant: bool) -> str | None:
        """What stands for a need in a fingerprint: the recording's hash, or the stage's own fingerprint."""
        if tolerant and self._stored(need) is None:
            return f"missing: {self.failures.get(need)}"
        if need == "fetch_media":
            media = self.result(need)
            return media.sha256 if isinstance(media, Media) else None
        stored = self._stored(need)
        if stored is not None and _is_stand_in(stored):
            content = json.dumps(stored.payload, sort_keys=True, ensure_ascii=False)
            return hashlib.sha256(content.encode()).hexdigest()[:32]
        return self.fingerprint(need)

    def _needs(self, stage: Stage) -> tuple[dict[str, Produced], dict[str, str]]:
        found: dict[str, Produced] = {}
        missing: dict[str, str] = {}
        for need in stage.needs:
            stored = self._stored(need)
            result = self._typed(stored) if stored else None
            if result is not None:
                found[need] = result
            else:
                missing[need] = (stored.reason if stored else self.failures.get(need)) or f"{need} has not run"
        return found, missing

    def _reason_to_skip(self, stage: Stage, missing: Mapping[str, str]) -> str | None:
        if not self._enabled(stage):
            return f"policy {self.request.policy.id} does not analyse {stage.modality}"
        for need, reason in missing.items():
            if self._stored(need) is None and (need == "fetch_media" or not stage.tolerant):
                raise NotMeasurable(reason)
        return None if stage.tolerant else next(iter(missing.values()), None)

    def _stored(self, name: str) -> StageResult | None:
        if name in self.failures:
            return None
        return self.store.get(self.request.answer_id, name, self.fingerprint(name))

    def _typed(self, stored: StageResult) -> Produced | None:
        if stored.payload is None:
            return None
        return stages.BY_NAME[stored.stage].load().Result.model_validate(stored.payload)

    def _options(self, stage: Stage) -> BaseModel:
        return self.options.get(stage.name) or stage.load().Options()

    def _enabled(self, stage: Stage) -> bool:
        return stage.modality is None or stage.modality in self.request.policy.analyse


def _is_stand_in(stored: StageResult) -> bool:
    """Whether a result stands in for one that could not be had (`Findings.stand_in`).

    Later stages use it, as another input than the real one; it is not reused when its own stage is asked for.
    """
    return bool(stored.payload and stored.payload.get("stand_in"))


def file_sha256(path: Path) -> str:
    """Hex sha256 of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
