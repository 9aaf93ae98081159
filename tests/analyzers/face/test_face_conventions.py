"""What the numbers of `docs/analyzers/face.md` mean: axes, signs, errors, time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.face import gaze
from analyzers.face.geometry import ACTION_UNITS, CHANNELS
from tests.support.face_clips import measured, pictures, read_picture, rotated, still, write_clip
from tests.support.recordings import not_shipped

pytestmark = pytest.mark.models

Floats = NDArray[np.float64]
DOCS = Path(__file__).parents[3] / "docs" / "analyzers" / "face.md"


def column(track: dict[str, Any], name: str) -> Floats:
    return np.array([np.nan if value is None else value for value in track["track"][name]])


def test_the_channels_are_documented_with_their_action_units() -> None:
    rows = {tuple(cell.strip(" `") for cell in line.split("|")[1:3]) for line in DOCS.read_text().splitlines()}
    assert set(ACTION_UNITS.items()) <= rows
    assert list(ACTION_UNITS) == list(CHANNELS)


def test_the_error_of_gaze_is_documented() -> None:
    assert f"± {gaze.ERROR_DEG:g}°" in DOCS.read_text()


# --- mirrored and rotated ----------------------------------------------------


@pytest.fixture(scope="module")
def looking_left(development_media: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., dict[str, Any]]:
    """Measure 4–8 s of a man whose eyes go to the left of the picture at 5.5 s, each picture changed."""
    shown = pictures(development_media / "video" / "gaze_center_left_center.mp4", 8)[40:]

    def run(change: Callable[[Any], Any]) -> dict[str, Any]:
        path = tmp_path_factory.mktemp("gaze") / "clip.mp4"
        return measured(write_clip(path, [change(picture) for picture in shown]))

    return run


def test_mirroring_mirrors_pose_and_gaze(looking_left: Callable[..., dict[str, Any]]) -> None:
    plain, mirrored = looking_left(lambda p: p), looking_left(lambda p: p[:, ::-1])
    for name, sign in {"yaw_deg": -1, "roll_deg": -1, "pitch_deg": 1}.items():
        assert np.nanmedian(column(mirrored, name)) == pytest.approx(sign * np.nanmedian(column(plain, name)), abs=2)
    # Gaze is told from its median, which lies on the side that is looked at for longer.
    swings = [column(track, "gaze_yaw_deg") for track in (plain, mirrored)]
    before, after = ([float(np.nanmedian(s[half])) for s in swings] for half in (slice(0, 13), slice(17, None)))
    plain_swing, mirrored_swing = (late - early for early, late in zip(before, after, strict=True))
    assert plain_swing < -12
    assert mirrored_swing == pytest.approx(-plain_swing, abs=5)


@pytest.mark.parametrize("clockwise_deg", [-15, 15])
def test_rotating_adds_roll_and_leaves_the_rest(
    looking_left: Callable[..., dict[str, Any]], clockwise_deg: float
) -> None:
    plain, turned = looking_left(lambda p: p), looking_left(lambda p: rotated(p, clockwise_deg))

    def change(name: str) -> float:
        return float(np.nanmedian(column(turned, name)) - np.nanmedian(column(plain, name)))

    assert change("roll_deg") == pytest.approx(clockwise_deg, abs=2)
    assert change("yaw_deg") == pytest.approx(0, abs=4)
    assert change("pitch_deg") == pytest.approx(0, abs=4)


# --- the error of gaze -------------------------------------------------------


@pytest.mark.long
@pytest.mark.parametrize(
    "name",
    [
        "grid_bbaf2n.mpg",
        *not_shipped("video/gaze_center.mp4", "video/sadtalker_2.mp4", "video/retalking_1_interview_answer.mp4"),
    ],
)
def test_gaze_that_rests_stays_within_its_error(recording: Callable[[str], Path], name: str) -> None:
    found = measured(recording(name))
    distance = np.hypot(column(found, "gaze_yaw_deg"), column(found, "gaze_pitch_deg"))
    assert np.sqrt(np.nanmean(distance**2)) < gaze.ERROR_DEG
    assert found["gaze_error_deg"] == gaze.ERROR_DEG
    assert found["on_camera_low"] <= found["on_camera_ratio"] <= found["on_camera_high"]


def test_gaze_near_the_limit_has_a_wide_range(development_media: Path) -> None:
    found = measured(development_media / "video" / "pyfeat_side_light_silent.mp4")
    assert found["on_camera_ratio"] < 0.5
    assert found["on_camera_high"] - found["on_camera_low"] > 0.1


@pytest.mark.parametrize(("off_deg", "share"), [(0, 1), (8, 1), (9.9, 0.525), (10.1, 0.475), (12, 0), (40, 0)])
def test_a_gaze_near_the_limit_counts_in_part(off_deg: float, share: float) -> None:
    looks = gaze.Gaze(np.array([off_deg, np.nan]), np.array([0, np.nan]), np.array([1, np.nan]))
    assert looks.share_within(10) == pytest.approx(share)


# --- mouth -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["grid_bbaf2n.mpg", "grid_sbia1a.mpg", *not_shipped("video/retalking_4.mp4", "video/sadtalker_2.mp4")]
)
def test_lips_that_speak_move(recording: Callable[[str], Path], name: str) -> None:
    assert lip_movement(recording(name)) > 0.04


def test_lips_that_rest_do_not_move(development_media: Path) -> None:
    assert lip_movement(development_media / "video" / "gaze_center.mp4") < 0.005


def test_lips_of_a_photo_do_not_move(data: Path, tmp_path: Path) -> None:
    assert lip_movement(write_clip(tmp_path / "clip.mp4", still(read_picture(data / "astronaut.jpg"), 2))) < 0.005


def lip_movement(path: Path) -> float:
    low, high = np.nanpercentile(column(measured(path), "mouth_open"), (10, 90))
    return float(high - low)


# --- many frames -------------------------------------------------------------


def test_track_samples_are_numbers_in_columns(samples: Path) -> None:
    found = measured(samples / "introduction.mp4")
    lengths = {len(values) for values in found["track"].values()}
    assert lengths == {len(found["track"]["t_s"])}
    assert all(value is None or isinstance(value, float) for values in found["track"].values() for value in values)
