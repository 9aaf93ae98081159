"""Stage `score_answer` and the scorecard of an interview: pure arithmetic on results, rubric and policy."""

from __future__ import annotations

from analyzers.results import AnswerScore
from analyzers.scoring.answer import VERSION, Options, run
from analyzers.scoring.interview import score_interview

Result = AnswerScore

__all__ = ["VERSION", "Options", "Result", "run", "score_interview"]
