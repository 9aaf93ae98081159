"""What a recording lacks, told from its packets and from what its container announces. Nothing is decoded."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from analyzers.media.damage import Pieces, holes, loss, ranges

if TYPE_CHECKING:
    from av.container import InputContainer

    from analyzers.media.container import Recording

_ANNOUNCING = ("matroska,webm", "flv", "flac", "aiff")
"""Formats whose header gives the length. For others FFmpeg takes it from what is there, or estimates it."""

_INEXACT_S = 0.5
"""By as much an announced length may be beyond the last packet of a whole file."""

_INDEX_SHARE = 0.05
"""As much of a whole file at most is index (`mfra`) after the last packet of a fragmented MP4."""

_MICROSECONDS = 1_000_000


def damage(
    recording: Recording,
    ends: dict[int, Fraction],
    pieces: dict[int, Pieces],
    *,
    start: Fraction,
    size_bytes: int,
    read_bytes: int,
    duration_s: float,
) -> dict[str, Any]:
    """The fields of `schema.media.Damage`, once all packets are read.

    Args:
        ends: stream index → where its last packet ends; this and `start` on the file's own clock, seconds.
        pieces: stream index → its packets on the results' clock.
        start: of the first packet.
        read_bytes: where the last packet ends in the file.
        duration_s: of the recording.
    """
    unread = {index: _unread(recording.container.streams[index], size_bytes) for index in ends}
    for index, missing in unread.items():
        if missing:
            pieces[index].add(float(ends[index]), float(missing), intact=False)
    end = max(ends.values())
    cut = max(
        max(ends[index] + missing for index, missing in unread.items()) - end,
        _announced(recording.container, start, end),
        _unreached(recording, end - start, size_bytes, read_bytes),
    )
    picture, sound = (pieces.get(s.index) if s is not None else None for s in (recording.video, recording.audio))
    empty = holes(picture, sound) if picture is not None and sound is not None else []
    without_picture = [*picture.broken(), *picture.missing(0.0, duration_s), *empty] if picture is not None else []
    without_sound = [*sound.broken(), *sound.head(0.0), *sound.tail(duration_s)] if sound is not None else []
    return {
        "cut_s": round(float(cut), 3),
        "holes": ranges(empty),
        "picture": loss(without_picture, duration_s),
        "sound": loss(without_sound, duration_s),
    }


def _unread(stream: Any, size_bytes: int) -> Fraction:
    """How long the last samples of a sample table (MP4, MOV) last that lie beyond the end of the file."""
    entries = stream.index_entries
    first = len(entries)
    while first > 0 and entries[first - 1].pos + entries[first - 1].size > size_bytes:
        first -= 1
    beyond = len(entries) - first
    if beyond == 0 or len(entries) < 2:
        return Fraction(0)
    between = Fraction(entries[-1].timestamp - entries[0].timestamp, len(entries) - 1)
    return Fraction(max(Fraction(0), between * beyond * stream.time_base))


def _announced(container: InputContainer, start: Fraction, end: Fraction) -> Fraction:
    """How much longer the header says the recording is; 0 where it does not say."""
    if container.format.name not in _ANNOUNCING or container.duration is None:
        return Fraction(0)
    # Some muxers count from 0, others from the first packet: only what is missing either way.
    missing = Fraction(container.duration, _MICROSECONDS) - max(end, end - start)
    return missing if missing > _INEXACT_S else Fraction(0)


def _unreached(recording: Recording, length: Fraction, size_bytes: int, read_bytes: int) -> Fraction:
    """About how long the fragments are that FFmpeg does not find after one whose header (`moof`) is destroyed."""
    fragmented = recording.container.format.name.startswith("mov") and not any(s.frames for s in recording.streams)
    rest = size_bytes - read_bytes
    if not fragmented or rest <= _INDEX_SHARE * size_bytes or read_bytes <= 0:
        return Fraction(0)
    return length * Fraction(rest, read_bytes)
