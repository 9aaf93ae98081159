"""Which of several faces is the candidate's, told from the faces found in each frame."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest

from analyzers.face import Options
from analyzers.face.geometry import CHANNELS, Direction, Pose
from analyzers.face.landmarks import Box, Face
from analyzers.face.mask import MaskDetector
from analyzers.face.reidentification import FaceMatcher
from analyzers.face.track import STEADY_SAMPLES, FaceTracker
from analyzers.media.frames import Frame
from tests.support.face_clips import RATE_HZ, model_files

pytestmark = pytest.mark.models


def face(left: float, size: float = 100) -> Face:
    box = Box(left, 100, left + size, 100 + size)
    points = np.linspace(box[:2], box[2:], 478, dtype=np.float32)
    return Face(box, box, points, Pose(0, 0, 0), Direction(0, 0), dict.fromkeys(CHANNELS, 0.0), mouth_open=0.0)


def followed(faces: Iterable[list[Face]]) -> dict[str, Any]:
    """The track of made-up faces in a picture of noise."""
    noise = np.random.default_rng(0).integers(0, 256, (400, 800, 3), dtype=np.uint8)
    files = model_files()
    track = FaceTracker(Options(), FaceMatcher(files["face_identity"]), MaskDetector(files["face_covering"]))
    for i, found in enumerate(faces):
        track.add(Frame(i / RATE_HZ, noise, 800, 400), found)
    return track.summary(0)


def test_a_flicker_is_no_second_face() -> None:
    flickering = [[face(100), face(500)] if i in (4, 9, 10) else [face(100)] for i in range(20)]
    assert followed(flickering)["max_faces"] == 1
    assert followed([*flickering, *[[face(100), face(500)]] * STEADY_SAMPLES])["max_faces"] == 2


def test_another_face_does_not_stand_in_for_the_candidate() -> None:
    found = followed([face(100), face(500, 60)] if i < 10 else [face(500, 60)] for i in range(50))
    visible = found["track"]["visible"]
    assert visible[:10] == [1] * 10
    assert visible[10:29] == [0] * 19
    assert visible[31:] == [1] * 19
