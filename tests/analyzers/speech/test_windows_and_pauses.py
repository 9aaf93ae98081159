"""Windows hold all speech, sentences end where times meet, and held voices are found where no word needs them."""

from __future__ import annotations

from itertools import accumulate, combinations, pairwise

import numpy as np
import pytest

from analyzers.speech.engine import sentences
from analyzers.speech.filled_pauses import filled_pauses, held
from analyzers.speech.windows import FULLEST_S, Window, packed
from mulakat.schema.base import TimeRange
from mulakat.schema.speech import Transcript, Word
from tests.support import sounds

pytestmark = pytest.mark.models


def test_windows_hold_all_speech_once_and_none_is_too_long() -> None:
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
def test_windows_are_as_few_as_can_be_and_no_other_cuts_have_longer_pauses(seed: int) -> None:
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


def test_times_in_a_window_are_those_of_the_recording() -> None:
    speech = [TimeRange(start_s=2.0, end_s=3.0), TimeRange(start_s=8.0, end_s=9.0)]
    (window,) = packed(speech, sounds.noise(10.0, 0.01))
    assert window.placed(0.5, 0.9) == pytest.approx((2.1, 2.5))
    assert window.placed(2.3, 2.7) == pytest.approx((8.1, 8.5))
    (part,) = window.between(1.9, window.seconds).parts
    assert part == pytest.approx((round(7.7 * 16_000), round(9.4 * 16_000)), abs=2)
    assert window.between(0.0, window.seconds) == window


def test_sentences_are_split_where_two_times_meet() -> None:
    begin = 100
    found = sentences([begin, 1, 2, begin + 50, begin + 60, 3, begin + 100], begin, 5.0)
    assert [(s["start"], s["end"], s["tokens"]) for s in found] == [(0.0, 1.0, [1, 2]), (1.2, 2.0, [3])]
    assert sentences([4, 5], begin, 3.0)[0]["end"] == 3.0
    assert sentences([begin, begin + 10], begin, 3.0) == []


def test_a_held_voice_is_found_where_no_word_needs_it() -> None:
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


def test_fluent_reading_has_no_filled_pauses(transcript: Transcript) -> None:
    assert transcript.filled_pauses == []


@pytest.mark.parametrize("sound", [sounds.silence(2.0), sounds.silence(0.01), sounds.noise(2.0, 0.1)])
def test_no_voice_is_held_in_silence_and_noise(sound: np.ndarray) -> None:
    assert held(sound) == []
