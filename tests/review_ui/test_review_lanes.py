"""What the player draws."""

from __future__ import annotations

import pytest

from mulakat.presentation.lanes import LANES
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Segment, Word
from review_ui.player.lanes import player_lanes
from review_ui.player.sentences import sentences
from tests.support.report_samples import voice
from tests.support.tracks import face, transcript


def test_a_lane_without_values_says_why() -> None:
    track = face(t_s=[0, 1, 2], on_camera=[1, None, 0], smile=[None, None, None])
    by_key = {
        lane["key"]: lane for lane in player_lanes(None, None, track, {"analyse_voice": Reason.of(Code.NO_SOUND)})
    }
    assert by_key["on_camera"]["spans"] == ((0, 1, 1), (2, 3, 0))
    assert by_key["on_camera"]["reason"] is None
    assert by_key["smile"]["values"] == ()
    assert by_key["smile"]["reason"] == "no face 50%"
    assert by_key["f0_hz"]["reason"] == "the recording has no sound"
    assert by_key["words"]["reason"] == "no speech was found"


def test_there_are_always_the_same_lanes() -> None:
    no_sound = Reason.of(Code.NO_SOUND)
    reasons = {"analyse_face": Reason.of(Code.NO_PICTURE), "analyse_voice": no_sound, "transcribe": no_sound}
    nothing = player_lanes(None, None, None, reasons)
    assert [lane["key"] for lane in nothing] == [lane.key for lane in LANES]
    assert [lane["reason"] for lane in nothing] == ["the recording has no sound"] * 4 + [
        "the recording has no picture"
    ] * 7


def test_no_pause_is_no_failure_to_measure() -> None:
    lanes = {lane["key"]: lane for lane in player_lanes(None, voice().model_copy(update={"pauses": []}), None, {})}
    assert lanes["pauses"]["reason"] is None
    assert not lanes["f0_hz"]["hatch"]  # nor is a voiceless sound


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["We", "had", "4", ",000", "parcels."], "We had 4,000 parcels."),
        ([" We", " had", " parcels."], "We had parcels."),
        (["砸", "自己", "的脚"], "砸自己的脚"),
    ],
)
def test_words_keep_the_spaces_of_their_sentence(words: list[str], sentence: str) -> None:
    (line,) = sentences(transcript(words, sentence))
    assert "".join((" " if word["space"] else "") + word["w"] for word in line["words"]) == sentence


def test_every_word_is_in_one_sentence_in_order() -> None:
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
    assert [line["at"] for line in lines] == ["0:00", "0:02", "0:05"]
