"""What in a recording a person should look at before trusting it: flags with times, never verdicts.

Some flags come from one analyzer (another person in the picture, another voice in the
sound); those that need the picture and the sound together are found here.
"""

from __future__ import annotations

import itertools
from typing import Literal

import numpy as np

from mulakat.schema.base import Flag, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Audio, Media
from mulakat.schema.ranges import joined
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript

MOUTH = "mouth_open"
WINDOW_S = 4.0
"""Lips are judged over windows of this much speech: nobody speaks for so long with a still mouth."""
STILL_MOUTH = 0.02
"""Spread (90th − 10th percentile) of the mouth channel in a window of speech; see `docs/analyzers/face.md`."""
MAX_GAP_S = 0.6


def flags(
    transcript: Transcript | None, face: FaceTrack | None, media: Media | None = None, audio: Audio | None = None
) -> list[Flag]:
    """All flags of an answer, in order of time."""
    found = [
        *(face.flags if face else []),
        *(transcript.flags if transcript else []),
        *_missing(transcript, media, audio),
    ]
    if transcript is not None and face is not None:
        found += still_lips(transcript, face)
    return sorted(found, key=lambda flag: (flag.start_s, flag.kind))


def _missing(transcript: Transcript | None, media: Media | None, audio: Audio | None) -> list[Flag]:
    """Where nothing was recorded, the sound is not in the file, or a voice is not in the transcript."""
    missing: list[tuple[Literal["muted", "no_sound", "unwritten"], Code, list[TimeRange]]] = [
        ("muted", Code.MUTED, audio.muted if audio is not None else []),
        ("no_sound", Code.SOUND_MISSING, media.damage.sound.ranges if media is not None else []),
        ("unwritten", Code.UNWRITTEN, transcript.unwritten if transcript is not None else []),
    ]
    return [
        Flag(
            kind=kind,
            start_s=each.start_s,
            end_s=each.end_s,
            note=Reason.of(code, seconds=each.end_s - each.start_s),
        )
        for kind, code, ranges in missing
        for each in ranges
    ]


def still_lips(transcript: Transcript, face: FaceTrack) -> list[Flag]:
    """Stretches of speech in which the visible face's mouth does not move."""
    t_s, mouth = _column(face, "t_s"), _column(face, MOUTH)
    still: list[tuple[float, float]] = []
    # Words without longer gaps between them.
    for stretch in joined(((word.start_s, word.end_s) for word in transcript.spoken), MAX_GAP_S):
        for start_s, end_s in _windows(*stretch):
            seen = mouth[(t_s >= start_s) & (t_s <= end_s)]
            expected = (end_s - start_s) * face.sample_rate_hz
            seen = seen[~np.isnan(seen)]
            if seen.size < 0.8 * expected:
                continue  # The face was hidden: nothing to say.
            low, high = np.percentile(seen, (10, 90))
            if high - low < STILL_MOUTH:
                still.append((start_s, end_s))
    return [
        Flag(
            kind="lips_do_not_move",
            start_s=start_s,
            end_s=end_s,
            note=Reason.of(Code.STILL_LIPS, seconds=end_s - start_s),
        )
        for start_s, end_s in joined(still)
    ]


def _windows(start_s: float, end_s: float) -> list[tuple[float, float]]:
    """The stretch in equal windows of about `WINDOW_S`; none when it is shorter."""
    edges = np.linspace(start_s, end_s, int((end_s - start_s) // WINDOW_S) + 1).round(3).tolist()
    return list(itertools.pairwise(edges))


def _column(face: FaceTrack, name: str) -> np.ndarray:
    return np.array([np.nan if v is None else v for v in face.track.get(name, [])], dtype=float)
