"""Small results made up by hand."""

from __future__ import annotations

from mulakat.schema.base import Provenance
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import Segment, Transcript, Word

ORIGIN = Provenance(analyzer="test", version="1")


def face(**track: list[float | None]) -> FaceTrack:
    """A face seen half of the time."""
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
    """One sentence, a word each second, half a second long."""
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
