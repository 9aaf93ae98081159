"""Tracks as small plots: coordinates, 0–1000 wide and 0–56 high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from mulakat.schema.base import Column, TimeRange
from mulakat.schema.scores import AnswerDetails

WIDTH, HEIGHT = 1000.0, 56.0
MAX_POINTS = 1500
EXPRESSION = ("smile", "brow_raise")
"""The channels shown: the two that are easiest to see for oneself in the recording."""
TICKS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)


@dataclass(frozen=True)
class Lane:
    """One lane. `lines`: SVG polyline points, one per stretch without a gap. `blocks`: (x, width)."""

    key: str
    lines: list[str] = field(default_factory=list)
    blocks: list[tuple[float, float]] = field(default_factory=list)
    low: float | None = None
    high: float | None = None


def lanes(details: AnswerDetails) -> list[Lane]:
    """The lanes that have something to show; none for an answer without times."""
    duration_s = duration(details)
    if duration_s <= 0:
        return []
    found: list[Lane | None] = []
    if details.transcript:
        words = [TimeRange(start_s=w.start_s, end_s=w.end_s) for w in details.transcript.spoken]
        found.append(Lane("words", blocks=blocks(words, duration_s)))
    if details.voice:
        found.append(Lane("pauses", blocks=blocks(details.voice.pauses, duration_s)))
        found += [line(key, details.voice.track, duration_s) for key in ("f0_hz", "loudness_db")]
    if details.face:
        track = details.face.track
        found += [Lane(key, blocks=blocks(_true(key, track), duration_s)) for key in ("visible", "on_camera")]
        found += [line(key, track, duration_s) for key in ("gaze_yaw_deg", "yaw_deg", "pitch_deg", *EXPRESSION)]
    return [lane for lane in found if lane and (lane.lines or lane.blocks)]


def duration(details: AnswerDetails) -> float:
    """Length of the recording in seconds; 0 where it has none."""
    if details.media:
        return details.media.duration_s or 0.0
    words = details.transcript.spoken if details.transcript else []
    return words[-1].end_s if words else 0.0


def ticks(duration_s: float) -> list[float]:
    """Round times for an axis, in seconds, from 0, at most nine."""
    step = next((s for s in TICKS_S if duration_s / s <= 8), ceil(duration_s / 8))
    return [float(t) for t in range(0, int(duration_s) + 1, step)]


def blocks(ranges: Sequence[TimeRange], duration_s: float) -> list[tuple[float, float]]:
    """(x, width) of each range, at least a unit wide."""
    scale = WIDTH / duration_s
    return [(round(r.start_s * scale, 1), round(max(1.0, (r.end_s - r.start_s) * scale), 1)) for r in ranges]


def _true(key: str, track: dict[str, Column]) -> list[TimeRange]:
    """Stretches where a 0/1 column is 1."""
    ranges: list[TimeRange] = []
    start: float | None = None
    last = 0.0
    for t, value in zip(track.get("t_s", []), track.get(key, []), strict=False):
        if t is None:
            continue
        if value and start is None:
            start = t
        elif not value and start is not None:
            ranges.append(TimeRange(start_s=start, end_s=t))
            start = None
        last = t
    return [*ranges, TimeRange(start_s=start, end_s=last)] if start is not None else ranges


def line(key: str, track: dict[str, Column], duration_s: float) -> Lane | None:
    """A column as a lane; None when it has fewer than two values."""
    pairs = list(zip(track.get("t_s", []), track.get(key, []), strict=False))
    pairs = pairs[:: len(pairs) // MAX_POINTS + 1]
    values = [v for _, v in pairs if v is not None]
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    lines: list[list[str]] = [[]]
    for t, value in pairs:
        if t is None or value is None:
            lines.append([])
            continue
        x = WIDTH * t / duration_s
        y = HEIGHT - 4 - (HEIGHT - 8) * ((value - low) / (high - low) if high > low else 0.5)
        lines[-1].append(f"{x:.1f},{y:.1f}")
    # A lone sample between gaps becomes a dot, else it would not be drawn.
    drawn = [" ".join(line if len(line) > 1 else line * 2) for line in lines if line]
    return Lane(key, lines=drawn, low=low, high=high)
