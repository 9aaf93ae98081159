"""Stage `extract_audio`: the sound as a 16 kHz mono WAV file on the presentation clock."""

from __future__ import annotations

import hashlib
import math
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel, ConfigDict

from analyzers import results
from analyzers.errors import NotMeasurable
from analyzers.media.container import decoded, first_frames, first_moment, opened, time_of
from analyzers.provenance import provenance

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

    from analyzers.pipeline import Context

VERSION = "1"
Result = results.Audio

SAMPLE_RATE_HZ = 16_000
_NO_SOUND = "no audio stream"
_GAP_S = 0.05  # a jump in the timestamps of more than this is a gap, not jitter
_FULL_SCALE = 32768
_CLIPPED = 32735  # within 0.1 % of full scale
_CHUNK = 1 << 20


class Options(BaseModel):
    """Nothing to choose: all later stages work on 16 kHz mono."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def run(context: Context) -> results.Audio:
    """Extract the sound and measure its level.

    Raises:
        NotMeasurable: no audio stream, or nothing in it can be decoded.
    """
    media = context.results["fetch_media"]
    assert isinstance(media, results.Media)
    if media.audio is None:
        raise NotMeasurable(_NO_SOUND)
    path = context.workspace.audio(media)
    digest = hashlib.sha256()
    count = peak = clipped = 0
    for chunk in _chunks(path):
        digest.update(chunk.tobytes())
        level = np.abs(chunk.astype(np.int32))
        count += len(chunk)
        peak = max(peak, int(level.max()))
        clipped += int(np.count_nonzero(level >= _CLIPPED))
    context.progress(1.0)
    return results.Audio(
        sample_rate_hz=SAMPLE_RATE_HZ,
        duration_s=count / SAMPLE_RATE_HZ,
        sha256=digest.hexdigest(),
        peak_dbfs=20 * math.log10(peak / _FULL_SCALE) if peak else None,
        clipped_ratio=clipped / count,
        provenance=provenance("analyzers.media.audio", VERSION, context.options, libraries=("av",)),
    )


def extract(recording: Path, target: Path) -> None:
    """Write the sound of `recording` to `target`: WAV, 16 kHz, mono, 16 bit.

    Sample n is heard n ÷ 16,000 s after the recording's first moment: sound that starts
    late or has gaps is filled with silence. Streamed; memory use does not grow with length.

    Raises:
        BadInput: as `container.opened`.
        NotMeasurable: no audio stream, or nothing in it can be decoded.
    """
    with opened(recording) as source:
        if source.audio is None:
            raise NotMeasurable(_NO_SOUND)
        origin = first_moment(first_frames(recording))
        with wave.open(str(target), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(SAMPLE_RATE_HZ)
            for samples in _aligned(decoded(source, source.audio), origin):
                file.writeframesraw(samples.tobytes())
            if file.tell() == 0:
                raise NotMeasurable("the audio stream holds nothing that can be decoded")


def load(path: Path) -> np.ndarray:
    """The samples of a file written by `extract`: float32, shape (n,), range [-1, 1]."""
    with wave.open(str(path), "rb") as file:
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2")
    return samples.astype(np.float32) / _FULL_SCALE


def _chunks(path: Path) -> Iterator[np.ndarray]:
    with wave.open(str(path), "rb") as file:
        while block := file.readframes(_CHUNK):
            yield np.frombuffer(block, dtype="<i2")


def _aligned(frames: Iterator[AudioFrame], origin: Fraction) -> Iterator[np.ndarray]:
    """16 kHz mono int16 samples, without a gap from `origin` on."""
    converter: _Converter | None = None
    written = 0
    for frame in frames:
        if converter is None or not converter.fits(frame):
            if converter is not None:  # the format changed on the way
                for samples in converter.rest():
                    written += len(samples)
                    yield samples
            converter = _Converter(frame, first_sample=written)
        time = time_of(frame)
        if time is not None:
            frame.time_base = Fraction(1, frame.sample_rate)
            frame.pts = round((time - origin) * frame.sample_rate)
        for samples in converter.convert(frame):
            written += len(samples)
            yield samples
    if converter is not None:
        yield from converter.rest()


class _Converter:
    """FFmpeg's `aresample`: down-mixes, resamples, and fills or trims where timestamps jump.

    first_sample: position on the 16 kHz clock where its output begins.
    """

    def __init__(self, frame: AudioFrame, *, first_sample: int) -> None:
        from av.error import FFmpegError
        from av.filter import Graph

        self._key = self._format(frame)
        self._graph = Graph()
        rate_hz = frame.sample_rate
        first_pts = round(Fraction(first_sample * rate_hz, SAMPLE_RATE_HZ))  # counted at the input's rate
        try:
            source = self._graph.add_abuffer(
                sample_rate=rate_hz, format=frame.format, layout=frame.layout, time_base=Fraction(1, rate_hz)
            )
            resample = self._graph.add(
                "aresample",
                f"{SAMPLE_RATE_HZ}:out_sample_fmt=s16:out_chlayout=mono"
                f":async=1:min_hard_comp={_GAP_S}:first_pts={first_pts}",
            )
            self._graph.link_nodes(source, resample, self._graph.add("abuffersink"))
            self._graph.configure()
        except FFmpegError as error:
            raise NotMeasurable(f"sound with {frame.layout.nb_channels} channels cannot be down-mixed") from error

    def fits(self, frame: AudioFrame) -> bool:
        return self._format(frame) == self._key

    def convert(self, frame: AudioFrame | None) -> Iterator[np.ndarray]:
        self._graph.push(frame)
        while True:
            try:
                yield self._graph.pull().to_ndarray().reshape(-1)
            except (BlockingIOError, EOFError):
                return

    def rest(self) -> Iterator[np.ndarray]:
        """What is still in the resampler; it takes no further frame then."""
        return self.convert(None)

    @staticmethod
    def _format(frame: AudioFrame) -> tuple[int, str, str]:
        return frame.sample_rate, frame.format.name, frame.layout.name
