"""When there is no score: every reason to abstain, through the real stages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import changed_recordings
from mulakat.pipeline.local import Analysis, analyze
from mulakat.rubrics.packs import load
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerScore, Score
from tests.support.known import known
from tests.support.language_samples import OFF_TOPIC, PLAIN, STRONG, STRONG_TR
from tests.support.reasons import inner, number

POLICY = load(Policy, "multimodal")


def analyzed(path: Path, rubric: str = "general-en", *, written: bool = False) -> Analysis:
    found = analyze(path, rubric=load(Rubric, rubric), policy=POLICY, written=written)
    assert found.error is None
    return found


def answer(path: Path, text: str, rubric: str = "general-en") -> AnswerScore:
    path.write_text(text, encoding="utf-8")
    return only(analyzed(path, rubric, written=True))


def only(found: Analysis) -> AnswerScore:
    assert found.scorecard is not None
    (score,) = found.scorecard.answers
    return score


def component(score: AnswerScore, name: str) -> Score:
    return next(c.score for c in score.components if c.name == name)


def codes(reason: Reason | None) -> set[Code]:
    """Of a reason, or of each that it is made of."""
    assert reason is not None
    return {each.code for each in inner(reason)} if reason.code == Code.SEVERAL else {reason.code}


def test_an_answer_with_enough_to_rate_is_scored(tmp_path: Path) -> None:
    score = answer(tmp_path / "answer.txt", STRONG)
    assert component(score, "language").value is not None
    assert score.overall.value is not None and score.overall.sources


@pytest.fixture(scope="module")
def short(samples: Path) -> AnswerScore:
    return only(analyzed(samples / "introduction.mp4"))


@pytest.mark.long
def test_too_few_words(short: AnswerScore) -> None:
    language = component(short, "language")
    assert language.value is None
    assert language.reason is not None and language.reason.code == Code.TOO_FEW_WORDS
    assert number(language.reason, "words") < number(language.reason, "needed") == 20
    assert all(c.score.value is None and c.score.reason == language.reason for c in short.competencies)
    assert short.sensitivity is None


@pytest.mark.long
def test_too_little_speech(short: AnswerScore) -> None:
    voice = component(short, "voice")
    assert voice.value is None
    assert voice.reason is not None and voice.reason.code == Code.TOO_LITTLE_SPEECH
    assert number(voice.reason, "speech_s") < number(voice.reason, "needed_s") == 5


@pytest.mark.long
def test_too_little_of_the_weight_is_no_overall_score(short: AnswerScore) -> None:
    assert component(short, "visual").value is not None
    assert short.overall.value is None
    assert short.overall.reason is not None and short.overall.reason.code == Code.NEEDS_WEIGHT
    assert short.overall.reason.values["share"] == POLICY.min_scored_weight
    why = known(component(short, "language").reason)
    assert Reason.of(Code.OF_COMPONENTS, parts=["language"], why=why) in inner(short.overall.reason)


def test_the_wrong_language(tmp_path: Path) -> None:
    score = answer(tmp_path / "yanit.txt", STRONG_TR)
    told = Reason.of(Code.OTHER_LANGUAGE, found="tr", wanted="en", rubric="general-en")
    assert component(score, "language").reason == told
    assert score.overall.value is None
    assert component(answer(tmp_path / "yanit.txt", STRONG_TR, "general-tr"), "language").value is not None


def test_no_evidence(tmp_path: Path) -> None:
    score = answer(tmp_path / "answer.txt", OFF_TOPIC)
    assert component(score, "language").value is None
    assert component(score, "language").reason == Reason.of(Code.NOTHING_SAID)
    assert score.overall.value is None


def test_a_competency_without_evidence_is_left_out_and_the_others_are_scored(tmp_path: Path) -> None:
    score = answer(tmp_path / "answer.txt", PLAIN)
    unrated = [c for c in score.competencies if c.score.value is None]
    assert unrated and all(c.score.reason and not c.evidence for c in unrated)
    assert component(score, "language").value is not None
    (note,) = [note for note in score.notes if note.code == Code.LANGUAGE_LEFT_OUT]
    parts = inner(note)[0].values["parts"]
    assert isinstance(parts, list) and unrated[0].name in parts


def test_a_written_answer_has_no_voice_and_no_face_to_score(tmp_path: Path) -> None:
    score = answer(tmp_path / "answer.txt", STRONG)
    for name in ("voice", "visual"):
        assert component(score, name).value is None and component(score, name).reason


def changed(source: Path, target: Path, filters: Sequence[tuple[str, str]], monkeypatch: pytest.MonkeyPatch) -> Path:
    kinds = changed_recordings.PICTURE if target.suffix == ".mp4" else changed_recordings.SOUND
    how = (filters, {"crf": "18"}) if target.suffix == ".mp4" else (filters, "pcm_s16le", 48_000, None)
    monkeypatch.setitem(kinds, "spoiled", how)
    if target.suffix == ".mp4":
        changed_recordings.change_picture(source, target, "spoiled")
    else:
        changed_recordings.change_sound(source, target, "spoiled", 0.0)
    return target


@pytest.mark.long
def test_a_picture_too_small_to_measure(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tiny = changed(samples / "introduction.mp4", tmp_path / "tiny.mp4", [("scale", "-2:140")], monkeypatch)
    visual = component(only(analyzed(tiny)), "visual")
    assert visual.value is None
    assert visual.reason == Reason.of(Code.UNFIT_RESOLUTION, value=140, limit=160)


@pytest.mark.long
def test_sound_too_distorted_to_measure(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loud = changed(samples / "introduction.mp4", tmp_path / "loud.mov", [("volume", "40dB")], monkeypatch)
    voice = component(only(analyzed(loud)), "voice")
    assert voice.value is None
    assert Code.UNFIT_CLIPPING in codes(voice.reason)


@pytest.mark.long
def test_a_picture_too_dark_to_measure(tmp_path: Path, samples: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dark = changed(samples / "introduction.mp4", tmp_path / "dark.mp4", [("lutyuv", "y=16")], monkeypatch)
    visual = component(only(analyzed(dark)), "visual")
    assert visual.value is None
    assert Code.UNFIT_BRIGHTNESS in codes(visual.reason)


def test_silence(samples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    silent = changed(samples / "introduction.mp4", tmp_path / "silent.mov", [("volume", "0")], monkeypatch)
    score = only(analyzed(silent))
    assert score.overall.value is None
    assert all(c.score.value is None and c.score.reason for c in score.components)
