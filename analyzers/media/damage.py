"""Which parts of a recording's time are lost: told from the packets or frames there are, intact or not."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, pairwise
from math import inf
from typing import TYPE_CHECKING, Any

from mulakat.schema.ranges import Span, joined, within

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.packet import Packet
    from av.video.frame import VideoFrame

PAUSE_S = 1.0
"""A stream may pause for as long, or start and end apart from the other, without anything being lost."""

HOLE_S = 0.5
"""Longer than the 0.4 s from one packet to the next in which Opus (DTX) and a camera in the dark may both be silent."""

_CHAINED = ("vp8", "vp9", "av1")
_ROUNDING_S = 0.002


class Pieces:
    """Packets or frames of one stream, in any order: from when to when each lasts, and whether it is intact.

    origin: what 0 of the times it tells is on the file's own clock, seconds. It takes times on the latter.
    """

    def __init__(self, origin: Fraction = Fraction(0)) -> None:
        self.origin = origin
        self._starts, self._ends, self._intact = array("d"), array("d"), array("b")

    def add(self, start: float, duration: float, *, intact: bool = True) -> None:
        """Take one in, seconds on the file's own clock."""
        self._starts.append(start)
        self._ends.append(start + duration)
        self._intact.append(intact)

    def gaps(self, longer_s: float) -> list[Span]:
        """Where no piece is for longer than this, between pieces."""
        starts, reached, _ = self._sorted()
        return [(end, start) for end, start in zip(reached, starts[1:], strict=False) if start - end > longer_s]

    def broken(self, end_s: float = inf) -> list[Span]:
        """From each piece that is not intact to the next one, of the last one to `end_s`."""
        starts, _, intact = self._sorted()
        return [span for span, whole in zip(pairwise([*starts, end_s]), intact, strict=True) if not whole]

    def missing(self, start_s: float, end_s: float) -> list[Span]:
        """Where no piece is for more than `PAUSE_S`, from `start_s` to `end_s`."""
        return [*self.head(start_s), *self.gaps(PAUSE_S), *self.tail(end_s)]

    def head(self, start_s: float) -> list[Span]:
        """From `start_s` to the first piece, when that is longer than `PAUSE_S`."""
        starts, _, _ = self._sorted()
        return [(start_s, starts[0])] if starts and starts[0] - start_s > PAUSE_S else []

    def tail(self, end_s: float) -> list[Span]:
        """From the last piece to `end_s`, when that is longer than `PAUSE_S`."""
        reached = self.extent()[1]
        return [(reached, end_s)] if end_s - reached > PAUSE_S else []

    def extent(self) -> Span:
        """From the first start to the last end; (0, 0) without a piece."""
        starts, reached, _ = self._sorted()
        return (starts[0], reached[-1]) if starts else (0.0, 0.0)

    def _sorted(self) -> tuple[list[float], list[float], list[int]]:
        """Starts, the furthest end up to each, intact; in order of time."""
        # Without NumPy, which costs a child that probes a recording as much to start as all else it needs.
        order = sorted(range(len(self._starts)), key=self._starts.__getitem__)
        origin_s = float(self.origin)
        starts = [self._starts[i] - origin_s for i in order]
        return (
            starts,
            list(accumulate((self._ends[i] - origin_s for i in order), max)),
            [self._intact[i] for i in order],
        )


class Watch:
    """Tells intact frames from lost ones while one stream is decoded, and keeps account of both in `pieces`.

    Lost are frames that FFmpeg cannot decode or flags as damaged, and pictures that build on what is lost: up
    to the next key picture after a hole in the file, and after one that cannot be decoded where the codec
    carries the state of its entropy coder from picture to picture (VP8, VP9, AV1).
    """

    def __init__(self, codec: str = "", origin: Fraction = Fraction(0), holes: Iterable[Span] = ()) -> None:
        self.pieces = Pieces(origin)
        self._origin_s = float(origin)
        self._chained = codec in _CHAINED
        self._holes = sorted(end for _, end in holes)
        self._unfounded = False
        self._packets = Pieces(origin)

    def given(self, packet: Packet[Any]) -> None:
        """Take note of a packet that is about to be decoded."""
        if packet.pts is not None and packet.size:
            unit_s = float(packet.time_base)
            self._packets.add(packet.pts * unit_s, (packet.duration or 0) * unit_s)

    def failed(self, packet: Packet[Any]) -> None:
        """Take note that it cannot be decoded."""
        self._unfounded = self._unfounded or self._chained
        if packet.pts is not None and packet.size:
            unit_s = float(packet.time_base)
            self.pieces.add(packet.pts * unit_s, (packet.duration or 0) * unit_s, intact=False)

    def intact(self, frame: VideoFrame | AudioFrame) -> bool:
        """Take note of a frame, and say whether it is intact."""
        unit_s = float(frame.time_base or 0)
        time = frame.pts * unit_s if frame.pts is not None and unit_s else None
        if time is not None and self._holes and time - self._origin_s >= self._holes[0] - _ROUNDING_S:
            self._unfounded = True
            self._holes = [end for end in self._holes if time - self._origin_s < end - _ROUNDING_S]
        if getattr(frame, "key_frame", False):
            self._unfounded = False
        intact = not frame.is_corrupt and not self._unfounded
        if time is not None:
            self.pieces.add(time, (frame.duration or 0) * unit_s, intact=intact)
        return intact

    def lost(self) -> list[Span]:
        """Where packets are and no intact frame comes of them."""
        return self.pieces.broken() + self.pieces.missing(*self._packets.extent())


def holes(picture: Pieces, sound: Pieces) -> list[Span]:
    """Where the file holds neither picture nor sound for longer than `HOLE_S`: bytes are missing there."""
    found = []
    for start, end in picture.gaps(HOLE_S):
        for silent, heard in sound.gaps(HOLE_S):
            both = max(start, silent), min(end, heard)
            if both[1] - both[0] > HOLE_S:
                found.append((both[0], max(end, heard)))
    return found


def loss(spans: Sequence[Span], duration_s: float) -> dict[str, Any]:
    """The fields of `schema.media.Loss`."""
    lost = joined(within(spans, duration_s))
    seconds = sum(end - start for start, end in lost)
    return {
        "ratio": round(min(1.0, seconds / duration_s), 4) if duration_s > 0 else 0.0,
        "ranges": ranges(lost),
    }


def ranges(spans: Iterable[Span]) -> list[dict[str, float]]:
    """The fields of a list of `schema.base.TimeRange`; without those shorter than a millisecond."""
    rounded = [(round(start, 3), round(end, 3)) for start, end in spans]
    return [{"start_s": start, "end_s": end} for start, end in rounded if start < end]
