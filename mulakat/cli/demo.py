"""`mulakat demo`: the embedded stack and the sample interview, in one command."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from mulakat import stack
from mulakat.cli.connection import open_store, running_settings
from mulakat.cli.console import out, own_command, plain_errors
from mulakat.cli.show import print_scorecard
from mulakat.cli.stack import addresses, start
from mulakat.cli.submit import submit_document
from mulakat.cli.watch import follow_to_end
from mulakat.stack.plan import SAMPLES

SAMPLE = SAMPLES / "interview.json"


def demo(
    leave: Annotated[bool, typer.Option("--exit", help="Stop everything afterwards; exit 0 only on success.")] = False,
) -> None:
    """Start everything, run the sample interview through Airflow, show what came out."""
    with plain_errors():
        try:
            running = start()
            worked = _run_sample()
        finally:
            if leave:
                stack.down()
        if leave:
            out.print("Everything is stopped." if worked else "Everything is stopped; the run failed.")
        else:
            out.print(addresses(running))
            out.print(f"Everything stays up; `{own_command()} down` stops it.", markup=False, soft_wrap=True)
        if not worked:
            raise typer.Exit(1)


def _run_sample() -> bool:
    """Submit the sample interview, follow it, print its scorecard; True when it was scored."""
    settings = running_settings()
    document = json.loads(SAMPLE.read_text(encoding="utf-8"))
    interview_id = document["interview_id"]
    submission = submit_document(settings, document, SAMPLE.parent)
    if not submission.new:
        # A stack that has seen the sample: another run, in which every stage says `reused`.
        submission = submit_document(settings, document, SAMPLE.parent, again=True)
    out.print(f"{settings.airflow_url}/dags/interview_analysis/runs/{submission.run_id}", markup=False, soft_wrap=True)
    out.print(f"{settings.review_url}/interview?id={interview_id}", markup=False, soft_wrap=True)
    worked = follow_to_end(settings, interview_id, submission.run_id)
    with open_store(settings) as store:
        interview = store.interviews.get(interview_id)
        if worked and interview.scorecard_id is not None:
            print_scorecard(out, store.scorecards.get(interview.scorecard_id))
    return worked
