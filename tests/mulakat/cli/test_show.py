"""What `mulakat show` prints of a scorecard's cost."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from mulakat.cli.show import print_scorecard
from mulakat.schema.codes import Code
from mulakat.schema.language import Usage
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Score, Scorecard, Versioned


def shown(usage: Usage | None) -> str:
    card = Scorecard(
        provenance={"analyzer": "test", "version": "0"},
        interview_id="one",
        rubric=None,
        policy=Versioned(id="content", version="1"),
        overall=Score(value=None, low=None, high=None, reason=Reason.of(Code.NO_ANSWER_SCORED)),
        components=[],
        competencies=[],
        answers=[],
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
