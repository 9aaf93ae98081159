"""Several sound tracks: the one that is heard is taken, and said."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from analyzers.media.audio import extract
from analyzers.media.probe import probe
from tests.support import clips
from tests.support.known import known

HZ = 48_000
VOICE = clips.tone(2.0, hz=HZ)
SILENT = np.zeros_like(VOICE)
HISS = np.random.default_rng(0).integers(-3, 4, VOICE.size).astype(np.int16)


def make(path: Path, *tracks: NDArray[np.int16], codec: str = "pcm_s16le", channels: int = 1) -> Path:
    """A recording with these sound tracks."""
    import av

    layout = {1: "mono", 2: "stereo"}[channels]
    with av.open(str(path), "w") as container:
        streams: list[Any] = [container.add_stream(codec, rate=HZ, layout=layout) for _ in tracks]
        packets = []
        for stream, samples in zip(streams, tracks, strict=True):
            resampler = av.AudioResampler(format=stream.codec_context.format, layout=layout, rate=HZ)
            size = stream.codec_context.frame_size or 960
            for first in range(0, samples.size, size):
                block = np.repeat(samples[first : first + size], channels).reshape(1, -1)
                frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block), format="s16", layout=layout)
                frame.sample_rate, frame.time_base, frame.pts = HZ, Fraction(1, HZ), first
                for ready in resampler.resample(frame):
                    packets += stream.encode(ready)
            packets += stream.encode(None)
        container.start_encoding()
        for packet in sorted(packets, key=lambda each: each.dts * each.time_base):
            container.mux(packet)
    return path


def taken(path: Path) -> tuple[int, int, float | None]:
    """Which track of how many, and the peak of its sound."""
    audio = known(probe(path).audio)
    return audio.track, audio.tracks, extract(path, path.with_suffix(".wav"))["peak_dbfs"]


@pytest.mark.parametrize(
    ("codec", "suffix"), [("pcm_s16le", ".mkv"), ("aac", ".mp4"), ("libopus", ".mkv"), ("flac", ".mkv")]
)
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize("silent", [SILENT, HISS], ids=["silent", "hiss"])
def test_speech_in_the_second_track(
    tmp_path: Path, codec: str, suffix: str, channels: int, silent: NDArray[np.int16]
) -> None:
    track, tracks, peak_dbfs = taken(make(tmp_path / f"a{suffix}", silent, VOICE, codec=codec, channels=channels))
    assert (track, tracks) == (2, 2)
    assert known(peak_dbfs) == pytest.approx(-6, abs=1)


def test_the_first_that_is_heard_stays(tmp_path: Path) -> None:
    softer = (VOICE // 4).astype(np.int16)
    assert taken(make(tmp_path / "a.mkv", softer, VOICE))[:2] == (1, 2)
    assert taken(make(tmp_path / "b.mkv", SILENT, SILENT))[:2] == (1, 2)
    assert taken(make(tmp_path / "c.mkv", SILENT, SILENT, VOICE))[:2] == (3, 3)
    assert taken(make(tmp_path / "d.mkv", VOICE))[:2] == (1, 1)
