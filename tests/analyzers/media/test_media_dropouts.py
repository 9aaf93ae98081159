"""Where sound is missing: found when it is, and nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.media.audio import extract, load
from analyzers.media.dropouts import silences
from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import Span
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


# --- what no packet was sent for ---------------------------------------------

PAUSE_S = (3.6, 5.0)  # in `talk`


@pytest.fixture(scope="module")
def talk(speech: NDArray[np.int16]) -> NDArray[np.int16]:
    """Three sentences with pauses of two seconds, in which there is hardly any noise."""
    sentence = speech.astype(float) * np.clip(np.arange(speech.size)[::-1] / (0.3 * HZ), 0, 1)
    noise = np.random.default_rng(0).normal(0, 2, 2 * HZ)
    return np.concatenate([sentence, noise, sentence, noise, sentence]).round().astype(np.int16)


def without_packets(source: Path, target: Path, start_s: float, end_s: float) -> Path:
    """A copy that lacks the packets of a stretch of time, as when none were sent or they were lost."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        copy = new.add_stream_from_template(old.streams.audio[0])
        for packet in old.demux(audio=0):
            if packet.pts is not None and not start_s <= float(packet.pts * packet.time_base) < end_s:
                packet.stream = copy
                new.mux(packet)
    return target


def converted(source: Path, target: Path) -> Path:
    """The same sound as PCM: where there was no packet there are zeros."""
    extract(source, target)
    return target


def listened(path: Path, **options: Any) -> tuple[list[Span], list[Span]]:
    """(dropouts, muted)."""
    told = extract(path, path.with_suffix(".out.wav"), **options)
    dropouts, muted = ([(each["start_s"], each["end_s"]) for each in told[name]] for name in ("dropouts", "muted"))
    return dropouts, muted


def near(start_s: float, end_s: float) -> Any:
    return pytest.approx((start_s, end_s), abs=0.1)


@pytest.mark.parametrize("suffix", [".webm", ".mkv", ".ogg"])
def test_a_pause_in_which_the_encoder_sends_nothing_is_a_pause(
    talk: NDArray[np.int16], tmp_path: Path, suffix: str
) -> None:
    whole = clips.make(tmp_path / "whole.mkv", video=None, audio="libopus", samples=talk)
    pausing = without_packets(whole, tmp_path / f"pausing{suffix}", *PAUSE_S)
    assert listened(pausing) == ([], [])
    assert listened(converted(pausing, tmp_path / "pausing.wav")) == ([], [])


def test_what_is_lost_in_the_middle_of_a_word_is_lost(talk: NDArray[np.int16], tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "whole.mkv", video=None, audio="libopus", samples=talk)
    loud_s = loudest(talk[: 2 * HZ + HZ]) / HZ
    lossy = without_packets(whole, tmp_path / "lossy.mkv", loud_s + 0.03, loud_s + 0.33)
    ([lost], muted) = listened(lossy)
    assert (lost, muted) == (near(loud_s + 0.05, loud_s + 0.35), [])


@pytest.mark.parametrize("seconds", [2.5, 8.0])
@pytest.mark.parametrize("step", [0, 1])
def test_a_mute_is_neither_lost_sound_nor_a_pause(
    speech: NDArray[np.int16], tmp_path: Path, seconds: float, step: int
) -> None:
    """Zeros, or what a codec makes of them: a step here and there."""
    loud = loudest(speech)
    nothing = step * (np.random.default_rng(0).random(round(seconds * HZ)) < 0.05).astype(np.int16)
    path = clips.make(tmp_path / "a.mkv", video=None, samples=np.concatenate([speech[:loud], nothing, speech[loud:]]))
    assert listened(path) == ([], [near(loud / HZ, loud / HZ + seconds)])


def test_a_mute_without_packets(speech: NDArray[np.int16], tmp_path: Path) -> None:
    loud = loudest(speech)
    samples = np.concatenate([speech[:loud], np.zeros(4 * HZ, np.int16), speech[loud:]])
    whole = clips.make(tmp_path / "whole.mkv", video=None, audio="libopus", samples=samples)
    start_s, end_s = loud / HZ, loud / HZ + 4
    muted = without_packets(whole, tmp_path / "muted.webm", start_s + 0.04, end_s)
    assert listened(muted) == ([], [near(start_s, end_s)])
    # Where the pictures are missing as well, it is the file that lacks something.
    hole = [TimeRange(start_s=start_s + 0.5, end_s=end_s - 0.5)]
    assert listened(muted, holes=hole) == ([near(start_s, end_s)], [])


def test_codecs_that_leave_nothing_out_have_lost_what_is_not_there(talk: NDArray[np.int16], tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "whole.mkv", video=None, audio="aac", samples=talk)
    lossy = without_packets(whole, tmp_path / "lossy.mkv", 3.2, 4.8)
    ([lost], muted) = listened(lossy)
    assert (lost, muted) == (near(3.2, 4.8), [])
