"""Voice: known tones, levels, pauses and noise are measured as they are; real voices make sense."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from analyzers.signals import vad
from analyzers.signals.intervals import inside
from analyzers.signals.spread import spread
from analyzers.speech import Options as SpeechOptions
from analyzers.speech import Recognizer
from analyzers.voice import Options, VoiceAnalyzer, loudness, pitch, rhythm, syllables
from analyzers.voice.pitch import PitchTracker, Pyin, SwiftF0
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.provenance import provenance
from mulakat.schema.ranges import total_s
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.speech import FilledPause, Segment, Transcript, Word
from mulakat.schema.voice import VoiceTrack
from tests.support import sounds
from tests.support.known import known
from tests.support.recordings import not_shipped
from tests.support.sounds import RATE_HZ, noise, silence, tone

pytestmark = pytest.mark.models
Heard = tuple[np.ndarray, Transcript, VoiceTrack]
PYIN = pytest.mark.long  # numba compiles it anew in each process


@pytest.fixture(scope="module")
def sentence(answer: np.ndarray) -> np.ndarray:
    """One spoken sentence without a pause, cut close: "In my last job I looked after the software …"."""
    stretch = vad.speech(answer)[0]
    return answer[round(stretch.start_s * RATE_HZ) : round(stretch.end_s * RATE_HZ)]


def spans(*pairs: tuple[float, float]) -> list[TimeRange]:
    return [TimeRange(start_s=start, end_s=end) for start, end in pairs]


def said(text: str, start_s: float, end_s: float, language: str = "en") -> Transcript:
    """A transcript whose words share the time evenly."""
    parts = text.split()
    edges = np.linspace(start_s, end_s, len(parts) + 1)
    words = [
        Word(text=part, start_s=float(a), end_s=float(b), probability=0.9)
        for part, a, b in zip(parts, edges, edges[1:], strict=False)
    ]
    return Transcript(
        language=language if words else None,
        language_probability=None,
        text=text,
        segments=[Segment(text=text, start_s=start_s, end_s=end_s)] if words else [],
        words=words,
        speech_s=end_s - start_s,
        provenance=provenance("analyzers.speech", "1", SpeechOptions()),
    )


# --- pitch -------------------------------------------------------------------


@pytest.mark.parametrize("tracker", [SwiftF0, pytest.param(Pyin, marks=PYIN)])
@pytest.mark.parametrize("f0_hz", [80.0, 120.0, 220.0, 400.0])
def test_the_pitch_of_a_known_tone_is_found(tracker: type[PitchTracker], f0_hz: float) -> None:
    found = tracker().track(tone(2.0, f0_hz, 0.2, harmonics=8) + noise(2.0, 0.0005), spans((0, 2)), 60, 500)
    assert np.count_nonzero(found.voiced) > 100
    assert pitch.semitones(f0_hz, float(np.nanmedian(found.f0_hz))) == pytest.approx(0, abs=0.2)


def test_noise_and_silence_have_no_pitch() -> None:
    tracker = SwiftF0()
    for sound in (noise(2.0, 0.1), silence(2.0)):
        assert np.mean(tracker.track(sound, spans((0, 2)), 60, 500).voiced) < 0.02


def test_tracking_only_the_speech_finds_what_tracking_everything_finds(answer: np.ndarray) -> None:
    audio, speech = answer, vad.speech(answer)
    tracker = SwiftF0()
    part, whole = (tracker.track(audio, each, 60, 500) for each in (speech, spans((0, audio.size / RATE_HZ))))
    looked = inside(whole.t_s, speech)
    assert not part.voiced[~looked].any()
    assert np.count_nonzero(part.voiced[looked] != whole.voiced[looked]) <= 2
    both = looked & part.voiced & whole.voiced
    assert part.f0_hz[both] == pytest.approx(whole.f0_hz[both], rel=1e-3)


def test_a_second_pass_in_the_speakers_band_would_find_the_same(answer: np.ndarray) -> None:
    audio, tracker, speech = answer, SwiftF0(), vad.speech(answer)
    first = tracker.track(audio, speech, 60, 500)
    band = pitch.speaker_band(first.f0_hz[first.voiced], 60, 500)
    masked, again = first.within(*band), tracker.track(audio, speech, *band)
    assert np.count_nonzero(masked.voiced != again.voiced) <= 2
    both = masked.voiced & again.voiced
    assert np.median(np.abs(1200 * np.log2(masked.f0_hz[both] / again.f0_hz[both]))) < 1


def test_semitones_and_spread() -> None:
    assert pitch.semitones(100, 200) == pytest.approx(12)
    found = spread(np.arange(1, 102, dtype=float))
    assert found == {"p05": 6, "median": 51, "p95": 96}


def test_the_speakers_band_leaves_octave_errors_out() -> None:
    low, high = pitch.speaker_band(np.array([100.0, 200, 205, 210, 215, 220]), 60, 500)
    assert 100 < low < 160
    assert high == 500


# --- level -------------------------------------------------------------------


def test_the_level_of_a_known_tone() -> None:
    sound = np.concatenate([silence(1.0), tone(2.0, 200, 0.5), silence(1.0)])
    assert loudness.loudness_db(sound, spans((1.0, 3.0))) == pytest.approx(20 * np.log10(0.5) - 3.01, abs=0.05)
    assert loudness.loudness_db(sound / 10, spans((1.0, 3.0))) == pytest.approx(-29.03, abs=0.05)


def test_sound_is_brought_to_one_level() -> None:
    loud = np.concatenate([silence(5.0), tone(2.0, 200, 0.9)])
    (a, gain_a), (b, gain_b) = loudness.leveled(loud), loudness.leveled(loud / 64)
    assert a == pytest.approx(b, rel=1e-6)
    assert gain_b - gain_a == pytest.approx(20 * np.log10(64))
    assert np.sqrt(np.mean(a[5 * RATE_HZ :] ** 2)) == pytest.approx(10 ** (loudness.NOMINAL_DBFS / 20), rel=0.01)
    quiet, gain = loudness.leveled(silence(1.0))
    assert not quiet.any() and gain == 0


@pytest.mark.long
def test_the_contour_is_librosas() -> None:
    import librosa

    sound = np.concatenate([noise(0.7, 0.1), silence(0.2), tone(0.33, 150, 0.5)])
    theirs = librosa.feature.rms(y=sound, frame_length=2 * loudness.HOP, hop_length=loudness.HOP)[0]
    ours = 10 ** (loudness.contour_db(sound) / 20)
    assert ours == pytest.approx(theirs, rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("true_db", [5.0, 10.0, 20.0, 40.0])
def test_the_ratio_of_a_known_mixture(true_db: float) -> None:
    spoken = tone(4.0, 200, 0.3)
    hiss = noise(10.0, float(np.sqrt(np.mean(spoken**2))) / 10 ** (true_db / 20))
    sound = hiss + np.concatenate([silence(3.0), spoken, silence(3.0)])
    speech = spans((3.0, 7.0))
    assert loudness.snr_db(loudness.contour_db(sound), speech, speech, 0.3) == pytest.approx(true_db, abs=0.5)


def test_padding_with_digital_silence_is_not_a_quiet_room() -> None:
    spoken, speech = tone(4.0, 200, 0.3), spans((3.0, 7.0))
    hiss = noise(10.0, 0.01)
    hiss[: 2 * RATE_HZ] = 0  # as when the sound starts later than the picture
    sound = hiss + np.concatenate([silence(3.0), spoken, silence(3.0)])
    assert loudness.snr_db(loudness.contour_db(sound), speech, speech, 0.3) == pytest.approx(26.5, abs=0.5)


@pytest.mark.parametrize(
    ("sound", "speech", "why"),
    [
        (
            np.concatenate([silence(2.0), tone(2.0, 200, 0.3), silence(2.0)]),
            spans((2.0, 4.0)),
            Reason.of(Code.DIGITAL_SILENCE),
        ),
        (tone(4.0, 200, 0.3), spans((0.0, 4.0)), Reason.of(Code.TOO_LITTLE_NOISE, needed_s=0.3)),
        (np.concatenate([noise(4.0, 0.1), noise(2.0, 0.05)]), spans((4.5, 6.0)), Reason.of(Code.SPEECH_NOT_LOUDER)),
    ],
    ids=["muted", "no gap", "only noise"],
)
def test_a_ratio_that_cannot_be_told_says_why(sound: np.ndarray, speech: list[TimeRange], why: Reason) -> None:
    assert loudness.snr_db(loudness.contour_db(sound), speech, speech, 0.3) == why


@pytest.fixture(scope="module")
def plain(answer: np.ndarray) -> VoiceTrack:
    return heard_in(answer)


def heard_in(audio: np.ndarray, muted: Sequence[TimeRange] = ()) -> VoiceTrack:
    words = said("word " * 50, 0.3, audio.size / RATE_HZ - 0.3)
    return VoiceAnalyzer(Options()).analyze(audio.astype(np.float32), words, muted=muted)


@pytest.mark.parametrize("disturbance", ["offset", "rumble", "hum 50", "hum 60"])
def test_what_nobody_hears_changes_no_measure(answer: np.ndarray, plain: VoiceTrack, disturbance: str) -> None:
    """A constant offset of a cheap sound card, steps on a floor, the fundamental of the mains."""
    added = {
        "offset": np.full(answer.size, 0.05),
        "rumble": tone(answer.size / RATE_HZ, 15, 0.05)[: answer.size],
        "hum 50": tone(answer.size / RATE_HZ, 50, 0.003)[: answer.size],
        "hum 60": tone(answer.size / RATE_HZ, 60, 0.001)[: answer.size],
    }[disturbance]
    found = heard_in(answer + added)
    assert known(found.snr_db) == pytest.approx(known(plain.snr_db), abs=1.5)
    assert known(found.loudness_dbfs) == pytest.approx(known(plain.loudness_dbfs), abs=0.2)
    assert known(found.pause_ratio) == pytest.approx(known(plain.pause_ratio), abs=0.01)
    assert known(found.f0_hz).median == pytest.approx(known(plain.f0_hz).median, rel=0.01)


def test_a_mute_is_no_pause_and_no_noise_floor(answer: np.ndarray, plain: VoiceTrack) -> None:
    """Between two sentences, where the answer pauses anyway."""
    pause = max(plain.pauses, key=lambda each: each.end_s - each.start_s)
    at = round((pause.start_s + pause.end_s) / 2 * RATE_HZ)
    audio = np.concatenate([answer[:at], silence(6.0), answer[at:]])
    mute = TimeRange(start_s=at / RATE_HZ, end_s=at / RATE_HZ + 6)
    found = heard_in(audio, [mute])
    assert not any(each.start_s < mute.end_s and each.end_s > mute.start_s for each in found.pauses)
    assert abs(len(found.pauses) - (len(plain.pauses) - 1)) <= 2  # voice activity is heard a little otherwise
    assert known(found.snr_db) == pytest.approx(known(plain.snr_db), abs=0.5)
    assert known(found.loudness_dbfs) == pytest.approx(known(plain.loudness_dbfs), abs=0.1)
    assert known(found.pause_ratio) < known(plain.pause_ratio)
    assert known(found.speech_rate_wpm) == pytest.approx(known(plain.speech_rate_wpm), rel=0.03)


# --- rhythm ------------------------------------------------------------------


def test_pauses_are_gaps_from_a_quarter_second_on() -> None:
    speech = spans((0, 1), (1.2, 2), (2.25, 3), (4.5, 5))
    found = rhythm.pauses(speech, [], 0.25)
    assert [(pause.start_s, pause.end_s, pause.place) for pause in found] == [(2, 2.25, None), (3, 4.5, None)]
    assert total_s(speech) == pytest.approx(3.05)


@pytest.mark.parametrize("gap_s", [0.35, 0.5, 1.0, 2.0])
@pytest.mark.parametrize("noise_rms", [0.0005, 0.005])
def test_silence_between_sentences_is_found_to_a_tenth_of_a_second(
    sentence: np.ndarray, gap_s: float, noise_rms: float
) -> None:
    sound = np.concatenate([silence(0.5), sentence, silence(gap_s), sentence, silence(0.5)])
    sound += noise(sound.size / RATE_HZ, noise_rms)
    pauses = rhythm.pauses(vad.speech(sound), [], 0.25)
    assert len(pauses) == 1
    assert pauses[0].end_s - pauses[0].start_s == pytest.approx(gap_s, abs=0.1)
    assert pauses[0].start_s == pytest.approx(0.5 + sentence.size / RATE_HZ, abs=0.1)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("tr", {"müşteri": 3, "İstanbul'da": 4, "saat": 2, "IŞIK": 2, "hâlâ": 2, "değerlendirilmeyeceklermiş": 10}),
        ("en", {"parcel": 2, "warehouse": 2, "looked": 1, "December": 3, "people": 2, "idea": 3, "self-care": 2}),
        ("de", {"Fachwerkbauten": 4, "über": 2, "Häuser": 2}),
        ("es", {"distancia": 3, "montaña": 3}),
        ("ru", {"должен": 2, "место": 2}),
        ("zh", {"脚": 1, "自己": 2}),
        ("ko", {"안녕하세요": 5}),
    ],
)
def test_syllables_in_spelling(language: str, words: dict[str, int]) -> None:
    found = {word: syllables.in_word(word, language) for word in words}
    close = sum(
        abs((count or 0) - words[word]) <= (1 if language in ("en", "es") else 0) for word, count in found.items()
    )
    assert close == len(words), found


@pytest.mark.parametrize(("word", "language"), [("4.000", "tr"), ("B2B", "en"), ("hmm", "tr"), ("ありがとう", "ja")])
def test_spelling_that_does_not_show_syllables_counts_none(word: str, language: str) -> None:
    assert syllables.in_word(word, language) is None


def test_numbers_are_left_out_with_their_time() -> None:
    count, other_s = rhythm.written_syllables(said("I found 4000 parcels", 0.0, 4.0).spoken, "en")
    assert count == 1 + 1 + 2
    assert other_s == pytest.approx(1.0)


def test_nuclei_are_counted_in_the_sound() -> None:
    swell = tone(0.15, 150, 0.3, harmonics=8) * np.hanning(round(0.15 * RATE_HZ)).astype(np.float32)
    pulse = np.concatenate([swell, silence(0.1)])
    sound = np.concatenate([silence(0.5), *[pulse] * 8, silence(0.5)])
    level_db = loudness.contour_db(sound)
    times_s = np.arange(level_db.size) * loudness.FRAME_S
    voiced = (times_s > 0.5) & (times_s < 2.5)
    found = syllables.nuclei(level_db, voiced)
    assert times_s[found] == pytest.approx(0.575 + 0.25 * np.arange(8), abs=0.02)
    assert syllables.nuclei(level_db, np.zeros(level_db.size, dtype=bool)) == []


# --- the whole ---------------------------------------------------------------


@pytest.fixture(scope="module")
def voice(analyzer: VoiceAnalyzer, answer: np.ndarray, transcript: Transcript) -> Heard:
    """The long sample answer, its transcript and its voice."""
    return answer, transcript, analyzer.analyze(answer, transcript)


def test_the_sample_voice_makes_sense(voice: Heard) -> None:
    _, transcript, track = voice
    f0_hz, range_semitones = known(track.f0_hz), known(track.pitch_range_semitones)
    assert 150 < f0_hz.median < 250
    assert 60 <= f0_hz.p05 < f0_hz.median < f0_hz.p95 <= 500
    assert range_semitones == pytest.approx(pitch.semitones(f0_hz.p05, f0_hz.p95), abs=0.01)
    minutes = (transcript.spoken[-1].end_s - transcript.spoken[0].start_s) / 60
    assert track.speech_rate_wpm == pytest.approx(len(transcript.words) / minutes, rel=0.02)
    assert 3.5 < known(track.articulation_rate_sps) < 6.5
    assert 0.15 < known(track.pause_ratio) < 0.45
    assert -40 < known(track.loudness_dbfs) < -10
    assert known(track.snr_db) > 30
    assert track.reasons == {}
    assert track.fillers_per_min == 0
    assert 2 < known(track.pitch_variation_semitones) < range_semitones / 2
    assert 0.4 < known(track.voiced_ratio) < 0.9
    assert 5 < known(track.loudness_range_db) < 35
    assert 0.005 < known(track.jitter_ratio) < 0.03
    assert 0.03 < known(track.shimmer_ratio) < 0.15
    assert 30 < known(track.syllable_npvi) < 80
    assert all(pause.end_s - pause.start_s >= 0.25 for pause in track.pauses)


def test_the_track_is_a_table_over_the_whole_recording(voice: Heard) -> None:
    audio, _, found = voice
    t_s, f0_hz, loudness = list(map(known, found.track["t_s"])), found.track["f0_hz"], found.track["loudness_db"]
    assert len(t_s) == len(f0_hz) == len(loudness)
    assert np.diff(t_s) == pytest.approx(0.05)
    assert t_s[0] == 0
    assert t_s[-1] == pytest.approx(audio.size / RATE_HZ, abs=0.05)
    voiced = [value for value in f0_hz if value is not None]
    assert 0.2 < len(voiced) / len(f0_hz) < 0.8
    assert np.median(voiced) == pytest.approx(known(found.f0_hz).median, rel=0.05)
    longest = max(found.pauses, key=lambda pause: pause.end_s - pause.start_s)
    middle = round((longest.start_s + longest.end_s) / 2 / 0.05)
    assert f0_hz[middle] is None
    middle_db = loudness[middle]
    assert middle_db is None or middle_db < -15
    spoken = [known(level) for level, f0 in zip(loudness, f0_hz, strict=True) if f0 is not None]
    assert np.median(spoken) == pytest.approx(0, abs=1)  # 0 is this speaker's usual loudness


def test_the_same_sound_gives_the_same_result(voice: Heard) -> None:
    audio, transcript, found = voice
    with VoiceAnalyzer(Options()) as fresh:
        assert fresh.analyze(audio, transcript).model_dump_json() == found.model_dump_json()


@pytest.mark.parametrize("gain_db", [-12.0, 12.0])
def test_the_microphones_gain_changes_nothing_but_the_level(
    analyzer: VoiceAnalyzer, voice: Heard, gain_db: float
) -> None:
    """To the precision shown: a sum may round the other way."""
    audio, transcript, found = voice
    audio = audio / 4  # room for the louder one
    usual, other = (analyzer.analyze(x.astype(np.float32), transcript) for x in (audio, audio * 10 ** (gain_db / 20)))
    assert known(other.loudness_dbfs) - known(usual.loudness_dbfs) == pytest.approx(gain_db, abs=0.01)
    before, after = (each.model_dump(exclude={"loudness_dbfs", "track"}) for each in (usual, other))
    assert alike(before, after, rel=0.002, absolute=0.001)
    assert usual.reasons == found.reasons
    assert usual.track["t_s"] == other.track["t_s"]
    for name, last_digit in (("f0_hz", 0.1), ("loudness_db", 0.1)):
        a, b = (np.array(each.track[name], dtype=float) for each in (usual, other))  # None becomes NaN
        assert np.count_nonzero(np.isnan(a) != np.isnan(b)) <= 2
        assert np.nanmax(np.abs(a - b)) < 1.5 * last_digit


def alike(one: object, other: object, rel: float, absolute: float) -> bool:
    """Whether two documents are the same but for what their numbers are allowed to differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key], rel, absolute) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(alike(a, b, rel, absolute) for a, b in zip(one, other, strict=True))
    return one == (pytest.approx(other, rel=rel, abs=absolute) if isinstance(other, float) else other)


def test_fillers_are_those_written_and_those_only_heard(analyzer: VoiceAnalyzer, sentence: np.ndarray) -> None:
    answer = np.tile(sentence, 4)
    duration_s = answer.size / RATE_HZ
    words = said("um in my last job uh I looked after the software", 0.0, duration_s)
    heard = [
        FilledPause(start_s=0.0, end_s=0.3, written=True),
        FilledPause(start_s=1.0, end_s=1.4, written=False),
        FilledPause(start_s=duration_s + 5, end_s=duration_s + 6, written=False),  # somebody else, later
    ]
    found = analyzer.analyze(answer, words.model_copy(update={"filled_pauses": heard}))
    assert found.fillers_per_min == pytest.approx(3 / duration_s * 60, rel=0.1)
    other = analyzer.analyze(answer, words.model_copy(update={"language": "de"}))
    assert other.fillers_per_min is None
    assert other.reasons["fillers_per_min"] == Reason.of(Code.NO_FILLER_LIST, language="de")
    short = analyzer.analyze(sentence, said("um in my last job I", 0.0, sentence.size / RATE_HZ))
    assert short.fillers_per_min is None and short.long_pauses_per_min is None
    assert short.reasons["fillers_per_min"].code == Code.TOO_SHORT_TO_COUNT


def test_what_too_little_speech_cannot_tell_is_none_with_a_reason(
    analyzer: VoiceAnalyzer, sentence: np.ndarray
) -> None:
    found = analyzer.analyze(sentence[: round(0.6 * RATE_HZ)], said("In", 0.1, 0.5))
    unknown = {name for name, value in found if value is None}
    assert {"speech_rate_wpm", "articulation_rate_sps", "f0_hz", "pitch_range_semitones", "snr_db"} <= unknown
    assert unknown == set(found.reasons)


def test_a_language_without_spaces_has_no_words_per_minute(analyzer: VoiceAnalyzer, sentence: np.ndarray) -> None:
    found = analyzer.analyze(sentence, said("あり がと う ござ い ます", 0.0, sentence.size / RATE_HZ, "ja"))
    assert found.speech_rate_wpm is None
    assert found.reasons["speech_rate_wpm"] == Reason.of(Code.UNSPACED_LANGUAGE, language="ja")
    assert 2 < known(found.articulation_rate_sps) < 7  # counted in the sound: the sentence has about 4 a second


@pytest.mark.parametrize("sound", [silence(3.0), noise(3.0, 0.1)], ids=["silence", "noise"])
def test_nobody_speaking_is_not_measurable(analyzer: VoiceAnalyzer, sound: np.ndarray) -> None:
    with pytest.raises(NotMeasurable, match="no_words"):
        analyzer.analyze(sound, said("", 0, 0))
    with pytest.raises(NotMeasurable, match="no_voice"):
        analyzer.analyze(sound, said("thank you very much", 0.5, 2.0))


@pytest.mark.parametrize("options", [{"min_f0_hz": 300, "max_f0_hz": 400}, {"min_pause_s": 0}, {"track_rate_hz": 0}])
def test_bad_options_are_refused_when_built(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**options)


@pytest.mark.long
def test_the_stage_runs_in_the_pipeline(samples: Path, tmp_path: Path) -> None:
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"))
    run = Run(request, Workspace(tmp_path, LocalFile(samples / "introduction.mp4")), MemoryStore())
    for stage in ("fetch_media", "extract_audio", "transcribe", "analyse_voice"):
        outcome = run.stage(stage)
    assert isinstance(outcome.result, VoiceTrack)
    assert 170 < known(outcome.result.f0_hz).median < 230  # a woman of the GRID corpus
    assert set(outcome.result.provenance.models) == {"swift-f0", "silero-vad"}


@pytest.mark.parametrize(
    ("file", "low_hz", "high_hz"),
    [
        pytest.param("grid_bbaf2n.mpg", 85, 155, marks=pytest.mark.long),
        ("grid_sbia1a.mpg", 85, 155),
        *not_shipped(
            ("video/retalking_1_interview_answer.mp4", 80, 155),
            ("video/retalking_4.mp4", 165, 255),
            ("speech/tr_poliglot.mp3", 165, 260),
        ),
    ],
)
def test_men_and_women_have_the_pitch_they_should(
    analyzer: VoiceAnalyzer,
    recognizer: Recognizer,
    recording: Callable[[str], Path],
    file: str,
    low_hz: float,
    high_hz: float,
) -> None:
    audio = sounds.decoded(recording(file))
    found = analyzer.analyze(audio, recognizer.transcribe(audio))
    assert low_hz < known(found.f0_hz).median < high_hz
    if found.articulation_rate_sps is None:  # on some processors no word of grid_bbaf2n is believed
        assert "articulation_rate_sps" in found.reasons
    else:
        assert 2.5 < found.articulation_rate_sps < 7.5
