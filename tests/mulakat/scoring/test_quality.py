"""Capture quality: what was measured is held against limits, and scoring abstains from the unusable."""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import pytest

from mulakat.schema.base import Provenance, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack, Picture
from mulakat.schema.media import Audio, Media, VideoStream
from mulakat.schema.reasons import Reason
from mulakat.schema.scores import Component, QualityName
from mulakat.schema.voice import VoiceTrack
from mulakat.scoring import quality
from mulakat.scoring.quality import LIMITS, Limit

MADE = Provenance(analyzer="test", version="1")
SEVERITY = {"good": 0, "poor": 1, "unusable": 2}


def media(width: int = 1280, height: int = 720) -> Media:
    video = VideoStream(codec="h264", width=width, height=height, fps=30.0, rotation_deg=0)
    return Media(sha256="0", size_bytes=1, container="mp4", duration_s=10.0, video=video, audio=None, provenance=MADE)


def audio(clipped: float = 0.0, dropouts: list[TimeRange] | None = None) -> Audio:
    return Audio(
        sample_rate_hz=16000,
        duration_s=10.0,
        sha256="0",
        peak_dbfs=-3.0,
        clipped_ratio=clipped,
        dropouts=dropouts or [],
        provenance=MADE,
    )


def face(**picture: float) -> FaceTrack:
    seen = Picture(**{"brightness": 120.0, "sharpness": 0.1, "frame_rate_hz": 30.0} | picture)
    fields: dict[str, Any] = {"picture": seen, "flags": [], "track": {}}
    return FaceTrack.model_construct(**fields)


def voice(**changes: float | None) -> VoiceTrack:
    fields: dict[str, Any] = {"loudness_dbfs": -20.0, "snr_db": 40.0} | changes
    return VoiceTrack.model_construct(**fields)


def test_a_good_recording_passes_every_check() -> None:
    found = quality.checks(media(), audio(), face(), voice())
    assert [check.name for check in found] == list(LIMITS)
    assert {check.status for check in found} == {"good"}
    assert all(quality.unusable(found, component) is None for component in get_args(Component))


def test_every_check_has_limits_and_no_other() -> None:
    assert set(LIMITS) == set(get_args(QualityName))


def test_what_was_not_measured_is_not_judged() -> None:
    assert quality.checks(None, None, None, None) == []
    assert "snr" not in {check.name for check in quality.checks(media(), audio(), face(), voice(snr_db=None))}
    assert "resolution" not in {check.name for check in quality.checks(media(), audio(), None, voice())}


@pytest.mark.parametrize("limit", LIMITS.values(), ids=LIMITS)
def test_worse_is_never_judged_better(limit: Limit) -> None:
    step = (limit.unusable - limit.poor) / 4
    statuses = [limit.status(limit.poor + n * step) for n in range(-4, 9)]
    assert statuses[0] == "good" and statuses[-1] == "unusable" and "poor" in statuses
    assert all(SEVERITY[before] <= SEVERITY[after] for before, after in pairwise(statuses))


def test_the_reason_names_the_value_and_the_limit() -> None:
    checks = quality.checks(media(), audio(clipped=0.05), face(), voice())
    assert next(c.status for c in checks if c.name == "clipping") == "unusable"
    assert quality.unusable(checks, "voice") == Reason.of(Code.UNFIT_CLIPPING, value=0.05, limit=0.02)


def test_missing_sound_leaves_the_words_unscored_and_a_dark_picture_does_not() -> None:
    gone = quality.checks(media(), audio(dropouts=[TimeRange(start_s=2.0, end_s=4.0)]), face(), voice())
    assert quality.unusable(gone, "language") == Reason.of(Code.UNFIT_DROPOUTS, value=0.2, limit=0.1)
    dark = quality.checks(media(), audio(), face(brightness=12.0), voice())
    assert quality.unusable(dark, "language") is None
    assert quality.unusable(dark, "visual") == Reason.of(Code.UNFIT_BRIGHTNESS, value=12, limit=25)


@pytest.mark.parametrize("name", LIMITS)
def test_every_check_has_a_reason_that_takes_its_values(name: QualityName) -> None:
    limit = LIMITS[name]
    assert Reason.of(limit.unfit, value=limit.unusable, limit=limit.unusable).code == f"unfit_{name}"
