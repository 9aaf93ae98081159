"""Does the picture move at all, and does it jump? Told from a few thousand pixels of each frame."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analyzers.signals.intervals import runs

# Mean change of the green channel, of 255, from sample to sample.
_STILL = 0.1  # people who sit still change it by 0.25 or more
_CUT, _CUT_OF_USUAL = 8.0, 5.0  # and this many times the median of the last seconds
_AROUND = 3  # samples to either side that a change is judged with
# A picture that stands still for less is no still picture: recorders drop frames.
MIN_STILL_S = 3.0


class FrozenVideoDetector:
    """Compares each frame with the one before."""

    def __init__(self) -> None:
        self._last: NDArray[np.int16] | None = None
        self._changes = array("f")

    def add(self, rgb: NDArray[np.uint8]) -> bool:
        """Take in a frame; True when the scene is another one than in the frame before."""
        thumb = rgb[::16, ::16, 1].astype(np.int16)
        last, self._last = self._last, thumb
        if last is None or last.shape != thumb.shape:
            self._changes.append(np.inf)
            return last is not None
        change = float(np.abs(thumb - last).mean())
        usual = float(np.median(self._changes[-20:]))
        self._changes.append(change)
        return change > _CUT and change > _CUT_OF_USUAL * usual

    def skip(self) -> None:
        """Take in that there is no frame."""
        self._last = None
        self._changes.append(np.inf)

    def stretches(self, t_s: NDArray[np.float64]) -> Iterator[tuple[float, float]]:
        """Stretches (start_s, end_s) of at least `MIN_STILL_S` in which the picture did not change."""
        # The median bridges the moments at which an encoder starts afresh.
        around = np.pad(np.array(self._changes, np.float64), _AROUND, mode="edge")
        changes = np.median(np.lib.stride_tricks.sliding_window_view(around, 2 * _AROUND + 1), axis=1)
        changes[0] = np.inf
        for run in runs(changes < _STILL):
            start_s, end_s = float(t_s[run.start - 1]), float(t_s[run.stop - 1])
            if end_s - start_s >= MIN_STILL_S:
                yield start_s, end_s
