"""Another person, several people, a still picture, a covered mouth: noticed when they are there, and only then."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support import clips
from tests.support.face_clips import (
    RATE_HZ,
    Picture,
    fitted,
    measured,
    pictures,
    read_picture,
    still,
    write_clip,
    write_sizes,
)
from tests.support.recordings import not_shipped

pytestmark = pytest.mark.models

SIDE_PX = 480
MOUTH = (169, 226)  # in the first picture of samples/introduction.mp4
TALKING = (
    "grid_bbaf2n.mpg",
    "grid_sbia1a.mpg",
    *not_shipped(
        "video/gaze_center.mp4",
        "video/gaze_center_left_center.mp4",
        "video/liveportrait_d10_pt.mp4",
        "video/liveportrait_d18_silent.mp4",
        "video/liveportrait_d9_expressions.mp4",
        "video/pyfeat_side_light_silent.mp4",
        "video/retalking_1_interview_answer.mp4",
        "video/retalking_4.mp4",
        "video/sadtalker_2.mp4",
    ),
)
FACES = (
    "astronaut.jpg",
    *not_shipped(
        "faces/dark_skin_man.jpg",
        "faces/expr_angry.jpg",
        "faces/expr_happy.jpg",
        "faces/expr_neutral.jpg",
        "faces/expr_surprised.jpg",
        "faces/eyes_closed.jpeg",
        "faces/glasses_woman.jpg",
        "faces/pose_up.jpeg",
    ),
)


def flags(track: dict[str, Any]) -> list[tuple[str, float, float]]:
    return [(flag["kind"], flag["start_s"], flag["end_s"]) for flag in track["flags"]]


def near(kind: str, start_s: float, end_s: float) -> tuple[str, Any, Any]:
    return kind, pytest.approx(start_s, abs=0.6), pytest.approx(end_s, abs=0.6)


def shown(path: Path) -> list[Picture]:
    """Five seconds of a clip of three: forward, and back to where it began."""
    there = [fitted(picture, SIDE_PX) for picture in pictures(path, 2.6)]
    return (there + there[-2::-1])[: 5 * RATE_HZ]


@pytest.fixture(scope="module")
def man(data: Path) -> list[Picture]:
    return shown(data / "grid_sbia1a.mpg")


@pytest.fixture(scope="module")
def woman(samples: Path) -> list[Picture]:
    return shown(samples / "introduction.mp4")


@pytest.mark.parametrize("name", TALKING)
def test_one_person_who_moves_raises_no_flag(recording: Callable[[str], Path], name: str) -> None:
    found = measured(recording(name))
    assert found["flags"] == []
    assert "mouth covered" not in found["not_visible"]


def test_a_sentence_read_into_the_camera_raises_no_flag(samples: Path) -> None:
    assert measured(samples / "introduction.mp4")["flags"] == []


def test_another_person_takes_over(man: list[Picture], woman: list[Picture], tmp_path: Path) -> None:
    found = measured(write_clip(tmp_path / "clip.mp4", [*man, *woman]))
    assert flags(found) == [near("another_person", 5, 10)]


@pytest.mark.long
def test_another_person_takes_over_unseen(man: list[Picture], woman: list[Picture], tmp_path: Path) -> None:
    empty = still(np.full_like(man[0], 110), 1.5)
    found = measured(write_clip(tmp_path / "clip.mp4", [*man, *empty, *woman]))
    assert flags(found) == [near("another_person", 6.5, 11.5)]


@pytest.mark.long
def test_another_person_for_a_while(man: list[Picture], woman: list[Picture], tmp_path: Path) -> None:
    found = measured(write_clip(tmp_path / "clip.mp4", [*man, *woman, *man]))
    assert flags(found) == [near("another_person", 5, 10)]


@pytest.mark.long
def test_the_same_person_comes_back(man: list[Picture], tmp_path: Path) -> None:
    empty = still(np.full_like(man[0], 110), 1.5)
    assert flags(measured(write_clip(tmp_path / "clip.mp4", [*man, *empty, *man]))) == []


def test_two_people_side_by_side(man: list[Picture], woman: list[Picture], tmp_path: Path) -> None:
    alone = [np.hstack([left, np.full_like(left, 110)]) for left in man]
    together = [np.hstack([left, right]) for left, right in zip(man, woman, strict=False)]
    found = measured(write_clip(tmp_path / "clip.mp4", [*alone, *together, *alone]), scan_interval_s=0.5)
    assert flags(found) == [near("several_people", 5, 10)]
    assert found["max_faces"] == 2


def test_a_picture_that_freezes(man: list[Picture], tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [*man, *still(man[-1], 4), *man], crf=23)
    assert flags(measured(clip)) == [near("still_picture", 5, 9)]


@pytest.mark.long
def test_a_short_freeze_is_no_flag(man: list[Picture], tmp_path: Path) -> None:
    assert flags(measured(write_clip(tmp_path / "clip.mp4", [*man, *still(man[-1], 2), *man], crf=23))) == []


@pytest.mark.long
def test_a_photo(samples: Path, tmp_path: Path) -> None:
    (first, *_) = pictures(samples / "introduction.mp4", 1)
    found = measured(write_clip(tmp_path / "clip.mp4", still(first, 5), crf=23))
    ((kind, start_s, end_s),) = flags(found)
    assert kind == "still_picture"
    assert end_s == pytest.approx(5, abs=0.3)
    assert start_s < 1.5  # until the encoder has drawn it sharply
    assert found["picture"]["frame_rate_hz"] < 2


def test_the_rate_of_pictures_does_not_count_repetitions(development_media: Path, tmp_path: Path) -> None:
    real = pictures(development_media / "video" / "retalking_4.mp4", 4, rate_hz=30)
    repeated = [real[i // 2 * 2] for i in range(len(real))]
    smooth, halved = (
        measured(write_clip(tmp_path / name, shown, rate_hz=30, crf=23, preset="medium"))["picture"]["frame_rate_hz"]
        for name, shown in (("smooth.mp4", real), ("halved.mp4", repeated))
    )
    assert smooth > 22  # its own recorder repeated a fifth of the pictures
    assert halved < 0.8 * smooth


# --- where there is no picture ------------------------------------------------


def test_shares_are_of_time_and_what_runs_on_does_not_run_through_a_hole(man: list[Picture], tmp_path: Path) -> None:
    talk = man[: 4 * RATE_HZ]
    path = write_clip(tmp_path / "clip.mp4", talk, pauses_s={2 * RATE_HZ: 6.0})
    whole, found = measured(write_clip(tmp_path / "whole.mp4", talk)), measured(path)
    assert whole["visible_ratio"] == 1
    assert found["visible_ratio"] == pytest.approx(0.4, abs=0.03)
    assert found["not_visible"] == {"no picture": pytest.approx(0.6, abs=0.03)}
    assert flags(found) == [near("no_picture", 2, 8)]
    assert found["picture"]["frame_rate_hz"] == pytest.approx(whole["picture"]["frame_rate_hz"], rel=0.1)
    assert all(away["end_s"] - away["start_s"] < 2.1 for away in found["look_aways"])
    assert found["expression"] == pytest.approx(whole["expression"], abs=0.02)
    times = found["track"]["t_s"]
    assert all(later > earlier for earlier, later in pairwise(times))
    assert not any(seen for t_s, seen in zip(times, found["track"]["visible"], strict=True) if 2.2 < t_s < 7.9)


@pytest.mark.parametrize("after_s", [0.9, 8.0])
def test_a_camera_that_is_switched_off(man: list[Picture], tmp_path: Path, after_s: float) -> None:
    """The sound goes on for so long; for less than a second that is nothing."""
    found = measured(write_clip(tmp_path / "clip.mp4", man[: 2 * RATE_HZ]), duration_s=2 + after_s)
    off = after_s > 1
    assert found["visible_ratio"] == pytest.approx(2 / (2 + after_s) if off else 1.0, abs=0.03)
    assert flags(found) == ([near("no_picture", 2, 2 + after_s)] if off else [])


def test_a_camera_that_is_switched_on_late(samples: Path, tmp_path: Path) -> None:
    """The sound begins three seconds before the first picture."""
    path = clips.make(tmp_path / "a.mkv", seconds=5, audio_delay_s=-3.0, shift_s=10.0, size=(128, 96))
    found = measured(path)
    assert found["not_visible"] == {
        "no picture": pytest.approx(3 / 8, abs=0.03),
        "no face": pytest.approx(5 / 8, abs=0.03),
    }
    assert flags(found)[0] == near("no_picture", 0, 3)


@pytest.mark.parametrize("smaller", [2, 4])
def test_a_change_of_size_loses_nothing(man: list[Picture], tmp_path: Path, smaller: int) -> None:
    small = [np.ascontiguousarray(picture[::smaller, ::smaller]) for picture in man[20:40]]
    found = measured(write_sizes(tmp_path / "clip.webm", man[:20], small, man[:20]), min_face_px=10)
    assert found["visible_ratio"] == 1
    assert flags(found) == []


# --- a covered mouth ---------------------------------------------------------


def test_a_mask(development_media: Path, tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", still(read_picture(development_media / "faces" / "masked.jpg")))
    assert measured(clip)["not_visible"] == {"mouth covered": 1.0}


@pytest.mark.parametrize("name", FACES)
def test_no_mask(recording: Callable[[str], Path], tmp_path: Path, name: str) -> None:
    clip = write_clip(tmp_path / "clip.mp4", still(read_picture(recording(name))))
    assert measured(clip)["not_visible"] == {}


COLORS = [(70, 120, 190), (235, 236, 238), (30, 30, 34)]
MORE_COLORS = [(40, 110, 70), (190, 40, 45), (128, 128, 130), (215, 185, 150)]


@pytest.mark.parametrize("color", [*COLORS, *(pytest.param(color, marks=pytest.mark.long) for color in MORE_COLORS)])
def test_something_painted_over_the_mouth(samples: Path, tmp_path: Path, color: tuple[int, int, int]) -> None:
    import cv2

    (face, *_) = pictures(samples / "introduction.mp4", 1)
    covered = face.copy()
    cv2.ellipse(covered, MOUTH, (46, 38), 0, 0, 360, color, -1, cv2.LINE_AA)
    found = measured(write_clip(tmp_path / "clip.mp4", still(face) + still(covered)))
    assert found["not_visible"] == {"mouth covered": pytest.approx(0.5, abs=0.06)}
