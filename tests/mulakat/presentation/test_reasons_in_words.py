"""Every reason is said in every language to every audience, and candidates are told nothing private."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mulakat.presentation import catalog, check
from mulakat.presentation.reasons import Audience, say
from mulakat.schema.codes import Code, TextKind
from mulakat.schema.reasons import Reason

LANGUAGES = catalog.languages()


def test_the_catalogs_are_complete_and_hold_nothing_else() -> None:
    assert check.problems() == []


@pytest.fixture
def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The English reasons, to be changed, as the only catalog."""
    folder = tmp_path / "en"
    folder.mkdir()
    for path in catalog.CATALOGS.joinpath("en").iterdir():
        if path.name.startswith("reasons."):
            (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    for module in (catalog, check):
        monkeypatch.setattr(module, "CATALOGS", tmp_path)
    catalog.bundle.cache_clear()
    catalog.languages.cache_clear()
    yield folder
    monkeypatch.undo()
    catalog.bundle.cache_clear()
    catalog.languages.cache_clear()


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("reviewer", "reason-reviewer-no_words =", "no-words =", "'reason-reviewer-no_words' is missing"),
        ("reviewer", "reason-reviewer-no_words =", "no-words =", "'no-words' belongs to no reason"),
        ("candidate", "was only { $words } word to", "were { $needed } to", "reason-candidate-too_few_words"),
        ("candidate", "the file is empty", "the file is empty: { $message }", "reason-candidate-recording_empty"),
        ("words", "reason-word-story-action =", "reason-word-story-deed =", "'reason-word-story-action' is missing"),
    ],
)
def test_a_gap_is_found(changed: Path, file: str, old: str, new: str, problem: str) -> None:
    path = changed / f"reasons.{file}.ftl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert any(problem in found for found in check.problems())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [code for code in Code if any(kind.private for kind in code.kinds.values())])
def test_a_candidate_is_told_nothing_private(language: str, code: Code) -> None:
    """Not even where a reason holds others: what stands in private texts and thresholds shows nowhere."""
    for reason in check.samples(code):
        values = dict(reason.values)
        for name, kind in code.kinds.items():
            if kind.private and isinstance(kind, TextKind):
                values[name] = ["SECRET"] if kind.many else "SECRET"
        secret = reason.model_copy(update={"values": values})
        nested = Reason.of(Code.OF_COMPONENTS, parts=["voice"], why=secret)
        assert "SECRET" not in say(secret, language, "candidate") + say(nested, language, "candidate")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [code for code in Code if code.kinds])
def test_a_reviewer_is_told_all_texts(language: str, code: Code) -> None:
    for name, kind in code.kinds.items():
        if isinstance(kind, TextKind):
            reason = check.samples(code)[0]
            values = {**reason.values, name: ["OUTSIDE"] if kind.many else "OUTSIDE"}
            assert "OUTSIDE" in say(reason.model_copy(update={"values": values}), language)


FEW_TR = "değerlendirilecek yalnızca 5 sözcük var; multimodal politikasına göre en az 20 gerekir"
FEW = Reason.of(Code.TOO_FEW_WORDS, words=5, needed=20, policy="multimodal")
VISIBLE = Reason.of(Code.FACE_SELDOM_VISIBLE, share=0, needed=0.5, policy="p")
SHARES = [Reason.of(Code.COMPONENT_SHARE, part=p, share=s) for p, s in (("language", 0.784), ("voice", 0.216))]
NO_BAND = "there is no reference for this language (zz-??)"
CLIPPED = Reason.of(Code.CLIPPED, share=0.0213, most=0.001)
TELLS = Reason.of(Code.TELLS, parts=["situation", "action", "result"])
PACE = Reason.of(Code.PACE, sps=5.24, low=3.8, high=7.9, source="A. et al. 2019")


@pytest.mark.parametrize(
    ("reason", "language", "audience", "said"),
    [
        (FEW, "en", "reviewer", "only 5 words to rate; policy multimodal needs 20"),
        (FEW, "en", "candidate", "there were only 5 words to rate; more are needed"),
        (FEW, "tr", "reviewer", FEW_TR),
        (FEW, "tr", "candidate", "değerlendirilecek yalnızca 5 sözcük vardı; daha fazlası gerekir"),
        (
            Reason.of(Code.LEFT_OUT, why=Reason.of(Code.OF_COMPONENTS, parts=["visual"], why=VISIBLE), shares=SHARES),
            "tr",
            "reviewer",
            "dışarıda kaldı: görüntü: yüzün görünür olduğu süre payı %0; p politikasına göre %50 gerekir; "
            "ağırlıklar şöyle oldu: söylenenler %78, konuşma sesi %22",
        ),
        (PACE, "en", "reviewer", "pace: 5.2 syllables per second; full score from 3.8 to 7.9 (A. et al. 2019)"),
        (PACE, "en", "candidate", "pace: 5.2 syllables per second"),
        (PACE, "tr", "reviewer", "konuşma hızı: 5,2 hece/sn; 3,8 ile 7,9 arasında tam puan (A. et al. 2019)"),
        (TELLS, "en", "candidate", "tells a situation, an action, and a result"),
        (TELLS, "tr", "reviewer", "anlatılan: bir durum, bir eylem ve bir sonuç"),
        (Reason.of(Code.NO_BAND, language="fi"), "tr", "reviewer", "bu dil (Fince) için başvuru değeri yok"),
        (Reason.of(Code.NO_BAND, language="zz-??"), "en", "reviewer", NO_BAND),
        (CLIPPED, "en", "reviewer", "2.13% of the sound is clipped; at most 0.1% may be"),
    ],
)
def test_reasons_in_words(reason: Reason, language: str, audience: Audience, said: str) -> None:
    assert say(reason, language, audience) == said


def test_text_from_outside_stands_as_it_is() -> None:
    hostile = "{ $needed } <b> { reason-reviewer-no_sound } { -term }"
    assert hostile in say(Reason.of(Code.UNEXPECTED, message=hostile), "en")


def test_what_is_the_same_is_said_once() -> None:
    whys = [Reason.of(Code.MACHINE_LACKS, message="a"), Reason.of(Code.UNEXPECTED, message="b")]
    both = Reason.of(Code.SEVERAL, why=whys)
    assert say(both, "en", "candidate") == "the fault lies with the program, not with your answer"
