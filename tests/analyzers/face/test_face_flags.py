"""Another person, several people, a still picture, a covered mouth: noticed when they are there, and only then."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.support.face_clips import RATE_HZ, Picture, fitted, measured, pictures, read_picture, still, write_clip
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
