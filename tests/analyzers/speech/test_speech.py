"""Speech recognition on real recordings and on sounds without speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import accumulate, combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from analyzers import diarization
from analyzers.speech import Options, Recognizer, hallucinations
from analyzers.speech.engine import DecodedSegment, RecognizedWord, sentences
from analyzers.speech.filled_pauses import filled_pauses, held
from analyzers.speech.windows import FULLEST_S, Window, packed
from analyzers.text import filler_words
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.runtime import models
from mulakat.schema.base import TimeRange
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.speech import Transcript, Word
from support import sounds
from support.recordings import not_shipped

pytestmark = pytest.mark.models


def check_invariants(transcript: Transcript, samples: int) -> None:
    duration_s = samples / sounds.RATE_HZ
    words = transcript.words
    for word in words:
        assert 0 <= word.start_s <= word.end_s <= duration_s + 0.001
        assert 0 <= word.probability <= 1
        assert word.text == word.text.strip() != ""
    for before, after in pairwise(words):
        assert before.end_s <= after.start_s
    assert "".join(transcript.text.split()) == "".join("".join(word.text for word in words).split())
    assert transcript.text == " ".join(segment.text for segment in transcript.segments)
    assert bool(words) == (transcript.language is not None) == bool(transcript.text)
    assert 0 <= transcript.speech_s <= duration_s
    if words:
        assert transcript.segments[0].start_s == words[0].start_s
        assert transcript.segments[-1].end_s == words[-1].end_s


def test_the_sample_answer_is_understood(transcript, answer, samples):
    check_invariants(transcript, answer.size)
    errors, words = sounds.word_errors((samples / "problem_solving.txt").read_text(encoding="utf-8"), transcript.text)
    assert errors / words < 0.05, transcript.text
    assert transcript.language == "en"
    assert transcript.language_probability > 0.9
    assert len(transcript.segments) > 5


def test_words_stand_where_they_are_spoken(recognizer, answer, transcript):
    """Silence put in front moves every word by as much."""
    moved = recognizer.transcribe(np.concatenate([sounds.silence(7.0), answer[: 16_000 * 12]]))
    there = [word for word in transcript.words if word.end_s < 11]
    pairs = sounds.heard_twice(there, moved.words)
    assert len(pairs) >= 0.9 * len(there) > 15
    for before, after in pairs:
        assert after.start_s - before.start_s == pytest.approx(7.0, abs=0.3)


def test_the_same_sound_gives_the_same_transcript(recognizer, answer):
    sound = answer[: 16_000 * 10]
    with Recognizer(Options()) as fresh:
        assert fresh.transcribe(sound).model_dump_json() == recognizer.transcribe(sound).model_dump_json()


def test_progress_rises_to_the_end(transcript, progress):
    assert progress == sorted(progress)
    assert len(progress) >= 5
    assert 0 < progress[0] < 0.5
    assert 0.95 < progress[-1] <= 1


@pytest.mark.parametrize(
    "sound",
    [
        sounds.silence(0.0),
        sounds.silence(0.02),
        sounds.silence(10.0),
        sounds.noise(10.0, 0.001),
        sounds.noise(10.0, 0.2),
        sounds.pink_noise(10.0, 0.2),
        sounds.tone(10.0, 440, 0.5),
        sounds.tone(10.0, 120, 0.3, harmonics=20),
        sounds.melody(),
    ],
    ids=["empty", "one frame", "silence", "hiss", "white noise", "pink noise", "tone", "buzz", "melody"],
)
def test_there_are_no_words_without_speech(recognizer, sound):
    for language in (None, "en", "tr"):
        found = recognizer.transcribe(sound, language)
        check_invariants(found, sound.size)
        assert found.words == []
        assert found.text == ""
        assert found.language is None
        assert found.language_probability is None


def test_a_decoder_that_gets_stuck_is_freed(recognizer, answer):
    """A snippet over and over makes Whisper repeat itself; what it says then must not get through."""
    loop = np.tile(answer[32_000:43_200], 28)
    found = recognizer.transcribe(loop, "en")
    check_invariants(found, loop.size)
    assert found.text.count("after the soft") < 5


@pytest.mark.parametrize(
    ("said", "stuck"),
    [
        ("no no no no", True),
        ("the same thing again, " * 12, True),
        ("no no, I said no to that", False),
        ("", False),
        ("Kids are talking by the door.", False),
    ],
)
def test_loops_are_told_from_speech(said, stuck):
    words = tuple(RecognizedWord(word, 0.0, 1.0, 0.9) for word in re.findall(r"\s*\S+", said))
    assert hallucinations.stuck([DecodedSegment(words, -0.2, 0.0)] if words else []) is stuck


@pytest.mark.parametrize(
    ("said", "language", "echo"),
    [
        ("ben, ııı, şey, bir düşüneyim", "tr", True),
        ("Umm, let me think, uh, hmm... okay", "en", True),
        ("Let me think.", "en", False),
        ("Umm, let me think about the year when it broke", "en", False),
        ("Evet, ben bir düşüneyim.", "tr", False),
    ],
)
def test_the_prompt_itself_is_not_taken_for_speech(said, language, echo):
    words = tuple(RecognizedWord(f" {word}", 0.0, 0.1, 0.9) for word in said.split())
    assert hallucinations.echoes(DecodedSegment(words, -0.2, 0.0), filler_words.PROMPTS[language]) is echo


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "words", "doubted"),
    [
        (0.1, -0.9, 2, False),  # no doubt
        (0.8, -0.6, 3, True),  # a phrase written on noise
        (0.8, -0.3, 3, False),  # written with certainty
        (0.8, -0.6, 20, False),  # at the pace of speech
        (0.8, -0.8, 20, True),
    ],
)
def test_a_window_is_doubted_unless_it_reads_like_speech(no_speech, log_probability, words, doubted):
    spoken = tuple(RecognizedWord(" word", 0.0, 0.1, 0.9) for _ in range(words))
    assert hallucinations.doubted([DecodedSegment(spoken, log_probability, no_speech)], seconds=10.0) is doubted


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "forced"), [(0.2, -0.64, False), (0.2, -0.8, True), (0.8, -0.3, True)]
)
def test_what_a_stuck_decoder_is_forced_to_write_is_seldom_believed(no_speech, log_probability, forced):
    words = tuple(RecognizedWord(" word", 0.0, 0.1, 0.9) for _ in range(20))
    assert hallucinations.forced([DecodedSegment(words, log_probability, no_speech)]) is forced


def test_a_given_language_is_taken_and_needs_no_probability(recognizer, answer):
    found = recognizer.transcribe(answer[: 16_000 * 8], "en")
    assert found.language == "en"
    assert found.language_probability is None


@pytest.mark.parametrize("language", ["english", "xx", "", "TR"])
def test_an_unknown_language_is_refused(recognizer, language):
    with pytest.raises(BadInput, match=f"language {language!r}"):
        recognizer.transcribe(sounds.silence(1.0), language)


def test_verbatim_still_understands(answer, transcript):
    sound = answer[: 16_000 * 14]
    with Recognizer(Options(verbatim=True)) as verbatim:
        found = verbatim.transcribe(sound)
    check_invariants(found, sound.size)
    plain = " ".join(word.text for word in transcript.words if word.end_s < 13)
    errors, words = sounds.word_errors(plain, " ".join(word.text for word in found.words if word.end_s < 13))
    assert errors / words < 0.1, found.text
    assert not any(filler_words.is_filler(word.text, "en") for word in found.words)


def test_the_result_says_what_produced_it(transcript):
    made_by = transcript.provenance
    assert made_by.analyzer == "analyzers.speech"
    assert made_by.options["compute_type"] != "auto"
    used = ("whisper-base", "silero-vad", *diarization.MODELS)
    assert made_by.models == {name: models.digest(name) for name in used}
    assert {"faster-whisper", "ctranslate2"} <= set(made_by.libraries)


@pytest.mark.parametrize(
    "options", [{"beam_size": 0}, {"compute_type": "int4"}, {"engine": "huge"}, {"vad_threshold": 1}, {"beam": 5}]
)
def test_bad_options_are_refused_when_built(options):
    with pytest.raises(ValidationError):
        Options(**options)


def test_the_stage_runs_in_the_pipeline(samples, tmp_path):
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"))
    run = Run(request, Workspace(tmp_path, LocalFile(samples / "introduction.mp4")), MemoryStore())
    for stage in ("fetch_media", "extract_audio", "transcribe"):
        outcome = run.stage(stage)
        assert outcome.status == "ok"
    assert isinstance(outcome.result, Transcript)
    assert outcome.result.words
    assert run.stage("transcribe").status == "reused"


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Um,", "en", True),
        ("uhh...", "en", True),
        ("Er", "en", True),
        ("Hmm.", "en", True),
        ("her", "en", False),
        ("like", "en", False),
        ("um", "de", False),
        ("Eee,", "tr", True),
        ("Iıı", "tr", True),
        ("IIII", "tr", True),
        ("ııı...", "tr", True),
        ("Hmm", "tr", True),
        ("e", "tr", False),
        ("şey", "tr", False),
        ("ev", "tr", False),
    ],
)
def test_fillers_are_told_from_words(word, language, expected):
    assert filler_words.is_filler(word, language) is expected


# --- known recordings --------------------------------------------------------

JFK = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
GRID = "set blue in A one again"


@pytest.mark.parametrize(
    ("file", "language", "text"),
    [
        ("jfk.flac", "en", JFK),
        ("weather.flac", "en", "What's the weather like?"),
        ("libri_2830.wav", "en", "Experience proves this."),
        ("emodb_03a01Nc.flac", "de", "Der Lappen liegt auf dem Eisschrank."),
        ("grid_sbia1a.mpg", "en", GRID),
        *not_shipped(
            ("speech/tr_poliglot.mp3", "tr", "Benim için hiç fark etmez."),
            ("emotion/ravdess_03-01-05-02-01-01-05.wav", "en", "Kids are talking by the door."),
            ("nasty/loud_pink_noise.mp4", "en", GRID),
            ("nasty/mjpeg_pcm8k.avi", "en", GRID),
        ),
    ],
)
def test_known_sentences_are_recognised(recognizer, recording: Callable[[str], Path], file, language, text):
    """But for a word: which one of two that sound alike is written hangs on the last bits of sums."""
    sound = sounds.decoded(recording(file))
    found = recognizer.transcribe(sound)
    check_invariants(found, sound.size)
    errors, words = sounds.word_errors(text, found.text)
    assert errors <= max(1, 0.1 * words), found.text
    assert found.language == language


def test_a_sentence_is_understood_in_noise_and_by_telephone(recognizer, data: Path):
    sound = sounds.decoded(data / "grid_sbia1a.mpg")
    level = float(np.sqrt(np.mean(sound**2)))
    noisy = sound + sounds.pink_noise(sound.size / sounds.RATE_HZ + 1, level / 3)[: sound.size]
    for changed in (noisy, sounds.telephone(sound)):
        errors, _ = sounds.word_errors(GRID, recognizer.transcribe(changed).text)
        assert errors <= 1


@pytest.mark.parametrize(
    "file",
    [
        "nasty/digital_silence.mp4",
        "nasty/short_0.3s.mp4",
        "video/gaze_center.mp4",
        "video/gaze_center_left_center.mp4",
        "video/liveportrait_d18_silent.mp4",
        "video/liveportrait_d9_expressions.mp4",
        "video/pyfeat_side_light_silent.mp4",
    ],
)
def test_recordings_without_speech_have_no_words(recognizer, development_media: Path, file):
    assert recognizer.transcribe(sounds.decoded(development_media / file)).text == ""


def test_each_language_is_written_in_its_own_words(recognizer, data: Path):
    """An English sentence between Spanish ones is neither lost nor translated."""
    found = recognizer.transcribe(sounds.decoded(data / "es_en_switch.flac"))
    assert found.language == "es"
    english = [segment for segment in found.segments if segment.language == "en"]
    assert "She looked at the key" in " ".join(segment.text for segment in english)
    assert "Una de las cosas" in found.text
    assert all(7.0 < segment.start_s < 12.0 for segment in english)


def test_the_end_of_a_window_is_not_left_out(recognizer, development_media: Path):
    """Whisper stops after "the value of" here; the rest of the sentence is decoded again."""
    found = recognizer.transcribe(sounds.decoded(development_media / "video/retalking_4.mp4"))
    assert found.text.endswith("central bank money.")


# --- openai-whisper ----------------------------------------------------------


@pytest.fixture(scope="module")
def openai(tmp_path_factory) -> Iterator[Recognizer]:
    """The other engine, on weights rebuilt from the CTranslate2 file."""
    import openai_weights
    from analyzers.speech.openai_whisper import OpenaiWhisper

    checkpoint = tmp_path_factory.mktemp("openai") / "base.pt"
    openai_weights.rebuild(models.locate("whisper-base") / "model.bin", checkpoint)
    with Recognizer(Options(engine="openai_whisper"), OpenaiWhisper(checkpoint)) as loaded:
        yield loaded


@pytest.mark.reference
def test_both_engines_hear_the_same(openai, answer):
    """The same network in the same precision: next to the same words, times and language."""
    sound = answer[: 16_000 * 15]
    with Recognizer(Options(compute_type="float32")) as precise:
        expected = precise.transcribe(sound)
    found = openai.transcribe(sound)
    check_invariants(found, sound.size)
    pairs = sounds.heard_twice(expected.words, found.words)
    assert len(pairs) >= 0.95 * len(expected.words) > 25
    assert found.language_probability == pytest.approx(expected.language_probability, abs=0.01)
    for one, other in pairs:
        assert one.start_s == pytest.approx(other.start_s, abs=0.1)
    assert np.median([abs(one.probability - other.probability) for one, other in pairs]) < 0.05
    assert found.provenance.options["engine"] == "openai_whisper"
    assert {"openai-whisper", "torch"} <= set(found.provenance.libraries)


@pytest.mark.reference
def test_the_other_engine_is_freed_from_loops_too(openai, answer):
    loop = np.tile(answer[32_000:43_200], 8)
    found = openai.transcribe(loop, "en")
    check_invariants(found, loop.size)
    assert found.text.count("after the soft") < 5


@pytest.mark.reference
def test_the_other_engine_writes_nothing_without_speech(openai):
    for sound in (sounds.silence(3.0), sounds.pink_noise(3.0, 0.2), sounds.melody()):
        assert openai.transcribe(sound).words == []


# --- windows, sentences, filled pauses ---------------------------------------


def test_windows_hold_all_speech_once_and_none_is_too_long():
    speech = [
        TimeRange(start_s=1.0, end_s=9.0),
        TimeRange(start_s=9.3, end_s=12.0),
        TimeRange(start_s=14.0, end_s=17.0),
        TimeRange(start_s=17.2, end_s=60.0),
    ]
    audio = sounds.noise(61.0, 0.01)
    windows = packed(speech, audio)
    assert all(window.seconds <= FULLEST_S for window in windows)
    inside = np.zeros(audio.size, dtype=int)
    for window in windows:
        for first, last in window.parts:
            inside[first:last] += 1
    assert inside.max() == 1
    for stretch in speech:
        assert inside[round(stretch.start_s * 16_000) : round(stretch.end_s * 16_000)].all()


@pytest.mark.parametrize("seed", range(20))
def test_windows_are_as_few_as_can_be_and_no_other_cuts_have_longer_pauses(seed):
    random = np.random.default_rng(seed)
    edges_s = np.cumsum(random.uniform(0.5, (2.0, 8.0), (10, 2)))
    speech = [TimeRange(start_s=start, end_s=end) for start, end in zip(edges_s[::2], edges_s[1::2], strict=True)]
    windows = packed(speech, sounds.silence(float(edges_s[-1]) + 1.0))
    parts = [part for window in windows for part in window.parts]
    pauses_s = edges_s[2::2] - edges_s[1:-1:2]

    def worth(cuts: tuple[int, ...]) -> tuple[int, float]:
        return -len(cuts), sum(pauses_s[cut - 1] for cut in cuts)

    def fits(cuts: tuple[int, ...]) -> bool:
        return all(Window(tuple(parts[a:b])).seconds <= FULLEST_S for a, b in pairwise((0, *cuts, len(parts))))

    chosen = tuple(accumulate(len(window.parts) for window in windows))[:-1]
    others = (cuts for count in range(len(parts)) for cuts in combinations(range(1, len(parts)), count))
    assert worth(chosen) == pytest.approx(max(worth(cuts) for cuts in others if fits(cuts)), abs=1e-3)


def test_times_in_a_window_are_those_of_the_recording():
    speech = [TimeRange(start_s=2.0, end_s=3.0), TimeRange(start_s=8.0, end_s=9.0)]
    (window,) = packed(speech, sounds.noise(10.0, 0.01))
    assert window.placed(0.5, 0.9) == pytest.approx((2.1, 2.5))
    assert window.placed(2.3, 2.7) == pytest.approx((8.1, 8.5))
    (part,) = window.between(1.9, window.seconds).parts
    assert part == pytest.approx((round(7.7 * 16_000), round(9.4 * 16_000)), abs=2)
    assert window.between(0.0, window.seconds) == window


def test_sentences_are_split_where_two_times_meet():
    begin = 100
    found = sentences([begin, 1, 2, begin + 50, begin + 60, 3, begin + 100], begin, 5.0)
    assert [(s["start"], s["end"], s["tokens"]) for s in found] == [(0.0, 1.0, [1, 2]), (1.2, 2.0, [3])]
    assert sentences([4, 5], begin, 3.0)[0]["end"] == 3.0
    assert sentences([begin, begin + 10], begin, 3.0) == []


def test_a_held_voice_is_found_where_no_word_needs_it():
    """A vowel-like tone with formants, held between two noises."""
    voice = sounds.tone(0.5, 120.0, 0.3, harmonics=20)
    sound = np.concatenate([sounds.noise(1.0, 0.1), voice, sounds.noise(1.0, 0.1, seed=1)])
    (found,) = held(sound)
    assert found.start_s == pytest.approx(1.0, abs=0.06)
    assert found.end_s == pytest.approx(1.5, abs=0.06)
    speech = [TimeRange(start_s=0.0, end_s=2.5)]
    before = Word(text="well,", start_s=0.2, end_s=0.9, probability=0.9)
    um = Word(text="Um,", start_s=1.0, end_s=1.5, probability=0.9)
    through = Word(text="straightforward", start_s=0.9, end_s=1.6, probability=0.9)
    assert [pause.written for pause in filled_pauses(sound, [(before, "en")], speech)] == [False]
    assert [pause.written for pause in filled_pauses(sound, [(before, "en"), (um, "en")], speech)] == [True]
    assert filled_pauses(sound, [(through, "en")], speech) == []
    assert filled_pauses(sound, [(before, "en")], []) == []


def test_fluent_reading_has_no_filled_pauses(transcript):
    assert transcript.filled_pauses == []


@pytest.mark.parametrize("sound", [sounds.silence(2.0), sounds.silence(0.01), sounds.noise(2.0, 0.1)])
def test_no_voice_is_held_in_silence_and_noise(sound):
    assert held(sound) == []
