"""Words: as their language writes them, and none without a duration."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.speech import hallucinations
from analyzers.speech.engine import RecognizedWord
from analyzers.speech.words import LEAST_S, joined, lasting
from mulakat.schema.base import TimeRange
from mulakat.schema.speech import Word


def pieces(*texts: str) -> list[RecognizedWord]:
    return [RecognizedWord(text, 0.3 * i, 0.3 * i + 0.2, 0.9 - 0.1 * i) for i, text in enumerate(texts)]


@pytest.mark.parametrize(
    ("language", "texts", "words"),
    [
        ("fr", [" avec", " l", "'équipe", " de", " nuit"], [" avec", " l'équipe", " de", " nuit"]),
        ("fr", [" quoi", " ?", " Oui"], [" quoi?", " Oui"]),
        ("fr", [" «", " oui", " »"], [" «oui»"]),
        ("en", [" in", " real", "-time", "."], [" in", " real-time."]),
        ("en", [" o", "'clock"], [" o'clock"]),
        ("en", [" —", " and", " then"], [" —and", " then"]),
        ("en", [" research", " &", " development"], [" research", " &", " development"]),
        ("en", [" 50", "%"], [" 50%"]),
        ("tr", [" Ankara", "'da", " kaldım"], [" Ankara'da", " kaldım"]),
        ("de", ["Guten", " Tag", " ..."], ["Guten", " Tag..."]),
        ("zh", ["我", "们", "。", "很"], ["我", "们。", "很"]),
        ("en", [" ?"], [" ?"]),
        ("en", [], []),
    ],
)
def test_pieces_are_joined_as_the_language_joins_them(language: str, texts: list[str], words: list[str]) -> None:
    given_pieces = pieces(*texts)
    found = joined(given_pieces, language)
    assert [word.text for word in found] == words
    if found:
        assert (found[0].start_s, found[-1].end_s) == (given_pieces[0].start_s, given_pieces[-1].end_s)


def test_a_word_is_as_sure_as_its_weakest_part_and_punctuation_is_none() -> None:
    (word,) = joined(pieces(" real", "-time", "."), "en")
    assert word.probability == pytest.approx(0.8)
    (quoted,) = joined(pieces(" (", "so"), "en")
    assert quoted.probability == pytest.approx(0.8)


def timed(*spans: tuple[float, float]) -> list[Word]:
    return [Word(text=f"w{i}", start_s=a, end_s=b, probability=0.9) for i, (a, b) in enumerate(spans)]


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(1.0, 1.0), (2.0, 2.5)], [(1.0, 1.02), (2.0, 2.5)]),
        ([(1.0, 2.0), (2.0, 2.0), (2.0, 3.0)], [(1.0, 2.0), (2.0, 2.02), (2.02, 3.0)]),
        ([(9.0, 9.5), (10.0, 10.0)], [(9.0, 9.5), (9.98, 10.0)]),  # the recording is cut there
        ([(9.5, 10.0), (10.0, 10.0)], [(9.5, 9.98), (9.98, 10.0)]),
        ([(1.0, 1.5), (1.5, 2.0)], [(1.0, 1.5), (1.5, 2.0)]),
    ],
)
def test_every_word_lasts_a_frame(spans: list[tuple[float, float]], expected: list[tuple[float, float]]) -> None:
    found = lasting(timed(*spans), 10.0)
    assert [(word.start_s, word.end_s) for word in found] == [pytest.approx(each) for each in expected]


@given(st.lists(st.floats(0, 10), min_size=2, max_size=40))
def test_words_stay_in_order_and_inside(edges: list[float]) -> None:
    edges = sorted(edges)
    words = timed(*pairwise(edges))
    found = lasting(words, 10.0)
    assert [word.text for word in found] == [word.text for word in words]
    assert all(word.end_s - word.start_s >= LEAST_S - 1e-3 for word in found)
    assert all(one.start_s >= 0 and one.end_s <= other.start_s + 1e-9 for one, other in pairwise(found))
    assert found[-1].end_s <= 10.0


def test_voice_without_words_is_told() -> None:
    speech = [TimeRange(start_s=a, end_s=b) for a, b in [(0.0, 4.0), (5.0, 5.8), (7.0, 12.0)]]
    words = timed((0.1, 0.5), (0.6, 1.0), (3.2, 3.9), (9.0, 9.4))
    found = [(each.start_s, each.end_s) for each in hallucinations.unwritten(words, speech)]
    assert found == [(1.3, 2.9), (7.0, 8.7), (9.7, 12.0)]
    assert hallucinations.unwritten([], speech) == [speech[0], speech[2]]
    assert hallucinations.unwritten(timed((0, 12)), speech) == []
