"""Only the candidate's own sentences are rated."""

from __future__ import annotations

import pytest

from analyzers import language
from analyzers.language import other_voices
from analyzers.language.evidence import sentences
from mulakat.schema.codes import Code
from mulakat.schema.speech import Transcript, Turn
from tests.support.language_samples import PLAIN, STRONG, context, transcript

pytestmark = pytest.mark.models


def two_voices(candidate: str, other: str) -> Transcript:
    """The candidate speaks first, then somebody else."""
    whole = transcript(f"{candidate} {other}")
    first = len(candidate.split())
    turns = [
        Turn(speaker=0, start_s=0.0, end_s=whole.words[first - 1].end_s),
        Turn(speaker=1, start_s=whole.words[first].start_s, end_s=whole.words[-1].end_s),
    ]
    return whole.model_copy(update={"turns": turns})


def test_sentences_of_another_voice_are_set_apart() -> None:
    both = two_voices(STRONG, "What did you learn from that project in the end?")
    mine, foreign = other_voices.split(sentences(both.words), both)
    assert [s.text for s in foreign] == ["What did you learn from that project in the end?"]
    assert " ".join(s.text for s in mine) == STRONG


def test_without_turns_everything_is_the_candidates() -> None:
    alone = transcript(STRONG)
    mine, foreign = other_voices.split(sentences(alone.words), alone)
    assert foreign == [] and len(mine) == len(sentences(alone.words))
    assert other_voices.doubt(alone) is None


def test_the_interviewers_achievements_are_no_evidence() -> None:
    found = language.run(
        context(language.Options(), {"transcribe": two_voices(f"{PLAIN} {PLAIN}", STRONG.split(". ")[0] + ".")})
    )
    quotes = [evidence.quote for rating in found.ratings for evidence in rating.evidence]
    assert not any((quote or "") in STRONG for quote in quotes)
    assert Code.OTHER_VOICE_LEFT_OUT in {note.code for note in found.notes}


def test_two_voices_that_share_the_time_are_nobodys_answer() -> None:
    found = language.run(context(language.Options(), {"transcribe": two_voices(STRONG, STRONG)}))
    assert {rating.level for rating in found.ratings} == {None}
    assert found.ratings[0].reason.code == Code.WHOSE_ANSWER
    assert found.ratings[0].reason.values["voices"] == 2
