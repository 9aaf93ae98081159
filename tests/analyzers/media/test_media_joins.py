"""Pieces of a recording that were joined, or did not arrive."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzers.media.probe import probe
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput
from tests.support import clips

MADE = {
    "a.webm": ("libvpx", "libopus"),
    "a.mkv": ("libx264", "aac"),
    "a.mp4": ("libx264", "aac"),
    "a.mov": ("mpeg4", "pcm_s16le"),
    "a.avi": ("mpeg4", "mp2"),
    "a.wav": (None, "pcm_s16le"),
    "a.flac": (None, "flac"),
    "a.ogg": (None, "libopus"),
}
FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}


def make(path: Path, seconds: float = 2.0, shift_s: float = 0.0) -> Path:
    video, audio = MADE[path.name]
    return clips.make(path, seconds=seconds, video=video, audio=audio, audio_hz=48_000, shift_s=shift_s)


@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("other", [1.0, 2.0])
def test_two_recordings_in_one_file_are_refused_in_a_sentence(tmp_path: Path, name: str, other: float) -> None:
    path = make(tmp_path / name)
    length = path.stat().st_size
    assert probe(path).duration_s == pytest.approx(2, abs=0.2)
    (tmp_path / "next").mkdir()
    following = make(tmp_path / "next" / name, other).read_bytes()
    path.write_bytes(path.read_bytes() + following)
    with pytest.raises(BadInput, match=f"holds two recordings, of which the second begins at byte {length}:") as error:
        probe(path)
    assert error.value.reason.code == Code.SEVERAL_RECORDINGS


@pytest.mark.parametrize("options", [None, {"movflags": "faststart"}, FRAGMENTED])
def test_one_recording_is_one(tmp_path: Path, options: dict[str, str] | None) -> None:
    path = clips.make(tmp_path / "a.mp4", video="libx264", audio="aac", audio_hz=48_000, options=options)
    media = probe(path)
    assert media.duration_s == pytest.approx(2, abs=0.1)
    assert media.damage.missing_start_s == 0


def pieces(path: Path) -> list[bytes]:
    """The boxes of the top level of an MP4."""
    data, found, at = path.read_bytes(), [], 0
    while at < len(data):
        size = int.from_bytes(data[at : at + 4], "big")
        found.append(data[at : at + size])
        at += size
    return found


@pytest.mark.parametrize("lost", [1, 2])
def test_lost_first_fragments_are_told(tmp_path: Path, lost: int) -> None:
    whole = clips.make(tmp_path / "a.mp4", seconds=4, video="libx264", audio=None, options=FRAGMENTED)
    boxes = pieces(whole)
    first = [box[4:8] for box in boxes].index(b"moof")
    path = tmp_path / "late.mp4"
    path.write_bytes(b"".join([*boxes[:first], *boxes[first + 2 * lost :]]))
    media = probe(path)
    missing_s = lost * 12 / clips.FPS  # a key picture, and so a fragment, each 12 pictures
    assert media.damage.missing_start_s == pytest.approx(missing_s, abs=0.1)
    assert media.start_s == pytest.approx(missing_s, abs=0.1)
    assert media.duration_s == pytest.approx(4 - missing_s, abs=0.1)


@pytest.mark.parametrize("kind", [b"moof", b"styp", b"sidx"])
def test_a_lost_head_is_told(tmp_path: Path, kind: bytes) -> None:
    boxes = pieces(clips.make(tmp_path / "a.mp4", video="libx264", audio="aac", options=FRAGMENTED))
    first = [box[4:8] for box in boxes].index(b"moof")
    before = b"" if kind == b"moof" else (16).to_bytes(4, "big") + kind + b"msdh\0\0\0\0"
    path = tmp_path / "headless.mp4"
    path.write_bytes(before + b"".join(boxes[first:]))
    with pytest.raises(BadInput, match=f"'{kind.decode()}'.*: the first piece of the upload is missing; send"):
        probe(path)


def test_a_lost_head_of_webm_is_told(tmp_path: Path) -> None:
    whole = make(tmp_path / "a.webm").read_bytes()
    path = tmp_path / "headless.webm"
    path.write_bytes(whole[whole.index(b"\x1f\x43\xb6\x75") :])
    with pytest.raises(BadInput, match="the first piece of the upload is missing"):
        probe(path)


@pytest.mark.parametrize("name", ["a.webm", "a.mkv", "a.mov"])
@pytest.mark.parametrize("shift_s", [0.0, 5.0, 3600.0])
def test_the_files_own_clock_is_kept(tmp_path: Path, name: str, shift_s: float) -> None:
    media = probe(make(tmp_path / name, shift_s=shift_s))
    assert media.start_s == pytest.approx(shift_s, abs=0.05)
    assert media.damage.missing_start_s == 0
