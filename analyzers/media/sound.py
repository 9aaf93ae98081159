"""The sound of a recording as 16 kHz mono on the presentation clock. Runs in the child process."""

from __future__ import annotations

import hashlib
import math
import wave
from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analyzers.media.channels import Format, choose, format_of
from analyzers.media.container import decoded, first_frames, first_moment, opened, time_of
from analyzers.media.damage import Watch, loss, ranges
from analyzers.media.dropouts import AUDIBLE, SHORTEST_S, cut_in, muted, silences
from analyzers.media.limits import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.ranges import Span, joined, within

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SAMPLE_RATE_HZ = 16_000
FULL_SCALE = 32768
_LONG_GAP = SAMPLE_RATE_HZ  # samples; FFmpeg would make more than this of silence in one piece, in memory
_BLOCK = 1 << 20
_GAP_S = 0.04  # a larger jump in the timestamps is a gap, a smaller one jitter; two AAC frames are 0.046
_WAV_HEADER_BYTES = 44
_PAUSING = ("opus", "libopus")  # codecs that send nothing in pauses
_CLIPPED = 32735  # within 0.1 % of full scale


def extract(
    recording: str,
    target: str,
    longest_s: float,
    holes: Sequence[Span] = (),
    *,
    progress: Callable[[float], None],
) -> dict[str, Any]:
    """Write the sound of `recording` to `target`: WAV, 16 kHz, mono, 16 bit; return what is in it.

    Sample n is heard n ÷ 16,000 s after the recording's first moment: sound that starts
    late or has gaps is filled with silence. Streamed; memory use does not grow with length.

    Args:
        longest_s: sound after this is left out; timestamps of damaged files may lie.
        holes: of `Media.damage`: where pictures are missing, too.

    Returns:
        The fields of `results.Audio`, without provenance.

    Raises:
        BadInput: as `container.opened`.
        NotMeasurable: no audio stream, or nothing in it can be decoded.
    """
    path = Path(recording)
    chosen = _channels(path)
    origin = first_moment(first_frames(path))
    gaps: list[Span] = []
    digest = hashlib.sha256()
    watch = Watch(origin=origin)
    count = peak = clipped = reported = 0
    heard: float | None = None
    with opened(path) as source, wave.open(target, "wb") as file:
        pausing = source.audio is not None and source.audio.codec_context.name in _PAUSING
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE_HZ)
        frames = _noting(_usable(decoded(source, source.audio, watch)), origin, gaps)
        for samples in _aligned(frames, origin, chosen):
            samples = samples[: max(0, round(longest_s * SAMPLE_RATE_HZ) - count)]
            if not samples.size:
                break
            file.writeframesraw(samples.tobytes())
            digest.update(samples.tobytes())
            level = np.abs(samples.astype(np.int32))
            if heard is None and level.max() >= AUDIBLE:
                heard = (count + int(np.argmax(level >= AUDIBLE))) / SAMPLE_RATE_HZ
            count += len(samples)
            peak = max(peak, int(level.max()))
            clipped += int(np.count_nonzero(level >= _CLIPPED))
            if count - reported >= SAMPLE_RATE_HZ * 10:
                reported = count
                progress(min(1.0, count / SAMPLE_RATE_HZ / longest_s))
    if not count:
        raise NotMeasurable(Code.SOUND_UNREADABLE)
    written = np.memmap(target, "<i2", "r", offset=_WAV_HEADER_BYTES)
    # What comes before the first sound is an encoder's priming, and no sound is missing there.
    inside = [(start, end) for start, end in gaps if heard is not None and start >= heard]
    duration_s = count / SAMPLE_RATE_HZ
    mutes = muted(written, SAMPLE_RATE_HZ, [] if pausing else inside, holes)
    lost = cut_in(written, SAMPLE_RATE_HZ, inside, holes) if pausing else inside
    missing = joined(within(lost + silences(written, SAMPLE_RATE_HZ), duration_s), SHORTEST_S)
    return {
        "sample_rate_hz": SAMPLE_RATE_HZ,
        "duration_s": duration_s,
        "sha256": digest.hexdigest(),
        "peak_dbfs": 20 * math.log10(peak / FULL_SCALE) if peak else None,
        "clipped_ratio": clipped / count,
        "channels": sorted({channel for channels in chosen.values() for channel in channels}),
        "dropouts": ranges([span for span in missing if not any(a <= span[0] and span[1] <= b for a, b in mutes)]),
        "muted": ranges(mutes),
        "undecoded": loss(watch.pieces.broken(), duration_s),
    }


def _channels(path: Path) -> dict[Format, list[int]]:
    with opened(path) as source:
        if source.audio is None:
            raise NotMeasurable(Code.NO_SOUND)
        return choose(_usable(decoded(source, source.audio)))


def _aligned(
    frames: Iterator[AudioFrame], origin: Fraction, chosen: dict[Format, list[int]]
) -> Iterator[NDArray[np.int16]]:
    """16 kHz mono samples, without a gap from `origin` on."""
    converter: _Converter | None = None
    written = 0
    for frame in frames:
        time = time_of(frame)
        if time is not None:
            frame.time_base = Fraction(1, frame.sample_rate)
            frame.pts = round((time - origin) * frame.sample_rate)
        ahead = round((time - origin) * SAMPLE_RATE_HZ) - written if time is not None else 0
        pieces: list[Iterable[NDArray[np.int16]]] = []
        if converter is None or ahead > _LONG_GAP or not converter.fits(frame):
            ending = list(converter.rest()) if converter is not None else []
            start = written + sum(map(len, ending))
            silence = ahead - (start - written) if ahead > _LONG_GAP else 0
            pieces += [ending, _silence(silence)]
            converter = _Converter(frame, chosen.get(format_of(frame)), first_sample=start + silence)
        for samples in chain(*pieces, converter.convert(frame)):
            written += len(samples)
            yield samples
    if converter is not None:
        yield from converter.rest()


def _silence(length: int) -> Iterator[NDArray[np.int16]]:
    """Zeros, in blocks."""
    for start in range(0, length, _BLOCK):
        yield np.zeros(min(length - start, _BLOCK), np.int16)


def _noting(frames: Iterator[AudioFrame], origin: Fraction, gaps: list[Span]) -> Iterator[AudioFrame]:
    """The same frames; jumps in their timestamps are added to `gaps`, seconds from `origin`."""
    expected: Fraction | None = None
    for frame in frames:
        time = time_of(frame)
        if time is not None:
            if expected is not None and time - expected > _GAP_S:
                gaps.append((float(expected - origin), float(time - origin)))
            expected = time
        if expected is not None:
            expected += Fraction(frame.samples, frame.sample_rate)
        yield frame


def _usable(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    """Without the frames that damage has given an impossible format."""
    for frame in frames:
        if MIN_RATE_HZ <= frame.sample_rate <= MAX_RATE_HZ and frame.layout.nb_channels <= MAX_CHANNELS:
            yield frame


class _Converter:
    """FFmpeg's `pan` and `aresample`: mixes, resamples, and fills or trims where timestamps jump.

    channels: those to mix; None = all.
    first_sample: position on the 16 kHz clock where its output begins.
    """

    def __init__(self, frame: AudioFrame, channels: list[int] | None, *, first_sample: int) -> None:
        from av.error import FFmpegError
        from av.filter import Graph

        self._format = format_of(frame)
        self._graph = Graph()
        rate_hz = frame.sample_rate
        first_pts = round(Fraction(first_sample * rate_hz, SAMPLE_RATE_HZ))  # counted at the input's rate
        channels = channels or list(range(frame.layout.nb_channels))
        mix = "+".join(f"{1 / len(channels)}*c{channel}" for channel in channels)
        try:
            source = self._graph.add_abuffer(
                sample_rate=rate_hz, format=frame.format, layout=frame.layout, time_base=Fraction(1, rate_hz)
            )
            pan = self._graph.add("pan", f"mono|c0={mix}")
            resample = self._graph.add(
                "aresample",
                f"{SAMPLE_RATE_HZ}:out_sample_fmt=s16:out_chlayout=mono"
                f":async=1:min_hard_comp={_GAP_S}:first_pts={first_pts}",
            )
            self._graph.link_nodes(source, pan, resample, self._graph.add("abuffersink"))
            self._graph.configure()
        except FFmpegError as error:
            raise NotMeasurable(Code.TOO_MANY_CHANNELS, channels=frame.layout.nb_channels) from error

    def fits(self, frame: AudioFrame) -> bool:
        return format_of(frame) == self._format

    def convert(self, frame: AudioFrame | None) -> Iterator[NDArray[np.int16]]:
        self._graph.push(frame)
        while True:
            try:
                yield self._graph.pull().to_ndarray().reshape(-1).astype(np.int16, copy=False)
            except (BlockingIOError, EOFError):
                return

    def rest(self) -> Iterator[NDArray[np.int16]]:
        """What is still in the resampler; it takes no further frame then."""
        return self.convert(None)
