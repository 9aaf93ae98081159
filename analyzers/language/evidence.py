"""Find a quote in a transcript, and cut a transcript into sentences.

A quote counts as evidence only when its words stand in the transcript, in this
order and without a gap. Case and punctuation may differ, nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from analyzers.text.normalize import SENTENCE_END, text_of, tokens
from mulakat.schema.language import Evidence
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import AnyWord, Word, WrittenWord

MIN_QUOTE_TOKENS = 3
MAX_SENTENCE_WORDS = 40
PAUSE_S = 1.2
MIN_WORDS_BEFORE_PAUSE = 4

# Where a recogniser cuts one word in two: `o 'clock`, `4 ,000`.
_SECOND_PART = re.compile(r"['’][^\W\d_]|[.,]\d{3}(?!\d)")


@dataclass(frozen=True)
class Sentence:
    """Words `start` (inclusive) to `stop` (exclusive) of a transcript."""

    text: str
    start: int
    stop: int

    def evidence(self, words: Sequence[AnyWord], answer_id: str, note: Reason | None = None) -> Evidence:
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
        if gap or count >= MAX_SENTENCE_WORDS or SENTENCE_END.search(word.text.strip()):
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


@dataclass(frozen=True)
class _Token:
    """A token and the words it comes from; text None: something was taken out here, so that no quote bridges it."""

    text: str | None
    first: int
    last: int


class Index:
    """A transcript's words, searchable by quote."""

    def __init__(self, words: Sequence[AnyWord], kept: Sequence[Sentence]) -> None:
        """`kept`: the sentences that may be quoted, in order."""
        self._words = words
        self._views = {joined: self._view(kept, joined=joined) for joined in (False, True)}

    def _view(self, kept: Sequence[Sentence], *, joined: bool) -> list[_Token]:
        view: list[_Token] = []
        previous = None
        for sentence in kept:
            if previous is not None and sentence.start != previous:
                view.append(_Token(None, previous, previous))
            previous = sentence.stop
            for i in range(sentence.start, sentence.stop):
                said = self._words[i].text.strip()
                new = tokens(said, joined=joined)
                if joined and new and view and view[-1].text is not None and _SECOND_PART.match(said):
                    view[-1] = _Token(view[-1].text + new.pop(0), view[-1].first, i)
                view += [_Token(text, i, i) for text in new]
        return view

    def find(self, quote: str) -> Sentence | None:
        """Where the quote first stands, in the transcript's own words; None when it does not.

        Quotes under `MIN_QUOTE_TOKENS` words prove nothing and are not looked for.
        """
        if len(tokens(quote)) < MIN_QUOTE_TOKENS:
            return None
        for joined, view in self._views.items():
            wanted = tokens(quote, joined=joined)
            texts = [token.text for token in view]
            for i in range(len(texts) - len(wanted) + 1):
                if texts[i : i + len(wanted)] == wanted:
                    start, stop = view[i].first, view[i + len(wanted) - 1].last + 1
                    return Sentence(text_of(self._words[start:stop]), start, stop)
        return None

    def evidence(self, place: Sentence, answer_id: str) -> Evidence:
        """A quote that was found, as evidence."""
        return place.evidence(self._words, answer_id)
