"""One clock: the same clip gives the same sound and the same pictures at the same times, whatever carries it."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.media.audio import extract, load
from analyzers.media.frames import Frame, frames
from analyzers.media.probe import probe
from tests.support import clips
from tests.support.parameters import shortened

FRAME_S = 1 / 25
HZ = 16_000


def sound_of(path: Path, folder: Path) -> NDArray[np.float32]:
    extract(path, folder / "sound.wav")
    return load(folder / "sound.wav")


def lag_s(sound: NDArray[np.float32], reference: NDArray[np.float32]) -> float:
    """How much later `sound` is than `reference`, by cross-correlation; it must be the same sound."""
    size = 1 << (len(sound) + len(reference)).bit_length()
    product = np.fft.irfft(np.fft.rfft(sound, size) * np.conj(np.fft.rfft(reference, size)), size)
    best = int(product.argmax())
    assert product[best] > 0.9 * np.linalg.norm(sound) * np.linalg.norm(reference)
    return (best if best < size // 2 else best - size) / HZ


def small(frame: Frame) -> NDArray[np.float32]:
    return frame.rgb[::4, ::4].astype(np.float32)


def picture_lags_s(path: Path, reference: list[Frame]) -> list[float]:
    """How much later each picture is shown than the most similar one of `reference`."""
    looks = np.stack([small(frame) for frame in reference])
    lags = []
    for frame in frames(path, rate_hz=25, max_side_px=360):
        difference = np.abs(looks - small(frame)).mean(axis=(1, 2, 3))
        assert difference.min() < 6  # of 255: it is one of them
        lags.append(frame.t_s - reference[int(difference.argmin())].t_s)
    return lags


@pytest.fixture(scope="module")
def clip(samples: Path) -> Path:
    return samples / "introduction.mp4"


@pytest.fixture(scope="module")
def reference(clip: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[NDArray[np.float32], list[Frame]]:
    sound = sound_of(clip, tmp_path_factory.mktemp("reference"))
    return sound, list(frames(clip, rate_hz=25, max_side_px=360))


def remux(
    source: Path, target: Path, *, options: dict[str, str], shift_s: float = 0.0, sound_shift_s: float = 0.0
) -> Path:
    """Copy the streams unchanged, at other times."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w", options=options) as new:
        copies = {s.index: new.add_stream_from_template(s) for s in old.streams}
        for packet in old.demux():
            if packet.dts is None or packet.pts is None:
                continue
            shift = shift_s + (sound_shift_s if packet.stream.type == "audio" else 0)
            ticks = round(Fraction(shift) / packet.time_base)
            packet.pts += ticks
            packet.dts += ticks
            packet.stream = copies[packet.stream.index]
            new.mux(packet)
    return target


def transcode(
    source: Path,
    target: Path,
    *,
    video: str = "libx264",
    audio: str = "aac",
    keep: Callable[[int], bool] = lambda index: True,
    rotation_deg: int = 0,
    mirrored: bool = False,
) -> Path:
    """The same pictures and sound, coded anew; turned in storage as far as the metadata turn them back."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        pictures = [np.asarray(frame.to_ndarray(format="rgb24"), dtype=np.uint8) for frame in old.decode(video=0)]
        old.seek(0)
        sounds = list(old.decode(audio=0))
        start = int(sounds[0].pts or 0)
        stored = [np.rot90(picture, -rotation_deg // 90) for picture in pictures]
        stored = [np.ascontiguousarray(picture[:, ::-1] if mirrored else picture) for picture in stored]
        stream: Any = new.add_stream(video, rate=25)
        stream.height, stream.width = stored[0].shape[:2]
        stream.pix_fmt, stream.bit_rate = "yuv420p", 2_000_000
        stream.codec_context.time_base = Fraction(1, 1000)
        if rotation_deg or mirrored:
            degrees = -rotation_deg if mirrored else rotation_deg  # PyAV mirrors after turning, we before
            stream.set_display_rotation(degrees, hflip=mirrored)
        track: Any = new.add_stream(audio, rate=48_000 if audio == "libopus" else 44_100, layout="stereo")
        packets = []
        for index, picture in enumerate(stored):
            if keep(index):
                frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
                frame.pts, frame.time_base = index * 40, Fraction(1, 1000)
                packets += stream.encode(frame)
        context = track.codec_context
        resampler = av.AudioResampler(
            context.format, context.layout, context.sample_rate, frame_size=context.frame_size or None
        )
        for sound in sounds:
            sound.pts = int(sound.pts or 0) - start
        for each in [*sounds, None]:
            for resampled in resampler.resample(each):
                packets += track.encode(resampled)
        packets += [*stream.encode(None), *track.encode(None)]
        new.start_encoding()
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            new.mux(packet)
    return target


REMUXED: dict[str, tuple[str, dict[str, str], float]] = {
    "mp4": ("a.mp4", {}, 0),
    "mov": ("a.mov", {}, 0),
    "mkv": ("a.mkv", {}, 0),
    "mkv without a duration": ("a.mkv", {"live": "1"}, 0),
    "ts": ("a.ts", {}, 0),
    "flv": ("a.flv", {}, 0),
    "fragmented mp4": ("a.mp4", {"movflags": "frag_keyframe+empty_moov+default_base_moof"}, 0),
    "mkv that starts at an hour": ("a.mkv", {}, 3600.0),
    "ts that starts at an hour": ("a.ts", {}, 3600.0),
    "mov that starts at an hour": ("a.mov", {}, 3600.0),
}


@pytest.mark.parametrize("name", shortened(REMUXED, 1))
def test_remuxed(name: str, clip: Path, reference: tuple[Any, list[Frame]], tmp_path: Path) -> None:
    file_name, options, shift_s = REMUXED[name]
    path = remux(clip, tmp_path / file_name, options=options, shift_s=shift_s)
    sound, pictures = reference
    lags = picture_lags_s(path, pictures)
    assert len(lags) == len(pictures)
    # FFmpeg writes this one with the encoder's priming at 0 and all the rest two frames later.
    allowed_s = 3 * FRAME_S if name == "fragmented mp4" else FRAME_S
    assert max(map(abs, lags)) < allowed_s
    assert abs(lag_s(sound_of(path, tmp_path), sound)) < allowed_s
    # Sound and picture move together, to well below what an eye or an ear can tell.
    assert lag_s(sound_of(path, tmp_path), sound) == pytest.approx(float(np.median(lags)), abs=FRAME_S / 2)
    assert probe(path).duration_s == pytest.approx(probe(clip).duration_s, abs=allowed_s + FRAME_S)


TRANSCODED: dict[str, tuple[str, dict[str, Any]]] = {
    "webm": ("a.webm", {"video": "libvpx", "audio": "libopus"}),
    "avi": ("a.avi", {"video": "mpeg4", "audio": "libmp3lame"}),
    "pcm": ("a.mkv", {"audio": "pcm_s16le"}),
    "variable frame rate": ("a.mkv", {"keep": lambda index: index % 7 in (0, 1, 4) or 30 < index < 45}),
    "turned by metadata": ("a.mp4", {"rotation_deg": 90}),
    "upside down": ("a.mp4", {"rotation_deg": 180}),
    "mirrored by metadata": ("a.mp4", {"mirrored": True}),
    "turned and mirrored": ("a.mp4", {"rotation_deg": -90, "mirrored": True}),
}


@pytest.mark.parametrize("name", shortened(TRANSCODED, 1))
def test_transcoded(name: str, clip: Path, reference: tuple[Any, list[Frame]], tmp_path: Path) -> None:
    file_name, how = TRANSCODED[name]
    path = transcode(clip, tmp_path / file_name, **how)
    sound, pictures = reference
    lags = picture_lags_s(path, pictures)
    keep = how.get("keep", lambda index: True)
    assert len(lags) == pytest.approx(sum(keep(index) for index in range(75)), abs=1)
    assert max(map(abs, lags)) < FRAME_S + 0.001
    assert abs(lag_s(sound_of(path, tmp_path), sound)) < FRAME_S


@pytest.mark.parametrize("shift_s", shortened([0.5, 2.5], 1))
@pytest.mark.parametrize("suffix", [".mkv", ".mov", ".ts"])
def test_late_sound_is_late_and_pictures_stay(
    shift_s: float, suffix: str, clip: Path, reference: tuple[Any, list[Frame]], tmp_path: Path
) -> None:
    path = remux(clip, tmp_path / f"late{suffix}", options={}, sound_shift_s=shift_s)
    sound, pictures = reference
    assert max(map(abs, picture_lags_s(path, pictures))) < FRAME_S
    assert lag_s(sound_of(path, tmp_path), sound) == pytest.approx(shift_s, abs=FRAME_S)


@pytest.mark.parametrize("cover", ["mjpeg", "png"])
def test_a_cover_that_is_not_marked_as_one_is_not_the_video(cover: str, tmp_path: Path) -> None:
    import av

    film = clips.make(tmp_path / "film.mov", video="libx264", audio=None)
    path = tmp_path / "both.mov"
    with av.open(str(film)) as old, av.open(str(path), "w") as new:
        picture: Any = new.add_stream(cover, rate=25)
        picture.width, picture.height = 64, 48
        picture.pix_fmt = "yuvj420p" if cover == "mjpeg" else "rgb24"
        copy = new.add_stream_from_template(old.streams.video[0])
        frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 99, np.uint8), format="rgb24")
        frame.pts, frame.time_base = 0, Fraction(1, 25)
        for packet in [*picture.encode(frame), *picture.encode(None)]:
            new.mux(packet)
        for packet in old.demux():
            if packet.dts is not None:
                packet.stream = copy
                new.mux(packet)
    media = probe(path)
    assert media.video is not None
    assert media.video.codec == "h264"
    assert len(list(frames(path, rate_hz=25))) == 50
