"""Directions, gaze, expression and visibility on real faces; no connection is ever opened."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import cast

import numpy as np
import pytest

from analyzers.face import MODELS, Options
from analyzers.face.geometry import CHANNELS, Pose, head_pose
from analyzers.face.landmarks import Landmarker
from analyzers.face.track import follow
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run, StageRun
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.runtime import models
from mulakat.runtime.sandbox import run_without_network
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.face import FaceTrack
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from tests.support.clips import damaged
from tests.support.face_clips import Picture, model_files, pictures, read_picture, rotated, still, write_clip
from tests.support.parameters import shortened

pytestmark = pytest.mark.models

Analyse = Callable[..., StageRun]
Measure = Callable[..., FaceTrack]


@pytest.fixture
def analyse(tmp_path: Path) -> Analyse:
    """Run `analyse_face`, with the stage before it, on a recording."""

    def run(recording: Path, **options: float) -> StageRun:
        request = Request(
            answer_id="a",
            rubric=pack(Rubric, "general-en"),
            policy=pack(Policy, "multimodal"),
        )
        workspace = Workspace(tmp_path / "scratch" / recording.name, LocalFile(recording))
        chosen = Options.model_validate(options)
        answer = Run(request, workspace, MemoryStore(), options={"analyse_face": chosen})
        answer.stage("fetch_media")
        return answer.stage("analyse_face")

    return run


@pytest.fixture
def measure(analyse: Analyse) -> Measure:
    def run(recording: Path, **options: float) -> FaceTrack:
        ran = analyse(recording, **options)
        assert ran.status == "ok", ran.reason
        assert isinstance(ran.result, FaceTrack)
        return ran.result

    return run


@pytest.fixture
def measure_frames(measure: Measure, tmp_path: Path) -> Measure:
    """Measure pictures as a clip of `RATE_HZ`."""

    def run(pictures: Iterable[Picture], **options: float) -> FaceTrack:
        return measure(write_clip(tmp_path / "clip.mp4", pictures), **options)

    return run


@pytest.fixture(scope="module")
def portrait(samples: Path) -> Picture:
    """One frame of a speaking woman, frontal."""
    import av

    with av.open(str(samples / "introduction.mp4")) as container:
        return np.asarray(next(container.decode(video=0)).to_ndarray(format="rgb24"), dtype=np.uint8)


@pytest.fixture
def photo(development_media: Path) -> Callable[[str], Picture]:
    return lambda name: read_picture(development_media / "faces" / name)


@pytest.fixture
def two_men(data: Path) -> Picture:
    """On the left Joe Biden, on the right Barack Obama, whose skin is dark."""
    return read_picture(data / "two_men.jpg")


def median_pose(track: FaceTrack) -> Pose:
    assert track.head_pose_deg is not None
    return Pose(*(getattr(track.head_pose_deg, name).median for name in Pose._fields))


# --- the result as a whole ---------------------------------------------------


def test_speaking_face(measure: Measure, samples: Path) -> None:
    found = measure(samples / "introduction.mp4")
    assert found.visible_ratio == 1
    assert found.max_faces == 1
    assert found.not_visible == {} == found.reasons
    assert found.sample_rate_hz == pytest.approx(5, abs=0.2)
    assert max(map(abs, median_pose(found))) < 10
    assert found.provenance.models == {name: models.digest(name) for name in MODELS}
    assert set(found.provenance.libraries) >= {"mediapipe", "av"}


@pytest.mark.long
def test_summary_agrees_with_the_track(measure: Measure, samples: Path) -> None:
    found = measure(samples / "introduction.mp4")
    assert {len(column) for column in found.track.values()} == {len(found.track["t_s"])}
    times = cast("list[float]", found.track["t_s"])
    assert all(a < b for a, b in itertools.pairwise(times))
    assert list(found.expression) == list(CHANNELS)
    for name, mean in found.expression.items():
        column = cast("list[float]", found.track[name])
        assert 0 <= min(column) <= max(column) <= 1
        assert np.mean(column) == pytest.approx(mean, abs=0.001)
    assert np.median(cast("list[float]", found.track["gaze_yaw_deg"])) == pytest.approx(0, abs=0.1)


@pytest.mark.long
def test_same_input_same_result(measure: Measure, samples: Path) -> None:
    assert measure(samples / "introduction.mp4") == measure(samples / "introduction.mp4")


def test_progress_rises_to_the_end(samples: Path) -> None:
    seen: list[float] = []
    run_without_network(follow, str(samples / "introduction.mp4"), model_files(), {}, 3.0, progress=seen.append)
    assert seen == sorted(set(seen))
    assert 0.9 < seen[-1] <= 1


# --- head pose ---------------------------------------------------------------


@pytest.mark.long
def test_mirroring_negates_yaw_and_roll(measure_frames: Measure, portrait: Picture) -> None:
    tilted = rotated(portrait, 10)
    plain = median_pose(measure_frames(still(tilted)))
    mirrored = median_pose(measure_frames(still(tilted[:, ::-1])))
    assert plain.roll > 5
    assert mirrored == pytest.approx((-plain.yaw, plain.pitch, -plain.roll), abs=2)


@pytest.mark.long
@pytest.mark.parametrize("clockwise_deg", [-15, 15])
def test_rotating_the_picture_adds_roll(measure_frames: Measure, portrait: Picture, clockwise_deg: float) -> None:
    upright = median_pose(measure_frames(still(portrait)))
    turned = median_pose(measure_frames(still(rotated(portrait, clockwise_deg))))
    assert turned.roll - upright.roll == pytest.approx(clockwise_deg, abs=2)


def test_known_directions(measure_frames: Measure, photo: Callable[[str], Picture]) -> None:
    assert median_pose(measure_frames(still(photo("pose_image_left.jpeg")))).yaw < -30
    assert median_pose(measure_frames(still(photo("pose_image_left.jpeg")[:, ::-1]))).yaw > 30
    assert median_pose(measure_frames(still(photo("pose_up.jpeg")))).pitch > 12


@pytest.mark.parametrize("pose", [(0, 0, 0), (30, 0, 0), (0, 20, 0), (0, 0, -25), (-40, 15, 10)])
def test_pose_of_a_known_rotation(pose: tuple[float, float, float]) -> None:
    yaw, pitch, roll = np.radians(pose)
    about_y = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    about_x = np.array([[1, 0, 0], [0, np.cos(pitch), np.sin(pitch)], [0, -np.sin(pitch), np.cos(pitch)]])
    about_z = np.array([[np.cos(roll), np.sin(roll), 0], [-np.sin(roll), np.cos(roll), 0], [0, 0, 1]])
    transform = np.eye(4)
    transform[:3, :3] = 1.7 * about_y @ about_x @ about_z
    assert head_pose(transform) == pytest.approx(pose, abs=1e-9)


# --- expression --------------------------------------------------------------


def test_channels_tell_expressions_apart(measure_frames: Measure, photo: Callable[[str], Picture]) -> None:
    names = ("expr_neutral.jpg", "expr_happy.jpg", "expr_angry.jpg", "expr_surprised.jpg", "eyes_closed.jpeg")
    neutral, happy, angry, surprised, closed = (measure_frames(still(photo(name))).expression for name in names)
    for channel, shown in {
        "smile": happy,
        "frown": angry,
        "jaw_open": surprised,
        "brow_raise": surprised,
        "eye_wide": surprised,
        "blink": closed,
    }.items():
        assert cast("float", shown[channel]) > cast("float", neutral[channel]) + 0.2, channel


# --- gaze --------------------------------------------------------------------


def test_gaze_kept_on_the_camera(measure: Measure, development_media: Path) -> None:
    found = measure(development_media / "video" / "gaze_center.mp4")
    assert found.on_camera_ratio is not None
    assert found.on_camera_ratio > 0.95
    assert found.look_aways == []


def test_gaze_to_the_left_of_the_picture(measure: Measure, development_media: Path) -> None:
    found = measure(development_media / "video" / "gaze_center_left_center.mp4")
    (episode,) = found.look_aways
    assert episode.start_s == pytest.approx(5.5, abs=0.3)
    assert episode.end_s == pytest.approx(10.5, abs=0.3)
    yaw = [
        angle
        for t_s, angle in zip(found.track["t_s"], found.track["gaze_yaw_deg"], strict=True)
        if angle is not None and episode.start_s <= cast("float", t_s) < episode.end_s
    ]
    assert np.mean(yaw) < -10


def test_eyes_that_stay_on_the_camera_while_the_head_turns(measure: Measure, development_media: Path) -> None:
    found = measure(development_media / "video" / "sadtalker_2.mp4")
    assert found.head_pose_deg is not None
    assert found.head_pose_deg.yaw.p95 - found.head_pose_deg.yaw.p05 > 20
    assert cast("float", found.on_camera_ratio) > 0.9


def test_too_little_gaze_for_a_baseline(measure_frames: Measure, portrait: Picture) -> None:
    found = measure_frames(still(portrait, 1.0))
    assert found.on_camera_ratio is None
    assert found.look_aways == []
    assert found.reasons["on_camera_ratio"] == Reason.of(Code.GAZE_TOO_SHORT, needed_s=2)
    assert set(found.track["gaze_yaw_deg"]) == set(found.track["on_camera"]) == {None}
    assert found.visible_ratio == 1


# --- visibility --------------------------------------------------------------


def dark(picture: Picture) -> Picture:
    return (picture * 0.08).astype(np.uint8)


def blurred(picture: Picture) -> Picture:
    import cv2

    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 6), dtype=np.uint8)


def cut_off(picture: Picture) -> Picture:
    return picture[:206]  # through the mouth


def unchanged(picture: Picture) -> Picture:
    return picture


@pytest.mark.parametrize(
    ("change", "options", "problem"),
    shortened(
        [
            (dark, {}, "too dark"),
            (blurred, {}, "blurred"),
            (cut_off, {}, "cut off"),
            (unchanged, {"min_face_px": 500}, "too small"),
            (np.zeros_like, {}, "too dark"),
            (lambda picture: np.full_like(picture, 128), {}, "no face"),
        ],
        4,
    ),
)
def test_why_a_face_cannot_be_measured(
    measure_frames: Measure,
    portrait: Picture,
    change: Callable[[Picture], Picture],
    options: dict[str, float],
    problem: str,
) -> None:
    found = measure_frames(still(change(portrait)), **options)
    assert found.not_visible == {problem: 1.0}
    assert found.visible_ratio == 0
    assert found.expression == {}
    assert found.head_pose_deg is None
    assert found.on_camera_ratio is None
    frames = len(found.track["t_s"])
    seen = Reason.of(Code.FACE_PROBLEM, problem=problem, frames=frames, of=frames)
    assert found.reasons["head_pose_deg"] == Reason.of(Code.FACE_NEVER_VISIBLE, problems=seen)
    assert set(found.track["visible"]) == {0}
    assert set(found.track["yaw_deg"]) == {None}


def test_the_same_face_undamaged_is_measured(measure_frames: Measure, portrait: Picture) -> None:
    assert measure_frames(still(portrait)).not_visible == {}


def test_turned_away(measure_frames: Measure, photo: Callable[[str], Picture]) -> None:
    turned = photo("pose_image_left.jpeg")
    assert measure_frames(still(turned), max_turn_deg=40).not_visible == {"turned away": 1.0}
    gone = measure_frames(still(turned) + still(np.full_like(turned, 128)))
    assert gone.not_visible == {"turned away": 0.5}


def test_a_house_has_no_face(measure_frames: Measure, photo: Callable[[str], Picture]) -> None:
    found = measure_frames(still(photo("none_house.jpg")))
    assert (found.visible_ratio, found.max_faces, found.not_visible) == (0, 0, {"no face": 1.0})


def test_dark_skin_is_not_dark(measure_frames: Measure, two_men: Picture) -> None:
    found = measure_frames(still(two_men[:, two_men.shape[1] // 2 :]))
    assert (found.visible_ratio, found.max_faces) == (1, 1)


def test_darker_skin_is_not_dark(measure_frames: Measure, photo: Callable[[str], Picture]) -> None:
    assert measure_frames(still(photo("dark_skin_man.jpg"))).visible_ratio == 1


@pytest.mark.long
def test_a_face_that_leaves(measure_frames: Measure, portrait: Picture) -> None:
    found = measure_frames(still(portrait, 3) + still(np.full_like(portrait, 128), 1))
    assert found.visible_ratio == pytest.approx(0.75, abs=0.05)
    assert found.not_visible == {"no face": pytest.approx(1 - found.visible_ratio)}
    assert found.on_camera_ratio == 1
    assert found.look_aways == []
    assert found.track["smile"][-1] is None


# --- several faces -----------------------------------------------------------


def beside(left: Picture, right: Picture, right_scale: float) -> Picture:
    import cv2

    canvas = np.full((576, 1080, 3), 128, np.uint8)
    canvas[144:432, 60:420] = left
    scaled = cv2.resize(right, None, fx=right_scale, fy=right_scale)
    top = (576 - scaled.shape[0]) // 2
    canvas[top : top + scaled.shape[0], 1080 - scaled.shape[1] :] = scaled
    return canvas


@pytest.mark.long
def test_the_candidate_is_followed_when_somebody_larger_comes(measure_frames: Measure, portrait: Picture) -> None:
    alone = beside(portrait, np.full_like(portrait, 128), 1)
    joined = beside(portrait, rotated(portrait, 20), 1.5)
    found = measure_frames(still(alone) + still(joined))
    assert found.max_faces == 2
    assert set(found.track["faces"]) == {1, 2}
    assert median_pose(found).roll == pytest.approx(median_pose(measure_frames(still(alone))).roll, abs=2)
    assert found.head_pose_deg is not None
    assert found.head_pose_deg.roll.p95 < 10


@pytest.mark.long
def test_the_largest_is_the_candidate_at_first(measure_frames: Measure, portrait: Picture) -> None:
    found = measure_frames(still(beside(portrait, rotated(portrait, 20), 1.5)))
    assert median_pose(found).roll > 15


@pytest.mark.long
def test_two_men(measure_frames: Measure, two_men: Picture) -> None:
    assert measure_frames(still(two_men)).max_faces == 2


# --- recordings --------------------------------------------------------------


def test_no_video_stream(analyse: Analyse, tmp_path: Path) -> None:
    import av

    path = tmp_path / "sound.m4a"
    with av.open(str(path), "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=16000)
        for start in range(0, 16000, 1024):
            tone = np.sin(np.arange(start, start + 1024) / 10, dtype=np.float32)[None]
            frame = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            frame.rate, frame.pts = 16000, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    ran = analyse(path)
    assert (ran.status, ran.reason) == ("skipped", Reason.of(Code.NO_PICTURE))


def test_one_frame(measure_frames: Measure, portrait: Picture) -> None:
    found = measure_frames([portrait, portrait])
    assert found.visible_ratio == 1
    assert found.max_faces == 1


@pytest.mark.parametrize(
    "name", ["bitflips_in_data.mp4", "variable_frame_rate.mp4", "short_0.3s.mp4", "audio_starts_2.5s_late.mp4"]
)
def test_difficult_recordings_that_do_not_ship(measure: Measure, development_media: Path, name: str) -> None:
    found = measure(development_media / "nasty" / name)
    assert found.visible_ratio > 0.9
    assert found.max_faces == 1


def test_a_damaged_recording(measure: Measure, samples: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.mp4"
    path.write_bytes(damaged((samples / "introduction.mp4").read_bytes(), every=20_000))
    found = measure(path)
    assert found.visible_ratio > 0.5
    assert found.max_faces == 1


@pytest.mark.long
def test_a_third_of_a_second(measure: Measure, samples: Path, tmp_path: Path) -> None:
    found = measure(write_clip(tmp_path / "short.mp4", pictures(samples / "introduction.mp4", 0.3)))
    assert found.visible_ratio == 1
    assert found.max_faces == 1


# --- no network --------------------------------------------------------------


def test_refuses_to_start_where_there_is_network() -> None:
    landmarker = Landmarker(str(models.locate("face_landmarker")), Options())
    with pytest.raises(RuntimeError, match="has network access"):
        landmarker.__enter__()


def test_mediapipes_noise_stays_off_the_terminal(
    measure: Measure, samples: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    measure(samples / "introduction.mp4")
    assert capfd.readouterr() == ("", "")


def test_mediapipes_own_words_go_with_its_errors(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "model.task").write_bytes(b"not a model")
    broken = {**model_files(), "face_landmarker": str(tmp_path / "model.task")}
    with pytest.raises(RuntimeError, match="follow failed") as caught:
        run_without_network(follow, str(samples / "introduction.mp4"), broken, {}, 3.0)
    assert "mediapipe" in "".join(caught.value.__notes__)
