"""Run one stage of one answer: look its fingerprint up, run the analyzer, store the result.

The same code serves the command line (results in memory) and Airflow (results in
MongoDB); they differ in the `ResultStore` and the `Source` they pass in.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel

from mulakat.pipeline import stages
from mulakat.pipeline.fingerprint import identity, ingredients
from mulakat.pipeline.stages import Stage
from mulakat.pipeline.workspace import Workspace
from mulakat.runtime.allocator import share_one_arena
from mulakat.schema.base import Produced, StageHead, StageResult
from mulakat.schema.codes import Code
from mulakat.schema.contract import Context, Progress, Request, ResultStore
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.reasons import Reason


class MemoryStore:
    """A `ResultStore` that lasts as long as the process."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, str, str], StageResult] = {}

    def head(self, answer_id: str, stage: str, fingerprint: str) -> StageHead | None:
        return self._results.get((answer_id, stage, fingerprint))

    def payloads(self, answer_id: str, fingerprints: Mapping[str, str]) -> dict[str, dict[str, object]]:
        found = {stage: self._results.get((answer_id, stage, key)) for stage, key in fingerprints.items()}
        return {stage: result.payload for stage, result in found.items() if result and result.payload is not None}

    def put(self, result: StageResult) -> None:
        self._results[result.answer_id, result.stage, result.fingerprint] = result


@dataclass(frozen=True)
class StageRun:
    """What happened when a stage was asked for. `result` is None when it was skipped, or was there already."""

    status: Literal["ok", "reused", "skipped"]
    head: StageHead
    result: Produced | None = None

    @property
    def reason(self) -> Reason | None:
        return self.head.reason


class Run:
    """One answer's analysis: stages are asked for one by one, in an order in which each finds what it needs.

    known: stage name → its newest result, as recorded by whoever ran it. A stage's inputs are those results,
        not what this machine would make of them: the one that ran it may have another device.
    failures: stage name → why it has no result, as far as the caller knows.
    options: stage name → options; a stage not named uses its analyzer's defaults.
    """

    def __init__(
        self,
        request: Request,
        workspace: Workspace,
        store: ResultStore,
        *,
        options: Mapping[str, BaseModel] | None = None,
        known: Mapping[str, StageHead] | None = None,
        failures: Mapping[str, Reason] | None = None,
        force: bool = False,
    ) -> None:
        self.request = request
        self.workspace = workspace
        self.store = store
        self.options = dict(options or {})
        self.known = dict(known or {})
        self.failures = dict(failures or {})
        self.force = force
        share_one_arena()

    def stage(self, name: str, progress: Progress = lambda fraction: None) -> StageRun:
        """Run one stage, or find its stored result. From then on it is known to the stages that need it.

        Raises:
            BadInput, SetupError, TemporaryError: as the analyzer does; nothing is stored then.
            NotMeasurable: a stage it needs has failed or not run; nothing is stored then.
        """
        stage = stages.BY_NAME[name]
        reason = self._reason_to_skip(stage)
        fingerprint = self.fingerprint(name)
        before = self.store.head(self.request.answer_id, name, fingerprint)
        if before is not None and not before.stand_in and not self.force:
            return self._done(StageRun("skipped" if before.status == "skipped" else "reused", before))
        started = time.perf_counter()
        result: Produced | None = None
        if reason is None:
            try:
                result = stage.load().run(self._context(stage, progress))
            except NotMeasurable as error:
                reason = error.reason
        payload = result.model_dump(mode="json") if result is not None else None
        same = before is not None and self._payloads({name: fingerprint}).get(name) == payload
        stored = StageResult(
            answer_id=self.request.answer_id,
            stage=name,
            fingerprint=fingerprint,
            identity=before.identity
            if before is not None and same
            else identity(fingerprint, result, replaces=before is not None),
            status="ok" if result is not None else "skipped",
            reason=reason,
            stand_in=result is not None and result.stand_in,
            payload=payload,
            seconds=round(time.perf_counter() - started, 3),
        )
        if stored.stand_in and before is not None and not before.stand_in:
            return self._done(StageRun("reused", before))  # the real one is worth more
        self.store.put(stored)
        return self._done(StageRun("ok" if result is not None else "skipped", stored, result))

    def result(self, name: str) -> Produced | None:
        """A stage's result, if it has been run and measured something."""
        return self._results([name]).get(name)

    def fingerprint(self, name: str) -> str:
        """Hash of all that decides the result of a stage, its inputs as far as they are known."""
        stage = stages.BY_NAME[name]
        inputs: dict[str, object] = {need: self._input(need) for need in stage.needs}
        if not stage.needs:
            inputs["source"] = [self.workspace.source.uri, self.workspace.source.revision()]
        return ingredients(stage, self.request, self._options(stage), inputs).fingerprint()

    def _done(self, done: StageRun) -> StageRun:
        self.known[done.head.stage] = done.head
        self.failures.pop(done.head.stage, None)
        return done

    def _input(self, need: str) -> object:
        """What stands for a need in a fingerprint: its result's identity, or why there is none."""
        if (head := self.known.get(need)) is not None and need not in self.failures:
            return head.identity
        failure = self.failures.get(need)
        return {"missing": failure.model_dump(mode="json") if failure is not None else None}

    def _context(self, stage: Stage, progress: Progress) -> Context:
        results = self._results(stage.needs)
        if gone := [need for need in stage.needs if need not in results and self._missing(need) is None]:
            raise NotMeasurable(Code.STAGE_NOT_RUN, stage=gone[0])
        missing = {need: reason for need in stage.needs if (reason := self._missing(need)) is not None}
        return Context(
            self.request, self._options(stage), self.workspace, results=results, missing=missing, progress=progress
        )

    def _results(self, names: Iterable[str]) -> dict[str, Produced]:
        """The results of these stages, as far as they measured something, in one read."""
        wanted = {name: self.known[name].fingerprint for name in names if self._missing(name) is None}
        payloads = self._payloads(wanted) if wanted else {}
        return {name: stages.BY_NAME[name].load().Result.model_validate(found) for name, found in payloads.items()}

    def _payloads(self, fingerprints: Mapping[str, str]) -> dict[str, dict[str, object]]:
        return self.store.payloads(self.request.answer_id, fingerprints)

    def _missing(self, name: str) -> Reason | None:
        """Why a stage has no result; None when it has one."""
        if name in self.failures:
            return self.failures[name]
        head = self.known.get(name)
        if head is None or head.status == "skipped":
            return (head.reason if head else None) or Reason.of(Code.STAGE_NOT_RUN, stage=name)
        return None

    def _reason_to_skip(self, stage: Stage) -> Reason | None:
        if not stage.enabled(self.request.policy):
            return Reason.of(Code.NOT_IN_POLICY, policy=self.request.policy.id, part=str(stage.modality))
        for need in stage.needs:
            reason, tried = self._missing(need), need in self.known and need not in self.failures
            if reason is not None and not tried and (need == "fetch_media" or not stage.tolerant):
                raise NotMeasurable(reason.code, **reason.values)
        missing = (self._missing(need) for need in stage.needs)
        return None if stage.tolerant else next((reason for reason in missing if reason is not None), None)

    def _options(self, stage: Stage) -> BaseModel:
        return self.options.get(stage.name) or stage.load().Options()
