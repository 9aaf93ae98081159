"""Reasons said as each language says them, and nothing in two languages that should be in one."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest
import yaml

from analyzers import language
from mulakat import report, scoring
from mulakat.presentation.catalog import languages
from mulakat.report.texts import Texts
from mulakat.rubrics.packs import load
from mulakat.schema.rubric import Rubric
from mulakat.scoring import quality
from support.language_samples import PLAIN, STRONG, context, transcript
from support.report_samples import made, texts

FOLDER = Path(report.__file__).parent
REASONS = yaml.safe_load((FOLDER / "reasons.yaml").read_text(encoding="utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("entry", REASONS["reasons"], ids=lambda entry: entry["is"][:40])
def test_every_reason_is_said_in_every_language(entry: dict[str, str]) -> None:
    assert set(entry) == {"is", *languages()}
    for code in languages():
        assert placeholders(entry[code]) <= placeholders(entry["is"])


def test_every_term_is_said_in_every_language() -> None:
    for term, said in REASONS["terms"].items():
        assert set(said) == set(languages()), term


@pytest.mark.parametrize(
    ("reason", "turkish"),
    [
        (
            "5 words to rate, policy multimodal needs 20",
            "değerlendirilecek yalnızca 5 sözcük var; en az 20 gerekir",
        ),
        ("no video stream", "kayıtta görüntü yok"),
        (
            "left out: visual: face visible 0% of the time, policy p needs 50%; weights became language 78%, voice 22%",
            "dışarıda kaldı: görüntü: yüzün görünür olduğu süre payı %0; %50 gerekir; "
            "ağırlıklar şöyle oldu: söylenenler %78, konuşma sesi %22",
        ),
        (
            "policy p needs 50% of the weight scored; language: no rating; voice: 1.6 s of speech, policy p needs 5 s",
            "puanlanabilen pay çok az: p politikası ağırlığın şu payını ister: %50; "
            "söylenenler: değerlendirme yok; konuşma sesi: yalnızca 1,6 sn konuşma var; 5 sn gerekir",
        ),
        ("a1: no rating; a2: no video stream", "a1: değerlendirme yok; a2: kayıtta görüntü yok"),
        (
            "pace: 5.2 syllables/s; reference 3.8–7.9 (A. et al. 2019)",
            "konuşma hızı: 5,2 hece/sn; 3,8 ile 7,9 arasında tam puan (A. et al. 2019)",
        ),
        ("cannot read '/srv/a.mp4': no such file", None),
        ("a2: cannot read '/srv/a.mp4'", None),
        ("/srv/a.mp4: no video stream", None),
        ("5 words to rate; <script>, policy multimodal needs 20", None),
    ],
)
def test_reasons_are_said_in_turkish_or_not_at_all(reason: str, turkish: str | None) -> None:
    assert Texts("tr").reason(reason) == turkish


def test_what_the_analyzers_say_of_a_real_answer_is_known() -> None:
    """Of language and scores; a sentence that changes there must be changed in `reasons.yaml` too."""
    for text in (STRONG, PLAIN, "Too short."):
        spoken = transcript(text)
        findings = language.run(context(language.Options(), {"transcribe": spoken}))
        results = {"transcribe": spoken, "analyse_language": findings}
        answer = scoring.run(context(scoring.Options(), results, missing={"analyse_voice": "no audio stream"}))
        said = [r.reason for r in findings.ratings] + answer.notes
        said += [c.score.reason for c in answer.components if c.score.reason] + [answer.overall.reason or "no rating"]
        for reason in said:
            assert Texts("tr").reason(reason) is not None, reason


@pytest.mark.parametrize("name", quality.LIMITS)
def test_why_an_unusable_recording_is_not_scored_is_known(name: str) -> None:
    limit = quality.LIMITS[name]
    worse = limit.unusable * (2 if limit.poor < limit.unusable or limit.unusable < 0 else 0.5)
    message = quality._check(name, limit, worse).message
    said = {code: Texts(code).reason(f"voice: {message}") for code in languages()}
    assert said["tr"] is not None and said["tr"].startswith("konuşma sesi: kayıt yeterince iyi değil (")
    assert limit.label not in said["tr"]
    assert said["en"] is not None and "not good enough" in said["en"]


def test_the_turkish_report_for_candidates_is_turkish() -> None:
    """What stays in its language: the rubric's texts, the question, the candidate's words, names of programs."""
    rubric = load(Rubric, "general-en")
    theirs = {"What happened?", *(text for c in rubric.competencies for text in (c.name, c.description))}
    english, turkish = (set(texts(made("candidate", code))) for code in ("en", "tr"))
    same = {t for t in english & turkish - theirs if re.search(r"[A-Za-z]{3}", t)}
    assert {t for t in same if t not in STRONG and "analyzers." not in t and "version" not in t} == set()


def test_both_languages_give_the_same_scores() -> None:
    def figures(code: str) -> list[str]:
        return [b.value for s in made("reviewer", code).sections for b in s.blocks if b.kind == "score"]

    assert figures("en") == figures("tr")
