"""Voices that the two networks hear, window by window: when each speaks, and what it sounds like."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from analyzers.signals.fbank import filter_bank
from analyzers.signals.intervals import inside, runs
from analyzers.signals.vad import Samples
from mulakat.schema.base import TimeRange

SAMPLE_RATE_HZ = 16_000
WINDOW_SAMPLES = 10 * SAMPLE_RATE_HZ
"""What the segmentation network was trained on."""
SHORTEST_WINDOW_SAMPLES = SAMPLE_RATE_HZ // 2
FRAME_STEP_SAMPLES, FRAME_FIELD_SAMPLES = 270, 991

MEMBERS = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1]], bool)
"""Which of a window's three voices each class of the segmentation network stands for."""

PAUSE_S = 0.25
"""The segmentation network now and then takes two people for one voice; they seldom change without a pause."""
BRIEF_S, NEAR_S = 0.6, 0.5
"""What is briefer is put together with what is nearest, if that is near: alone it could not be told."""
LONGEST_PIECE_S = 3.5
EMBEDDED_FRAMES, FEWEST_FRAMES = 150, 50
"""Of 10 ms: what is embedded of a piece, from its middle; with fewer the answer says little."""


@dataclass(frozen=True)
class VoiceSegment:
    """A part of what one voice says alone in one window, without a longer pause.

    ranges: shape (n, 2), seconds; 3.5 s long at most, of which the middle 1.5 s are embedded.
    embedding: shape (192,), of length 1; None when the part is too short to say.
    """

    ranges: np.ndarray
    embedding: np.ndarray | None

    @property
    def seconds(self) -> float:
        return float((self.ranges[:, 1] - self.ranges[:, 0]).sum())


@dataclass(frozen=True)
class LocalSpeaker:
    """One of up to three voices in one window: what it says alone, in pieces."""

    window: int
    number: int
    pieces: list[VoiceSegment]


@dataclass(frozen=True)
class Overlap:
    """Two voices of one window at once: `voices` are their numbers."""

    window: int
    voices: tuple[int, int]
    start_s: float
    end_s: float


def windows(speech: Sequence[TimeRange], samples: int) -> Iterator[tuple[int, int]]:
    """Windows of up to 10 s, as sample ranges, one after another, that hold all speech; silence falls between."""
    end = 0
    for stretch in speech:
        first, last = round(stretch.start_s * SAMPLE_RATE_HZ), round(stretch.end_s * SAMPLE_RATE_HZ)
        last = min(last, samples)
        while last - max(first, end) >= FRAME_STEP_SAMPLES:
            start = max(first, end)
            end = min(start + WINDOW_SAMPLES, samples)
            start = max(0, min(start, end - SHORTEST_WINDOW_SAMPLES))
            if end - start >= FRAME_FIELD_SAMPLES:
                yield start, end


class Listener:
    """The two networks, loaded.

    Args:
        segmentation, embedding: sessions of the graphs in `networks`.
    """

    def __init__(self, segmentation: Any, embedding: Any) -> None:
        self._segmentation, self._embedding = segmentation, embedding

    def listen(
        self, audio: Samples, speech: Sequence[TimeRange], number: int, start: int, end: int
    ) -> tuple[list[LocalSpeaker], list[Overlap]]:
        """What is heard in one window, inside `speech` only.

        Args:
            audio: mono, 16 kHz, float32; of the whole recording.
            number: of the window. start, end: its samples.
        """
        classes = self._classes(audio[start:end])
        edges = _edges(len(classes), start, end)
        middles = (edges[:-1] + edges[1:]) / 2
        classes = np.where(inside(middles, speech), classes, 0)
        active = MEMBERS[classes]
        features = filter_bank(audio[start:end])
        voices, overlaps = [], []
        for voice in range(3):
            alone = active[:, voice] & (active.sum(axis=1) == 1)
            if alone.any():
                pieces = [self._piece(part, edges, features, start) for part in _parts(np.flatnonzero(alone))]
                voices.append(LocalSpeaker(number, voice, pieces))
        for both in runs(active.sum(axis=1) == 2):
            for one, two in _runs_of_equal(classes, both.start, both.stop):
                pair = tuple(np.flatnonzero(MEMBERS[classes[one]]))
                overlaps.append(Overlap(number, (int(pair[0]), int(pair[1])), float(edges[one]), float(edges[two])))
        return voices, overlaps

    def _classes(self, audio: np.ndarray) -> np.ndarray:
        logits = self._segmentation.run(None, {"audio": audio[None, None].astype(np.float32)})[0]
        return np.asarray(logits[:, 0].argmax(axis=1))

    def _piece(self, frames: np.ndarray, edges: np.ndarray, features: np.ndarray, start: int) -> VoiceSegment:
        breaks = np.flatnonzero(np.diff(frames) > 1)
        firsts, lasts = frames[np.r_[0, breaks + 1]], frames[np.r_[breaks, len(frames) - 1]]
        ranges = np.stack((edges[firsts], edges[lasts + 1]), axis=1)
        # A feature frame belongs to the range that holds its middle, 12.5 ms after its start.
        bounds = np.ceil((ranges - start / SAMPLE_RATE_HZ - 0.0125) * 100).astype(int).clip(0, len(features))
        chosen = np.concatenate([np.arange(first, last) for first, last in bounds])
        surplus = max(0, len(chosen) - EMBEDDED_FRAMES) // 2
        chosen = chosen[surplus : surplus + EMBEDDED_FRAMES]
        if len(chosen) < FEWEST_FRAMES:
            return VoiceSegment(ranges, None)
        piece = features[chosen]
        found = self._embedding.run(None, {"features": (piece - piece.mean(axis=0))[None]})[0][0]
        return VoiceSegment(ranges, found / np.linalg.norm(found))


def _edges(frames: int, start: int, end: int) -> np.ndarray:
    """Borders between frames in seconds, shape (frames + 1,): half-way between their middles."""
    middle = start + FRAME_FIELD_SAMPLES // 2 + FRAME_STEP_SAMPLES * np.arange(frames)
    edges = np.r_[middle - FRAME_STEP_SAMPLES // 2, middle[-1] + FRAME_STEP_SAMPLES // 2]
    edges[0], edges[-1] = start, end
    return np.asarray(edges / SAMPLE_RATE_HZ)


def _parts(frames: np.ndarray) -> list[np.ndarray]:
    """A voice's frames cut at pauses, and then into equal parts that are short enough."""
    frame_s = FRAME_STEP_SAMPLES / SAMPLE_RATE_HZ
    phrases = np.split(frames, 1 + np.flatnonzero(np.diff(frames) * frame_s > PAUSE_S))
    while True:
        gaps = {
            (after[0] - before[-1]) * frame_s: index
            for index, (before, after) in enumerate(pairwise(phrases))
            if min(len(before), len(after)) * frame_s < BRIEF_S
        }
        if not gaps or min(gaps) > NEAR_S:
            break
        index = gaps[min(gaps)]
        phrases[index : index + 2] = [np.concatenate(phrases[index : index + 2])]
    return [
        part
        for phrase in phrases
        for part in np.array_split(phrase, int(np.ceil(len(phrase) * frame_s / LONGEST_PIECE_S)))
    ]


def _runs_of_equal(values: np.ndarray, first: int, after: int) -> list[tuple[int, int]]:
    """First index and the index after the last of every run of equal values between two indices."""
    changes = first + 1 + np.flatnonzero(np.diff(values[first:after]))
    return list(pairwise([first, *map(int, changes), after]))
