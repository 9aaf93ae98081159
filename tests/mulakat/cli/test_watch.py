"""What `mulakat watch` waits for, on a real database."""

from __future__ import annotations

import threading

import pytest

from mulakat.cli import watch
from mulakat.interviews.settings import Settings
from mulakat.interviews.store import Store
from mulakat.schema.errors import BadInput
from tests.support.attempts import load
from tests.support.interview_data import spec


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what was not submitted, and there is no Redis."""
    monkeypatch.setattr(watch, "REGISTER_WAIT_S", 0.0)
    monkeypatch.delenv("MULAKAT_REDIS_URL", raising=False)


def test_what_nobody_submitted_is_not_waited_for(store: Store) -> None:
    with pytest.raises(BadInput, match="no run has taken up interview 'unknown'"):
        next(watch.updates(Settings(), store, "unknown"))


def test_what_was_submitted_is_waited_for_however_busy_airflow_is(store: Store) -> None:
    """Also where an earlier run has the interview."""
    load(store, spec("one"), "one.run-1")
    store.submissions.put(spec("one"))
    seen: list[str | None] = []
    waiting = threading.Thread(
        target=lambda: seen.append(next(watch.updates(Settings(), store, "one", "one.run-2"))[0].run_id)
    )
    waiting.start()
    waiting.join(1.0)
    assert waiting.is_alive()
    load(store, spec("one"), "one.run-2")
    waiting.join()
    assert seen == ["one.run-2"]
