"""Interviews that the review app finds in its database: no analysis behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from mulakat.interviews.documents import Answer, StageState
from mulakat.interviews.store import Store
from mulakat.schema.base import Provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Score, Scorecard, Versioned
from tests.support import review_data
from tests.support.attempts import at_work, load

HOSTILE = "<img src=x onerror=alert(1)> ![x](http://evil.example/x.png) [y](javascript:alert(1))"


def add(store: Store, interview_id: str, *, minutes: int = 0, answers: int = 1, **fields: Any) -> None:
    """Register one, `minutes` after the first."""
    spec = review_data.spec(
        interview_id,
        [Answer(answer_id=f"a{n}", question="Why?", media_uri="media://" + "0" * 64) for n in range(answers)],
        received_at=datetime(2026, 1, 1, 12, tzinfo=UTC) + timedelta(minutes=minutes),
        **fields,
    )
    load(store, spec, f"{interview_id}.run")


def score(value: float | None, *, reason: Reason | None = None) -> Score:
    """A score with an interval around it, or none."""
    around = (None, None) if value is None else (max(0, value - 10), min(100, value + 10))
    return Score(value=value, low=around[0], high=around[1], reason=reason)


def scorecard(interview_id: str, overall: Score, **fields: Any) -> Scorecard:
    """An overall score, and what else is given."""
    return Scorecard.model_validate(
        {
            "provenance": Provenance(analyzer="analyzers.scoring", version="1"),
            "interview_id": interview_id,
            "rubric": Versioned(id="general-en", version="1"),
            "policy": Versioned(id="multimodal", version="1"),
            "overall": overall,
            "components": [],
            "competencies": [],
            "answers": [],
            "missing": [],
            "provisional": False,
            **fields,
        }
    )


def finish(store: Store, card: Scorecard) -> None:
    """The interview is scored so."""
    attempt = at_work(store, card.interview_id)
    store.interviews.name_scorecard(card.interview_id, store.scorecards.put(card, "one"), {}, attempt)
    store.interviews.mark_scored(card.interview_id, attempt)


def mark(store: Store, interview_id: str, answer_id: str, stage: str, state: StageState) -> None:
    """A stage is as far as this."""
    store.interviews.mark_stage(interview_id, answer_id, stage, state, at_work(store, interview_id))


def fail(store: Store, interview_id: str, reason: Reason) -> None:
    """The interview has come to nothing."""
    store.interviews.mark_failed(interview_id, reason, at_work(store, interview_id))
