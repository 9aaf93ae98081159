"""Which channels of a recording to mix to one, so that speech is neither lost nor drowned.

Mixing all channels loses speech that two channels carry with opposite phase, and
weakens speech that only one of six carries. So the channels are measured first.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

_LIVE = 10 ** (-20 / 10)  # power relative to the loudest channel; weaker ones hold cross-talk and noise
_CANCELED = 10 ** (-6 / 10)  # power of the mix relative to the loudest channel; less has lost something
_READABLE = 8  # planes that an AVFrame names itself; PyAV 18.1 reads further ones from beyond it
_LOW_FREQUENCIES = ("LFE", "LFE2")

Format = tuple[int, str, str]


def format_of(frame: AudioFrame) -> Format:
    """Sample rate, sample format and layout."""
    return frame.sample_rate, frame.format.name, frame.layout.name


def choose(frames: Iterable[AudioFrame]) -> dict[Format, list[int]]:
    """For each format in a stream: the channels to mix with equal weights.

    Formats with more channels than PyAV reads safely are left out.
    """
    powers: dict[Format, NDArray[np.float64]] = {}
    names: dict[Format, list[str]] = {}
    for frame in frames:
        key = format_of(frame)
        if not readable(frame):
            continue
        samples = samples_of(frame)
        if key not in powers:
            powers[key] = np.zeros((len(samples), len(samples)))
            names[key] = [channel.name for channel in frame.layout.channels]
        powers[key] += samples @ samples.T
    return {key: mixed(power, names[key]) for key, power in powers.items()}


def mixed(power: NDArray[np.float64], names: list[str]) -> list[int]:
    """The channels to mix.

    All that are live; without the subwoofer's where there are others; only the loudest
    where the mix would cancel.

    Args:
        power: sums of the products of each two channels, shape (n, n).
        names: FFmpeg's channel names, such as FL and LFE.
    """
    own = np.diag(power)
    candidates = [i for i, name in enumerate(names) if name not in _LOW_FREQUENCIES and own[i] > 0]
    candidates = candidates or list(range(len(own)))
    loudest = max(candidates, key=lambda i: own[i])
    live = [i for i in candidates if own[i] >= _LIVE * own[loudest]]
    of_mix = power[np.ix_(live, live)].sum() / len(live) ** 2
    # Unrelated channels lose power by the number of them, and nothing is lost.
    if of_mix < _CANCELED * own[live].sum() / len(live) ** 2:
        return [loudest]
    return live


def readable(frame: AudioFrame) -> bool:
    """Whether PyAV reads its samples safely."""
    return not frame.format.is_planar or frame.layout.nb_channels <= _READABLE


def samples_of(frame: AudioFrame) -> NDArray[np.float64]:
    """Shape (channels, samples), in the steps of its format."""
    samples = frame.to_ndarray().astype(np.float64)
    if frame.format.name.startswith("u8"):
        samples -= 128
    return samples if frame.format.is_planar else samples.reshape(-1, frame.layout.nb_channels).T
