"""Broken recordings by the thousand: a corpus of small real files, and a seeded mutator of their bytes."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

# Name → container's format and options, codec of picture and sound.
_MADE: dict[str, tuple[dict[str, str], str | None, str | None]] = {
    "h264-aac.mp4": ({}, "libx264", "aac"),
    "fragmented.mp4": ({"movflags": "frag_keyframe+empty_moov"}, "libx264", "aac"),
    "hevc.mp4": ({}, "libx265", "aac"),
    "mjpeg-pcm.mov": ({}, "mjpeg", "pcm_s16le"),
    "h264-flac.mkv": ({}, "libx264", "flac"),
    "vp8-opus.webm": ({}, "libvpx", "libopus"),
    "vp9-opus.webm": ({}, "libvpx-vp9", "libopus"),
    "h264-aac.ts": ({}, "libx264", "aac"),
    "mpeg1-mp2.mpg": ({}, "mpeg1video", "mp2"),
    "mpeg4-mp3.avi": ({}, "mpeg4", "libmp3lame"),
    "h264-aac.flv": ({}, "libx264", "aac"),
    "opus.ogg": ({}, None, "libopus"),
    "pcm.wav": ({}, None, "pcm_s16le"),
    "sound.flac": ({}, None, "flac"),
    "sound.mp3": ({}, None, "libmp3lame"),
    "alac.m4a": ({}, None, "alac"),
}
_INTEGERS = (0, 1, 7, 8, 9, 0xFF, 0x7FFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFF0, 0xFFFFFFFF)
_BOX = re.compile(rb"[a-z][a-z0-9]{3}")


def corpus(samples: Path, folder: Path, *, more: Path | None = None) -> list[Path]:
    """One second of a speaking face in many containers, and real recordings up to 1 MB from `more`."""
    speaker = samples / "introduction.mp4"
    paths = [speaker]
    for name, (options, video, audio) in _MADE.items():
        paths.append(folder / name)
        _transcode(speaker, paths[-1], options, video, audio)
    if more is not None:
        kinds = ("video/*.mp*", "speech/*", "nasty/*.*")
        found = sorted(path for kind in kinds for path in more.glob(kind))
        paths += [path for path in found if 0 < path.stat().st_size < 1_000_000 and path.suffix != ".txt"]
    return paths


def mutant(paths: list[Path], seed: int) -> tuple[str, bytes]:
    """A file of the corpus with one to four changes; what it was and its bytes. Same seed, same mutant."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    source = rng.choice(paths)
    data = bytearray(source.read_bytes())
    applied = []
    for _ in range(rng.randint(1, 4)):
        change = rng.choice(_CHANGES)
        applied.append(change.__name__.strip("_"))
        data = change(data, rng)
    if rng.random() < 0.05:
        applied.append("splice")
        other = rng.choice(paths).read_bytes()
        data = data[: rng.randrange(len(data) + 1)] + other[rng.randrange(len(other)) :]
    return f"{source.name}: {', '.join(applied)}", bytes(data)


def _flip_bits(data: bytearray, rng: random.Random) -> bytearray:
    for _ in range(round(2 ** rng.uniform(0, 9))):
        if data:
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def _flip_header(data: bytearray, rng: random.Random) -> bytearray:
    head = min(len(data), 1024)
    for _ in range(rng.randint(1, 12)):
        if head:
            data[rng.randrange(head)] = rng.randrange(256)
    return data


def _lie_about_size(data: bytearray, rng: random.Random) -> bytearray:
    """Write an odd number before, or right after, something that looks like a box's type."""
    boxes = [match.start() for match in _BOX.finditer(data[:4096] + data[-8192:])]
    if boxes and len(data) > 12_288:
        place = rng.choice(boxes)
        place = place if place < 4096 else len(data) - 8192 + place - 4096
        place += rng.choice((-4, 4, 8, 12, 16))
        number = rng.choice((*_INTEGERS, len(data), rng.getrandbits(32)))
        data[max(0, place) : max(0, place) + 4] = number.to_bytes(4, "big")
    return data


def _odd_integer(data: bytearray, rng: random.Random) -> bytearray:
    if len(data) > 8:
        width = rng.choice((1, 2, 4, 8))
        number = rng.choice(_INTEGERS) & ((1 << 8 * width) - 1)
        place = rng.randrange(min(len(data) - 8, rng.choice((512, 4096, len(data)))) or 1)
        data[place : place + width] = number.to_bytes(width, rng.choice(("big", "little")))
    return data


def _truncate(data: bytearray, rng: random.Random) -> bytearray:
    return data[: rng.randrange(len(data) + 1)]


def _cut_out(data: bytearray, rng: random.Random) -> bytearray:
    place, size = rng.randrange(len(data) + 1), rng.randrange(1, 4096)
    return data[:place] + data[place + size :]


def _repeat(data: bytearray, rng: random.Random) -> bytearray:
    place, size = rng.randrange(len(data) + 1), rng.randrange(1, 4096)
    return data[: place + size] + data[place : place + size] * rng.randint(1, 8) + data[place + size :]


def _fill(data: bytearray, rng: random.Random) -> bytearray:
    place, size = rng.randrange(len(data) + 1), min(rng.randrange(1, 4096), len(data))
    filling = rng.choice((b"\0", b"\xff", None))
    block = rng.randbytes(size) if filling is None else filling * size
    return data[:place] + block + data[place + size :]


def _insert(data: bytearray, rng: random.Random) -> bytearray:
    place = rng.randrange(len(data) + 1)
    return data[:place] + rng.randbytes(rng.randrange(1, 64)) + data[place:]


_CHANGES: tuple[Callable[[bytearray, random.Random], bytearray], ...] = (
    _flip_bits, _flip_bits, _flip_header, _lie_about_size, _lie_about_size, _odd_integer, _odd_integer,
    _truncate, _cut_out, _repeat, _fill, _insert,
)  # fmt: skip


def _transcode(source: Path, target: Path, options: dict[str, str], video: str | None, audio: str | None) -> None:
    """The first second of `source`, 180 lines high, in another container with other codecs."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w", options=options) as new:
        pairs: list[tuple[Any, Any]] = []
        if video is not None:
            picture: Any = new.add_stream(video, rate=25)
            picture.width, picture.height = 224, 180
            picture.pix_fmt = "yuvj420p" if video == "mjpeg" else "yuv420p"
            picture.codec_context.time_base = Fraction(1, 25)
            if video == "libx265":
                picture.options = {"x265-params": "log-level=none"}
            pairs.append((old.streams.video[0], picture))
        if audio is not None:
            pairs.append((old.streams.audio[0], new.add_stream(audio, rate=48_000, layout="stereo")))
        packets = []
        for stored, made in pairs:
            old.seek(0)
            for frame in _frames(old, stored, made):
                packets += made.encode(frame)
            packets += made.encode(None)
        new.start_encoding()
        for packet in sorted(packets, key=lambda packet: packet.dts * packet.time_base):
            new.mux(packet)


def _frames(container: Any, stored: Any, made: Any) -> Any:
    """The first second of a stream, ready for the encoder of `made`."""
    import av

    if stored.type == "video":
        for count, frame in enumerate(container.decode(stored)):
            if count == 25:
                return
            small = frame.reformat(made.width, made.height, made.pix_fmt)
            small.pts, small.time_base = count, Fraction(1, 25)
            yield small
        return
    context = made.codec_context
    size = context.frame_size or None
    resampler = av.AudioResampler(context.format, context.layout, context.sample_rate, frame_size=size)
    for frame in container.decode(stored):
        if frame.time > 1:
            break
        yield from resampler.resample(frame)
    yield from resampler.resample(None)
