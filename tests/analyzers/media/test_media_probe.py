"""What a recording holds."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from analyzers.media import probe as stage
from analyzers.media.probe import Options as Limits
from analyzers.media.probe import probe
from mulakat.interviews.sources import source
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import load
from mulakat.schema.contract import Context, Request
from mulakat.schema.errors import BadInput
from mulakat.schema.rubric import Policy, Rubric
from tests.support import clips
from tests.support.known import known


@pytest.mark.long
def test_streams_are_named_in_ffprobes_terms(tmp_path: Path) -> None:
    for name, video, audio, hz in [
        ("a.mp4", "libx264", "aac", 44_100),
        ("a.mov", "mpeg4", "pcm_s16le", 16_000),
        ("a.webm", "libvpx-vp9", "libopus", 48_000),
        ("a.avi", "mjpeg", "pcm_s16le", 8_000),
        ("a.ts", "libx264", "mp2", 44_100),
    ]:
        media = probe(clips.make(tmp_path / name, video=video, audio=audio, audio_hz=hz, layout="stereo"))
        assert media.video is not None and media.audio is not None
        names = {"libx264": "h264", "libvpx-vp9": "vp9", "libopus": "opus"}
        assert (media.video.codec, media.audio.codec) == (names.get(video, video), names.get(audio, audio))
        assert (media.video.width, media.video.height) == (clips.WIDTH, clips.HEIGHT)
        assert (media.audio.sample_rate_hz, media.audio.channels) == (hz, 2)
        assert media.video.fps == pytest.approx(25, rel=0.01)
        assert media.duration_s == pytest.approx(2.0, abs=0.06)


def test_one_stream_only(tmp_path: Path) -> None:
    silent = probe(clips.make(tmp_path / "silent.mp4", audio=None))
    assert silent.audio is None and silent.video is not None
    blind = probe(clips.make(tmp_path / "blind.mp4", video=None, audio="aac"))
    assert blind.video is None and blind.audio is not None


def test_a_single_frame_is_a_picture(tmp_path: Path) -> None:
    for codec in ("png", "mjpeg", "libx264"):
        path = clips.make(tmp_path / f"{codec}.mov", video=codec, audio=None, seconds=0.04)
        with pytest.raises(BadInput, match=r"is a picture \(one frame, no sound\)"):
            probe(path)


@pytest.mark.parametrize("rotation_deg", [-90, 0, 90, 180])
def test_rotation(tmp_path: Path, rotation_deg: int) -> None:
    video = probe(clips.make(tmp_path / "turned.mov", rotation_deg=rotation_deg)).video
    assert video is not None
    assert (video.rotation_deg, video.width, video.height) == (rotation_deg, clips.WIDTH, clips.HEIGHT)


def test_duration_is_measured_where_the_header_is_missing_or_wrong(tmp_path: Path) -> None:
    live = clips.make(
        tmp_path / "live.webm", video="libvpx-vp9", audio="libopus", audio_hz=48_000, options={"live": "1"}
    )
    assert probe(live).duration_s == pytest.approx(2.0, abs=0.05)
    fragmented = clips.make(
        tmp_path / "f.mp4", video="mpeg4", options={"movflags": "frag_keyframe+empty_moov"}, audio="aac"
    )
    assert probe(fragmented).duration_s == pytest.approx(2.0, abs=0.1)
    whole = clips.make(tmp_path / "w.mp4", video="libx264", audio="aac", seconds=8, options={"movflags": "faststart"})
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size * 6 // 10])
    assert probe(whole).duration_s == pytest.approx(8.0, abs=0.06)
    assert 3 < known(probe(cut).duration_s) < 6


def test_variable_frame_rate(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.08, 0.5, 0.54, 1.0]
    video = probe(clips.make(tmp_path / "v.mkv", audio=None, frame_times_s=times)).video
    assert video is not None
    assert video.fps == pytest.approx(5, rel=0.25)


def test_limits_are_checked_with_the_value_in_the_message(tmp_path: Path) -> None:
    path = clips.make(tmp_path / "a.mov")
    for limits, message in [
        (Limits(max_size_bytes=1000), f"size {path.stat().st_size} bytes is more than the limit of 1000 bytes"),
        (Limits(max_duration_s=1.5), "duration 2.0 s is more than the limit of 1.5 s"),
        (Limits(max_pixels=1000), "picture size 3072 pixels is more than the limit of 1000 pixels"),
        (Limits(max_streams=1), "number of streams 2 is more than the limit of 1"),
    ]:
        with pytest.raises(BadInput) as error:
            probe(path, limits)
        assert message in str(error.value)
        assert repr(str(path)) in str(error.value)


def test_stage_names_the_source_not_the_scratch_file(tmp_path: Path) -> None:
    recording = clips.make(tmp_path / "answer.mov")

    def context(path: Path) -> Context:
        request = Request(
            answer_id="a1", rubric=load(Rubric, "general-en"), policy=load(Policy, "multimodal"), question=None
        )
        workspace = Workspace(tmp_path / "scratch" / path.stem, source(str(path), roots=[tmp_path]))
        return Context(request, stage.Options(), workspace)

    media = stage.run(context(recording))
    assert media.sha256 == hashlib.sha256(recording.read_bytes()).hexdigest()
    assert media.size_bytes == recording.stat().st_size
    assert media.provenance.analyzer == "analyzers.media.probe"
    assert media == stage.run(context(recording))

    page = tmp_path / "page.mp4"
    page.write_text("<html>not found</html>")
    with pytest.raises(BadInput) as error:
        stage.run(context(page))
    assert repr(str(page)) in str(error.value)
    assert "scratch" not in str(error.value)


def test_development_recordings_agree_with_the_manifest(development_media: Path) -> None:
    checked = 0
    with (development_media / "MANIFEST.tsv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["full_decode"] == "no" or row["kind"] == "face image" or row["file"].endswith("picture_named.mp4"):
                continue
            media = probe(development_media / row["file"])
            # Clip lengths there are of the container or of one stream; they differ by up to three AAC frames.
            assert media.duration_s == pytest.approx(float(row["duration_s"]), abs=0.07), row["file"]
            if row["video_codec"] in ("", "png"):  # png: a cover picture
                assert media.video is None, row["file"]
            else:
                assert media.video is not None, row["file"]
                frames, seconds = map(int, row["fps_avg"].split("/"))
                assert media.video.fps == pytest.approx(frames / seconds, rel=1e-3), row["file"]
                assert media.video.codec == row["video_codec"]
                assert (media.video.width, media.video.height) == (int(row["width"]), int(row["height"]))
                assert media.video.rotation_deg == int(row["rotation"] or 0), row["file"]
            if row["audio_codec"]:
                assert media.audio is not None, row["file"]
                assert media.audio.codec == row["audio_codec"]
                assert (media.audio.sample_rate_hz, media.audio.channels) == (
                    int(row["sample_rate"]),
                    int(row["channels"]),
                )
            else:
                assert media.audio is None, row["file"]
            checked += 1
    assert checked > 50
