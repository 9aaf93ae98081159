"""The picture of a recording as a stream of sampled, upright frames."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from analyzers.media.container import decoded, first_frames, first_moment, opened, time_of
from analyzers.media.damage import Watch
from analyzers.media.orientation import orientation
from analyzers.media.prefetch import ahead
from analyzers.media.repetitions import Repetitions
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.ranges import Span

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_JITTER_S = Fraction(1, 1000)  # containers such as WebM round times to milliseconds

_AHEAD = 4  # frames decoded before they are asked for


@dataclass(frozen=True)
class Frame:
    """One picture, upright and with square pixels.

    t_s: presentation time on the clock that the sound shares, 0 = first moment of the recording.
    rgb: uint8, shape (height, width, 3), scaled down.
    width_px, height_px: size before scaling.
    """

    t_s: float
    rgb: np.ndarray
    width_px: int
    height_px: int


def frames(
    path: Path,
    *,
    rate_hz: float,
    max_side_px: int = 1280,
    holes: Sequence[Span] = (),
    lost: list[Span] | None = None,
    repetitions: Repetitions | None = None,
) -> Iterator[Frame]:
    """Decode a recording once and yield the first frame of each 1 ÷ `rate_hz` of time.

    Times increase strictly. A recording with fewer frames yields them all; damaged
    frames are left out. A thread decodes while the caller works on the frame before.

    Args:
        max_side_px: the longer side of `rgb` is at most this; smaller pictures keep their size.
        holes: where the file holds nothing (`Media.damage`); what builds on it is left out.
        lost: when all frames are read, the stretches of time without an intact picture are added, seconds.
        repetitions: is shown every picture, also those that are not sampled.

    Raises:
        BadInput: as `container.opened`.
        NotMeasurable: no video stream.
    """
    return ahead(_sampled(path, rate_hz, max_side_px, holes, lost if lost is not None else [], repetitions), _AHEAD)


def _sampled(
    path: Path,
    rate_hz: float,
    max_side_px: int,
    holes: Sequence[Span],
    lost: list[Span],
    repetitions: Repetitions | None,
) -> Generator[Frame, None, None]:
    with opened(path) as recording:
        if recording.video is None:
            raise NotMeasurable(Code.NO_PICTURE)
        origin = first_moment(first_frames(path))
        aspect = recording.video.sample_aspect_ratio  # FFmpeg's guess, of what container and stream say
        last_slot, last_time = -1, Fraction(-1)
        watch = Watch(recording.video.codec_context.codec.canonical_name, origin, holes)
        for picture in decoded(recording, recording.video, watch):
            time = time_of(picture)
            if time is None or time - origin <= last_time:
                continue
            if repetitions is not None:
                repetitions.add(picture, float(time))
            slot = math.floor((time - origin + _JITTER_S) * Fraction(rate_hz))
            if slot > last_slot:
                last_slot, last_time = slot, time - origin
                yield _upright(picture, float(last_time), aspect, max_side_px)
        lost += watch.lost()


def _upright(picture: VideoFrame, t_s: float, aspect: Fraction | None, max_side_px: int) -> Frame:
    """Convert, scale and turn one picture."""
    width, height = picture.width, picture.height
    if aspect is not None and Fraction(1, 4) < aspect < 4:  # others are errors of the header
        width = round(width * aspect)
    scale = min(1.0, max_side_px / max(width, height))
    # Scaled first, converted then: FFmpeg does both at once slower and less exactly.
    scaled = picture.reformat(
        width=max(1, round(width * scale)),
        height=max(1, round(height * scale)),
        interpolation="AREA" if scale < 1 else "BILINEAR",
    )
    rgb = scaled.to_ndarray(format="rgb24")
    shown = orientation(picture)
    if shown.sideways:
        width, height = height, width
    return Frame(t_s, shown.upright(rgb), width, height)
