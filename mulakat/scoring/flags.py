"""What in a recording a person should look at before trusting it: flags with times, never verdicts.

Some flags come from one analyzer (another person in the picture, another voice in the
sound); those that need the picture and the sound together are found here.
"""

from __future__ import annotations

import itertools

import numpy as np

from mulakat.schema.base import Flag, TimeRange
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import Transcript

MOUTH = "mouth_open"
WINDOW_S = 4.0
"""Lips are judged over windows of this much speech: nobody speaks for so long with a still mouth."""
STILL_MOUTH = 0.02
"""Spread (90th − 10th percentile) of the mouth channel in a window of speech; see `docs/analyzers/face.md`."""
MAX_GAP_S = 0.6


def flags(transcript: Transcript | None, face: FaceTrack | None) -> list[Flag]:
    """All flags of an answer, in order of time."""
    found = [*(face.flags if face else []), *(transcript.flags if transcript else [])]
    if transcript is not None and face is not None:
        found += still_lips(transcript, face)
    return sorted(found, key=lambda flag: (flag.start_s, flag.kind))


def still_lips(transcript: Transcript, face: FaceTrack) -> list[Flag]:
    """Stretches of speech in which the visible face's mouth does not move."""
    t_s, mouth = _column(face, "t_s"), _column(face, MOUTH)
    still: list[TimeRange] = []
    for stretch in _stretches(transcript):
        for window in _windows(stretch):
            seen = mouth[(t_s >= window.start_s) & (t_s <= window.end_s)]
            expected = (window.end_s - window.start_s) * face.sample_rate_hz
            seen = seen[~np.isnan(seen)]
            if seen.size < 0.8 * expected:
                continue  # The face was hidden: nothing to say.
            low, high = np.percentile(seen, (10, 90))
            if high - low < STILL_MOUTH:
                still.append(window)
    return [
        Flag(
            kind="lips_do_not_move",
            start_s=each.start_s,
            end_s=each.end_s,
            note=f"speech for {each.end_s - each.start_s:.1f} s while the mouth in the picture stays still",
        )
        for each in _joined(still)
    ]


def _stretches(transcript: Transcript) -> list[TimeRange]:
    """Words without longer gaps between them."""
    return _joined([TimeRange(start_s=w.start_s, end_s=w.end_s) for w in transcript.words], MAX_GAP_S)


def _windows(stretch: TimeRange) -> list[TimeRange]:
    """The stretch in equal windows of about `WINDOW_S`; none when it is shorter."""
    length_s = stretch.end_s - stretch.start_s
    edges = np.linspace(stretch.start_s, stretch.end_s, int(length_s // WINDOW_S) + 1)
    return [
        TimeRange(start_s=round(float(start), 3), end_s=round(float(end), 3))
        for start, end in itertools.pairwise(edges)
    ]


def _joined(ranges: list[TimeRange], gap_s: float = 0.0) -> list[TimeRange]:
    joined: list[TimeRange] = []
    for each in ranges:
        if joined and each.start_s - joined[-1].end_s <= gap_s:
            joined[-1] = TimeRange(start_s=joined[-1].start_s, end_s=max(joined[-1].end_s, each.end_s))
        else:
            joined.append(each)
    return joined


def _column(face: FaceTrack, name: str) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in face.track.get(name, [])], dtype=float)
