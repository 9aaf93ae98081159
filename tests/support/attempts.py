"""Attempts at tasks of a run, without Airflow: what writes to an interview names one."""

from __future__ import annotations

from datetime import datetime

from mulakat.interviews.documents import Attempt, Interview, InterviewSpec, now
from mulakat.interviews.interviews import LOAD
from mulakat.interviews.registration import register
from mulakat.interviews.store import Store
from tests.support.known import known


def attempt(
    task: str = LOAD, run_id: str = "run", started_at: datetime | None = None, *, asked_at: datetime | None = None
) -> Attempt:
    """A try of a task, which begins now if nothing else is said."""
    return Attempt(run_id=run_id, task=task, started_at=started_at or now(), asked_at=asked_at)


def load(store: Store, spec: InterviewSpec, run_id: str = "run") -> tuple[Interview, Attempt]:
    """Register an interview as the first task of a run does; from then on that attempt may write."""
    loading = attempt(run_id=run_id)
    return register(store, spec, loading), loading


def at_work(store: Store, interview_id: str, task: str = LOAD) -> Attempt:
    """The newest attempt at a task of the run that has the interview: what it writes is taken."""
    interview = store.interviews.get(interview_id)
    return attempt(task, known(interview.run_id), interview.attempts[task], asked_at=interview.asked_at)
