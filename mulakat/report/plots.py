"""Scores and tracks as drawings: the inside of SVG elements, made of numbers only."""

from __future__ import annotations

from collections.abc import Sequence

from mulakat.presentation.lanes import Lane
from mulakat.report.content import Plot
from mulakat.schema.base import TimeRange
from mulakat.schema.scores import Score

BAR_WIDTH, BAR_HEIGHT = 400.0, 22.0
LANE_WIDTH, LANE_HEIGHT, MARGIN = 1000.0, 56.0, 4.0
ACCENT, BAND, TRACK, GRID, WARM, QUOTED = (
    "#1f5f8b", "#9cc3dd", "#e9eef3", "#c9d3dc", "#d1893c", "#fbe7a8",
)  # fmt: skip


def bar(score: Score, alt: str, *, counts: bool = True) -> Plot:
    """A score from 0 to 100: the band is its interval, the mark its value. Grey when it does not count."""
    middle = BAR_HEIGHT / 2
    parts = [_rect(0, middle - 4, BAR_WIDTH, 8, TRACK, "track", radius=4)]
    parts += [_rect(BAR_WIDTH * x / 4 - 0.5, middle - 4, 1, 8, GRID, "grid") for x in (1, 2, 3)]
    if score.value is not None:
        low = score.low if score.low is not None else score.value
        high = score.high if score.high is not None else score.value
        unit = BAR_WIDTH / 100
        colors = (BAND, "band", ACCENT, "mark") if counts else ("#ccd4db", "band-off", "#8494a3", "mark-off")
        parts.append(_rect(low * unit, middle - 4, (high - low) * unit, 8, colors[0], colors[1], radius=4))
        x = min(max(score.value * unit, 2.5), BAR_WIDTH - 2.5)
        parts.append(_rect(x - 2.5, middle - 9, 5, 18, colors[2], colors[3], radius=2))
    return Plot(svg="".join(parts), width=BAR_WIDTH, height=BAR_HEIGHT, alt=alt)


def lane(drawn: Lane, alt: str, duration_s: float, quoted: Sequence[TimeRange], ticks: Sequence[float]) -> Plot:
    """One lane. quoted: the times of what is evidence. ticks: those of the axis, in seconds."""
    scale = LANE_WIDTH / duration_s
    parts = [_rect(0, 0, LANE_WIDTH, LANE_HEIGHT, "#f3f6f9", "lane")]
    parts += [
        _rect(r.start_s * scale, 0, max(1.0, (r.end_s - r.start_s) * scale), LANE_HEIGHT, QUOTED, "quoted")
        for r in quoted
    ]
    parts += [_rect(at * scale - 0.5, 0, 1, LANE_HEIGHT, GRID, "grid") for at in ticks]
    for start_s, end_s, amount in drawn.spans:
        x, width = start_s * scale, max(1.0, (min(end_s, duration_s) - start_s) * scale)
        if drawn.kind == "state" and not amount:
            parts.append(_rect(x, LANE_HEIGHT * 0.62, width, LANE_HEIGHT * 0.16, WARM, "warm"))
        else:
            color, name = (WARM, "warm") if drawn.key == "pauses" else ("#5d93b8", "block")
            parts.append(_rect(x, LANE_HEIGHT * 0.22, width, LANE_HEIGHT * 0.56, color, name))
    parts += [
        f'<polyline class="line" points="{points}" fill="none" stroke="{ACCENT}" stroke-width="2"'
        ' stroke-linejoin="round" stroke-linecap="round"/>'
        for points in _lines(drawn, scale)
    ]
    return Plot(svg="".join(parts), width=LANE_WIDTH, height=LANE_HEIGHT, alt=alt)


def _lines(drawn: Lane, scale: float) -> list[str]:
    """Polyline points, one string per stretch without a gap."""
    stretches: list[list[str]] = [[]]
    for t_s, value in zip(drawn.t_s, drawn.values, strict=True):
        if value is None:
            stretches.append([])
            continue
        share = (min(max(value, drawn.low), drawn.high) - drawn.low) / (drawn.high - drawn.low)
        y = LANE_HEIGHT - MARGIN - (LANE_HEIGHT - 2 * MARGIN) * share
        stretches[-1].append(f"{t_s * scale:.1f},{y:.1f}")
    # A lone sample between gaps becomes a dot, else it would not be drawn.
    return [" ".join(points if len(points) > 1 else points * 2) for points in stretches if points]


def _rect(x: float, y: float, width: float, height: float, fill: str, name: str, *, radius: float = 0) -> str:
    rounded = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}"{rounded}'
        f' fill="{fill}"/>'
    )
