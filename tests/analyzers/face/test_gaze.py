"""Looks elsewhere, told from a gaze by itself: against the person's own usual one."""

from __future__ import annotations

import numpy as np

from analyzers.face import Options, gaze


def gaze_of(yaw: list[float], blink: dict[int, float] | None = None) -> list[tuple[float, float]]:
    column = np.array(yaw)
    lids = np.zeros(len(yaw))
    for index, value in (blink or {}).items():
        lids[index] = value
    seen = gaze.against_baseline(column, np.zeros(len(yaw)), lids, 0.1, Options())
    assert seen is not None
    return [
        (round(start, 3), round(end, 3))
        for start, end in gaze.look_aways(np.arange(len(yaw)) / 10, seen.on_camera, 0.1, Options())
    ]


def test_look_aways_are_relative_to_the_baseline() -> None:
    assert gaze_of([25.0] * 20 + [5.0] * 8 + [25.0] * 10) == [(2.0, 2.8)]


def test_a_glance_is_no_episode() -> None:
    assert gaze_of([0.0] * 20 + [30.0] * 3 + [0.0] * 10) == []
    assert gaze_of([0.0] * 20 + [30.0] * 4 + [0.0] * 10) == [(2.0, 2.4)]


def test_a_blink_neither_makes_nor_ends_an_episode() -> None:
    blinking = dict.fromkeys((3, 4, 5), 0.9)
    assert gaze_of([0.0] * 3 + [-40.0] * 3 + [0.0] * 24, blinking) == []
    away = [0.0] * 30 + [20.0] * 4 + [0.0] * 2 + [20.0] * 4 + [0.0] * 10
    assert gaze_of(away, {34: 0.9, 35: 0.9}) == [(3.0, 4.0)]


def test_an_episode_may_last_to_the_end() -> None:
    assert gaze_of([0.0] * 30 + [20.0] * 6) == [(3.0, 3.6)]


def test_eyes_lowered_for_long_are_elsewhere() -> None:
    assert gaze_of([0.0] * 30 + [20.0] * 8 + [0.0] * 10, dict.fromkeys(range(30, 38), 0.8)) == [(3.0, 3.8)]
