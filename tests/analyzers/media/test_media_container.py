"""What is refused, and that nothing but the recording itself is read."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from analyzers.media.audio import extract
from analyzers.media.container import opened
from analyzers.media.frames import frames
from analyzers.media.probe import probe
from mulakat.schema.errors import BadInput
from tests.support import clips
from tests.support.known import known
from tests.support.parameters import shortened
from tests.support.watched import watched

HTML = b"<!DOCTYPE html>\n<html><head><title>404 Not Found</title></head></html>\n"
LFS = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"0" * 64 + b"\nsize 12345\n"

REFUSED = {
    "empty": (b"", "empty (0 bytes)"),
    "html": (HTML, "HTML page"),
    "html after a comment": (b"<!-- nginx -->\n<HTML>", "HTML page"),
    "html with a byte order mark": (b"\xef\xbb\xbf" + HTML, "HTML page"),
    "html as utf-16": (HTML.decode().encode("utf-16"), "HTML page"),
    "git lfs pointer": (LFS, "Git LFS pointer"),
    "text": ("Görüşme kaydı burada değil".encode(), "text file that starts 'Görüşme kaydı"),
    "text cut inside a letter": (("a" + "ş" * 4000).encode(), "text file"),
    "json": (b'{"error": "no such recording"}', "text file"),
    "xml": (b"<?xml version='1.0'?><Error><Code>NoSuchKey</Code></Error>", "XML document"),
    "hls": (b"#EXTM3U\n#EXTINF:3,\nfile:///etc/hostname\n", "HLS playlist"),
    "ffconcat": (b"ffconcat version 1.0\nfile /etc/hostname\n", "FFmpeg playlist"),
    "dash": (b"<MPD xmlns='urn:mpeg:dash:schema:mpd:2011'></MPD>", "DASH playlist"),
    "sdp": (b"v=0\no=- 0 0 IN IP4 127.0.0.1\n", "session description"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "PDF document"),
    "zip": (b"PK\x03\x04" + bytes(100), "ZIP archive"),
    "gif": (b"GIF89a" + bytes(100), "picture (GIF)"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(100), "picture (HEIC)"),
    "raw sound": (clips.tone(0.5).tobytes(), "no known recording format"),
    "zeros": (bytes(10_000), "no known recording format"),
    "wav header cut off": (b"RIFF\x24\0\0\0WAVEfm", "cut off or damaged"),
}


def _one_line(error: pytest.ExceptionInfo[BadInput], path: Path) -> str:
    message = str(error.value)
    assert "\n" not in message
    assert repr(str(path)) in message
    return message


@pytest.mark.parametrize("name", shortened(REFUSED, 8))
def test_what_is_no_recording_is_refused_in_one_line(tmp_path: Path, name: str) -> None:
    content, expected = REFUSED[name]
    path = tmp_path / "answer.mp4"
    path.write_bytes(content)
    with pytest.raises(BadInput) as error:
        probe(path)
    assert expected in _one_line(error, path)


def test_missing_file_folder_and_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.mp4"
    os.mkfifo(pipe)
    loop = tmp_path / "loop.mp4"
    loop.symlink_to(loop)
    for path, expected in [
        (tmp_path / "none.mp4", "does not exist"),
        (tmp_path, "is a folder"),
        (pipe, "not a plain file"),
        (Path("/dev/null"), "not a plain file"),
        (loop, "cannot be opened"),
        (tmp_path / "a\0b.mp4", "cannot be opened"),
    ]:
        with pytest.raises(BadInput) as error:
            probe(path)
        assert expected in _one_line(error, path)


def test_mp4_without_index(tmp_path: Path) -> None:
    whole = clips.make(tmp_path / "whole.mp4", video="libx264", audio="aac")
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    with pytest.raises(BadInput) as error:
        probe(path)
    assert "without a readable index (moov)" in _one_line(error, path)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_picture_named_mp4(tmp_path: Path, suffix: str) -> None:
    import cv2
    import numpy as np

    picture = tmp_path / f"picture{suffix}"
    assert cv2.imwrite(str(picture), np.full((48, 64, 3), 99, np.uint8))
    path = picture.rename(tmp_path / "picture.mp4")
    with pytest.raises(BadInput) as error:
        probe(path)
    assert "is a picture" in _one_line(error, path)


@pytest.mark.parametrize(
    "name",
    shortened(
        [
            'Görüşme kaydı – Ayşe\'s #1 (50%) "test".mov',
            "-i.mov",
            "frame-%03d.mov",
            "[0-9]*?.mov",
            "concat:a|b.mov",
            "file:x.mov",
            "pipe:0",
            "line\nbreak.mov",
            "no suffix",
            "answer.m3u8",
            "answer.jpg",
        ],
        6,
    ),
)
def test_hard_file_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    shutil.copy(clips.make(tmp_path / "plain.mov", seconds=0.4), tmp_path / name)
    monkeypatch.chdir(tmp_path)
    path = Path(name)  # relative: nothing stands before a leading dash
    media = probe(path)
    assert media.sha256 == probe(tmp_path / "plain.mov").sha256
    assert media.video is not None
    extract(path, tmp_path / "sound.wav")
    assert len(list(frames(path, rate_hz=25))) == 10


def test_message_stays_one_line_with_a_line_break_in_the_name(tmp_path: Path) -> None:
    path = tmp_path / "line\nbreak.mp4"
    path.write_bytes(HTML)
    with pytest.raises(BadInput) as error:
        probe(path)
    _one_line(error, path)


PLAYLISTS = {
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{uri}\n#EXT-X-ENDLIST\n",
    "hls with a path": "#EXTM3U\n#EXT-X-TARGETDURATION:3\n#EXTINF:3,\n{path}\n#EXT-X-ENDLIST\n",
    "ffconcat": "ffconcat version 1.0\nfile '{path}'\n",
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 0 RTP/AVP 0\na=control:{uri}\n",
    "dash": "<?xml version='1.0'?><MPD type='static'><Period><AdaptationSet><Representation id='1'>"
    "<BaseURL>{uri}</BaseURL></Representation></AdaptationSet></Period></MPD>",
}


@pytest.mark.parametrize(
    "disguise", ["", pytest.param("\x01", marks=pytest.mark.long)], ids=["text", "with a control character"]
)
@pytest.mark.parametrize("name", shortened(["answer.mp4", "answer.m3u8"], 1))
@pytest.mark.parametrize("kind", PLAYLISTS)
def test_playlists_do_not_reach_other_files(tmp_path: Path, kind: str, name: str, disguise: str) -> None:
    """The control character takes the file past the text check, to FFmpeg's own detection."""
    secret = clips.make(tmp_path / "secret.mov", seconds=0.4)
    playlist = tmp_path / name
    playlist.write_text(PLAYLISTS[kind].format(path=secret, uri=secret.as_uri()) + disguise)
    with watched(secret) as watch:
        with pytest.raises(BadInput):
            probe(playlist)
        with pytest.raises(BadInput):
            extract(playlist, tmp_path / "sound.wav")
        with pytest.raises(BadInput):
            next(frames(playlist, rate_hz=1))
        assert not watch.opened()
        secret.read_bytes()
        assert watch.opened()  # the watch does see a reader


def test_image_sequence_pattern_is_a_plain_name(tmp_path: Path) -> None:
    import cv2
    import numpy as np

    for number in (1, 2, 3):
        cv2.imwrite(str(tmp_path / f"f{number}.png"), np.full((48, 64, 3), 99, np.uint8))
    with watched(tmp_path / "f1.png") as watch:
        with pytest.raises(BadInput, match="does not exist"):
            probe(tmp_path / "f%d.png")
        assert not watch.opened()


def test_mov_with_a_data_reference_does_not_reach_the_other_file(tmp_path: Path) -> None:
    """QuickTime files may keep their samples elsewhere (`dref` with a `url ` that is not self-contained)."""
    secret = tmp_path / "secret.mov"
    data = clips.make(secret, seconds=0.4, video=None).read_bytes()
    place = data.index(b"url \0\0\0\x01")
    # Same length: the flag "data is in this file" is cleared, nothing else moves.
    path = tmp_path / "answer.mov"
    path.write_bytes(data[: place + 7] + b"\0" + data[place + 8 :])
    with watched(secret) as watch:
        probe(path)
        assert not watch.opened()


def test_damage_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """FFmpeg's own messages belong to nobody's terminal."""
    path = _damaged(tmp_path)
    probe(path)
    list(frames(path, rate_hz=25))
    extract(path, tmp_path / "sound.wav")
    assert capfd.readouterr() == ("", "")


def _damaged(tmp_path: Path) -> Path:
    whole = clips.make(tmp_path / "whole.mp4", video="libx264", audio="aac", seconds=4)
    data = bytearray(whole.read_bytes())
    start = data.index(b"mdat") + 200
    for place in range(start, start + 4000, 97):
        data[place] ^= 0x55
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    return path


def test_cover_picture_is_not_video(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "cover.mp4", video="mjpeg", audio="aac", seconds=1.0, frame_times_s=[0.0])
    with opened(path) as recording:
        assert recording.audio is not None
    assert probe(path).video is None
    assert probe(path).audio is not None


def test_all_development_recordings(development_media: Path) -> None:
    """The nasty ones are refused for their own reason; the others open."""
    expected = {
        "truncated_no_moov.mp4": "without a readable index",
        "zero_byte.mp4": "is empty",
        "html_error_page.mp4": "HTML page",
        "picture_named.mp4": "is a picture (PNG)",
        "git_lfs_pointer.mp4": "Git LFS pointer",
        "wav_without_header.wav": "no known recording format",
    }
    for path in sorted((development_media / "nasty").iterdir()):
        if path.name in expected:
            with pytest.raises(BadInput) as error:
                probe(path)
            assert expected[path.name] in _one_line(error, path)
        else:
            assert known(probe(path).duration_s) > 0
    for path in (development_media / "faces").iterdir():
        with pytest.raises(BadInput, match="is a picture"):
            probe(path)
