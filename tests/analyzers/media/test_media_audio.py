"""The sound: aligned to the clock of the pictures, whatever the container says."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzers.media import audio as stage
from analyzers.media.audio import Sound, extract, load
from analyzers.media.probe import probe
from mulakat.interviews.sources import source
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import load as load_pack
from mulakat.schema.contract import Context, Request
from mulakat.schema.errors import BadInput, NotMeasurable
from mulakat.schema.rubric import Policy, Rubric
from tests.support import clips


def _sound(path: Path) -> np.ndarray:
    target = path.with_name(path.name + ".wav")
    extract(path, target)
    return load(target)


def _onset_s(samples: np.ndarray) -> float:
    """Time of the first sample that is clearly not silence."""
    return float(np.flatnonzero(np.abs(samples) > 0.02)[0]) / stage.SAMPLE_RATE_HZ


def test_what_is_stored_is_what_comes_out(tmp_path: Path) -> None:
    samples = clips.tone(2.0, start_s=0.5)
    path = clips.make(tmp_path / "a.mov", samples=samples)
    extract(path, tmp_path / "a.wav")
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (16_000, 1, 2)
    loaded = load(tmp_path / "a.wav")
    assert loaded.dtype == np.float32
    np.testing.assert_array_equal(loaded, samples.astype(np.float32) / 32768)


@pytest.mark.parametrize("hz", [8_000, 22_050, 44_100, 48_000])
def test_resampling_keeps_times_and_level(tmp_path: Path, hz: int) -> None:
    path = clips.make(tmp_path / "a.mov", samples=clips.tone(2.0, start_s=0.5, hz=hz), audio_hz=hz)
    sound = _sound(path)
    assert len(sound) / 16_000 == pytest.approx(2.0, abs=0.002)
    assert _onset_s(sound) == pytest.approx(0.5, abs=0.003)
    assert np.abs(sound[10_000:-500]).max() == pytest.approx(0.5, abs=0.01)
    spectrum = np.abs(np.fft.rfft(sound[16_000:32_000]))
    assert abs(int(spectrum.argmax()) - 440) <= 1


@pytest.mark.parametrize("layout", ["stereo", "5.1", "7.1"])
def test_channels_are_mixed_without_clipping(tmp_path: Path, layout: str) -> None:
    sound = _sound(clips.make(tmp_path / "a.mov", seconds=1.0, layout=layout))
    assert np.abs(sound).max() == pytest.approx(0.5, abs=0.01)


@pytest.mark.parametrize("channels", [1, 2, 3, 12, 30])
def test_channels_without_a_layout(tmp_path: Path, channels: int) -> None:
    """Plain WAV says how many channels there are, not where they stand."""
    assert np.abs(_sound(_wav(tmp_path, channels))).max() == pytest.approx(0.5, abs=0.01)


def test_more_channels_than_can_be_mixed(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="number of channels 70 is more than the limit of 64"):
        probe(_wav(tmp_path, 70))


def _wav(folder: Path, channels: int) -> Path:
    path = folder / "plain.wav"
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(np.repeat(clips.tone(1.0), channels).tobytes())
    return path


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
def test_sound_that_starts_late_is_preceded_by_silence(tmp_path: Path, suffix: str) -> None:
    sound = _sound(clips.make(tmp_path / f"late{suffix}", audio_delay_s=2.5, shift_s=7.0))
    assert _onset_s(sound) == pytest.approx(2.5, abs=0.002)
    assert not sound[: 2 * 16_000].any()


def test_a_gap_is_filled_with_silence(tmp_path: Path) -> None:
    """As when a browser loses packets: what follows stays at its time."""
    first = clips.make(tmp_path / "1.ts", video=None, audio="mp2", audio_hz=48_000)
    later = clips.make(tmp_path / "2.ts", video=None, audio="mp2", audio_hz=48_000, shift_s=5.0)
    both = tmp_path / "gap.ts"
    both.write_bytes(first.read_bytes() + later.read_bytes())
    sound = _sound(both)
    gap = np.abs(sound[round(2.3 * 16_000) : round(4.8 * 16_000)]).max()
    assert gap < 0.01
    assert _onset_s(sound[4 * 16_000 :]) == pytest.approx(1.0, abs=0.05)
    assert len(sound) / 16_000 == pytest.approx(probe(both).duration_s, abs=0.05)


def test_format_that_changes_on_the_way(tmp_path: Path) -> None:
    mono = clips.make(tmp_path / "1.ts", video=None, audio="mp2", audio_hz=44_100)
    stereo = clips.make(tmp_path / "2.ts", video=None, audio="mp2", audio_hz=48_000, layout="stereo", shift_s=2.0)
    both = tmp_path / "both.ts"
    both.write_bytes(mono.read_bytes() + stereo.read_bytes())
    sound = _sound(both)
    assert len(sound) / 16_000 == pytest.approx(4.0, abs=0.1)
    spectrum = np.abs(np.fft.rfft(sound[40_000:56_000]))  # in the second half, one second
    assert abs(int(spectrum.argmax()) - 440) <= 1


def test_remuxing_changes_no_sample(tmp_path: Path) -> None:
    original = clips.make(tmp_path / "a.mov", samples=clips.tone(2.0, start_s=0.7), audio_delay_s=0.3)
    reference = _sound(original)
    for name in ("a.mkv", "b.mov"):
        np.testing.assert_array_equal(_sound(clips.remux(original, tmp_path / name)), reference)


@settings(deadline=None, max_examples=12)
@given(
    shift_s=st.floats(0, 7_200, allow_nan=False),
    delay_s=st.floats(-1.0, 3.0, allow_nan=False),
    suffix=st.sampled_from([".mov", ".mkv"]),
)
@pytest.mark.long
def test_a_shifted_start_changes_no_sample(shift_s: float, delay_s: float, suffix: str) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        samples = clips.tone(1.0, start_s=0.25)
        shift_s, delay_s = round(shift_s, 3), round(delay_s, 3)  # what Matroska can say
        # Sound that starts before the pictures needs room in front: no container has negative times for all streams.
        shift_s += max(0.0, -delay_s)
        plain = clips.make(folder / f"0{suffix}", samples=samples, audio_delay_s=delay_s, shift_s=max(0.0, -delay_s))
        moved = clips.make(folder / f"1{suffix}", samples=samples, audio_delay_s=delay_s, shift_s=shift_s)
        reference = _sound(plain)
        np.testing.assert_array_equal(_sound(moved), reference)
        assert _onset_s(reference) == pytest.approx(0.25 + max(0.0, delay_s), abs=0.004)
    finally:
        shutil.rmtree(folder)


def test_no_sound(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "silent.mov", audio=None)
    with pytest.raises(NotMeasurable, match="no_sound"):
        extract(path, tmp_path / "a.wav")
    context = _context(tmp_path, path)
    with pytest.raises(NotMeasurable, match="no_sound"):
        stage.run(context)
    assert not (tmp_path / "scratch").exists()


def test_stage_measures_level_and_keeps_the_file(tmp_path: Path) -> None:
    samples = clips.tone(2.0)
    samples[100:300] = 32767
    context = _context(tmp_path, clips.make(tmp_path / "a.mov", samples=samples))
    audio = stage.run(context)
    assert audio.sha256 == hashlib.sha256(samples.tobytes()).hexdigest()
    assert audio.duration_s == 2.0
    assert audio.clipped_ratio == pytest.approx(200 / 32_000)
    assert audio.peak_dbfs == pytest.approx(0.0, abs=0.001)
    assert sorted(p.name for p in (tmp_path / "scratch").iterdir()) == ["audio.wav", "media"]
    assert stage.run(context) == audio


def test_digital_silence_has_no_peak(tmp_path: Path) -> None:
    audio = stage.run(_context(tmp_path, clips.make(tmp_path / "a.mov", samples=np.zeros(16_000, np.int16))))
    assert audio.peak_dbfs is None
    assert audio.clipped_ratio == 0


def test_very_short(tmp_path: Path) -> None:
    audio = stage.run(_context(tmp_path, clips.make(tmp_path / "a.mp4", video="libx264", audio="aac", seconds=0.3)))
    assert audio.duration_s == pytest.approx(0.3, abs=0.07)


def _context(tmp_path: Path, path: Path) -> Context:
    request = Request(
        answer_id="a1", rubric=load_pack(Rubric, "general-en"), policy=load_pack(Policy, "multimodal"), question=None
    )
    workspace = Workspace(tmp_path / "scratch", source(str(path), roots=[tmp_path]))
    return Context(request, stage.Options(), workspace, results={"fetch_media": probe(path)})


def test_development_recordings(development_media: Path, tmp_path: Path) -> None:
    late = tmp_path / "late.wav"
    extract(development_media / "nasty" / "audio_starts_2.5s_late.mp4", late)
    plain = tmp_path / "plain.wav"
    extract(development_media / "nasty" / "audio_only.mp4", plain)
    # The same speech; the pictures of the first start 0.033 s into it.
    shift = 2.476 - 0.033
    assert _onset_s(load(late)) - _onset_s(load(plain)) == pytest.approx(shift, abs=0.03)

    extract(development_media / "nasty" / "digital_silence.mp4", plain)
    assert not load(plain).any()
    for path in sorted(development_media.glob("speech/*")):
        extract(path, plain)
        assert len(load(plain)) / 16_000 == pytest.approx(probe(path).duration_s, abs=0.05), path.name


def test_slices_of_a_sound_are_those_of_the_whole(tmp_path: Path, samples: Path) -> None:
    path = tmp_path / "sound.wav"
    extract(samples / "introduction.mp4", path)
    whole, sound = load(path), Sound(path)
    assert sound.size == len(sound) == whole.size > 16_000
    for part in (slice(100), slice(5_000, 5_000), slice(-50, None), slice(100, 10**9), slice(7, 900, 3), slice(9, 3)):
        assert np.array_equal(sound[part], whole[part])
        assert sound[part].dtype == np.float32
