"""Flags that need picture and sound together."""

from __future__ import annotations

from typing import Any

import numpy as np

from mulakat.schema.base import Flag, Provenance, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Damage, Loss, Media
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript, Word
from mulakat.scoring.flags import MOUTH
from mulakat.scoring.flags import flags as all_flags

MADE = Provenance(analyzer="test", version="1")
RATE_HZ = 10.0


def transcript(*stretches: tuple[float, float], flags: list[Flag] | None = None) -> Transcript:
    words = [
        Word(text="word", start_s=float(t), end_s=float(t) + 0.3, probability=0.9)
        for start, end in stretches
        for t in np.arange(start, end - 0.3, 0.4)
    ]
    return Transcript(
        language="en",
        language_probability=None,
        text="",
        segments=[],
        words=words,
        speech_s=1.0,
        flags=flags or [],
        provenance=MADE,
    )


def face(mouth: np.ndarray, flags: list[Flag] | None = None) -> FaceTrack:
    """A track with this mouth opening, 10 samples a second; NaN = not visible."""
    t_s = (np.arange(mouth.size) / RATE_HZ).tolist()
    column = [None if np.isnan(v) else float(v) for v in mouth]
    fields: dict[str, Any] = {"sample_rate_hz": RATE_HZ, "flags": flags or [], "track": {"t_s": t_s, MOUTH: column}}
    return FaceTrack.model_construct(**fields)


def moving(samples: int) -> np.ndarray:
    return np.asarray(0.15 + 0.1 * np.sin(np.arange(samples) * 2.1))


def test_speech_with_moving_lips_is_no_flag() -> None:
    assert all_flags(transcript((0, 20)), face(moving(200))) == []


def test_speech_over_a_still_mouth_is_flagged_where_it_is() -> None:
    mouth = moving(300)
    mouth[100:200] = 0.01
    (flag,) = all_flags(transcript((0, 30)), face(mouth))
    assert flag.kind == "lips_do_not_move"
    assert 9 <= flag.start_s <= 14 and 16 <= flag.end_s <= 21


def test_a_still_mouth_without_speech_is_listening() -> None:
    mouth = moving(300)
    mouth[100:200] = 0.01
    assert all_flags(transcript((0, 10), (20.2, 30)), face(mouth)) == []


def test_a_hidden_mouth_says_nothing() -> None:
    assert all_flags(transcript((0, 20)), face(np.full(200, np.nan))) == []


def test_a_short_remark_says_nothing() -> None:
    assert all_flags(transcript((5, 7)), face(np.zeros(200))) == []


def test_flags_of_picture_and_sound_come_together_in_order_of_time() -> None:
    other = Flag(kind="another_person", start_s=8.0, end_s=9.0, note=Reason.of(Code.TWO_VOICES))
    voice = Flag(kind="speaker_change", start_s=2.0, end_s=3.0, note=Reason.of(Code.TWO_VOICES))
    found = all_flags(transcript((0, 20), flags=[voice]), face(moving(200), flags=[other]))
    assert found == [voice, other]
    assert all_flags(None, None) == []


def test_a_mute_and_missing_sound_are_told_with_their_times() -> None:
    muted: dict[str, Any] = {"muted": [TimeRange(start_s=2, end_s=6)]}
    ended: dict[str, Any] = {"damage": Damage(sound=Loss(ratio=0.2, ranges=[TimeRange(start_s=8, end_s=10)]))}
    found = all_flags(None, None, Media.model_construct(**ended), Audio.model_construct(**muted))
    assert [(each.kind, each.start_s, each.end_s, each.note) for each in found] == [
        ("muted", 2, 6, Reason.of(Code.MUTED, seconds=4)),
        ("no_sound", 8, 10, Reason.of(Code.SOUND_MISSING, seconds=2)),
    ]


def test_a_voice_that_is_not_written_is_told() -> None:
    heard = transcript((0, 20)).model_copy(update={"unwritten": [TimeRange(start_s=21, end_s=24)]})
    (flag,) = all_flags(heard, None)
    assert (flag.kind, flag.start_s, flag.note) == ("unwritten", 21, Reason.of(Code.UNWRITTEN, seconds=3))
