"""Where sound is missing between sound: gaps that were filled, and digital silence that cuts in."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from mulakat.schema.ranges import Span

SHORTEST_S = 0.05
_EDGE_S = 0.003
_LIVE = 328  # of 32,768: -40 dBFS, so near to the silence only where it cuts in
AUDIBLE = 33  # -60 dBFS
_BLOCK = 1 << 20


def silences(samples: NDArray[np.int16], sample_rate_hz: int) -> list[Span]:
    """Runs of exact zeros, in seconds, with live sound right before and right after.

    Sound that fades into digital silence and out of it was gated or made that way, not
    lost. `samples` may be a file mapped into memory; it is looked at block by block.
    """
    edge = round(_EDGE_S * sample_rate_hz)
    runs: list[tuple[int, int]] = []
    last = -1
    for first in range(0, len(samples), _BLOCK):
        sound = np.concatenate([[last], first + np.flatnonzero(samples[first : first + _BLOCK])])
        long = np.flatnonzero(np.diff(sound) > SHORTEST_S * sample_rate_hz)
        runs += [(int(sound[i]) + 1, int(sound[i + 1])) for i in long if sound[i] >= 0]
        last = int(sound[-1])
    return [
        (start / sample_rate_hz, end / sample_rate_hz)
        for start, end in runs
        if _live(samples[max(0, start - edge) : start]) and _live(samples[end : end + edge])
    ]


def _live(samples: NDArray[np.int16]) -> bool:
    return bool(np.abs(samples.astype(np.int32)).max() >= _LIVE)
