"""The DAG's name, queues and pools: one table for the DAGs, the embedded stack and the compose file.

A queue decides which workers may run a task, a pool how many run at once. Pools are
not decoration: a task that waits for a pool stays `scheduled`; one that waits in a
Celery queue is given up by the scheduler after ten minutes.
"""

from __future__ import annotations

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

QUEUES = ("critical", "gpu", "default", "low")

POOLS = {
    "media": Pool(4, "fetching and decoding recordings: bound by disk and network"),
    "gpu": Pool(2, "speech and face models: what the device or the cores can hold"),
    "llm": Pool(5, "answers that are rated: the language model's concurrency"),
}


def pools() -> dict[str, Pool]:
    """The pools to make, with as many slots for the language model as its settings say. Raises BadInput."""
    return POOLS | {"llm": POOLS["llm"]._replace(slots=model_settings().concurrency)}


PLACES: dict[Work, Place] = {
    "io": Place("critical", "media"),
    "accelerator": Place("gpu", "gpu"),
    "cpu": Place("default", "default_pool"),
    "llm": Place("default", "llm"),
}

LOW = Place("low", "default_pool")
DEFAULT = Place("default", "default_pool")
