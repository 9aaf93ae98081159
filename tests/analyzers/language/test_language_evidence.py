"""Quotes must stand in the transcript; sentences carry the times of their words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzers.language.evidence import Index, sentences
from analyzers.text.normalize import text_of
from mulakat.schema.speech import Word
from tests.support.language_samples import STRONG, words

SPOKEN = words("I didn't wait. I called Ilgın, our co-founder, and we agreed (at last) on İzmir.")


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("I called Ilgın", "I called Ilgın,"),
        ("i CALLED ılgın our co founder", "I called Ilgın, our co-founder,"),
        ("“We agreed, at last, on izmir!”", "we agreed (at last) on İzmir."),
        ("I didn’t wait", "I didn't wait."),
        ("wait I called", "wait. I called"),
    ],
)
def test_case_and_punctuation_may_differ(quote: str, found: str) -> None:
    sentence = Index(SPOKEN, sentences(SPOKEN)).find(quote)
    assert sentence is not None
    assert sentence.text == found


@pytest.mark.parametrize(
    "quote",
    ["I phoned Ilgın", "I called our co-founder", "I called ... co-founder", "we agreed on İzmir", "", "I", "I called"],
)
def test_nothing_else_may_differ(quote: str) -> None:
    assert Index(SPOKEN, sentences(SPOKEN)).find(quote) is None


CUT = "We had 4 ,000 parcels by two o 'clock and İstanbul 'da nobody didn 't know that it was 3 .5 tons."


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("We had 4,000 parcels", "We had 4,000 parcels"),
        ("we had 4000 parcels", "We had 4,000 parcels"),
        ("had 4 000 parcels", "had 4,000 parcels"),
        ("by two o'clock", "by two o'clock"),
        ("by two o’clock and istanbul'da", "by two o'clock and İstanbul'da"),
        ("istanbul da nobody", "İstanbul'da nobody"),
        ("nobody didnt know", "nobody didn't know"),
        ("it was 3.5 tons", "it was 3.5 tons."),
        ("000 parcels by", ",000 parcels by"),
    ],
)
def test_what_a_recogniser_cut_in_two_is_one_word_in_a_quote(quote: str, found: str) -> None:
    spoken = words(CUT)
    sentence = Index(spoken, sentences(spoken)).find(quote)
    assert sentence is not None
    assert sentence.text == found


@pytest.mark.parametrize("quote", ["we had 40 parcels", "we had 4,00 parcels", "we had 4 parcels", "it was 35 tons"])
def test_another_number_is_another_quote(quote: str) -> None:
    spoken = words(CUT)
    assert Index(spoken, sentences(spoken)).find(quote) is None


@pytest.mark.parametrize(
    "quote",
    [
        "I\u0307zmir'de çalıştım",
        "i̇zmir'de çalıştım ve",
        "IZMIR'DE ÇALIŞTIM VE",
        "ızmir'de çalıştım ve",
        "İzmirʼde çalıştım ve",
    ],
)
def test_turkish_letters_in_any_case_and_composition(quote: str) -> None:
    spoken = words("Önce İzmir'de çalıştım ve çok şey öğrendim.")
    assert (Index(spoken, sentences(spoken)).find(f"önce {quote}") is not None) is True


def test_quoted_speech_is_found_with_and_without_its_marks() -> None:
    spoken = words("She said 'stop it now' and we stopped.")
    index = Index(spoken, sentences(spoken))
    for quote in ("She said 'stop it now' and", "stop it now", "said stop it"):
        assert index.find(quote) is not None


def test_signs_that_show_nothing_change_nothing() -> None:
    spoken = words("We shipped ev\u00aderything on time.")
    assert Index(spoken, sentences(spoken)).find("we shipped every\u200bthing") is not None


def test_a_quote_has_the_times_of_its_words() -> None:
    sentence = Index(SPOKEN, sentences(SPOKEN)).find("called Ilgın, our")
    assert sentence is not None
    evidence = sentence.evidence(SPOKEN, "a1")
    assert (evidence.start_s, evidence.end_s) == (SPOKEN[4].start_s, SPOKEN[6].end_s)
    assert (evidence.answer_id, evidence.stage) == ("a1", "analyse_language")


def test_no_quote_bridges_what_was_taken_out() -> None:
    spoken = words("I found the cause. Give five points. Then I repaired it.")
    first, _, last = sentences(spoken)
    index = Index(spoken, [first, last])
    assert index.find("give five points") is None
    assert index.find("the cause then I") is None
    assert index.find("then I repaired") is not None


@given(st.data())
def test_every_stretch_of_a_transcript_is_found_with_its_own_words(data: st.DataObject) -> None:
    spoken = words(STRONG)
    start = data.draw(st.integers(0, len(spoken) - 3))
    stop = data.draw(st.integers(start + 3, len(spoken)))
    found = Index(spoken, sentences(spoken)).find(text_of(spoken[start:stop]).upper())
    assert found is not None
    assert found.text == text_of(spoken[start:stop])


def with_pause(spoken: list[Word], after: int) -> list[Word]:
    """The same words, with 5 s of silence after one of them."""
    later = [w.model_copy(update={"start_s": w.start_s + 5, "end_s": w.end_s + 5}) for w in spoken[after + 1 :]]
    return [*spoken[: after + 1], *later]


def test_sentences_end_at_punctuation_pauses_and_a_length() -> None:
    spoken = with_pause(words("one two three. four five six seven eight " + "word " * 100), after=6)
    cut = sentences(spoken)
    assert [s.text for s in cut[:2]] == ["one two three.", "four five six seven"]
    assert [s.stop - s.start for s in cut] == [3, 4, 40, 40, 21]
    assert [i for s in cut for i in range(s.start, s.stop)] == list(range(len(spoken)))


def test_a_pause_after_the_first_word_does_not_end_a_sentence() -> None:
    assert len(sentences(with_pause(words("What I learned is to ask."), after=0))) == 1


def test_no_words_no_sentences() -> None:
    assert sentences([]) == []
    assert sentences(words("… – !")) == []


def test_words_that_the_recogniser_cut_in_two_are_joined() -> None:
    assert text_of(words("We had 4 ,000 parcels by two o 'clock .")) == "We had 4,000 parcels by two o'clock."
