"""The clip that `analyze.py` and `memory.py` are timed on: speaking faces, 1280 × 720, 30 pictures a second.

Real talking-head clips one after another, again and again until the length is reached,
each scaled into the frame, as H.264 and AAC in MP4: what a browser's or a phone's
recording of an answer looks like to a decoder.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from fractions import Fraction
from itertools import cycle
from pathlib import Path
from typing import Any

from report import media_folder

WIDTH, HEIGHT, FPS = 1280, 720, 30
RATE_HZ = 44_100
TALKING = (
    "video/retalking_1_interview_answer.mp4",
    "video/sadtalker_2.mp4",
    "video/retalking_4.mp4",
    "video/grid_bbaf2n.mpg",
    "video/grid_brbk7n.mpg",
    "video/grid_sbia1a.mpg",
)


@dataclass(frozen=True)
class Clip:
    """A recording and what is said in it (`text`), for the word error rate."""

    path: Path
    duration_s: float
    text: str


def made(folder: Path, minutes: float) -> Clip:
    """Write a clip of at least so many minutes into `folder`."""
    media = media_folder()
    with (media / "MANIFEST.tsv").open(encoding="utf-8", newline="") as file:
        said = {row["file"]: row["transcript"] for row in csv.DictReader(file, delimiter="\t")}
    path = folder / f"talking-{minutes:g}-min.mp4"
    writer = _Writer(path)
    texts = []
    for name in cycle(TALKING):
        if writer.seconds >= minutes * 60:
            break
        writer.append(media / name)
        texts.append(said[name])
    writer.close()
    return Clip(path, writer.seconds, " ".join(texts))


class _Writer:
    """Appends clips to one MP4 file."""

    def __init__(self, path: Path) -> None:
        import av

        self._file = av.open(str(path), "w")
        self._video: Any = self._file.add_stream("libx264", rate=FPS, options={"preset": "veryfast", "crf": "23"})
        self._video.width, self._video.height, self._video.pix_fmt = WIDTH, HEIGHT, "yuv420p"
        self._audio: Any = self._file.add_stream("aac", rate=RATE_HZ, layout="mono")
        self._pictures = self._samples = 0

    @property
    def seconds(self) -> float:
        """Length so far."""
        return self._pictures / FPS

    def append(self, path: Path) -> None:
        """Add a clip's pictures and sound, cut to the shorter of the two."""
        import av

        with av.open(str(path)) as source:
            streams: list[Any] = [*source.streams.video, *source.streams.audio]
            end_s = min(float(stream.duration * stream.time_base) for stream in streams)
            pictures = round(end_s * FPS)
            self._add_pictures(source, pictures)
        with av.open(str(path)) as source:
            self._add_sound(source, pictures * RATE_HZ // FPS)
        self._pictures += pictures

    def _add_pictures(self, source: Any, count: int) -> None:
        from av.filter import Graph

        stream = source.streams.video[0]
        graph = Graph()
        graph.link_nodes(
            graph.add_buffer(template=stream),
            graph.add("fps", str(FPS)),
            graph.add("scale", f"{WIDTH}:{HEIGHT}:force_original_aspect_ratio=decrease"),
            graph.add("pad", f"{WIDTH}:{HEIGHT}:-1:-1"),
            graph.add("setsar", "1"),
            graph.add("format", "yuv420p"),
            graph.add("buffersink"),
        ).configure()
        pictures = []
        for frame in (*source.decode(stream), None):
            graph.push(frame)
            pictures += pulled(graph)
        pictures = (pictures + pictures[-1:] * count)[:count]
        for index, picture in enumerate(pictures):
            picture.pts, picture.time_base = self._pictures + index, Fraction(1, FPS)
            self._file.mux(self._video.encode(picture))

    def _add_sound(self, source: Any, count: int) -> None:
        import av
        import numpy as np

        resampler = av.AudioResampler(format="fltp", layout="mono", rate=RATE_HZ)
        frames = [out for frame in (*source.decode(audio=0), None) for out in resampler.resample(frame)]
        samples = np.concatenate([frame.to_ndarray() for frame in frames], axis=1)[:, :count]
        samples = np.pad(samples, ((0, 0), (0, count - samples.shape[1])))
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, self._samples, Fraction(1, RATE_HZ)
        self._samples += count
        self._file.mux(self._audio.encode(frame))

    def close(self) -> None:
        self._file.mux(self._video.encode(None))
        self._file.mux(self._audio.encode(None))
        self._file.close()


def pulled(graph: Any) -> list[Any]:
    """All frames that a filter graph has ready."""
    found = []
    while True:
        try:
            found.append(graph.pull())
        except (BlockingIOError, EOFError):
            return found


def duration_s(path: Path) -> float:
    """Length of a recording as its header says."""
    import av

    with av.open(str(path)) as file:
        return float(file.duration or 0) / av.time_base
