"""Numbers, hesitations and the ends of sentences in running text."""

from __future__ import annotations

import pytest

from analyzers.text import numerals
from analyzers.text.embeddings import without_fillers
from analyzers.text.normalize import SENTENCE_END


@pytest.mark.parametrize("said", ["ALTI YÜZ", "Altı yüz", "altı yüz"])
def test_turkish_numbers_in_capitals_are_numbers(said: str) -> None:
    assert numerals.digits(said.split(), "tr") == ("600", 2)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Um, I, uh, I'm sure, you know, hmm.", "I, I'm sure"),
        ("Iıı değil, eee, şey, hımm evet", "Iıı değil, evet"),
        ("My grandfather served in World War II.", "My grandfather served in World War II."),
    ],
)
def test_hesitations_go_and_words_stay(text: str, expected: str) -> None:
    assert without_fillers(text) == expected


@pytest.mark.parametrize("text", ["done.", "really?!", "done.”", "(done.)", "完了。", "تم؟", "समाप्त।", "«fini.»"])
def test_a_sentence_ends_in_any_script(text: str) -> None:
    assert SENTENCE_END.search(text)


@pytest.mark.parametrize("text", ["4.5", "co-founder,", "e.g.the", "well:"])
def test_and_not_elsewhere(text: str) -> None:
    assert not SENTENCE_END.search(text)
