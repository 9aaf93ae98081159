"""What is drawn over time, and on which range."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as some

from mulakat.presentation.lanes import LANES, MAX_POINTS, Lane, duration_s, lanes, thinned
from mulakat.presentation.presenter import Presenter
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from tests.support.report_samples import voice
from tests.support.tracks import face, transcript

T = Presenter("en")


def drawn(
    face: FaceTrack | None = None, *, transcript: Transcript | None = None, voice: VoiceTrack | None = None
) -> dict[str, Lane]:
    return {lane.key: lane for lane in lanes(T, transcript, voice, face)}


@given(some.lists(some.none() | some.floats(-100, 100), max_size=4 * MAX_POINTS))
def test_long_columns_are_thinned_without_inventing_values(values: list[float | None]) -> None:
    times, column = thinned([float(i) for i in range(len(values))], values)
    assert len(times) == len(column) <= MAX_POINTS
    assert all(v is None for v in values) == all(v is None for v in column)
    known = [v for v in values if v is not None]
    for value in column:
        if value is not None:
            assert min(known) - 0.001 <= value <= max(known) + 0.001


def test_there_are_always_the_same_lanes_with_their_words() -> None:
    assert [lane.key for lane in lanes(T, None, None, None)] == [lane.key for lane in LANES]
    for lane in drawn().values():
        assert not lane.measured
        assert lane.label
        assert bool(lane.scale) == (lane.kind == "line")
        assert bool(lane.yes and lane.no) == (lane.kind == "state")


def test_states_are_stretches_with_gaps_where_nothing_was_measured() -> None:
    states = drawn(face(t_s=[0, 1, 2, 3, 4, 5], on_camera=[1, 1, None, None, 0, 1]))["on_camera"]
    assert states.spans == ((0, 2, 1), (4, 5, 0), (5, 6, 1))


def test_angles_have_one_fixed_range_and_expression_another() -> None:
    track = face(t_s=[0, 1], yaw_deg=[3, 4], pitch_deg=[-60, 2], gaze_yaw_deg=[0, 1], smile=[0.2, 0.3])
    found = drawn(track)
    assert {(found[key].low, found[key].high) for key in ("yaw_deg", "pitch_deg", "gaze_yaw_deg")} == {(-40, 40)}
    assert found["yaw_deg"].scale == "-40 to 40°"
    assert (found["smile"].low, found["smile"].high, found["smile"].scale) == (0, 1, "0 to 1")
    assert found["smile"].values == (0.2, 0.3)


def test_pitch_is_drawn_on_the_recordings_own_range() -> None:
    pitch = drawn(voice=voice())["f0_hz"]
    assert (pitch.low, pitch.high, pitch.scale) == (100, 200, "100 to 200 Hz")
    # One value too high (an octave error) does not stretch it.
    spoilt = voice().model_copy(
        update={"track": {"t_s": [float(i) for i in range(200)], "f0_hz": [120.0] * 199 + [480]}}
    )
    assert (drawn(voice=spoilt)["f0_hz"].low, drawn(voice=spoilt)["f0_hz"].high) == (100, 150)


def test_words_and_pauses_stand_where_they_are() -> None:
    found = drawn(voice=voice(), transcript=transcript(["We", "had"], "We had"))
    assert found["words"].spans == ((0, 0.5, 0.9), (1, 1.5, 0.9))
    assert found["pauses"].spans == ((1, 2, 1),)


def test_the_axis_ends_with_the_last_thing_measured_where_the_recording_does_not_say() -> None:
    words = transcript(["We", "had"], "We had")
    assert duration_s(None, words, None, None) == 1.5
    assert duration_s(None, words, None, face(t_s=[0, 7])) == 7
    assert duration_s(None, None, None, None) == 0
