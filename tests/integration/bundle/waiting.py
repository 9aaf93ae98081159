"""Runs that only wait, and days that can be backfilled."""

from __future__ import annotations

from datetime import datetime

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import dag


@dag(schedule=None, max_active_runs=100)
def waits() -> None:
    """Its one task waits for a slot of a pool that has none."""
    EmptyOperator(task_id="wait", pool="nothing_gets_in", on_success_callback=lambda context: None)


@dag(schedule="@daily", start_date=datetime(2026, 1, 1), catchup=False, max_active_runs=1)
def days() -> None:
    """A day with nothing to do."""
    EmptyOperator(task_id="nothing")


waits()
days()
