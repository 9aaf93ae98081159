"""Store interviews and score them again under a new rubric weight: what both sides of `bench/rescore.py` run.

Runs on this commit and on f22d0b4, whose modules have other names. Prints one JSON object.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
import time
from collections import Counter
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pymongo
from pymongo import monitoring

try:
    from analyzers.rubric import Rubric, load
    from analyzers.stages import STAGES
    from interviews.documents import now  # the older one first: what is missing there would be found in ours
    from interviews.media_store import MediaStore
    from interviews.store import Store
    from mulakat_airflow.work import Attempt, run_stage

    from mulakat_airflow import tasks as steps

    OURS = False
except ImportError:
    from mulakat.interviews.documents import Attempt, now
    from mulakat.interviews.media_store import MediaStore
    from mulakat.interviews.store import Store
    from mulakat.pipeline.stages import STAGES
    from mulakat.rubrics.packs import pack as load
    from mulakat.schema.rubric import Rubric
    from mulakat.schema.scores import Versioned
    from mulakat.workflow import steps
    from mulakat.workflow.attempt import run_stage
    from mulakat.workflow.cleanup import clean_up
    from mulakat.workflow.rescoring import rescore

    OURS = True

TEXT = "Last year our nightly import broke every few days. I read logs and found that a supplier renamed a column. \
I compared two ways and chose to check each file first, as we could not rely on them. After that it ran for months."


class Calls(monitoring.CommandListener):
    """Counts what the database is asked, and how long it takes."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.seconds = 0.0

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        self.counts[f"{event.command_name} {event.command.get(event.command_name)}"] += 1

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None:
        self.seconds += event.duration_micros / 1e6

    def failed(self, event: monitoring.CommandFailedEvent) -> None:
        self.seconds += event.duration_micros / 1e6


def attempt(interview: str, task: str, moment: Any) -> Any:
    """One try of one task of the interview's run."""
    names = {"task": task, "asked_at": moment} if OURS else {}
    return Attempt(run_id=f"{interview}.{moment:%H%M%S.%f}", number=1, started_at=now(), **names)


def analyze(store: Any, interview: str, parameters: dict[str, Any]) -> None:
    """What the tasks of a run do, from `load_interview` to `score_interview`."""
    moment = now()
    if OURS:
        opened = [store]
    else:
        opened = []
        steps.StoreHook = lambda: SimpleNamespace(store=lambda: nullcontext(store))
    given = {"policy": None, "priority": "normal", "force": False} | ({"submission": None} if OURS else {})
    answers = steps.load_interview(
        *opened,
        {"interview_id": interview, "interview": parameters | {"interview_id": interview}, **given},
        attempt(interview, "load_interview", moment),
    )
    for answer, stage in itertools.product(answers, STAGES):
        try:
            run_stage(store, interview, answer, stage.name, attempt(interview, stage.name, moment))
        except Exception as error:  # a stage that has nothing to measure
            if type(error).__name__ != "NotMeasurable":
                raise
    steps.score_interview(*opened, interview, attempt(interview, "score_interview", moment))


def again(store: Any, interview: str, parameters: dict[str, Any]) -> None:
    """Score a stored interview again: f22d0b4 by the tasks of another run, which is the one way it has."""
    if OURS:
        rescore(
            store, interview, rubric=Versioned(id=parameters["rubric"]["id"], version=parameters["rubric"]["version"])
        )
    else:
        analyze(store, interview, parameters)


def document(samples: Path, weight: float) -> dict[str, Any]:
    """An interview of three answers, under a rubric whose first competency has this weight."""
    rubric = load(Rubric, "general-en").model_dump(mode="json")
    rubric["competencies"][0]["weight"] = weight
    uris = {"media_uri": str(samples / "introduction.mp4")}, {"media_uri": str(samples / "problem_solving.mp4")}
    return {
        "candidate": {"reference": "somebody"},
        "consent": {"given": True},
        "rubric": rubric | {"version": f"weight-{weight:g}"},
        "answers": [{"answer_id": f"a{n}", **uri} for n, uri in enumerate((*uris, {"text": TEXT}))],
    }


def copies(database: Any, first: int, last: int) -> None:
    """Copy interview `i0` with all that belongs to it to `i<first>` … `i<last - 1>`."""
    for name in ("interviews", "stage_results", "scorecards"):
        originals = list(database[name].find({"_id": {"$regex": "^i0(:|$)"}}))
        for start in range(first, last, 100):
            made = []
            for number in range(start, min(start + 100, last)):
                for each in originals:
                    new = each | {"_id": each["_id"].replace("i0", f"i{number}", 1)}
                    made.append(new | ({"interview_id": f"i{number}"} if "interview_id" in each else {}))
            database[name].insert_many(made, ordered=False)


def main() -> None:
    """Store, warm up, rescore, and say how fast."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("uri")
    parser.add_argument("database")
    parser.add_argument("folder", type=Path)
    parser.add_argument("samples", type=Path)
    parser.add_argument("--stored", type=int, nargs="+", required=True)
    parser.add_argument("--timed", type=int, required=True)
    options = parser.parse_args()
    calls = Calls()
    monitoring.register(calls)
    store = Store.connect(options.uri, options.database, MediaStore(str(options.folder / "media")))
    store.ensure_indexes()
    given = document(options.samples, 1.0)
    analyze(store, "i0", given)
    if OURS:
        i0 = store.interviews.get("i0")
        clean_up(store, "i0", Attempt(run_id=i0.run_id, task="cleanup", started_at=now()), {})
    database = pymongo.MongoClient(options.uri)[options.database]
    found, before, weight = [], 1, 2.0
    for stored in options.stored:
        copies(database, before, stored)
        before = stored
        given = document(options.samples, weight)
        if OURS:
            store.rubrics.keep(Rubric.model_validate(given["rubric"]))
        again(store, "i1", given)  # imports and models
        calls.counts.clear()
        calls.seconds = 0.0
        started = time.perf_counter()
        spread = range(2, stored, max(1, (stored - 2) // options.timed))
        chosen = list(spread)[: options.timed]
        for number in chosen:
            again(store, f"i{number}", given)
        seconds = time.perf_counter() - started
        weight += 1
        reads = calls.counts["find stage_results"] / len(chosen) / 3
        found.append(
            {
                "stored": stored,
                "timed": len(chosen),
                "per_s": len(chosen) / seconds,
                "reads_per_answer": reads,
                "calls": sum(calls.counts.values()) / len(chosen),
                "database_share": calls.seconds / seconds,
            }
        )
    store.close()
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
