"""The transcript as the player shows it: sentences of words, each with its times."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

from mulakat.presentation.times import tick
from mulakat.schema.speech import AnyWord, Transcript, WrittenWord


class WordSpan(TypedDict):
    """A word: text, whether a space stands before it, from and to in seconds, probability; None in a text."""

    w: str
    space: bool
    s: float | None
    e: float | None
    p: float | None


class PlayerSentence(TypedDict):
    """Consecutive words that belong together, when they begin and how that is written; in a text, a paragraph."""

    s: float | None
    at: str
    words: list[WordSpan]


def sentences(transcript: Transcript | None) -> list[PlayerSentence]:
    """The transcript's words by sentence, each word with its times; those of a text by paragraph."""
    if transcript is None:
        return []
    ends = [segment.end_s for segment in transcript.segments]
    groups: dict[int, list[AnyWord]] = {}
    for word in transcript.words:
        groups.setdefault(_sentence_of(word, ends), []).append(word)
    texts = [segment.text for segment in transcript.segments] + [""]
    return [_line(words, texts[index]) for index, words in sorted(groups.items())]


def _line(words: list[AnyWord], text: str) -> PlayerSentence:
    start_s = words[0].start_s
    return {"s": start_s, "at": "" if start_s is None else tick(start_s), "words": _spaced(words, text)}


def _sentence_of(word: AnyWord, ends: Sequence[float | None]) -> int:
    if isinstance(word, WrittenWord):
        return word.paragraph
    middle = (word.start_s + word.end_s) / 2
    return next((i for i, end in enumerate(ends) if end is not None and middle <= end), len(ends))


def _spaced(words: list[AnyWord], text: str) -> list[WordSpan]:
    """Words with the spaces of the sentence: "4" and ",000" belong together, Chinese has none."""
    spans: list[WordSpan] = []
    end = 0
    for word in words:
        bare = word.text.strip()
        found = text.find(bare, end)
        space = bool(spans) and (found < 0 or text[end:found] != "")
        end = found + len(bare) if found >= 0 else end
        spans.append({"w": bare, "space": space, "s": word.start_s, "e": word.end_s, "p": word.probability})
    return spans
