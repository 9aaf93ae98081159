"""Speech recognition on real recordings and on sounds without speech."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from analyzers import diarization
from analyzers.signals import vad
from analyzers.speech import Options, Recognizer, hallucinations
from analyzers.speech.engine import DecodedSegment, RecognizedWord
from analyzers.text import filler_words
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.runtime import models
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.speech import Transcript
from tests.support import sounds
from tests.support.known import known
from tests.support.parameters import shortened
from tests.support.recordings import not_shipped

pytestmark = pytest.mark.models


def check_invariants(transcript: Transcript, samples: int) -> None:
    duration_s = samples / sounds.RATE_HZ
    words = transcript.spoken
    assert words == transcript.words
    for word in words:
        assert 0 <= word.start_s <= word.end_s <= duration_s + 0.001
        assert 0 <= word.probability <= 1
        assert word.text == word.text.strip() != ""
    for before, after in pairwise(words):
        assert before.end_s <= after.start_s
    assert "".join(transcript.text.split()) == "".join("".join(word.text for word in words).split())
    assert transcript.text == " ".join(segment.text for segment in transcript.segments)
    assert bool(words) == (transcript.language is not None) == bool(transcript.text)
    assert 0 <= known(transcript.speech_s) <= duration_s
    if words:
        assert transcript.segments[0].start_s == words[0].start_s
        assert transcript.segments[-1].end_s == words[-1].end_s


def test_the_sample_answer_is_understood(transcript: Transcript, answer: np.ndarray, samples: Path) -> None:
    check_invariants(transcript, answer.size)
    errors, words = sounds.word_errors((samples / "problem_solving.txt").read_text(encoding="utf-8"), transcript.text)
    assert errors / words < 0.05, transcript.text
    assert transcript.language == "en"
    assert known(transcript.language_probability) > 0.9
    assert len(transcript.segments) > 5


def test_words_stand_where_they_are_spoken(recognizer: Recognizer, answer: np.ndarray, transcript: Transcript) -> None:
    """Silence put in front moves every word by as much."""
    moved = recognizer.transcribe(np.concatenate([sounds.silence(7.0), answer[: 16_000 * 12]]))
    there = [word for word in transcript.spoken if word.end_s < 11]
    pairs = sounds.heard_twice(there, moved.spoken)
    assert len(pairs) >= 0.9 * len(there) > 15
    for before, after in pairs:
        assert after.start_s - before.start_s == pytest.approx(7.0, abs=0.3)


@pytest.mark.long
def test_the_same_sound_gives_the_same_transcript(recognizer: Recognizer, answer: np.ndarray) -> None:
    sound = answer[: 16_000 * 10]
    with Recognizer(Options()) as fresh:
        assert fresh.transcribe(sound).model_dump_json() == recognizer.transcribe(sound).model_dump_json()


def test_progress_rises_to_the_end(transcript: Transcript, progress: list[float]) -> None:
    assert progress == sorted(progress)
    assert len(progress) >= 5
    assert 0 < progress[0] < 0.5
    assert 0.95 < progress[-1] <= 1


@pytest.mark.parametrize(
    "sound",
    shortened(
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
        5,
    ),
    ids=["empty", "one frame", "silence", "hiss", "white noise", "pink noise", "tone", "buzz", "melody"],
)
def test_there_are_no_words_without_speech(recognizer: Recognizer, sound: np.ndarray) -> None:
    for language in (None, "en", "tr"):
        found = recognizer.transcribe(sound, language)
        check_invariants(found, sound.size)
        assert found.words == []
        assert found.text == ""
        assert found.language is None
        assert found.language_probability is None


@pytest.mark.long
def test_a_decoder_that_gets_stuck_is_freed(recognizer: Recognizer, answer: np.ndarray) -> None:
    """A snippet over and over makes Whisper repeat itself; what it says then must not get through."""
    loop = np.tile(answer[32_000:43_200], 28)
    found = recognizer.transcribe(loop, "en")
    check_invariants(found, loop.size)
    assert found.text.count("after the soft") < 5


def test_a_sentence_that_is_said_again_and_again_is_written_as_often(
    recognizer: Recognizer, answer: np.ndarray
) -> None:
    stretch = vad.speech(answer)[0]
    sentence = answer[round(stretch.start_s * 16_000) - 1600 : round(stretch.end_s * 16_000) + 1600]
    said = np.concatenate([sentence, np.zeros(12_000, np.float32)] * 4)
    found = recognizer.transcribe(said, "en")
    check_invariants(found, said.size)
    assert found.text.lower().count("in my last job") == 4
    assert found.unwritten == []


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
def test_loops_are_told_from_speech(said: str, stuck: bool) -> None:
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
def test_the_prompt_itself_is_not_taken_for_speech(said: str, language: str, echo: bool) -> None:
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
def test_a_window_is_doubted_unless_it_reads_like_speech(
    no_speech: float, log_probability: float, words: int, doubted: bool
) -> None:
    spoken = tuple(RecognizedWord(" word", 0.0, 0.1, 0.9) for _ in range(words))
    assert hallucinations.doubted([DecodedSegment(spoken, log_probability, no_speech)], seconds=10.0) is doubted


@pytest.mark.parametrize(
    ("no_speech", "log_probability", "forced"), [(0.2, -0.64, False), (0.2, -0.8, True), (0.8, -0.3, True)]
)
def test_what_a_stuck_decoder_is_forced_to_write_is_seldom_believed(
    no_speech: float, log_probability: float, forced: bool
) -> None:
    words = tuple(RecognizedWord(" word", 0.0, 0.1, 0.9) for _ in range(20))
    assert hallucinations.forced([DecodedSegment(words, log_probability, no_speech)]) is forced


def test_a_given_language_is_taken_and_needs_no_probability(recognizer: Recognizer, answer: np.ndarray) -> None:
    found = recognizer.transcribe(answer[: 16_000 * 8], "en")
    assert found.language == "en"
    assert found.language_probability is None


@pytest.mark.parametrize("language", ["english", "xx", "", "TR"])
def test_an_unknown_language_is_refused(recognizer: Recognizer, language: str) -> None:
    with pytest.raises(BadInput, match=f"language {language!r}"):
        recognizer.transcribe(sounds.silence(1.0), language)


@pytest.mark.long
def test_verbatim_still_understands(answer: np.ndarray, transcript: Transcript) -> None:
    sound = answer[: 16_000 * 14]
    with Recognizer(Options(verbatim=True)) as verbatim:
        found = verbatim.transcribe(sound)
    check_invariants(found, sound.size)
    plain = " ".join(word.text for word in transcript.spoken if word.end_s < 13)
    errors, words = sounds.word_errors(plain, " ".join(word.text for word in found.spoken if word.end_s < 13))
    assert errors / words < 0.1, found.text
    assert not any(filler_words.is_filler(word.text, "en") for word in found.words)


def test_the_result_says_what_produced_it(transcript: Transcript) -> None:
    made_by = transcript.provenance
    assert made_by.analyzer == "analyzers.speech"
    assert made_by.options["compute_type"] == "auto"
    resolved = {("cpu", "int8"), ("cuda", "float16")}
    assert (made_by.computed_on["device"], made_by.computed_on["compute_type"]) in resolved
    assert made_by.computed_on["instruction_set"]
    used = ("whisper-base", "silero-vad", *diarization.MODELS)
    assert made_by.models == {name: models.digest(name) for name in used}
    assert {"faster-whisper", "ctranslate2"} <= set(made_by.libraries)


@pytest.mark.parametrize(
    "options", [{"beam_size": 0}, {"compute_type": "int4"}, {"engine": "huge"}, {"vad_threshold": 1}, {"beam": 5}]
)
def test_bad_options_are_refused_when_built(options: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Options(**options)


@pytest.mark.long
def test_the_stage_runs_in_the_pipeline(samples: Path, tmp_path: Path) -> None:
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
def test_fillers_are_told_from_words(word: str, language: str, expected: bool) -> None:
    assert filler_words.is_filler(word, language) is expected


# --- known recordings --------------------------------------------------------

JFK = "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country."
GRID = "set blue in A one again"


@pytest.mark.parametrize(
    ("file", "language", "text"),
    [
        *shortened(
            [
                ("jfk.flac", "en", JFK),
                ("weather.flac", "en", "What's the weather like?"),
                ("libri_2830.wav", "en", "Experience proves this."),
                ("emodb_03a01Nc.flac", "de", "Der Lappen liegt auf dem Eisschrank."),
                ("grid_sbia1a.mpg", "en", GRID),
            ],
            2,
        ),
        *not_shipped(
            ("speech/tr_poliglot.mp3", "tr", "Benim için hiç fark etmez."),
            ("emotion/ravdess_03-01-05-02-01-01-05.wav", "en", "Kids are talking by the door."),
            ("nasty/loud_pink_noise.mp4", "en", GRID),
            ("nasty/mjpeg_pcm8k.avi", "en", GRID),
        ),
    ],
)
def test_known_sentences_are_recognised(
    recognizer: Recognizer, recording: Callable[[str], Path], file: str, language: str, text: str
) -> None:
    """But for a word: which one of two that sound alike is written hangs on the last bits of sums."""
    sound = sounds.decoded(recording(file))
    found = recognizer.transcribe(sound)
    check_invariants(found, sound.size)
    errors, words = sounds.word_errors(text, found.text)
    assert errors <= max(1, 0.1 * words), found.text
    assert found.language == language


@pytest.mark.long
def test_a_sentence_is_understood_in_noise_and_by_telephone(recognizer: Recognizer, data: Path) -> None:
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
def test_recordings_without_speech_have_no_words(recognizer: Recognizer, development_media: Path, file: str) -> None:
    assert recognizer.transcribe(sounds.decoded(development_media / file)).text == ""


@pytest.mark.long
def test_each_language_is_written_in_its_own_words(recognizer: Recognizer, data: Path) -> None:
    """An English sentence between Spanish ones is neither lost nor translated."""
    found = recognizer.transcribe(sounds.decoded(data / "es_en_switch.flac"))
    assert found.language == "es"
    english = [segment for segment in found.segments if segment.language == "en"]
    assert "She looked at the key" in " ".join(segment.text for segment in english)
    assert "Una de las cosas" in found.text
    assert all(7.0 < known(segment.start_s) < 12.0 for segment in english)


def test_the_end_of_a_window_is_not_left_out(recognizer: Recognizer, development_media: Path) -> None:
    """Whisper stops after "the value of" here; the rest of the sentence is decoded again."""
    found = recognizer.transcribe(sounds.decoded(development_media / "video/retalking_4.mp4"))
    assert found.text.endswith("central bank money.")


# --- openai-whisper ----------------------------------------------------------


@pytest.fixture(scope="module")
def openai(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Recognizer]:
    """The other engine, on weights rebuilt from the CTranslate2 file."""
    import openai_weights
    from analyzers.speech.openai_whisper import OpenaiWhisper

    checkpoint = tmp_path_factory.mktemp("openai") / "base.pt"
    openai_weights.rebuild(models.locate("whisper-base") / "model.bin", checkpoint)
    with Recognizer(Options(engine="openai_whisper"), OpenaiWhisper(checkpoint)) as loaded:
        yield loaded


@pytest.mark.reference
def test_both_engines_hear_the_same(openai: Recognizer, answer: np.ndarray) -> None:
    """The same network in the same precision: next to the same words, times and language."""
    sound = answer[: 16_000 * 15]
    with Recognizer(Options(compute_type="float32")) as precise:
        expected = precise.transcribe(sound)
    found = openai.transcribe(sound)
    check_invariants(found, sound.size)
    pairs = sounds.heard_twice(expected.spoken, found.spoken)
    assert len(pairs) >= 0.95 * len(expected.words) > 25
    assert found.language_probability == pytest.approx(expected.language_probability, abs=0.01)
    for one, other in pairs:
        assert one.start_s == pytest.approx(other.start_s, abs=0.1)
    assert np.median([abs(one.probability - other.probability) for one, other in pairs]) < 0.05
    assert found.provenance.options["engine"] == "openai_whisper"
    assert {"openai-whisper", "torch"} <= set(found.provenance.libraries)


@pytest.mark.reference
def test_the_other_engine_is_freed_from_loops_too(openai: Recognizer, answer: np.ndarray) -> None:
    loop = np.tile(answer[32_000:43_200], 8)
    found = openai.transcribe(loop, "en")
    check_invariants(found, loop.size)
    assert found.text.count("after the soft") < 5


@pytest.mark.reference
def test_the_other_engine_writes_nothing_without_speech(openai: Recognizer) -> None:
    for sound in (sounds.silence(3.0), sounds.pink_noise(3.0, 0.2), sounds.melody()):
        assert openai.transcribe(sound).words == []
