"""Where sound is missing between sound: lost on its way, or never recorded because the microphone was muted.

Digital silence alone says neither. Encoders with discontinuous transmission (Opus in browsers) send next to nothing in
pauses, and what plays or converts their recordings fills in zeros. Before such a pause the voice has died down; what is
lost on its way is lost in the middle of a word as often as not.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from mulakat.schema.ranges import Span, joined

SHORTEST_S = 0.05
_EDGE_S = 0.003
_LIVE = 328  # of 32,768: -40 dBFS, so near to the silence only where it cuts in
AUDIBLE = 33  # -60 dBFS
_BLOCK = 1 << 20
MUTED_S = 2.0
"""Nobody thinks for so long that no sound at all is recorded: from here on the microphone counts as muted."""
_NOTHING = 1  # of 32,768: what a muted microphone comes back from a codec as
_BEFORE_S = 0.02
_BELOW_VOICE_DB = 25.0  # sound as far below the loud is a voice that has died down
_BRIDGED_S = 0.06  # between two packets of a pause there is one of comfort noise
_BESIDE_HOLE_S = 0.5


def muted(samples: NDArray[np.int16], sample_rate_hz: int, gaps: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Where nothing is recorded for `MUTED_S` or longer, seconds.

    Args:
        samples: may be a file mapped into memory; looked at block by block. Gaps are filled with zeros in it.
        gaps: without a packet of sound, of a codec that never leaves any out; lost, not muted.
        holes: where the recording lacks its pictures, too.
    """
    silent = joined(_runs(samples, sample_rate_hz, _NOTHING), _BRIDGED_S)
    long = [span for span in silent if span[1] - span[0] >= MUTED_S]
    return [span for span in long if not _touches(span, gaps) and not _beside(span, holes)]


def cut_in(samples: NDArray[np.int16], sample_rate_hz: int, gaps: Sequence[Span], holes: Sequence[Span]) -> list[Span]:
    """Those gaps between the packets of a codec with discontinuous transmission that are no pause: they cut into
    voice, or lie at a hole. Arguments as for `muted`."""
    if not gaps:
        return []
    voice = _loud(samples, sample_rate_hz) * 10 ** (-_BELOW_VOICE_DB / 20)
    before = round(_BEFORE_S * sample_rate_hz)
    found = []
    for start_s, end_s in gaps:
        start = round(start_s * sample_rate_hz)
        if _beside((start_s, end_s), holes) or _rms(samples[max(0, start - before) : start]) >= voice:
            found.append((start_s, end_s))
    return found


def silences(samples: NDArray[np.int16], sample_rate_hz: int) -> list[Span]:
    """Runs of exact zeros, in seconds, with live sound right before and right after.

    Sound that fades into digital silence and out of it was gated or made that way, not
    lost. `samples` may be a file mapped into memory; it is looked at block by block.
    """
    edge = round(_EDGE_S * sample_rate_hz)
    bounds = (
        (start_s, end_s, round(start_s * sample_rate_hz), round(end_s * sample_rate_hz))
        for start_s, end_s in _runs(samples, sample_rate_hz, 0)
    )
    return [
        (start_s, end_s)
        for start_s, end_s, start, end in bounds
        if _live(samples[max(0, start - edge) : start]) and _live(samples[end : end + edge])
    ]


def _runs(samples: NDArray[np.int16], sample_rate_hz: int, nothing: int) -> list[Span]:
    """Runs of at least `SHORTEST_S`, seconds, in which no sample is further from 0."""
    found: list[tuple[int, int]] = []
    last = -1
    for first in range(0, len(samples), _BLOCK):
        block = samples[first : first + _BLOCK]
        sound = np.concatenate([[last], first + np.flatnonzero((block > nothing) | (block < -nothing))])
        long = np.flatnonzero(np.diff(sound) > SHORTEST_S * sample_rate_hz)
        found += [(int(sound[i]) + 1, int(sound[i + 1])) for i in long]
        last = int(sound[-1])
    if len(samples) - last - 1 > SHORTEST_S * sample_rate_hz:
        found.append((last + 1, len(samples)))
    return [(start / sample_rate_hz, end / sample_rate_hz) for start, end in found]


def _loud(samples: NDArray[np.int16], sample_rate_hz: int) -> float:
    """RMS of the loud frames (95th percentile of those with sound): of the voice, where there is one."""
    size = round(_BEFORE_S * sample_rate_hz)
    levels = []
    for first in range(0, len(samples) // size * size, _BLOCK // size * size):
        block = samples[first : first + _BLOCK // size * size]
        frames = block[: len(block) // size * size].reshape(-1, size).astype(np.float32)
        levels.append(np.sqrt(np.einsum("ij,ij->i", frames, frames) / size))
    heard = np.concatenate([np.zeros(0, np.float32), *levels])
    heard = heard[heard > _NOTHING]
    return float(np.percentile(heard, 95)) if heard.size else 0.0


def _rms(samples: NDArray[np.int16]) -> float:
    return float(np.sqrt(np.mean(samples.astype(np.float64) ** 2))) if samples.size else 0.0


def _touches(span: Span, others: Sequence[Span]) -> bool:
    return any(start < span[1] and end > span[0] for start, end in others)


def _beside(span: Span, holes: Sequence[Span]) -> bool:
    return _touches(span, [(start - _BESIDE_HOLE_S, end + _BESIDE_HOLE_S) for start, end in holes])


def _live(samples: NDArray[np.int16]) -> bool:
    return bool(samples.size and np.abs(samples.astype(np.int32)).max() >= _LIVE)
