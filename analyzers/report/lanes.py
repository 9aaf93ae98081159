"""Tracks as small plots: coordinates for inline SVG, 0–1000 wide and 0–40 high."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from analyzers.results import AnswerDetails, Column, TimeRange

WIDTH, HEIGHT = 1000.0, 40.0
MAX_POINTS = 1500


@dataclass(frozen=True)
class Lane:
    """One lane. `lines`: SVG polyline points, one per stretch without a gap. `blocks`: (x, width)."""

    key: str
    duration_s: float
    lines: list[str] = field(default_factory=list)
    blocks: list[tuple[float, float]] = field(default_factory=list)
    low: float | None = None
    high: float | None = None


def lanes(details: AnswerDetails) -> list[Lane]:
    """The lanes that have something to show."""
    duration_s = _duration_s(details)
    if duration_s <= 0:
        return []
    found = []
    if details.transcript and details.transcript.words:
        spoken = [TimeRange(start_s=s.start_s, end_s=s.end_s) for s in details.transcript.segments]
        found.append(Lane("speech", duration_s, blocks=_blocks(spoken, duration_s)))
    if details.voice:
        found.append(Lane("pauses", duration_s, blocks=_blocks(details.voice.pauses, duration_s)))
        found += line("f0_hz", details.voice.track, duration_s)
        found += line("loudness_db", details.voice.track, duration_s)
    if details.face:
        for key in ("visible", "on_camera"):
            found.append(Lane(key, duration_s, blocks=_blocks(_true(key, details.face.track), duration_s)))
        found += line("yaw_deg", details.face.track, duration_s)
    return [lane for lane in found if lane.lines or lane.blocks]


def _duration_s(details: AnswerDetails) -> float:
    if details.media:
        return details.media.duration_s
    words = details.transcript.words if details.transcript else []
    return words[-1].end_s if words else 0.0


def _blocks(ranges: Sequence[TimeRange], duration_s: float) -> list[tuple[float, float]]:
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


def line(key: str, track: dict[str, Column], duration_s: float) -> list[Lane]:
    """A column as a lane; none when it has fewer than two values."""
    pairs = list(zip(track.get("t_s", []), track.get(key, []), strict=False))
    pairs = pairs[:: len(pairs) // MAX_POINTS + 1]
    values = [v for _, v in pairs if v is not None]
    if len(values) < 2:
        return []
    low, high = min(values), max(values)
    lines: list[list[str]] = [[]]
    for t, value in pairs:
        if t is None or value is None:
            lines.append([])
            continue
        x = WIDTH * t / duration_s
        y = HEIGHT - 2 - (HEIGHT - 4) * ((value - low) / (high - low) if high > low else 0.5)
        lines[-1].append(f"{x:.1f},{y:.1f}")
    # A lone sample between gaps becomes a short dash, else it would not be drawn.
    drawn = [" ".join(line if len(line) > 1 else line * 2) for line in lines if line]
    return [Lane(key, duration_s, lines=drawn, low=low, high=high)]
