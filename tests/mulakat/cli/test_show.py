"""What `mulakat show` prints beside the scores: cost, and what to know before trusting them."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from mulakat.cli.show import print_scorecard
from mulakat.schema.base import Flag
from mulakat.schema.codes import Code
from mulakat.schema.language import Usage
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import AnswerScore, QualityCheck, Score, Scorecard, Versioned


def shown(usage: Usage | None, answers: Sequence[AnswerScore] = ()) -> str:
    card = Scorecard(
        provenance={"analyzer": "test", "version": "0"},
        interview_id="one",
        rubric=None,
        policy=Versioned(id="content", version="1"),
        overall=Score(value=None, low=None, high=None, reason=Reason.of(Code.NO_ANSWER_SCORED)),
        components=[],
        competencies=[],
        answers=list(answers),
        missing=[],
        provisional=False,
        usage=usage,
    )
    text = io.StringIO()
    print_scorecard(Console(file=text, width=200), card)
    return text.getvalue()


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        (
            Usage(requests=3, prompt_tokens=4100, completion_tokens=650, cost=0.02205, currency="EUR"),
            "Use of the language model: Requests answered 3, Tokens read 4,100, Tokens written 650, Cost 0.0221 EUR",
        ),
        (
            Usage(requests=1, prompt_tokens=10, completion_tokens=2),
            "Requests answered 1, Tokens read 10, Tokens written 2, Cost no price is set\n",
        ),
        (
            Usage(requests=2, prompt_tokens=None, completion_tokens=None),
            "Requests answered 2, Tokens read not told, Tokens written not told, Cost no price is set\n",
        ),
    ],
)
def test_what_a_language_model_took(usage: Usage, said: str) -> None:
    assert said in shown(usage)


def test_nothing_is_said_where_none_was_asked() -> None:
    assert "Use of the language model" not in shown(None)


def test_flags_poor_quality_and_notes_are_told() -> None:
    answer = AnswerScore(
        provenance={"analyzer": "test", "version": "0"},
        answer_id="why",
        question=None,
        overall=Score(value=None, low=None, high=None, reason=Reason.of(Code.NO_ANSWER_SCORED)),
        components=[],
        competencies=[],
        quality=[
            QualityCheck(name="snr", value=9, unit="dB", poor=15, unusable=5, status="poor", affects=["voice"]),
            QualityCheck(name="level", value=-20, unit="dBFS", poor=-45, unusable=-65, status="good", affects=[]),
        ],
        flags=[Flag(kind="muted", start_s=4, end_s=8, note=Reason.of(Code.MUTED, seconds=4))],
        provisional=False,
        notes=[Reason.of(Code.OTHER_TRACK, track=2, tracks=2)],
    )
    lines = [line for line in shown(None, [answer]).splitlines() if line.startswith("why: ")]
    assert lines[0] == "why: 0:04.0–0:08.0  The microphone was muted"
    assert "9" in lines[1] and "15" in lines[1]
    assert lines[2:] == ["why: the sound was taken from track 2 of 2: the first is silent"]
