"""What the player draws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from mulakat.schema.base import Provenance
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import Segment, Transcript, Word
from mulakat.schema.voice import VoiceTrack
from review_ui.player import lanes as drawing
from review_ui.player.lanes import MAX_POINTS, lanes, sentences

ORIGIN = Provenance(analyzer="test", version="1")


def face(**track: list[float | None]) -> FaceTrack:
    return FaceTrack(
        provenance=ORIGIN,
        visible_ratio=0.5,
        max_faces=1,
        on_camera_ratio=None,
        look_aways=[],
        head_pose_deg=None,
        expression={},
        not_visible={"no face": 0.5},
        sample_rate_hz=10,
        track=track,
    )


def transcript(words: list[str], sentence: str) -> Transcript:
    spoken = [Word(text=word, start_s=i, end_s=i + 0.5, probability=0.9) for i, word in enumerate(words)]
    return Transcript(
        provenance=ORIGIN,
        language="en",
        language_probability=1.0,
        text=sentence,
        segments=[Segment(text=sentence, start_s=0, end_s=len(words))],
        words=spoken,
        speech_s=1,
    )


@given(some.lists(some.none() | some.floats(-100, 100), max_size=4 * MAX_POINTS))
def test_long_columns_are_thinned_without_inventing_values(values: list[float | None]):
    times, (column,) = drawing._thinned([float(i) for i in range(len(values))], [values])
    assert len(times) == len(column) <= MAX_POINTS
    assert (all(v is None for v in values)) == (all(v is None for v in column))
    known = [v for v in values if v is not None]
    for value in column:
        if value is not None:
            assert min(known) - 0.001 <= value <= max(known) + 0.001


def test_a_gap_stays_a_gap():
    track = face(t_s=[0, 1, 2], on_camera=[1, None, 0], smile=[None, None, None])
    by_id = {lane["id"]: lane for lane in lanes(track, None, None, {"analyse_voice": "digital silence"})}
    assert by_id["on_camera"]["series"] == [{"name": "", "v": [1, None, 0]}]
    assert by_id["on_camera"]["reason"] is None
    assert by_id["smile"]["series"] == []
    assert by_id["smile"]["reason"] == "no face 50%"
    assert by_id["f0"]["reason"] == "digital silence"
    assert by_id["words"]["reason"] == "no words were recognised"


def test_there_are_always_the_same_lanes():
    reasons = {"analyse_face": "no video stream", "analyse_voice": "no audio", "transcribe": "no audio"}
    nothing = lanes(None, None, None, reasons)
    assert [lane["id"] for lane in nothing] == ["on_camera", "head_pose", "smile", "f0", "loudness", "words"]
    assert [lane["reason"] for lane in nothing] == ["no video stream"] * 3 + ["no audio"] * 3
    assert all(lane["series"] == [] and lane["t"] == [] for lane in nothing)


def test_pitch_is_scaled_to_what_was_measured():
    voice = VoiceTrack(
        provenance=ORIGIN,
        f0_hz=None,
        pitch_range_semitones=None,
        speech_rate_wpm=None,
        articulation_rate_sps=None,
        pause_ratio=None,
        pauses=[],
        fillers_per_min=None,
        loudness_dbfs=None,
        snr_db=None,
        track={"t_s": [0, 1, 2], "f0_hz": [100, None, 200], "loudness_db": [0, -10, 0]},
    )
    pitch = next(lane for lane in lanes(None, voice, None, {}) if lane["id"] == "f0")
    assert 100 <= pitch["low"] < pitch["high"] <= 200
    assert not pitch["hatch"]  # a voiceless sound is no failure to measure


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["We", "had", "4", ",000", "parcels."], "We had 4,000 parcels."),
        ([" We", " had", " parcels."], "We had parcels."),
        (["砸", "自己", "的脚"], "砸自己的脚"),
    ],
)
def test_words_keep_the_spaces_of_their_sentence(words: list[str], sentence: str):
    (line,) = sentences(transcript(words, sentence))
    assert "".join((" " if word["space"] else "") + word["w"] for word in line["words"]) == sentence


def test_every_word_is_in_one_sentence_in_order():
    spoken = [Word(text=f"w{i}", start_s=i, end_s=i + 1, probability=1) for i in range(6)]
    heard = transcript([], "").model_copy(
        update={
            "words": spoken,
            "segments": [Segment(text="", start_s=0, end_s=2), Segment(text="", start_s=3, end_s=5)],
        }
    )
    lines = sentences(heard)
    assert [word["w"] for line in lines for word in line["words"]] == [word.text for word in spoken]
    assert [len(line["words"]) for line in lines] == [2, 3, 1]
