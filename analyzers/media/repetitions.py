"""How many pictures of a recording are new ones, and no repetitions of the one before.

Recorders repeat pictures to keep a rate; codecs smooth a picture over the repetitions that follow it: by up to 0.09
of 255 (HEVC) where a new picture changes by 1, and by less where there is less to smooth. Large pictures of people who
sit still change by 0.02 from picture to picture. So a change counts beside the greatest around it; after a cut to
another scene, which says nothing of how people move, not beyond `_MOST`.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

_SHARE = 0.08
_LEAST, _MOST = 0.002, 0.1  # mean change of luma, of 255
_AROUND_S = 1.0


class Repetitions:
    """Compares each picture with the one before."""

    def __init__(self) -> None:
        from av.video.reformatter import VideoReformatter

        self._to_gray = VideoReformatter()
        self._last: NDArray[np.int16] | None = None
        self._times, self._changes = array("d"), array("d")

    def add(self, picture: VideoFrame, t_s: float) -> None:
        """Take in the next picture; times increase."""
        look, last = self._look(picture), self._last
        self._last = look
        if last is not None and look.shape == last.shape:
            self._times.append(t_s)
            self._changes.append(float(np.abs(look - last).mean()))

    @property
    def new_pictures(self) -> int:
        """Pictures so far that differ from the one before; where the size changes, none is said to."""
        times, changes = np.array(self._times), np.array(self._changes)
        starts = np.searchsorted(times, times - _AROUND_S)
        stops = np.searchsorted(times, times + _AROUND_S, side="right")
        greatest = np.array([changes[a:b].max() for a, b in zip(starts, stops, strict=True)])
        return int((changes > (_SHARE * greatest).clip(_LEAST, _MOST)).sum())

    def _look(self, picture: VideoFrame) -> NDArray[np.int16]:
        """Luma, of 255, of every 16th pixel of every 16th line."""
        width, height = -(-picture.width // 16), -(-picture.height // 16)
        if not (picture.format.is_planar and picture.format.components[0].bits == 8):
            small = self._to_gray.reformat(picture, width, height, "gray", interpolation="POINT")
            return small.to_ndarray().astype(np.int16)
        plane = picture.planes[0]  # of most recordings; reading it where it lies takes no time
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, -1)
        return lines[::16, : plane.width : 16].astype(np.int16)
