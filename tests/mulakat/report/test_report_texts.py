"""The report's catalogues: complete in each language, and numbers and reasons said as the language says them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from string import Formatter

import pytest
import yaml

from analyzers import language
from mulakat import report, scoring
from mulakat.report.texts import Texts, languages
from mulakat.rubrics.packs import load
from mulakat.schema.rubric import Rubric
from mulakat.scoring import quality
from support.language_samples import PLAIN, STRONG, context, transcript
from support.report_samples import made, texts

FOLDER = Path(report.__file__).parent
REASONS = yaml.safe_load((FOLDER / "reasons.yaml").read_text(encoding="utf-8"))


def catalog(code: str) -> dict[str, str]:
    return yaml.safe_load((FOLDER / f"texts.{code}.yaml").read_text(encoding="utf-8"))


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def test_every_language_has_every_text_with_the_same_placeholders() -> None:
    assert languages() == ["en", "tr"]
    english, turkish = catalog("en"), catalog("tr")
    assert list(english) == list(turkish)
    for key, text in english.items():
        assert placeholders(text) == placeholders(turkish[key]), key
        assert text.strip() and turkish[key].strip()


def test_every_text_is_used_and_every_text_asked_for_is_there() -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in FOLDER.glob("*.py"))
    literal = set(re.findall(r"""["']([a-z_]+(?:\.[a-z_]+)*)["']""", sources))
    # f"flag.{kind}" and t.name("stage", …): any key below the prefix.
    families = set(re.findall(r"""f["']([a-z_.]+)\.\{""", sources)) | set(re.findall(r'name\("(\w+)"', sources))
    families |= set(re.findall(r"""name\('(\w+)'""", sources))
    keys = set(catalog("en"))
    unused = {k for k in keys if k not in literal and not any(k.startswith(f"{f}.") for f in families)}
    assert unused == set()
    asked = set(re.findall(r'\bt\(\s*"([a-z_]+(?:\.[a-z_]+)*)"', sources))
    assert asked and asked <= keys


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


def test_numbers_are_written_as_the_language_writes_them() -> None:
    english, turkish = Texts("en"), Texts("tr")
    assert (english.number(1234.5, 1), turkish.number(1234.5, 1)) == ("1,234.5", "1.234,5")
    assert (english.percent(0.784), turkish.percent(0.784)) == ("78%", "%78")
    assert (english.percent(0.0123, 1), turkish.percent(0.0123, 1)) == ("1.2%", "%1,2")
    assert (english.short(0.0123456), turkish.short(1234.56)) == ("0.012", "1.230")
    day = datetime(2026, 3, 9, tzinfo=UTC)
    assert (english.date(day), turkish.date(day)) == ("March 9, 2026", "9 Mart 2026")
    assert (english.language_name("tr"), turkish.language_name("en")) == ("Turkish", "İngilizce")
    assert turkish.language_name("zz-??") == "zz-??"
    assert (english.money(0.0123, "USD"), turkish.money(0.0123, None)) == ("0.0123 USD", "0,0123")


def test_both_languages_give_the_same_scores() -> None:
    def figures(code: str) -> list[str]:
        return [b.value for s in made("reviewer", code).sections for b in s.blocks if b.kind == "score"]

    assert figures("en") == figures("tr")
