"""The candidate's own words: what another voice in the recording says is not rated."""

from __future__ import annotations

from collections.abc import Sequence

from analyzers.language.evidence import Sentence
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import AnyWord, Transcript, Turn, WrittenWord

CANDIDATE = 0
"""Speaker 0 of `Transcript.turns` speaks most: taken for the candidate."""
MIN_SHARE = 0.6
"""A candidate who holds less of the speaking time than this cannot be told from the other voice."""


def split(sentences: Sequence[Sentence], transcript: Transcript) -> tuple[list[Sentence], list[Sentence]]:
    """The candidate's sentences, and those that another voice speaks for the most part."""
    own: list[Sentence] = []
    others: list[Sentence] = []
    for sentence in sentences:
        words = transcript.words[sentence.start : sentence.stop]
        foreign = sum(_speaker(word, transcript.turns) != CANDIDATE for word in words)
        (others if 2 * foreign > len(words) else own).append(sentence)
    return own, others


def doubt(transcript: Transcript) -> Reason | None:
    """Why nobody can be taken for the candidate; None when one voice speaks most of the time."""
    seconds: dict[int, float] = {}
    for turn in transcript.turns:
        seconds[turn.speaker] = seconds.get(turn.speaker, 0.0) + turn.end_s - turn.start_s
    total_s = sum(seconds.values())
    share = seconds.get(CANDIDATE, 0.0) / total_s if total_s else 1.0
    if share >= MIN_SHARE:
        return None
    return Reason.of(Code.WHOSE_ANSWER, voices=len(seconds), share=share)


def _speaker(word: AnyWord, turns: Sequence[Turn]) -> int:
    """Who speaks in the middle of a word; the candidate where nobody is told, or together with the candidate."""
    if isinstance(word, WrittenWord):
        return CANDIDATE
    middle_s = (word.start_s + word.end_s) / 2
    speaking = {turn.speaker for turn in turns if turn.start_s <= middle_s <= turn.end_s}
    return CANDIDATE if not speaking or CANDIDATE in speaking else min(speaking)
