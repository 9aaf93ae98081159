"""Run one stage of one answer: look its fingerprint up, run the analyzer, store the result.

The same code serves the command line (results in memory) and Airflow (results in
MongoDB); they differ in the `ResultStore` and the `Source` they pass in.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from mulakat.pipeline import stages
from mulakat.pipeline.stages import Stage
from mulakat.pipeline.workspace import Workspace
from mulakat.runtime.allocator import share_one_arena
from mulakat.schema.base import Produced, StageResult
from mulakat.schema.codes import Code
from mulakat.schema.contract import Context, Progress, Request, ResultStore
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.media import Media
from mulakat.schema.reasons import Reason


class MemoryStore:
    """A `ResultStore` that lasts as long as the process."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, str, str], StageResult] = {}

    def get(self, answer_id: str, stage: str, fingerprint: str) -> StageResult | None:
        return self._results.get((answer_id, stage, fingerprint))

    def put(self, result: StageResult) -> None:
        self._results[result.answer_id, result.stage, result.fingerprint] = result


@dataclass(frozen=True)
class StageRun:
    """What happened when a stage was asked for."""

    status: Literal["ok", "reused", "skipped"]
    stored: StageResult
    result: Produced | None

    @property
    def reason(self) -> Reason | None:
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
        failures: Mapping[str, Reason] | None = None,
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
                reason = error.reason
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
            failure = self.failures.get(need)
            return f"missing: {failure.model_dump_json() if failure is not None else None}"
        if need == "fetch_media":
            media = self.result(need)
            return media.sha256 if isinstance(media, Media) else None
        stored = self._stored(need)
        if stored is not None and _is_stand_in(stored):
            content = json.dumps(stored.payload, sort_keys=True, ensure_ascii=False)
            return hashlib.sha256(content.encode()).hexdigest()[:32]
        return self.fingerprint(need)

    def _needs(self, stage: Stage) -> tuple[dict[str, Produced], dict[str, Reason]]:
        found: dict[str, Produced] = {}
        missing: dict[str, Reason] = {}
        for need in stage.needs:
            stored = self._stored(need)
            result = self._typed(stored) if stored else None
            if result is not None:
                found[need] = result
            else:
                reason = stored.reason if stored else self.failures.get(need)
                missing[need] = reason or Reason.of(Code.STAGE_NOT_RUN, stage=need)
        return found, missing

    def _reason_to_skip(self, stage: Stage, missing: Mapping[str, Reason]) -> Reason | None:
        if not self._enabled(stage):
            return Reason.of(Code.NOT_IN_POLICY, policy=self.request.policy.id, part=str(stage.modality))
        for need, reason in missing.items():
            if self._stored(need) is None and (need == "fetch_media" or not stage.tolerant):
                raise NotMeasurable(reason.code, **reason.values)
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
