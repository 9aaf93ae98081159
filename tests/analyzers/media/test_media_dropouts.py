"""Where sound is missing: found when it is, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.media.audio import extract, load
from analyzers.media.dropouts import silences
from tests.support import clips

HZ = 16_000


@pytest.fixture(scope="module")
def speech(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> NDArray[np.int16]:
    target = tmp_path_factory.mktemp("speech") / "a.wav"
    extract(samples / "introduction.mp4", target)
    return (load(target) * 32768).astype(np.int16)


def found(path: Path) -> list[tuple[float, float]]:
    ranges: list[dict[str, Any]] = extract(path, path.with_suffix(".out.wav"))["dropouts"]
    return [(one["start_s"], one["end_s"]) for one in ranges]


def loudest(speech: NDArray[np.int16]) -> int:
    return int(np.abs(speech[HZ : 2 * HZ].astype(int)).argmax()) + HZ


@pytest.mark.parametrize("codec", ["pcm_s16le", "flac"])
def test_a_cut_of_digital_silence(codec: str, speech: NDArray[np.int16], tmp_path: Path) -> None:
    start = loudest(speech) + 40
    broken = speech.copy()
    broken[start : start + 2400] = 0
    [(start_s, end_s)] = found(clips.make(tmp_path / "a.mkv", samples=broken, audio=codec))
    assert start_s == pytest.approx(start / HZ, abs=0.005)
    assert end_s == pytest.approx((start + 2400) / HZ, abs=0.005)


def test_whole_recordings_have_none(samples: Path, speech: NDArray[np.int16], tmp_path: Path) -> None:
    assert found(clips.make(tmp_path / "a.mkv", samples=speech)) == []
    for name in ("introduction.mp4", "problem_solving.mp4"):
        copy = tmp_path / name
        copy.symlink_to(samples / name)
        assert found(copy) == []


def test_a_gap_in_the_timestamps(tmp_path: Path) -> None:
    first = clips.make(tmp_path / "1.ts", video=None, audio="mp2", audio_hz=48_000, seconds=1)
    later = clips.make(tmp_path / "2.ts", video=None, audio="mp2", audio_hz=48_000, seconds=1, shift_s=3)
    both = tmp_path / "gap.ts"
    both.write_bytes(first.read_bytes() + later.read_bytes())
    [(start_s, end_s)] = found(both)
    assert start_s == pytest.approx(1.0, abs=0.06)
    assert end_s == pytest.approx(3.0, abs=0.06)


def test_an_hour_is_missing_and_memory_stays(tmp_path: Path) -> None:
    first = clips.make(tmp_path / "1.ts", video=None, audio="mp2", audio_hz=48_000, seconds=1)
    later = clips.make(tmp_path / "2.ts", video=None, audio="mp2", audio_hz=48_000, seconds=1, shift_s=3600)
    both = tmp_path / "gap.ts"
    both.write_bytes(first.read_bytes() + later.read_bytes())
    found_here = extract(both, tmp_path / "a.wav")
    assert found_here["duration_s"] == pytest.approx(3601, abs=0.1)
    [gap] = found_here["dropouts"]
    assert gap["end_s"] - gap["start_s"] == pytest.approx(3599, abs=0.1)


def test_late_sound_and_early_end_are_no_dropouts(speech: NDArray[np.int16], tmp_path: Path) -> None:
    quiet = np.concatenate([np.zeros(HZ, np.int16), speech, np.zeros(HZ, np.int16)])
    assert found(clips.make(tmp_path / "a.mkv", samples=quiet, audio_delay_s=1.5)) == []


def test_gated_sound_is_not_lost_sound() -> None:
    t = np.arange(HZ) / HZ
    fade = np.clip(np.minimum(t, 1 - t) / 0.1, 0, 1)
    word = (8000 * fade * np.sin(2 * np.pi * 200 * t)).astype(np.int16)
    assert silences(np.concatenate([word, np.zeros(8000, np.int16), word]), HZ) == []
    tone = (8000 * np.sin(2 * np.pi * 200 * t)).astype(np.int16)
    [(start_s, end_s)] = silences(np.concatenate([tone, np.zeros(8000, np.int16), tone]), HZ)
    assert (start_s, end_s) == pytest.approx((1.0, 1.5), abs=0.001)
    assert silences(np.concatenate([tone, np.zeros(700, np.int16), tone]), HZ) == []  # under 50 ms


def test_runs_are_found_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    tone = np.full(HZ, 5000, np.int16)
    samples = np.concatenate([tone, np.zeros(8000, np.int16), tone])
    monkeypatch.setattr("analyzers.media.dropouts._BLOCK", 999)
    assert silences(samples, HZ) == [(1.0, 1.5)]
