"""Damage is counted: nothing in whole recordings, what was done to the others."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.media.audio import extract
from analyzers.media.frames import frames
from analyzers.media.probe import probe
from mulakat.schema.base import Provenance, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Damage, Loss, Media
from mulakat.schema.ranges import covered_s
from mulakat.schema.reasons import Reason
from mulakat.scoring import quality
from tests.support import clips
from tests.support.parameters import shortened

SECONDS = 8.0
NOISE = (np.random.default_rng(1).standard_normal(round(SECONDS * 48_000)) * 3000).astype(np.int16)
WHOLE: dict[str, tuple[dict[str, str], str | None, str | None]] = {
    "last-index.mp4": ({}, "libx264", "aac"),
    "first-index.mp4": ({"movflags": "faststart"}, "libx264", "aac"),
    "fragmented.mp4": ({"movflags": "frag_keyframe+empty_moov"}, "libx264", "aac"),
    "pcm.mov": ({"movflags": "faststart"}, "mpeg4", "pcm_s16le"),
    "a.mkv": ({}, "libx264", "aac"),
    "vp8.webm": ({}, "libvpx", "libopus"),
    "live.webm": ({"live": "1"}, "libvpx", "libopus"),
    "a.ts": ({}, "libx264", "aac"),
    "a.avi": ({}, "mpeg4", "libmp3lame"),
    "a.flv": ({}, "libx264", "aac"),
    "a.ogg": ({}, None, "libopus"),
    "a.wav": ({}, None, "pcm_s16le"),
    "a.flac": ({}, None, "flac"),
    "a.mp3": ({}, None, "libmp3lame"),
    "a.aiff": ({}, None, "pcm_s16be"),
}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with eight seconds in each container."""
    folder = tmp_path_factory.mktemp("whole")
    for name, (options, video, audio) in WHOLE.items():
        clips.make(
            folder / name,
            seconds=SECONDS,
            video=video,
            audio=audio,
            audio_hz=48_000,
            samples=NOISE,
            options=options,
        )
    return folder


def damage(path: Path) -> Damage:
    """What probing tells."""
    found: Damage = probe(path).damage
    return found


def lost_pictures(path: Path, holes: list[TimeRange] | None = None) -> list[TimeRange]:
    """What only decoding tells, in order."""
    lost: list[tuple[float, float]] = []
    for _ in frames(path, rate_hz=5, holes=[(one.start_s, one.end_s) for one in holes or []], lost=lost):
        pass
    return [TimeRange(start_s=start, end_s=min(end, SECONDS)) for start, end in sorted(lost)]


def undecoded(path: Path) -> Loss:
    return Loss(**extract(path, path.with_suffix(".out.wav"))["undecoded"])


def first_part(source: Path, target: Path, share: float) -> Path:
    target.write_bytes(source.read_bytes()[: round(share * source.stat().st_size)])
    return target


def without_middle(source: Path, target: Path) -> Path:
    """Without the bytes from 50 to 75 % of it."""
    data = source.read_bytes()
    target.write_bytes(data[: len(data) // 2] + data[len(data) * 3 // 4 :])
    return target


def overwritten(source: Path, target: Path, *, stream: str, first_s: float, last_s: float) -> Path:
    """With zeros in place of each packet of a stream that starts in this time."""
    import av

    data = bytearray(source.read_bytes())
    with av.open(str(source)) as container:
        for packet in container.demux(getattr(container.streams, stream)[0]):
            if packet.pts is not None and packet.pos is not None and first_s <= packet.pts * packet.time_base < last_s:
                data[packet.pos : packet.pos + packet.size] = bytes(packet.size)
    target.write_bytes(data)
    return target


def without_packets(source: Path, target: Path, *, stream: str, first_s: float, last_s: float) -> Path:
    """Remuxed without the packets of a stream (`both`: of all) that start in this time."""
    import av

    with av.open(str(source)) as old, av.open(str(target), "w") as new:
        copies = {s.index: new.add_stream_from_template(s) for s in old.streams}
        for packet in old.demux():
            if packet.dts is None or packet.pts is None:
                continue
            gone = stream in ("both", packet.stream.type) and first_s <= packet.pts * packet.time_base < last_s
            if not gone:
                packet.stream = copies[packet.stream.index]
                new.mux(packet)
    return target


@pytest.mark.parametrize("name", shortened(WHOLE, 1))
def test_a_whole_recording_has_none(whole: Path, name: str) -> None:
    assert damage(whole / name) == Damage()
    if WHOLE[name][1]:
        assert lost_pictures(whole / name) == []
    assert undecoded(whole / name) == Loss()


def test_the_samples_have_none(samples: Path, tmp_path: Path) -> None:
    for name in ("introduction.mp4", "problem_solving.mp4"):
        copy = tmp_path / name
        copy.symlink_to(samples / name)
        assert damage(copy) == Damage()
        assert lost_pictures(copy) == []
        assert undecoded(copy) == Loss()


@pytest.mark.parametrize("name", ["first-index.mp4", "pcm.mov", "a.mkv", "vp8.webm", "a.flv", "a.flac", "a.aiff"])
def test_a_file_that_breaks_off_lacks_what_it_announces(whole: Path, tmp_path: Path, name: str) -> None:
    cut = probe(first_part(whole / name, tmp_path / name, 0.6))
    assert cut.duration_s is not None and cut.duration_s < 0.75 * SECONDS
    assert cut.duration_s + cut.damage.cut_s == pytest.approx(SECONDS, abs=0.2)


@pytest.mark.parametrize("name", ["live.webm", "a.ts", "a.ogg"])
def test_where_no_length_is_announced_none_is_missed(whole: Path, tmp_path: Path, name: str) -> None:
    assert damage(first_part(whole / name, tmp_path / name, 0.6)).cut_s == 0


def test_fragments_after_a_destroyed_header_are_missed(whole: Path, tmp_path: Path) -> None:
    data = bytearray((whole / "fragmented.mp4").read_bytes())
    header = data.index(b"moof", len(data) // 2) - 4
    data[header : header + 64] = bytes(64)
    path = tmp_path / "a.mp4"
    path.write_bytes(data)
    found = probe(path)
    assert found.duration_s is not None and found.duration_s < 0.75 * SECONDS
    assert found.duration_s + found.damage.cut_s == pytest.approx(SECONDS, rel=0.15)


@pytest.mark.parametrize("name", ["a.mkv", "vp8.webm", "live.webm", "a.ts", "a.flv"])
def test_a_hole_in_the_file_is_a_hole_in_picture_and_sound(whole: Path, tmp_path: Path, name: str) -> None:
    path = without_middle(whole / name, tmp_path / name)
    found = damage(path)
    [hole] = found.holes
    assert hole.start_s == pytest.approx(0.5 * SECONDS, abs=0.6)
    # WebM is found again at the start of a cluster only.
    assert 0.75 * SECONDS - 0.6 <= hole.end_s <= SECONDS - 0.5
    assert found.picture.ratio == pytest.approx((hole.end_s - hole.start_s) / SECONDS, abs=0.02)


@pytest.mark.parametrize("name", ["vp8.webm", "a.mkv"])
def test_pictures_after_a_hole_are_lost_up_to_the_next_key_picture(whole: Path, tmp_path: Path, name: str) -> None:
    import av

    path = without_packets(whole / name, tmp_path / name, stream="both", first_s=3.1, last_s=4.1)
    found = damage(path)
    with av.open(str(path)) as container:
        keys = [float(f.time) for f in container.decode(video=0) if f.key_frame and f.time is not None]
    next_key = next(time for time in keys if time > 4.1)
    lost = lost_pictures(path, found.holes)
    assert max(one.end_s for one in lost) == pytest.approx(next_key, abs=0.03)
    seen = [frame.t_s for frame in frames(path, rate_hz=25, holes=[(h.start_s, h.end_s) for h in found.holes])]
    assert not any(3.15 < time < next_key - 0.01 for time in seen)
    assert max(after - before for before, after in pairwise(seen)) == pytest.approx(next_key - 3.08, abs=0.1)


@pytest.mark.parametrize("name", ["first-index.mp4", "a.mkv", "a.flv", "pcm.mov", "vp8.webm"])
def test_pictures_that_cannot_be_decoded(whole: Path, tmp_path: Path, name: str) -> None:
    path = overwritten(whole / name, tmp_path / name, stream="video", first_s=2, last_s=4)
    lost = lost_pictures(path)
    assert covered_s(lost) == pytest.approx(2.0, abs=0.6)
    assert min(one.start_s for one in lost) == pytest.approx(2.0, abs=0.1)
    assert undecoded(path) == Loss()


@pytest.mark.parametrize("name", ["first-index.mp4", "last-index.mp4"])
def test_sound_that_cannot_be_decoded(whole: Path, tmp_path: Path, name: str) -> None:
    path = overwritten(whole / name, tmp_path / name, stream="audio", first_s=2, last_s=4)
    assert undecoded(path).ratio == pytest.approx(2.0 / SECONDS, abs=0.02)
    assert lost_pictures(path) == []


@pytest.mark.parametrize("name", ["first-index.mp4", "vp8.webm", "a.ts"])
def test_a_stream_that_ends_before_the_other(whole: Path, tmp_path: Path, name: str) -> None:
    silent = damage(without_packets(whole / name, tmp_path / f"s-{name}", stream="audio", first_s=4, last_s=99))
    assert silent.sound.ratio == pytest.approx(0.5, abs=0.02)
    assert silent.picture == Loss()
    blind = damage(without_packets(whole / name, tmp_path / f"b-{name}", stream="video", first_s=4, last_s=99))
    assert blind.picture.ratio == pytest.approx(0.5, abs=0.02)
    assert blind.sound == Loss()


def test_a_pause_in_the_pictures_alone_is_no_hole(whole: Path, tmp_path: Path) -> None:
    """As of a hidden tab: no picture for a while, and what follows is sound."""
    path = without_packets(whole / "vp8.webm", tmp_path / "a.webm", stream="video", first_s=3, last_s=5)
    found = damage(path)
    assert found.holes == []
    assert found.picture.ratio == pytest.approx(2.0 / SECONDS, abs=0.02)


def partial_face(**fields: Any) -> FaceTrack:
    return FaceTrack.model_construct(**fields)


def test_damage_is_judged_and_the_same_loss_counts_once() -> None:
    made = Provenance(analyzer="test", version="1")
    half = Loss(ratio=0.5, ranges=[TimeRange(start_s=5, end_s=10)])
    fields = {"sha256": "0", "size_bytes": 1, "container": "webm", "duration_s": 10.0, "audio": None}
    video = {"codec": "vp8", "width": 640, "height": 480, "fps": 30, "rotation_deg": 0}
    media = Media.model_validate(
        {**fields, "video": video, "provenance": made, "damage": Damage(picture=half, sound=half, cut_s=2.5)}
    )
    audio = Audio(
        sample_rate_hz=16000,
        duration_s=5,
        sha256="0",
        peak_dbfs=-3,
        clipped_ratio=0,
        dropouts=[TimeRange(start_s=1, end_s=2)],
        undecoded=Loss(ratio=0.2, ranges=[TimeRange(start_s=1.5, end_s=2.5)]),
        provenance=made,
    )
    face = partial_face(picture=None, flags=[], track={}, undecoded=half)
    checks = {check.name: check for check in quality.checks(media, audio, face, None)}
    assert checks["lost_pictures"].value == 0.5
    assert checks["dropouts"].value == pytest.approx(0.65)
    assert checks["cut_off"].value == pytest.approx(0.2)
    assert quality.unusable([checks["lost_pictures"]], "visual") == Reason.of(
        Code.UNFIT_LOST_PICTURES, value=0.5, limit=0.25
    )
    assert checks["cut_off"].status == "poor"


def test_ranges_that_overlap_cover_their_time_once() -> None:
    spans = [(0.0, 2.0), (1.0, 1.5), (1.5, 3.0), (4.0, 5.0)]
    assert covered_s(TimeRange(start_s=start, end_s=end) for start, end in spans) == 4.0
    assert covered_s([]) == 0.0
