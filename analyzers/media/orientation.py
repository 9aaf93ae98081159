"""Turn and mirror stored pictures the way the container's display matrix says."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mulakat.runtime.library_internals import side_data

if TYPE_CHECKING:
    import numpy as np
    from av.video.frame import VideoFrame


@dataclass(frozen=True)
class Orientation:
    """How a stored picture is shown: first mirrored left to right, then turned counter-clockwise.

    rotation_deg: -90, 0, 90 or 180.
    """

    rotation_deg: int = 0
    mirrored: bool = False

    @property
    def sideways(self) -> bool:
        """Width and height change places."""
        return self.rotation_deg in (-90, 90)

    def upright(self, rgb: np.ndarray) -> np.ndarray:
        """The picture [shape=(height, width, …)] as it is shown; contiguous, not copied when nothing is to do."""
        import numpy as np  # not where only the angle is asked for

        if self.mirrored:
            rgb = rgb[:, ::-1]
        return np.ascontiguousarray(np.rot90(rgb, self.rotation_deg // 90))


def orientation(frame: VideoFrame) -> Orientation:
    """The orientation a frame is to be shown in; odd angles count as the nearest quarter turn.

    FFmpeg's display matrix (libavutil/display.h) takes a stored point (x, y), y down, to
    (a x + c y, b x + d y). FFmpeg's own angle is wrong for a mirrored picture.
    """
    data = side_data(frame).get("DISPLAYMATRIX")
    if data is None or data.buffer_size < 36:
        return Orientation()
    a, b, _, c, d = struct.unpack_from("=5i", bytes(data))
    mirrored = a * d - b * c < 0
    if mirrored:
        a, b = -a, -b
    quarter_turns = round(math.degrees(math.atan2(-b, a)) / 90) % 4
    return Orientation(-90 if quarter_turns == 3 else quarter_turns * 90, mirrored)
