"""Voice measures against known sounds, known noise and Praat, and the reasons where one cannot be trusted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.signals.intervals import inside
from analyzers.voice import Options, VoiceAnalyzer, jitter_shimmer, loudness, pitch, rhythm
from analyzers.voice.jitter_shimmer import cycles
from analyzers.voice.pitch import Pitch, PitchTracker, Pyin, SwiftF0
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.provenance import provenance
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript, Word
from mulakat.schema.voice import Pause
from tests.support import sounds
from tests.support.known import known
from tests.support.parameters import shortened
from tests.support.recordings import not_shipped
from tests.support.sounds import RATE_HZ, noise, pink_noise

pytestmark = pytest.mark.models

FRAME_S = loudness.FRAME_S


def words(*texts: str, step_s: float = 1.0) -> list[Word]:
    """One word per step, each 0.8 of it long."""
    return [
        Word(text=text, start_s=index * step_s, end_s=(index + 0.8) * step_s, probability=1)
        for index, text in enumerate(texts)
    ]


def transcript(audio: np.ndarray, language: str = "en") -> Transcript:
    """Two words a second all over the recording."""
    spoken = words(*["word"] * round(2 * audio.size / RATE_HZ), step_s=0.5)
    return Transcript(
        language=language,
        language_probability=None,
        text="",
        segments=[],
        words=spoken,
        speech_s=0,
        provenance=provenance("test", "1", Options()),
    )


def number(value: float | Reason) -> float:
    """What was measured; a test fails here when there is only a reason."""
    assert not isinstance(value, Reason)
    return value


def pulses(periods_s: np.ndarray, strengths: np.ndarray) -> tuple[np.ndarray, Pitch]:
    """A vowel of known periods and strengths, and its mean pitch."""
    fine = 8 * RATE_HZ
    marks = 0.1 + np.cumsum(periods_s)
    source = np.zeros(round((marks[-1] + 0.1) * fine))
    source[np.rint(marks * fine).astype(int)] = strengths
    spectrum, hz = np.fft.rfft(source), np.fft.rfftfreq(source.size, 1 / fine)
    for formant_hz, width_hz in ((700, 150), (1200, 150)):
        pole = -np.pi * width_hz + 2j * np.pi * formant_hz
        spectrum *= abs(pole) ** 2 / ((2j * np.pi * hz - pole) * (2j * np.pi * hz - np.conj(pole)))
    sound = np.fft.irfft(spectrum * (hz < 7500))[::8]
    t_s = np.arange(sound.size // loudness.HOP) * FRAME_S
    inside = (t_s > marks[2]) & (t_s < marks[-3])
    f0_hz = np.where(inside, 1 / np.mean(periods_s), np.nan)
    return (0.1 * sound / np.sqrt(np.mean(sound**2))).astype(np.float32), Pitch(t_s, f0_hz)


# --- cycles ------------------------------------------------------------------


@pytest.mark.parametrize("f0_hz", [90.0, 150.0, 260.0])
def test_an_even_voice_has_next_to_no_jitter_and_shimmer(f0_hz: float) -> None:
    found = cycles(*pulses(np.full(200, 1 / f0_hz), np.ones(200)))
    assert jitter_shimmer.count(found) > 180
    assert number(jitter_shimmer.jitter(found)) < 0.003
    assert number(jitter_shimmer.shimmer(found)) < 0.01


@pytest.mark.parametrize("amount", [0.005, 0.01, 0.03])
def test_known_jitter_is_found(amount: float) -> None:
    periods_s = (1 + amount * np.random.default_rng(2).standard_normal(300)) / 130
    true = np.mean(np.abs(np.diff(periods_s))) / np.mean(periods_s)
    assert jitter_shimmer.jitter(cycles(*pulses(periods_s, np.ones(300)))) == pytest.approx(true, rel=0.15, abs=0.001)


def test_more_unequal_cycles_have_more_shimmer() -> None:
    rng = np.random.default_rng(3)
    found = [
        number(jitter_shimmer.shimmer(cycles(*pulses(np.full(300, 1 / 130), 1 + amount * rng.standard_normal(300)))))
        for amount in (0.02, 0.05, 0.1)
    ]
    assert found == sorted(found)
    assert 0.005 < found[0] < 0.03 < found[2] < 0.12


def test_without_voiced_sound_there_are_no_cycles() -> None:
    t_s = np.arange(60) * FRAME_S
    found = cycles(noise(1.0, 0.1), Pitch(t_s, np.full(60, np.nan)))
    assert found == []
    assert jitter_shimmer.count(found) == 0


def test_only_the_longest_stretches_are_walked(monkeypatch: pytest.MonkeyPatch) -> None:
    audio, true = pulses(np.full(1000, 1 / 130), np.ones(1000))
    everything = jitter_shimmer.count(cycles(audio, true))
    monkeypatch.setattr(jitter_shimmer, "MAX_VOICED_S", 2.0)
    broken = np.where(np.arange(true.t_s.size) % 100 == 50, np.nan, true.f0_hz)
    assert jitter_shimmer.count(cycles(audio, Pitch(true.t_s, broken))) < everything / 2


# --- pauses and rhythm -------------------------------------------------------


def test_pauses_lie_where_the_punctuation_says() -> None:
    spoken = words("First,", "we", "looked.", "Then", "we", "left")
    speech = [TimeRange(start_s=index, end_s=index + 0.6) for index in range(6)]
    found = [pause.place for pause in rhythm.pauses(speech, spoken, 0.25)]
    assert found == ["between_clauses", "inside", "between_sentences", "inside", "inside"]
    bare = words("first", "we", "looked", "then", "we", "left")
    assert {pause.place for pause in rhythm.pauses(speech, bare, 0.25)} == {None}


@pytest.mark.parametrize("text", ["bitti.", "bitti…", 'bitti."', "说完。", "¿verdad?", "ठीक।"])
def test_a_sentence_ends_in_any_script(text: str) -> None:
    speech = [TimeRange(start_s=0, end_s=0.8), TimeRange(start_s=1.5, end_s=2)]
    assert rhythm.pauses(speech, words(text, "x", step_s=1.2), 0.25)[0].place == "between_sentences"


def test_npvi_of_known_lengths() -> None:
    assert rhythm.npvi([np.full(10, 0.2)]) == 0
    assert rhythm.npvi([np.array([0.1, 0.3, 0.1, 0.3])]) == pytest.approx(100)
    assert rhythm.npvi([np.array([0.1, 0.3]), np.array([0.2, 0.2])]) == pytest.approx(50)


def test_lengths_do_not_span_pauses() -> None:
    lengths = rhythm.syllable_lengths_s([0.1, 0.3, 0.5, 1.5, 1.8], [Pause(start_s=0.6, end_s=1.4)])
    assert [each.round(3).tolist() for each in lengths] == [[0.2, 0.2], [0.3]]


# --- trust -------------------------------------------------------------------


@pytest.mark.parametrize("true_db", shortened([5, 10, 20, 30], 1))
@pytest.mark.parametrize("kind", [noise, pink_noise])
def test_noise_of_known_level_in_real_speech_is_told(
    analyzer: VoiceAnalyzer, answer: np.ndarray, true_db: float, kind: Callable[[float, float], np.ndarray]
) -> None:
    clean = analyzer.hear(answer, transcript(answer))
    rms = 10 ** ((loudness.loudness_db(clean.audio, clean.speech) - true_db) / 20)
    added = kind(clean.audio.size / RATE_HZ, rms)[: clean.audio.size]
    added *= rms / np.sqrt(np.mean(loudness.audible(added) ** 2))  # what lies below every voice is no noise
    noisy = np.pad(added, (0, clean.audio.size - added.size)) + clean.audio
    found = analyzer.analyze(noisy.astype(np.float32), transcript(answer))
    assert found.snr_db == pytest.approx(true_db, abs=2)
    refused = {name for name, reason in found.reasons.items() if reason.code == Code.TOO_NOISY}
    if true_db <= 10:
        assert refused == {"jitter_ratio", "shimmer_ratio", "loudness_range_db"}
    if true_db == 30:
        assert not refused


def test_clipped_sound_has_neither_shimmer_nor_loudness_range(analyzer: VoiceAnalyzer, answer: np.ndarray) -> None:
    found = analyzer.analyze(answer, transcript(answer), 0.02)
    assert found.shimmer_ratio is None
    assert found.loudness_range_db is None
    assert found.jitter_ratio is not None
    assert found.reasons["shimmer_ratio"] == Reason.of(Code.CLIPPED, share=0.02, most=0.001)


def test_a_few_syllables_have_no_rhythm_and_a_few_cycles_no_jitter(analyzer: VoiceAnalyzer, answer: np.ndarray) -> None:
    found = analyzer.analyze(answer[: 2 * RATE_HZ], transcript(answer[: 2 * RATE_HZ]))
    assert found.syllable_npvi is None
    assert found.reasons["syllable_npvi"].code == Code.TOO_FEW_SYLLABLES
    assert {name for name, value in found if value is None} == set(found.reasons)


def test_pauses_without_punctuation_have_no_place(analyzer: VoiceAnalyzer, answer: np.ndarray) -> None:
    found = analyzer.analyze(answer, transcript(answer))
    assert found.pauses
    assert found.pauses_inside_ratio is None
    assert found.reasons["pauses_inside_ratio"] == Reason.of(Code.NO_PUNCTUATION)


@pytest.mark.long  # numba compiles pYIN anew in each process
def test_the_pitch_tracker_can_be_librosas(answer: np.ndarray) -> None:
    with VoiceAnalyzer(Options(tracker="pyin")) as slow, VoiceAnalyzer(Options()) as fast:
        part = answer[: 8 * RATE_HZ]
        theirs, ours = (each.analyze(part, transcript(part)) for each in (slow, fast))
    assert known(theirs.f0_hz).median == pytest.approx(known(ours.f0_hz).median, rel=0.05)
    assert "librosa" in theirs.provenance.libraries
    assert set(theirs.provenance.models) == {"silero-vad"}


def test_the_default_tracker_needs_neither_librosa_nor_numba(samples: Path) -> None:
    """Their import would be most of the stage's time."""
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        f"sys.path += [{str(samples.parent)!r}, {str(samples.parent / 'tests')!r}]\n"
        "from analyzers.voice import Options, VoiceAnalyzer\n"
        "from mulakat.schema.provenance import provenance\n"
        "from mulakat.schema.speech import Transcript, Word\n"
        "from support import sounds\n"
        f"audio = sounds.decoded(Path({str(samples / 'introduction.mp4')!r}))\n"
        "words = [Word(text='a', start_s=i / 2, end_s=i / 2 + .4, probability=1) for i in range(6)]\n"
        "said = Transcript(language='fr', language_probability=None, text='', segments=[], words=words, speech_s=1,\n"
        "                  provenance=provenance('t', '1', Options()))\n"
        "with VoiceAnalyzer(Options()) as analyzer: assert analyzer.analyze(audio, said).f0_hz is not None\n"
        "print(sorted({'librosa', 'numba', 'scipy'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=samples.parent)
    assert done.stdout.strip() == "[]", done.stderr


# --- Praat -------------------------------------------------------------------


@pytest.fixture(scope="module")
def praat() -> Any:
    import parselmouth

    return parselmouth


def compared(
    praat: Any, audio: np.ndarray, speech: list[TimeRange], tracker: PitchTracker
) -> tuple[float, float, float]:
    """Gross errors, median deviation in cents and voicing errors to Praat, within the speech."""
    found = tracker.track(audio, speech, 60, 500)
    low_hz, high_hz = pitch.speaker_band(found.f0_hz[found.voiced], 60, 500)
    found = found.within(low_hz, high_hz)
    sound = praat.Sound(audio.astype(np.float64), RATE_HZ)
    reference = sound.to_pitch_ac(pitch_floor=low_hz, pitch_ceiling=high_hz)
    looked = inside(found.t_s, speech)
    theirs = np.array([reference.get_value_at_time(float(t_s)) for t_s in found.t_s[looked]])
    ours = found.f0_hz[looked]
    both = np.isfinite(ours) & np.isfinite(theirs)
    cents = np.abs(1200 * np.log2(ours[both] / theirs[both]))
    gross = np.abs(ours[both] / theirs[both] - 1) > 0.2
    return float(gross.mean()), float(np.median(cents)), float(np.mean(np.isfinite(ours) != np.isfinite(theirs)))


@pytest.mark.reference
def test_pitch_in_the_samples_is_praats(praat: Any, analyzer: VoiceAnalyzer, answer: np.ndarray) -> None:
    heard = analyzer.hear(answer, transcript(answer))
    gross, cents, voicing = compared(praat, heard.audio, heard.speech, SwiftF0())
    assert gross < 0.01
    assert cents < 12
    assert voicing < 0.15


@pytest.mark.reference
@pytest.mark.parametrize(
    "file",
    [
        "learner.flac",
        "jfk.flac",
        *not_shipped(
            "speech/de_wavify.wav",
            "speech/tr_poliglot.mp3",
            "emotion/ravdess_03-01-03-02-01-01-03.wav",
            "video/retalking_4.mp4",
        ),
    ],
)
def test_pitch_in_real_recordings_is_praats(
    praat: Any, analyzer: VoiceAnalyzer, recording: Callable[[str], Path], file: str
) -> None:
    audio = sounds.decoded(recording(file))
    heard = analyzer.hear(audio, transcript(audio))
    gross, cents, voicing = compared(praat, heard.audio, heard.speech, SwiftF0())
    theirs = compared(praat, heard.audio, heard.speech, Pyin())
    assert gross <= max(0.02, theirs[0])
    assert cents < 15
    assert voicing < theirs[2]


@pytest.mark.reference
@pytest.mark.parametrize("file", ["learner.flac", *not_shipped("speech/es_mx_questions.wav", "speech/de_wavify.wav")])
def test_jitter_and_shimmer_of_running_speech_are_near_praats(
    praat: Any, analyzer: VoiceAnalyzer, recording: Callable[[str], Path], file: str
) -> None:
    from parselmouth.praat import call

    audio = sounds.decoded(recording(file))
    heard = analyzer.hear(audio, transcript(audio))
    found = cycles(heard.audio, heard.pitch)
    sound = praat.Sound(heard.audio.astype(np.float64), RATE_HZ)
    points = call([sound, sound.to_pitch_cc(pitch_floor=60, pitch_ceiling=500)], "To PointProcess (cc)")
    jitter = call(points, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)
    shimmer = call([sound, points], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6)
    assert jitter_shimmer.jitter(found) == pytest.approx(jitter, rel=0.3)
    assert jitter_shimmer.shimmer(found) == pytest.approx(shimmer, rel=0.25)


@pytest.mark.reference
@pytest.mark.parametrize("amount", [0.0, 0.005, 0.01])
def test_jitter_and_shimmer_of_a_vowel_are_praats(praat: Any, amount: float) -> None:
    from parselmouth.praat import call

    rng = np.random.default_rng(4)
    periods_s = (1 + amount * rng.standard_normal(300)) / 120
    audio, true = pulses(periods_s, 1 + 2 * amount * rng.standard_normal(300))
    found = cycles(audio, true)
    sound = praat.Sound(audio.astype(np.float64), RATE_HZ)
    points = call([sound, sound.to_pitch_cc(pitch_floor=60, pitch_ceiling=500)], "To PointProcess (cc)")
    jitter = call(points, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)
    shimmer = call([sound, points], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6)
    assert jitter_shimmer.jitter(found) == pytest.approx(jitter, abs=0.001)
    assert jitter_shimmer.shimmer(found) == pytest.approx(shimmer, abs=0.002)
