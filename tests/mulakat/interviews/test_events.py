"""Progress events against a real Valkey."""

from __future__ import annotations

import uuid

import pytest
from redis import Redis

from mulakat.interviews import events
from mulakat.interviews.documents import Interview, StageState, now
from mulakat.interviews.events import Event, follow, publish
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Versioned
from tests.support.interview_data import spec
from tests.support.known import known


@pytest.fixture
def interview_id() -> str:
    return uuid.uuid4().hex


def take(url: str, interview_id: str, count: int, after: str = "0-0") -> list[tuple[str, Event]]:
    found = []
    for item in follow(url, events.stream(interview_id), after=after, block_s=0.2):
        if item is None:
            break
        found.append(item)
        if len(found) == count:
            break
    return found


def test_an_event_comes_back_as_it_was(redis: str, interview_id: str) -> None:
    event = Event(interview_id=interview_id, answer_id="a", stage="transcribe", state="progress", percent=40.0)
    assert publish(redis, event)
    why = Reason.of(Code.OF_ANSWER, answer="a", why=Reason.of(Code.TOO_MANY_CHANNELS, channels=70))
    failed = Event(interview_id=interview_id, answer_id="a", stage="transcribe", state="failed", reason=why)
    assert publish(redis, failed)
    assert [item[1] for item in take(redis, interview_id, 2)] == [event, failed]


def test_a_watcher_goes_on_after_the_last_event_it_saw(redis: str, interview_id: str) -> None:
    for percent in (10, 20, 30, 40):
        publish(redis, Event(interview_id=interview_id, state="progress", percent=percent))
    seen = take(redis, interview_id, 2)
    rest = take(redis, interview_id, 2, after=seen[-1][0])
    assert [event.percent for _, event in seen + rest] == [10, 20, 30, 40]
    assert events.last_id(redis, events.stream(interview_id)) == rest[-1][0]


def test_a_dropped_connection_loses_nothing(redis: str, interview_id: str) -> None:
    publish(redis, Event(interview_id=interview_id, state="progress", percent=1))
    watcher = follow(redis, events.stream(interview_id), block_s=0.2)
    assert known(next(watcher))[1].percent == 1
    with Redis.from_url(redis) as admin:
        admin.client_kill_filter(_type="normal", skipme=True)
        publish(redis, Event(interview_id=interview_id, state="progress", percent=2))
    news = next(item for item in watcher if item is not None)
    assert news[1].percent == 2


def test_streams_are_capped(redis: str, interview_id: str) -> None:
    for _ in range(events.MAX_EVENTS_PER_INTERVIEW + 500):
        publish(redis, Event(interview_id=interview_id, state="progress", percent=1))
    with Redis.from_url(redis) as client:
        # Approximate trimming works on whole nodes of 100 entries.
        assert client.xlen(events.stream(interview_id)) <= events.MAX_EVENTS_PER_INTERVIEW + 100


def test_redis_down_is_no_error() -> None:
    from tests.support.servers import free_port

    assert not publish(f"redis://127.0.0.1:{free_port()}", Event(interview_id="x", state="running"))
    assert not publish(None, Event(interview_id="x", state="running"))


def test_a_watcher_outlives_redis_being_down() -> None:
    from tests.support.servers import free_port

    watcher = follow(f"redis://127.0.0.1:{free_port()}", block_s=0.2)
    assert next(watcher) is None
    assert next(watcher) is None


@pytest.mark.parametrize(
    ("run_id", "attempt", "out_of_date"),
    [
        ("now", 2, False),
        ("now", 3, False),
        (None, 2, False),
        ("now", None, False),
        ("now", 1, True),
        ("before", 2, True),
        ("before", None, True),
    ],
)
def test_a_process_that_outlived_its_worker_is_not_listened_to(
    run_id: str | None, attempt: int | None, out_of_date: bool
) -> None:
    state = StageState(state="running", attempt=2, started_at=now())
    version, wanted = Versioned(id="v", version="1"), spec("one")
    interview = Interview(
        id="one",
        candidate=wanted.candidate,
        campaign=wanted.campaign,
        rubric=version,
        policy=version,
        answers=wanted.answers,
        received_at=now(),
        updated_at=now(),
        run_id="now",
        progress={"a": {"transcribe": state}},
    )
    event = Event(
        interview_id="one",
        answer_id="a",
        stage="transcribe",
        state="progress",
        percent=1,
        attempt=attempt,
        run_id=run_id,
    )
    assert events.out_of_date(event, interview) is out_of_date
