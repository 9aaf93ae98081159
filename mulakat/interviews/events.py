"""Progress events on Redis Streams.

Two capped streams get each event: one per interview and one for all. A watcher
reads the snapshot from MongoDB first and then follows the stream from the last id
it saw. Events are references only, never a transcript. Redis being down loses
progress display and nothing else: publishing never raises and never waits long.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal

import redis
from pydantic import BaseModel, ConfigDict, Field, Json
from redis.backoff import ConstantBackoff, NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from mulakat.interviews.documents import Interview, now
from mulakat.schema.reasons import Reason

log = logging.getLogger(__name__)

ALL = "mulakat:events"
MAX_EVENTS = 10_000
MAX_EVENTS_PER_INTERVIEW = 2_000
PUBLISH_TIMEOUT_S = 0.5

EventState = Literal["queued", "running", "progress", "ok", "reused", "skipped", "retrying", "failed", "stopped"]


class Event(BaseModel):
    """Something happened to an interview, to one of its answers or to one stage of an answer."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    interview_id: str
    state: EventState
    answer_id: str | None = None
    stage: str | None = None
    percent: float | None = Field(None, ge=0, le=100)
    attempt: int | None = None
    reason: Reason | Json[Reason] | None = None  # a stream holds texts only
    run_id: str | None = None
    at: datetime = Field(default_factory=now)


def out_of_date(event: Event, interview: Interview) -> bool:
    """Whether an event comes from a run or an attempt that another has taken over from: a process may outlive its
    worker and go on telling. One that names neither is taken as it is."""
    if event.run_id not in (None, interview.run_id):
        return True
    state = interview.progress.get(event.answer_id or "", {}).get(event.stage or "")
    return (
        event.state == "progress" and event.attempt is not None and state is not None and event.attempt < state.attempt
    )


def stream(interview_id: str) -> str:
    """Name of one interview's stream."""
    return f"mulakat:interview:{interview_id}"


@lru_cache(maxsize=4)
def _publisher(url: str) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=PUBLISH_TIMEOUT_S,
        socket_connect_timeout=PUBLISH_TIMEOUT_S,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )


def publish(url: str | None, event: Event) -> bool:
    """Send an event; True when Redis took it. Never raises."""
    if url is None:
        return False
    fields: dict[Any, Any] = event.model_dump(mode="json", exclude_none=True)
    if event.reason is not None:
        fields["reason"] = event.reason.model_dump_json()
    try:
        with _publisher(url).pipeline(transaction=False) as pipe:
            pipe.xadd(stream(event.interview_id), fields, maxlen=MAX_EVENTS_PER_INTERVIEW, approximate=True)
            pipe.xadd(ALL, fields, maxlen=MAX_EVENTS, approximate=True)
            pipe.execute()
    except (RedisError, OSError) as error:
        log.warning("no progress event sent: %s", error)
        return False
    return True


def last_id(url: str, name: str = ALL) -> str:
    """Id of the newest event in a stream, `0-0` when it is empty: take it before reading a snapshot."""
    with redis.Redis.from_url(url, decode_responses=True) as client:
        newest = client.xrevrange(name, count=1)
    return str(newest[0][0]) if newest else "0-0"


def follow(
    url: str, name: str = ALL, *, after: str = "0-0", block_s: float = 5.0
) -> Iterator[tuple[str, Event] | None]:
    """Events after an id, oldest first, then new ones as they come.

    Yields `None` after each `block_s` without news, and while Redis cannot be
    reached; it then resumes after the last event it gave, so nothing is lost.
    """
    with redis.Redis.from_url(
        url, decode_responses=True, socket_timeout=block_s + 5, retry=Retry(ConstantBackoff(1), 1)
    ) as client:
        while True:
            try:
                reply = client.xread({name: after}, block=int(block_s * 1000), count=100)
            except (RedisError, OSError):
                yield None
                continue
            entries = reply[0][1] if isinstance(reply, list) and reply else _entries(reply)
            for identity, fields in entries:
                after = identity
                yield identity, Event.model_validate(fields)
            if not entries:
                yield None


def _entries(reply: object) -> list[tuple[str, dict[str, str]]]:
    if isinstance(reply, dict):
        return next(iter(reply.values()), [[]])[0]
    return []
