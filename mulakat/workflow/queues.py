"""The DAG's name, queues and pools: one table for the DAGs, the embedded stack and the compose file.

A queue decides which workers may run a task, a pool how many run at once. Each queue has one pool, with as many
slots as the queue's workers can run. So a task waits for a slot (`scheduled`, in order of priority, for as long as
it takes) and never in a Celery queue, where it would count against Airflow's `parallelism`, so that a backlog of one
queue stops the others, and lose its place to whatever came before.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import NamedTuple

from mulakat.pipeline.stages import Work
from mulakat.runtime.llm_settings import model_settings


class Place(NamedTuple):
    """Where a task runs."""

    queue: str
    pool: str


class Pool(NamedTuple):
    """How many tasks run at once, and why that many."""

    slots: int
    description: str


DAG_ID = "interview_analysis"

POOLS = {
    "media": Pool(2, "fetching and decoding recordings: bound by disk and network"),
    "gpu": Pool(2, "speech and face models: what the device or the cores can hold"),
    "cpu": Pool(2, "voice, scores and reports: bound by the processor"),
    "llm": Pool(2, "answers that are rated: the language model's concurrency, 2 for the local scorer"),
    "low": Pool(1, "what nobody waits for"),
}

PLACES: dict[Work, Place] = {
    "io": Place("critical", "media"),
    "accelerator": Place("gpu", "gpu"),
    "cpu": Place("default", "cpu"),
    "llm": Place("llm", "llm"),
}

LOW = Place("low", "low")
DEFAULT = PLACES["cpu"]

QUEUES = {place.queue: place.pool for place in (*PLACES.values(), LOW)}
"""Queue → its pool."""


def pools() -> dict[str, Pool]:
    """The pools to make, with as many slots for the language model as its settings say. Raises BadInput."""
    if not os.environ.get("OPENAI_MODEL"):
        return POOLS
    return POOLS | {"llm": POOLS["llm"]._replace(slots=model_settings().concurrency)}


def slots(queues: Iterable[str]) -> int:
    """How many tasks a worker of these queues must be able to run at once, so that none waits in Celery's queue."""
    made = pools()
    return sum(made[QUEUES[queue]].slots for queue in queues)
