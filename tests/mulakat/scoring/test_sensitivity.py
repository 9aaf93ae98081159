"""Harmless changes: what they change, what they keep, and what becomes of the ratings."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from analyzers import language
from analyzers.language.endpoint import Endpoint
from analyzers.language.evidence import Index, sentences
from analyzers.language.perturbations import ERROR_SHARE, Variant, variants
from analyzers.text import numerals
from analyzers.text.normalize import tokens
from mulakat.schema.codes import Code
from mulakat.schema.language import Findings
from mulakat.schema.speech import WrittenWord
from tests.support.known import known
from tests.support.language_samples import CLAIMS, PLAIN, STRONG, STRONG_TR, context, transcript, words
from tests.support.openai_server import ChatServer, fails, ratings, says

pytestmark = pytest.mark.usefixtures("endpoint_memory")

STORY = (
    "Last year Mary told me, um, that her manager, Mr Smith, had lost forty percent of 4,000 customers. She asked him "
    "for Ayşe's advice, you know, and I helped her. I mean, it was not easy, but we did it in three hundred and five "
    "days."
)
STORY_TR = (
    "Geçen yıl Ayşe Hanım'la konuştum, yani, Ahmet'in 4.000 lirası eksikti. Ayşe bana, şey, otuz iki gün verdi. "
    "Müşterilerin %40'ı değil, yüzde kırkı geri döndü ve bu işi ben çözdüm."
)


def changed(text: str, language: str = "en") -> dict[str, Variant]:
    spoken = words(text)
    return {variant.kind: variant for variant in variants(spoken, sentences(spoken), language)}


def text(variant: Variant) -> str:
    return " ".join(sentence.text for sentence in variant.sentences)


# --- names ---------------------------------------------------------------------


def test_names_give_way_to_names_of_another_origin_and_sex_and_pronouns_follow() -> None:
    said = text(changed(STORY)["names"])
    assert "Mary" not in said and "Ayşe" not in said
    assert "that his manager, Ms Smith, had lost" in said
    assert re.search(r"\. He asked her for [A-Z]\w+'s advice, you know, and I helped him\.", said)


def test_one_person_keeps_one_name_and_a_turkish_ending_stays() -> None:
    said = text(changed(STORY_TR, "tr")["names"])
    new = re.search(r"yıl (\w+) Bey'la konuştum", said)
    assert new is not None
    assert f"eksikti. {new[1]} bana" in said
    assert re.search(r"\w+'in 4\.000 lirası", said) and "Ahmet" not in said


def test_words_that_look_like_names_stay() -> None:
    assert "names" not in changed(
        "I will mark the date in May. A can of paint and grace helped, and the Deniz was rose."
    )


# --- fillers -------------------------------------------------------------------


def test_fillers_go_and_what_only_looks_like_one_stays() -> None:
    said = text(changed(STORY)["fillers"])
    assert said.startswith("Last year Mary told me, that her manager")
    assert "you know" not in said and "I mean" not in said
    kept = "As you know I like this kind of work. I know what you mean."
    assert "fillers" not in changed(kept)
    assert text(changed("We did it, like, twice, you know.")["fillers"]) == "We did it, twice."
    assert text(changed(STORY_TR, "tr")["fillers"]).startswith("Geçen yıl Ayşe Hanım'la konuştum, Ahmet'in")
    assert "fillers" not in changed("Bana bir şey söyledi ve işte kaldım.", "tr")


def test_a_text_of_fillers_only_has_no_such_variant() -> None:
    assert "fillers" not in changed("Um, uh, hmm.")


# --- recogniser ----------------------------------------------------------------


@pytest.mark.parametrize(("said", "language"), [(STRONG, "en"), (PLAIN, "en"), (CLAIMS, "en"), (STRONG_TR, "tr")])
def test_five_percent_of_the_words_are_misheard(said: str, language: str) -> None:
    variant = changed(said, language)["recogniser"]
    assert variant.changed_words == max(1, round(ERROR_SHARE * len(said.split())))


@given(st.lists(st.sampled_from(["not", "no", "never", "I", "we", "five", "Peter"]), min_size=1, max_size=60))
def test_words_that_turn_the_sense_are_never_misheard(said: list[str]) -> None:
    before = [w for w in said if w in {"not", "never", "I"}]
    variant = changed(" ".join(said)).get("recogniser")
    assert variant is None or [w for w in text(variant).split() if w in {"not", "never", "I"}] == before


# --- numbers -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "digits", "spoken"),
    [
        ("en", "4,000", "four thousand"),
        ("en", "21", "twenty-one"),
        ("en", "345", "three hundred and forty-five"),
        ("en", "2,000,000", "two million"),
        ("en", "1,000,001", "one million and one"),
        ("tr", "4.250", "dört bin iki yüz elli"),
        ("tr", "32", "otuz iki"),
    ],
)
def test_numbers_are_written_the_other_way_and_back(language: str, digits: str, spoken: str) -> None:
    assert numerals.words(digits, language) == spoken
    assert numerals.words(f"{digits}.", language) == f"{spoken}."
    assert numerals.digits([*spoken.split(), "people"], language) == (digits, len(spoken.split()))


@given(st.integers(2, 9_999_999), st.sampled_from(["en", "tr"]))
def test_every_number_comes_back(value: int, language: str) -> None:
    mark = {"en": ",", "tr": "."}[language]
    figures = f"{value:,}".replace(",", mark)
    spoken = numerals.words(figures, language)
    if spoken == figures:  # the library says some Turkish numbers wrong; those stay
        assert language == "tr" and value > 100_000
        return
    written, count = numerals.digits(spoken.replace(",", "").split(), language)
    if len(spoken.split()) > 1:  # one word alone may mean something else
        assert (int(written.replace(mark, "")), count) == (value, len(spoken.split()))


@pytest.mark.parametrize("said", ["10:30", "21st", "$40", "A4", "3-4", "%5%", "1,00", "one", "a", "hundred", "o'clock"])
def test_what_is_no_plain_number_stays(said: str) -> None:
    assert numerals.words(said, "en") == said
    assert numerals.digits([said], "en") == ("", 0)


@pytest.mark.parametrize("said", ["yüz", "bir", "bin", "altı", "on"])
def test_turkish_words_with_a_second_meaning_are_no_numbers(said: str) -> None:
    assert numerals.digits([said, "kişi"], "tr") == ("", 0)


def test_numbers_of_both_kinds_change_in_one_answer() -> None:
    assert "lost 40 percent of four thousand customers" in text(changed(STORY)["numbers"])
    assert text(changed(STORY)["numbers"]).endswith("in 305 days.")
    assert "'in dört bin lirası" in text(changed(STORY_TR, "tr")["numbers"])
    assert "32 gün verdi" in text(changed(STORY_TR, "tr")["numbers"])
    assert text(changed("By 1995 it grew by 40%.")["numbers"]) == "By nineteen ninety-five it grew by forty percent."


def test_a_number_that_the_recogniser_cut_is_one() -> None:
    variant = changed("We had 4 ,000 parcels and 10 % were late.")["numbers"]
    assert text(variant) == "We had four thousand parcels and ten percent were late."


# --- all kinds -----------------------------------------------------------------


@pytest.mark.parametrize(("said", "language"), [(STORY, "en"), (STORY_TR, "tr"), (STRONG, "en"), (STRONG_TR, "tr")])
def test_every_word_keeps_its_original_and_so_its_time(said: str, language: str) -> None:
    spoken = words(said)
    for variant in variants(spoken, sentences(spoken), language):
        assert len(variant.words) == len(variant.origin)
        assert variant.origin == sorted(set(variant.origin))
        assert [w.start_s for w in variant.words] == [spoken[i].start_s for i in variant.origin]
        assert all(known(w.end_s) >= spoken[i].end_s for w, i in zip(variant.words, variant.origin, strict=True))
        same = sum(w.text == spoken[i].text for w, i in zip(variant.words, variant.origin, strict=True))
        assert same == len(spoken) - variant.changed_words
        assert variant.changed_words > 0
        for sentence in variant.sentences:
            found = Index(variant.words, variant.sentences).find(sentence.text)
            if found is not None:
                evidence = found.evidence(variant.words, "a1")
                assert evidence.start_s in {w.start_s for w in spoken}


def test_the_same_answer_has_the_same_variants_and_another_answer_others() -> None:
    assert changed(STORY) == changed(STORY)
    assert changed(STRONG + " " + PLAIN)["recogniser"].origin[:80] != changed(STRONG)["recogniser"].origin[:80]


def test_only_the_sentences_that_are_rated_are_changed_and_kept() -> None:
    spoken = words(f"{STORY} {PLAIN}")
    rated = [s for s in sentences(spoken) if "printer" in s.text or "Mary" in s.text]
    for variant in variants(spoken, rated, "en"):
        assert len(variant.sentences) == 2
        assert not set(tokens("advice easy driver")) & set(tokens(text(variant)))


def test_a_language_without_word_lists_and_an_answer_without_words_have_no_variants() -> None:
    assert changed("Das waren 4.000 Pakete, ähm, von Anna.", "de") == {}
    assert changed("", "en") == {} and variants([], [], None) == []


def test_a_written_answer_has_variants_without_times() -> None:
    typed = [WrittenWord(text=w) for w in STORY.split()]
    found = variants(typed, sentences(typed), "en")
    assert {v.kind for v in found} == {"names", "fillers", "numbers"}  # nobody mishears what is typed
    assert all(w.start_s is None and w.end_s is None for v in found for w in v.words)


@given(st.text(max_size=200), st.sampled_from(["en", "tr"]))
def test_no_text_breaks_them(said: str, language: str) -> None:
    for variant in changed(said, language).values():
        assert variant.changed_words <= len(said.split())


# --- rated ---------------------------------------------------------------------


def rate(said: str, **options: object) -> Findings:
    return language.run(context(language.Options(**options), {"transcribe": transcript(said)}))


def test_the_local_scorer_rates_every_variant() -> None:
    findings = rate(f"{STORY} {STRONG}")
    found = known(findings.sensitivity)
    assert [v.kind for v in found.variants] == ["names", "fillers", "recogniser", "numbers"]
    assert all(set(v.levels) == {r.competency for r in findings.ratings} for v in found.variants)
    assert found.low <= found.high
    assert findings == rate(f"{STORY} {STRONG}")


def test_harmless_changes_move_the_local_scorer_by_less_than_it_says_it_may_err() -> None:
    findings = rate(f"{STORY} {STRONG}")
    before = {r.competency: r for r in findings.ratings}
    for variant in known(findings.sensitivity).variants:
        for competency, level in variant.levels.items():
            rating = before[competency]
            if level is not None and rating.level is not None:
                assert abs(level - rating.level) <= known(rating.uncertainty), variant


def test_nothing_to_rate_is_not_changed_either() -> None:
    assert rate("I fixed it.").sensitivity is None


OTHERS = ("teamwork", "ownership", "learning")
NOTHING_ELSE: dict[str, tuple[int | None, list[str]]] = {name: (None, []) for name in OTHERS}
LEVEL_3 = says(ratings(problem_solving=(3, ["installed the driver again"]), **NOTHING_ELSE))
LEVEL_5 = says(ratings(problem_solving=(5, ["installed the driver again"]), **NOTHING_ELSE))


def asked(server: ChatServer, said: str = f"Um, in 2019 Mary helped. {PLAIN}", **more: object) -> Findings:
    settings = {"retries": 0, **more}
    return rate(
        said,
        endpoint=Endpoint(base_url=server.base_url, model=server.model, api_key=SecretStr("k"), **settings),
    )


def test_the_same_model_rates_the_variants_and_their_tokens_count() -> None:
    with ChatServer(LEVEL_3) as server:
        findings = asked(server)
    assert len(server.requests) == 5
    assert known(findings.usage).requests == 5
    assert len({str(r.body["messages"]) for r in server.requests}) == 5
    assert findings.sensitivity is not None
    assert findings.sensitivity.badge == "steady"
    assert (findings.sensitivity.low, findings.sensitivity.high) == (50, 50)


def test_a_model_that_changes_its_mind_is_unsteady() -> None:
    with ChatServer(LEVEL_3, LEVEL_5) as server:
        findings = asked(server)
    assert findings.ratings[0].level == 3
    assert findings.sensitivity is not None
    assert findings.sensitivity.badge == "unsteady"
    assert (findings.sensitivity.low, findings.sensitivity.high) == (50, 100)


def test_a_model_that_fails_on_the_variants_costs_the_rating_nothing() -> None:
    with ChatServer(LEVEL_3, fails(500)) as server:
        findings = asked(server)
    assert findings.rater.startswith("llm:") and findings.ratings[0].level == 3
    assert findings.sensitivity is None
    failed = [note.values["variant"] for note in findings.notes if note.code == Code.VARIANT_NOT_RATED]
    assert "names" in failed


def test_switched_off_a_model_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    with ChatServer(LEVEL_3) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.base_url)
        monkeypatch.setenv("MULAKAT_LLM_SENSITIVITY", "false")
        off = known(Endpoint.from_environment(server.model))
        findings = rate(PLAIN, endpoint=off)
    assert len(server.requests) == 1
    assert findings.sensitivity is None and findings.ratings[0].level == 3
    assert off.model_dump() != off.model_copy(update={"sensitivity": True}).model_dump()
