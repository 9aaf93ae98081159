"""What a candidate is told, and what not."""

from __future__ import annotations

from typing import Any

import pytest

from mulakat import report
from mulakat.presentation.reasons import say
from mulakat.rubrics.packs import load
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Missing, QualityCheck
from tests.support.known import known
from tests.support.language_samples import STRONG
from tests.support.report_samples import SECRET, card_and_details, made, texts

LANGUAGES = report.languages()
CONTACT = "privacy@example.org"


def said(language: str = "en", **more: Any) -> str:
    return "\n".join(texts(made("candidate", language, **more)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_internal_and_nobody_else(language: str) -> None:
    card, details = card_and_details()
    content = made("candidate", language, link=lambda answer, t: "http://10.0.0.7:8501/")
    text, reviewer = "\n".join(texts(content)), "\n".join(texts(made("reviewer", language)))
    # Where the recording lies, another voice in it, notes for the reviewer, the whole transcript, digests, addresses.
    for internal in (SECRET, "another voice", known(details.media).sha256[:16], known(details.transcript).text):
        assert internal not in text
    assert SECRET in reviewer
    assert "10.0.0.7" not in content.model_dump_json()
    assert not [b for s in content.sections for b in s.blocks if b.kind in ("passage", "lanes")]
    flags = {"en": "Another voice speaks", "tr": "Başka bir ses konuşuyor"}
    assert flags[language] in reviewer and flags[language] not in text
    for note in [*card.notes, *card.answers[0].notes]:
        for audience in report.AUDIENCES:
            assert say(note, language, audience) not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_scores_their_intervals_and_the_words_they_rest_on(language: str) -> None:
    card, _ = card_and_details()
    text = said(language)
    assert f"{card.overall.low:.0f}–{card.overall.high:.0f}" in text
    for c in card.competencies:
        assert c.name in text
        for evidence in c.evidence:
            assert known(evidence.quote) in text
        if c.score.value is not None:
            assert f"{c.score.value:.0f}" in text and f"{c.score.low:.0f}–{c.score.high:.0f}" in text
    for competency in load(Rubric, "general-en").competencies:
        assert competency.description in text


def test_the_same_scores_as_the_reviewer_sees() -> None:
    def rows(audience: report.Audience) -> dict[str, tuple[str, str | None]]:
        blocks = [b for s in made(audience).sections for b in s.blocks if b.kind == "score"]
        return {b.label: (b.value, b.interval) for b in blocks}

    candidate, reviewer = rows("candidate"), rows("reviewer")
    assert candidate and candidate.items() <= reviewer.items()


def test_weights_as_they_really_counted() -> None:
    card, details = card_and_details()
    weights = load(Policy, "multimodal").weights
    text = said()
    assert f"100% of your score; {weights['language']:.0%} was planned" in text
    assert f"{weights['voice']:.0%} planned, but no score" in text
    assert "words for facial expressions" in text and "not analysed" in text
    # Nothing has a share of a score that there is not.
    none = card.overall.model_copy(
        update={"value": None, "low": None, "high": None, "reason": Reason.of(Code.NO_ANSWER_SCORED)}
    )
    without = report.build(card.model_copy(update={"overall": none}), details=[details], audience="candidate")
    assert "of your score" not in "\n".join(texts(without))


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_not_scored_and_why_in_words_that_are_known(language: str) -> None:
    text = said(language)
    expected = {
        "en": ["Voice", "the recording has no sound", "the recording has no picture", "This answer could not be read"],
        "tr": ["Konuşma sesi", "kayıtta ses yok", "kayıtta görüntü yok", "Bu yanıt okunamadı"],
    }
    for words in expected[language]:
        assert words in text


def test_messages_of_the_machine_are_not_told() -> None:
    card, details = card_and_details()
    inner = Reason.of(Code.TROUBLE, message="model 'x' at http://10.0.0.7 answered 500")
    voice = [
        c.model_copy(update={"score": c.score.model_copy(update={"reason": inner})}) if c.name == "voice" else c
        for c in card.components
    ]
    lost = [Missing(answer_id="a1", stage="analyse_voice", reason=inner)]
    changed = card.model_copy(update={"components": voice, "missing": lost})
    text = "\n".join(texts(report.build(changed, details=[details], audience="candidate")))
    assert "10.0.0.7" not in text
    assert "the fault lies with the program, not with your answer" in text


@pytest.mark.parametrize(
    ("language", "contest", "erase", "person"),
    [("en", "You can contest", "are erased", "A person reads"), ("tr", "itiraz edebilir", "silinmesini", "bir insan")],
)
def test_how_to_contest_and_to_have_it_erased(language: str, contest: str, erase: str, person: str) -> None:
    text = said(language, contact=CONTACT)
    for words in (contest, erase, person, CONTACT, "i1"):
        assert words in text
    assert CONTACT not in said(language)


def test_poor_quality_is_named_without_blame() -> None:
    card, details = card_and_details()
    dark = QualityCheck(
        name="brightness",
        value=30,
        unit="of 255",
        poor=50,
        unusable=25,
        status="poor",
        affects=["visual"],
    )
    answer = card.answers[0].model_copy(update={"quality": [dark]})
    changed = card.model_copy(update={"answers": [answer]})
    candidate = "\n".join(texts(report.build(changed, details=[details], audience="candidate")))
    assert "Brightness\nThe technical quality of the recording made the result less certain:" in candidate
    turkish = "\n".join(texts(report.build(changed, details=[details], language="tr")))
    assert "Parlaklık: 255 üzerinden 30. Zayıf, 255 üzerinden 50 altında" in turkish


def test_the_language_models_words_are_told_as_they_are() -> None:
    card, details = card_and_details(STRONG)
    said_so = Reason.of(Code.RATER_SAYS, text="Names a cause and <b>checks</b> it.")
    rated = [c.model_copy(update={"rationale": [said_so]}) for c in card.competencies]
    changed = card.model_copy(update={"competencies": rated})
    text = "\n".join(texts(report.build(changed, details=[details], audience="candidate", language="tr")))
    assert "Names a cause and <b>checks</b> it." in text
