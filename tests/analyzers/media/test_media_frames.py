"""Sampled frames: at the right times, upright, in the right colours."""

from __future__ import annotations

import gc
import hashlib
import threading
from collections.abc import Generator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.media.audio import extract, load
from analyzers.media.frames import Frame, frames
from analyzers.media.prefetch import ahead
from analyzers.media.probe import probe
from analyzers.media.repetitions import Repetitions
from mulakat.schema.errors import NotMeasurable
from tests.support import clips
from tests.support.known import known

RED = (255, 0, 0)


def _times(path: Path, rate_hz: float) -> list[float]:
    return [frame.t_s for frame in frames(path, rate_hz=rate_hz)]


def _index(frame: Frame) -> int:
    """Which frame of the clip this is, read from its grey (the red corner is top left)."""
    return round((float(frame.rgb[-16:, -16:].mean()) - clips.grey(0)) / (clips.grey(1) - clips.grey(0)))


def test_every_frame_at_its_time(tmp_path: Path) -> None:
    seen = list(frames(clips.make(tmp_path / "a.mov", video="png"), rate_hz=clips.FPS))
    assert [frame.t_s for frame in seen] == pytest.approx([n / 25 for n in range(50)])
    assert [_index(frame) for frame in seen] == list(range(50))
    assert all(f.rgb.dtype == np.uint8 and f.rgb.flags.c_contiguous for f in seen)


@pytest.mark.parametrize("rate_hz", [1, 2, 5, 10, 12.5, 15])
def test_sampling_takes_the_first_frame_of_each_interval(tmp_path: Path, rate_hz: float) -> None:
    times = _times(clips.make(tmp_path / "a.mov"), rate_hz)
    assert len(times) == round(2.0 * rate_hz)
    for slot, time in enumerate(times):
        assert slot / rate_hz - 0.001 <= time < slot / rate_hz + 1 / clips.FPS


def test_rate_above_the_recordings_own_repeats_nothing(tmp_path: Path) -> None:
    assert len(_times(clips.make(tmp_path / "a.mov"), 120)) == 50


def test_times_follow_the_presentation_clock(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.08, 0.5, 0.54, 1.0, 1.9]
    path = clips.make(tmp_path / "vfr.mkv", audio=None, frame_times_s=times)
    assert _times(path, 25) == pytest.approx(times)
    assert _times(path, 2) == pytest.approx([0.0, 0.5, 1.0, 1.9])


@pytest.mark.parametrize("suffix", [".mov", ".mkv"])
@pytest.mark.parametrize("shift_s", [0.0, 0.5, 3_600.0, 90_000.25])
def test_a_shifted_start_changes_no_time(tmp_path: Path, suffix: str, shift_s: float) -> None:
    path = clips.make(tmp_path / f"a{suffix}", shift_s=shift_s)
    assert _times(path, 10) == pytest.approx([0.0, 0.12, 0.2, 0.32, 0.4, 0.52, 0.6, 0.72, 0.8, 0.92,
                                             1.0, 1.12, 1.2, 1.32, 1.4, 1.52, 1.6, 1.72, 1.8, 1.92])  # fmt: skip


def test_pictures_that_start_late_keep_their_distance_to_the_sound(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "a.mkv", audio_delay_s=-1.5, shift_s=10.0)
    assert _times(path, 25)[0] == pytest.approx(1.5)


@pytest.mark.long
def test_remuxing_keeps_picture_and_sound_together(tmp_path: Path) -> None:
    """AAC priming is hidden by an edit list in MP4 and heard in MPEG-TS: both streams move by it, or none."""
    samples = clips.tone(2.0, start_s=1.0)
    original = clips.make(tmp_path / "a.mp4", video="libx264", audio="aac", samples=samples)
    for name, options in [
        ("a.mp4", None),
        ("b.mkv", None),
        ("c.ts", None),
        ("d.mov", None),
        ("e.mp4", {"movflags": "frag_keyframe+empty_moov"}),
    ]:
        path = original if name == "a.mp4" else clips.remux(original, tmp_path / name, options=options)
        extract(path, tmp_path / "sound.wav")
        onset_s = np.flatnonzero(np.abs(load(tmp_path / "sound.wav")) > 0.1)[0] / 16_000
        shown = next(frame for frame in frames(path, rate_hz=25) if _index(frame) == 25)
        assert shown.t_s == pytest.approx(onset_s, abs=1 / clips.FPS), name


@pytest.mark.parametrize("rotation_deg", [0, 90, 180, -90])
def test_upright(tmp_path: Path, rotation_deg: int) -> None:
    """FFmpeg's angle says how far a player turns the picture counter-clockwise."""
    frame = next(frames(clips.make(tmp_path / "a.mov", video="png", rotation_deg=rotation_deg), rate_hz=1))
    height, width = (48, 64) if rotation_deg in (0, 180) else (64, 48)
    assert frame.rgb.shape == (height, width, 3)
    assert (frame.width_px, frame.height_px) == (width, height)
    corner = {0: (2, 2), 90: (-2, 2), 180: (-2, -2), -90: (2, -2)}[rotation_deg]
    assert tuple(frame.rgb[corner]) == RED
    others = {(2, 2), (-2, 2), (-2, -2), (2, -2)} - {corner}
    assert all(tuple(frame.rgb[place]) == (20, 20, 20) for place in others)


def test_stopping_early_ends_the_decoding_thread(tmp_path: Path) -> None:
    before = threading.active_count()
    stream = frames(clips.make(tmp_path / "a.mov"), rate_hz=25)
    next(stream)
    assert threading.active_count() == before + 1
    stream.close()  # type: ignore[attr-defined]
    assert threading.active_count() == before


def test_pictures_are_freed_without_the_collectors_help(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "a.mov")
    gc.collect()
    gc.disable()
    try:
        before = _pictures_in_memory()
        for _ in frames(path, rate_hz=clips.FPS):
            pass
        assert _pictures_in_memory() - before <= 1
    finally:
        gc.enable()


def _pictures_in_memory() -> int:
    from av import VideoFrame

    return sum(isinstance(each, VideoFrame) for each in gc.get_objects())


def test_an_error_further_on_comes_in_its_place() -> None:
    def numbers() -> Generator[int, None, None]:
        yield from range(10)
        raise KeyError("ten")

    seen = []
    with pytest.raises(KeyError, match="ten"):
        for number in ahead(numbers(), 4):
            seen.append(number)
    assert seen == list(range(10))


def test_scaled_down_never_up(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "a.mov", size=(320, 200), audio=None)
    frame = next(frames(path, rate_hz=1, max_side_px=160))
    assert frame.rgb.shape == (100, 160, 3)
    assert (frame.width_px, frame.height_px) == (320, 200)
    assert next(frames(path, rate_hz=1, max_side_px=1000)).rgb.shape == (200, 320, 3)


@pytest.mark.parametrize(
    ("video", "suffix"),
    [("mpeg4", ".mp4"), ("libx264", ".mkv"), ("libvpx-vp9", ".mp4"), ("mpeg4", ".mkv"), ("mjpeg", ".mov")],
)
@pytest.mark.parametrize("aspect", [Fraction(3, 2), Fraction(1, 2)])
def test_pixels_are_square(tmp_path: Path, video: str, suffix: str, aspect: Fraction) -> None:
    """Some codecs tell the shape of pixels, of the others only the container does."""
    path = clips.make(tmp_path / f"a{suffix}", video=video, pixel_aspect=aspect, audio=None)
    frame = next(frames(path, rate_hz=1))
    width = round(clips.WIDTH * aspect)
    assert frame.rgb.shape == (clips.HEIGHT, width, 3)
    assert frame.width_px == width


# Black and white in dots; five bits a colour; palettes and floating point, to which FFmpeg does not convert.
UNUSUAL = ("monob", "pal8", "rgb555be", "yaf16le", "grayf16le", "gbrpf16le", "gbrpf32le")
LOSSLESS = ("ffv1", "rawvideo", "png", "v210", "v308", "v408", "v410", "qtrle")


def _pixel_formats() -> dict[str, str]:
    """Each pixel format that FFmpeg writes here without loss → an encoder for it."""
    import av

    found: dict[str, str] = {}
    for codec in LOSSLESS:
        if codec in av.codecs_available:
            names = [each.name for each in av.codec.Codec(codec, "w").video_formats or []]
            found |= {name: codec for name in names if name not in found and name not in UNUSUAL}
    # RawVideo names none, since it takes all; these are what FFmpeg reads back in Matroska.
    packed = ("yuyv422", "uyvy422", "nv12", "gray", "rgba", "bgra", "argb")
    return found | {name: "rawvideo" for name in packed if name not in found}


@pytest.mark.parametrize("pixel_format", _pixel_formats())
def test_every_pixel_format_is_seen_as_it_is(samples: Path, tmp_path: Path, pixel_format: str) -> None:
    """Colours are right, and a repeated picture is told from a new one: also where encoding changed its last bits."""
    import av

    shown = next(frames(samples / "introduction.mp4", rate_hz=1)).rgb[60:188, 100:260]
    fine = np.random.default_rng(1)
    codec = _pixel_formats()[pixel_format]
    path = tmp_path / ("a.mkv" if codec in ("ffv1", "rawvideo") else "a.mov")
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=8)
        stream.height, stream.width = shown.shape[:2]
        stream.pix_fmt = pixel_format
        for index in range(8):
            picture = np.roll(shown, 2 * (index // 2), axis=1).astype(np.float64) * 257
            grain = fine.uniform(-16, 16, picture.shape)  # a sixteenth of a step of 8 bits
            deep = (picture + grain).clip(0, 65535).astype(np.uint16)
            frame = av.VideoFrame.from_ndarray(deep, format="rgb48le").reformat(format=pixel_format)
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    repetitions = Repetitions()
    seen = list(frames(path, rate_hz=8, repetitions=repetitions))
    assert repetitions.new_pictures == 3
    expected = shown.astype(float)
    if (
        av.VideoFormat(pixel_format, 8, 8).components[0].is_luma
        and len(av.VideoFormat(pixel_format, 8, 8).components) < 3
    ):
        expected = np.repeat(expected @ np.array([[0.299], [0.587], [0.114]]), 3, axis=2)
    off = seen[0].rgb - expected
    assert np.abs(off).mean() < 8
    assert np.abs(off.mean()) < 3


def test_damaged_frames_are_left_out(tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "whole.mp4", video="libx264", audio="aac", seconds=4, size=(320, 240))
    data = bytearray(whole.read_bytes())
    start = data.index(b"mdat")
    for place in range(start + 3000, len(data) - 8000, 211):
        data[place] ^= 0x55
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    seen = list(frames(path, rate_hz=25))
    assert 0 < len(seen) < 100
    assert all(a.t_s < b.t_s for a, b in pairwise(seen))
    assert _hash(seen) == _hash(list(frames(path, rate_hz=25)))


def _hash(seen: list[Frame]) -> str:
    return hashlib.sha256(b"".join(f"{frame.t_s}".encode() + frame.rgb.tobytes() for frame in seen)).hexdigest()


def test_recording_cut_off_in_the_middle(tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "w.mp4", video="libx264", audio="aac", seconds=8, options={"movflags": "faststart"})
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    times = _times(path, 25)
    assert times[-1] <= known(probe(path).duration_s)
    assert 75 < len(times) < 150


def test_no_video(tmp_path: Path) -> None:
    with pytest.raises(NotMeasurable, match="no_picture"):
        next(frames(clips.make(tmp_path / "a.mp4", video=None, audio="aac"), rate_hz=1))


def test_development_recordings(development_media: Path) -> None:
    for path in sorted(development_media.glob("video/*")):
        media = probe(path)
        assert media.video is not None and media.video.fps is not None and media.duration_s is not None
        seen = list(frames(path, rate_hz=5, max_side_px=320))
        # One frame for each fifth of a second; sound may go on for a little longer.
        assert len(seen) == pytest.approx(media.duration_s * 5, abs=2), path.name
        assert all(a.t_s < b.t_s for a, b in pairwise(seen))
        assert seen[-1].t_s < media.duration_s
        assert max(seen[0].rgb.shape) <= 320
    turned = next(frames(development_media / "video" / "gaze_center.mp4", rate_hz=1))
    assert (turned.width_px, turned.height_px) == (480, 848)


def test_damaged_development_recording_is_the_same_each_time(development_media: Path) -> None:
    path = development_media / "nasty" / "bitflips_in_data.mp4"
    first = list(frames(path, rate_hz=30, max_side_px=320))
    assert 10 < len(first) < 135
    assert _hash(first) == _hash(list(frames(path, rate_hz=30, max_side_px=320)))
