"""Speech recognition on real recordings and on sounds without speech."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import sounds
from pydantic import ValidationError

from analyzers import fillers, models, rubric
from analyzers.analysis import LocalFile
from analyzers.errors import BadInput
from analyzers.pipeline import MemoryStore, Request, Run, Workspace
from analyzers.results import Transcript
from analyzers.speech import Options, Recogniser


@pytest.fixture(scope="module")
def recogniser() -> Iterator[Recogniser]:
    with Recogniser(Options()) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def answer(samples) -> np.ndarray:
    return sounds.decoded(samples / "problem_solving.mp4")


@pytest.fixture(scope="module")
def progress() -> list[float]:
    """What the recogniser told while it made `transcript`."""
    return []


@pytest.fixture(scope="module")
def transcript(recogniser, answer, progress) -> Transcript:
    return recogniser.transcribe(answer, progress=progress.append)


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


def test_words_stand_where_they_are_spoken(recogniser, answer, transcript):
    """Silence put in front moves every word by as much."""
    moved = recogniser.transcribe(np.concatenate([sounds.silence(7.0), answer[: 16_000 * 12]]))
    assert len(moved.words) > 15
    for before, after in zip(transcript.words[:15], moved.words[:15], strict=True):
        assert after.text == before.text
        assert after.start_s - before.start_s == pytest.approx(7.0, abs=0.3)


def test_the_same_sound_gives_the_same_transcript(answer):
    found = []
    for _ in range(2):
        with Recogniser(Options()) as fresh:
            found.append(fresh.transcribe(answer[: 16_000 * 10]).model_dump_json())
    assert found[0] == found[1]


def test_progress_rises_to_the_end(transcript, progress):
    assert progress == sorted(progress)
    assert len(progress) > 5
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
def test_there_are_no_words_without_speech(recogniser, sound):
    for language in (None, "en", "tr"):
        found = recogniser.transcribe(sound, language)
        check_invariants(found, sound.size)
        assert found.words == []
        assert found.text == ""
        assert found.language is None
        assert found.language_probability is None


def test_a_decoder_that_gets_stuck_is_freed(recogniser, answer):
    """A snippet over and over makes Whisper repeat itself; what it says then must not get through."""
    loop = np.tile(answer[32_000:43_200], 28)
    stuck = "".join(segment.text for segment in recogniser._pass(loop, "en"))
    assert stuck.count("after the soft") > 20
    found = recogniser.transcribe(loop, "en")
    check_invariants(found, loop.size)
    assert found.text.count("after the soft") < 5


def test_a_given_language_is_taken_and_needs_no_probability(recogniser, answer):
    found = recogniser.transcribe(answer[: 16_000 * 8], "en")
    assert found.language == "en"
    assert found.language_probability is None


@pytest.mark.parametrize("language", ["english", "xx", "", "TR"])
def test_an_unknown_language_is_refused(recogniser, language):
    with pytest.raises(BadInput, match=f"language {language!r}"):
        recogniser.transcribe(sounds.silence(1.0), language)


def test_verbatim_still_understands(answer, transcript):
    sound = answer[: 16_000 * 14]
    with Recogniser(Options(verbatim=True)) as verbatim:
        found = verbatim.transcribe(sound)
    check_invariants(found, sound.size)
    plain = " ".join(word.text for word in transcript.words if word.end_s < 13)
    errors, words = sounds.word_errors(plain, " ".join(word.text for word in found.words if word.end_s < 13))
    assert errors / words < 0.1, found.text
    assert not any(fillers.is_filler(word.text, "en") for word in found.words)


def test_the_result_says_what_produced_it(transcript):
    made_by = transcript.provenance
    assert made_by.analyzer == "analyzers.speech"
    assert made_by.options["compute_type"] != "auto"
    assert made_by.models == {name: models.digest(name) for name in ("whisper-base", "silero-vad")}
    assert {"faster-whisper", "ctranslate2"} <= set(made_by.libraries)


@pytest.mark.parametrize(
    "options", [{"beam_size": 0}, {"compute_type": "int4"}, {"model": "huge"}, {"vad_threshold": 1}, {"beam": 5}]
)
def test_bad_options_are_refused_when_built(options):
    with pytest.raises(ValidationError):
        Options(**options)


def test_the_stage_runs_in_the_pipeline(samples, tmp_path):
    request = Request(
        answer_id="a", rubric=rubric.load(rubric.Rubric, "general-en"), policy=rubric.load(rubric.Policy, "multimodal")
    )
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
    assert fillers.is_filler(word, language) is expected


# --- development recordings --------------------------------------------------

SPOKEN = {
    "speech/en_us_jfk.flac": (
        "en",
        "And so my fellow Americans, ask not what your country can do for you, ask what you can do for your country.",
    ),
    "speech/en_us_weather.wav": ("en", "What's the weather like?"),
    "speech/en_libri_2830.wav": ("en", "Experience proves this."),
    "speech/tr_poliglot.mp3": ("tr", "Benim için hiç fark etmez."),
    "emotion/emodb_03a01Nc.wav": ("de", "Der Lappen liegt auf dem Eisschrank."),
    "emotion/ravdess_03-01-05-02-01-01-05.wav": ("en", "Kids are talking by the door."),
    "nasty/loud_pink_noise.mp4": ("en", "set blue in A one again"),
    "nasty/mjpeg_pcm8k.avi": ("en", "set blue in A one again"),
}


@pytest.mark.parametrize("file", SPOKEN)
def test_known_sentences_are_recognised(recogniser, development_media: Path, file):
    language, text = SPOKEN[file]
    sound = sounds.decoded(development_media / file)
    found = recogniser.transcribe(sound)
    check_invariants(found, sound.size)
    errors, _ = sounds.word_errors(text, found.text)
    assert errors == 0, found.text
    assert found.language == language


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
def test_recordings_without_speech_have_no_words(recogniser, development_media: Path, file):
    assert recogniser.transcribe(sounds.decoded(development_media / file)).text == ""
