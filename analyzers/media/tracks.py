"""Which of several sound tracks holds the answer: recorders write the microphone and the computer's own sound apart."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.media.channels import readable, samples_of
from analyzers.media.limits import MAX_CHANNELS

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_HEARD_DB = 30.0  # as far below the loudest track, one holds no answer


def heard(container: InputContainer, preferred: int) -> int:
    """Index of the stream to listen to: `preferred`, unless it is silent beside another; then the loudest.

    All tracks are decoded, to the end or to where the file cannot be read further.
    """
    powers = _powers(container)
    loudest = max(powers, key=lambda index: powers[index], default=preferred)
    if powers.get(preferred, 0.0) >= powers.get(loudest, 0.0) * 10 ** (-_HEARD_DB / 10):
        return preferred
    return loudest


def _powers(container: InputContainer) -> dict[int, float]:
    """Stream index → mean power of its loudest channel, 1 = full scale."""
    sums: dict[int, float] = {}
    counts: dict[int, int] = {}
    streams = [stream for stream in container.streams.audio if stream.codec_context]
    for stream, frame in _frames(container, streams):
        if frame.layout.nb_channels > MAX_CHANNELS or not readable(frame):
            continue
        samples = samples_of(frame)
        scale = 1.0 if frame.format.name.startswith(("flt", "dbl")) else 2.0 ** (8 * frame.format.bytes - 1)
        squares = np.einsum("ij,ij->i", samples, samples) / scale**2
        sums[stream.index] = sums.get(stream.index, 0.0) + float(squares.max(initial=0.0))
        counts[stream.index] = counts.get(stream.index, 0) + samples.shape[1]
    return {index: sums[index] / counts[index] for index in sums if counts[index]}


def _frames(container: InputContainer, streams: list[AudioStream]) -> Iterator[tuple[AudioStream, Any]]:
    import av

    demuxer = container.demux(streams)
    while True:
        try:
            packet: Any = next(demuxer)
        except (StopIteration, IndexError, av.error.FFmpegError):
            return
        if packet.stream not in streams:
            continue
        try:
            frames = packet.stream.codec_context.decode(packet)
        except av.error.FFmpegError:
            continue
        for frame in frames:
            yield packet.stream, frame
