"""Stage `score_answer` and the scorecard of an interview: pure arithmetic on results, rubric and policy."""

from __future__ import annotations

from mulakat.schema.scores import AnswerScore
from mulakat.scoring.answer import VERSION, Options, run, uses
from mulakat.scoring.interview import score_interview
from mulakat.scoring.ranking import Ranked, ranked

Result = AnswerScore

__all__ = ["VERSION", "Options", "Ranked", "Result", "ranked", "run", "score_interview", "uses"]
