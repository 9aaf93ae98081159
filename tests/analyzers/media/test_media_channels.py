"""Down-mixing: speech is neither lost nor drowned, wherever it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.media.audio import extract, load
from analyzers.media.channels import mixed
from tests.support import clips

SURROUND = ("FL", "FR", "FC", "LFE", "BL", "BR")  # the order of 5.1 in FFmpeg


@pytest.fixture(scope="module")
def speech(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.float64]:
    """Three seconds of a real voice, 16 kHz, peak at half scale."""
    target = tmp_path_factory.mktemp("speech") / "a.wav"
    extract(samples / "introduction.mp4", target)
    sound = load(target).astype(np.float64)
    return np.asarray(0.5 * sound / np.abs(sound).max())


def mix(folder: Path, channels: list[NDArray[np.float64]], layout: str) -> tuple[NDArray[np.float32], list[int]]:
    samples = (np.stack(channels, axis=1) * 32767).round().astype(np.int16)
    path = clips.make(folder / "a.mov", video=None, samples=samples, layout=layout)
    found = extract(path, folder / "a.wav")
    return load(folder / "a.wav"), found["channels"]


def gain_db(sound: NDArray[np.float32], speech: NDArray[np.float64]) -> float:
    """How loud the speech is in the mix."""
    return float(20 * np.log10(np.dot(sound[: len(speech)], speech) / np.dot(speech, speech)))


def noise(count: int, level: float, seed: int) -> NDArray[np.float64]:
    return level * np.random.default_rng(seed).standard_normal(count)


@pytest.mark.parametrize("place", range(6))
def test_speech_in_one_channel_of_six(place: int, speech: NDArray[np.float64], tmp_path: Path) -> None:
    channels = [noise(len(speech), 1e-4, seed) for seed in range(6)]
    channels[place] = channels[place] + speech
    sound, chosen = mix(tmp_path, channels, "5.1")
    if SURROUND[place] == "LFE":  # nobody's voice goes there alone; but it is kept when it is all there is
        assert chosen != []
    else:
        assert chosen == [place]
        assert gain_db(sound, speech) == pytest.approx(0, abs=0.1)


def test_only_the_low_frequencies(speech: NDArray[np.float64], tmp_path: Path) -> None:
    channels = [np.zeros(len(speech)) for _ in range(6)]
    channels[3] = speech
    sound, chosen = mix(tmp_path, channels, "5.1")
    assert chosen == [3]
    assert gain_db(sound, speech) == pytest.approx(0, abs=0.1)


def test_a_rumbling_subwoofer_is_left_out(speech: NDArray[np.float64], tmp_path: Path) -> None:
    t = np.arange(len(speech)) / 16_000
    channels = [0.1 * speech, 0.1 * speech, speech, 0.9 * np.sin(2 * np.pi * 40 * t), 0 * speech, 0 * speech]
    sound, chosen = mix(tmp_path, channels, "5.1")
    assert 2 in chosen
    assert 3 not in chosen
    assert gain_db(sound, speech) > -10


@pytest.mark.parametrize("side", [0, 1])
def test_speech_on_one_side_of_stereo(side: int, speech: NDArray[np.float64], tmp_path: Path) -> None:
    channels = [noise(len(speech), 3e-4, 1), noise(len(speech), 3e-4, 2)]
    channels[side] = channels[side] + speech
    sound, chosen = mix(tmp_path, channels, "stereo")
    assert chosen == [side]
    assert gain_db(sound, speech) == pytest.approx(0, abs=0.1)


@pytest.mark.parametrize("other", [-1.0, -0.8])
def test_opposite_phase(other: float, speech: NDArray[np.float64], tmp_path: Path) -> None:
    """One microphone wired the wrong way round: the mix of both would be silence."""
    sound, chosen = mix(tmp_path, [speech, other * speech], "stereo")
    assert chosen == [0]
    assert gain_db(sound, speech) == pytest.approx(0, abs=0.1)


def test_two_people_on_two_channels_are_both_heard(speech: NDArray[np.float64], tmp_path: Path) -> None:
    second = np.roll(speech, 20_000)
    sound, chosen = mix(tmp_path, [speech, second], "stereo")
    assert chosen == [0, 1]
    for voice in (speech, second):
        assert gain_db(sound, voice) == pytest.approx(-6, abs=1.5)


def test_the_same_on_both_sides_stays_as_it_is(speech: NDArray[np.float64], tmp_path: Path) -> None:
    sound, chosen = mix(tmp_path, [speech, speech], "stereo")
    assert chosen == [0, 1]
    assert gain_db(sound, speech) == pytest.approx(0, abs=0.1)


def test_unrelated_channels_do_not_count_as_cancelled() -> None:
    assert mixed(np.eye(6), list(SURROUND)) == [0, 1, 2, 4, 5]
    assert mixed(np.zeros((2, 2)), ["FL", "FR"]) == [0, 1]
