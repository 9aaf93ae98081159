"""Find a quote in a transcript, and cut a transcript into sentences.

A quote counts as evidence only when its words stand in the transcript, in this
order and without a gap. Case and punctuation may differ, nothing else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.results import AnyWord, Evidence, Word, WrittenWord

MIN_QUOTE_TOKENS = 3
MAX_SENTENCE_WORDS = 40
PAUSE_S = 1.2
MIN_WORDS_BEFORE_PAUSE = 4

_APOSTROPHES = re.compile(r"['’‘`´]")
_TOKEN = re.compile(r"[^\W_]+")
_SENTENCE_END = re.compile(r"[.!?…。？！]['\"”’)]*$")
# Upper and lower case of the Turkish i pair differ between locales, so both fold to one letter.
_TURKISH_I = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def tokens(text: str) -> list[str]:
    """Words of a text with case and punctuation taken away: `Don't, Ilgın!` → `dont`, `ilgin`."""
    text = unicodedata.normalize("NFKC", text).translate(_TURKISH_I).casefold()
    return _TOKEN.findall(_APOSTROPHES.sub("", text))


def text_of(words: Sequence[AnyWord]) -> str:
    """Words as running text. Recognisers cut `4,000` and `o'clock` in two; no space goes before the second part."""
    return re.sub(r" (?=[,.;:!?'’%])", "", " ".join(w.text.strip() for w in words)).strip()


@dataclass(frozen=True)
class Sentence:
    """Words `start` (inclusive) to `stop` (exclusive) of a transcript."""

    text: str
    start: int
    stop: int

    def evidence(self, words: Sequence[AnyWord], answer_id: str, note: str | None = None) -> Evidence:
        """The sentence as evidence, with the times of its words where they are spoken."""
        first, last = words[self.start], words[self.stop - 1]
        end_s = max(last.end_s, first.start_s) if isinstance(first, Word) and isinstance(last, Word) else None
        return Evidence(
            answer_id=answer_id,
            stage="analyse_language",
            start_s=first.start_s,
            end_s=end_s,
            quote=self.text,
            note=note,
        )


def sentences(words: Sequence[AnyWord]) -> list[Sentence]:
    """Cut at sentence punctuation, pauses over `PAUSE_S`, ends of paragraphs, and after `MAX_SENTENCE_WORDS`.

    Recognisers leave punctuation out at times, so pauses and length matter too; but who
    stops after one word or two is still in the same sentence.
    """
    found: list[Sentence] = []
    start = 0
    for i, word in enumerate(words):
        last = i + 1 == len(words)
        count = i + 1 - start
        gap = last or _gap(word, words[i + 1], count)
        if gap or count >= MAX_SENTENCE_WORDS or _SENTENCE_END.search(word.text.strip()):
            text = text_of(words[start : i + 1])
            if tokens(text):
                found.append(Sentence(text, start, i + 1))
            start = i + 1
    return found


def _gap(word: AnyWord, following: AnyWord, count: int) -> bool:
    """Whether a sentence of `count` words ends with `word`: the writer's paragraph does, or the speaker pauses."""
    if isinstance(word, WrittenWord):
        return isinstance(following, WrittenWord) and word.paragraph != following.paragraph
    begun = count >= MIN_WORDS_BEFORE_PAUSE
    return begun and isinstance(following, Word) and following.start_s - word.end_s > PAUSE_S


class Index:
    """A transcript's words, searchable by quote."""

    def __init__(self, words: Sequence[AnyWord], kept: Sequence[Sentence]) -> None:
        """`kept`: the sentences that may be quoted, in order."""
        self._words = words
        self._tokens: list[str | None] = []
        self._word_of: list[int] = []
        previous = None
        for sentence in kept:
            if previous is not None and sentence.start != previous:
                self._add(None, previous)  # something was taken out here: no quote bridges it
            previous = sentence.stop
            for i in range(sentence.start, sentence.stop):
                for token in tokens(words[i].text):
                    self._add(token, i)

    def _add(self, token: str | None, word: int) -> None:
        self._tokens.append(token)
        self._word_of.append(word)

    def find(self, quote: str) -> Sentence | None:
        """Where the quote first stands, in the transcript's own words; None when it does not.

        Quotes under `MIN_QUOTE_TOKENS` words prove nothing and are not looked for.
        """
        wanted = tokens(quote)
        if len(wanted) < MIN_QUOTE_TOKENS:
            return None
        for i in range(len(self._tokens) - len(wanted) + 1):
            if self._tokens[i : i + len(wanted)] == wanted:
                start, stop = self._word_of[i], self._word_of[i + len(wanted) - 1] + 1
                return Sentence(text_of(self._words[start:stop]), start, stop)
        return None
