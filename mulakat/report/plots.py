"""Scores and tracks as drawings: the inside of SVG elements, made of numbers only."""

from __future__ import annotations

from collections.abc import Sequence

from mulakat.report.content import Plot
from mulakat.report.lanes import HEIGHT, WIDTH, Lane
from mulakat.schema.scores import Score

BAR_WIDTH, BAR_HEIGHT = 400.0, 22.0
INK, ACCENT, BAND, TRACK, GRID, WARM, QUOTED = (
    "#1d2733", "#1f5f8b", "#9cc3dd", "#e9eef3", "#c9d3dc", "#d1893c", "#fbe7a8",
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


def lane(drawn: Lane, alt: str, quoted: Sequence[tuple[float, float]], ticks: Sequence[float]) -> Plot:
    """One lane. quoted: (x, width) of what is evidence. ticks: x of the time axis."""
    parts = [_rect(0, 0, WIDTH, HEIGHT, "#f3f6f9", "lane")]
    parts += [_rect(x, 0, width, HEIGHT, QUOTED, "quoted") for x, width in quoted]
    parts += [_rect(x - 0.5, 0, 1, HEIGHT, GRID, "grid") for x in ticks]
    color, name = (WARM, "warm") if drawn.key == "pauses" else ("#5d93b8", "block")
    parts += [_rect(x, HEIGHT * 0.22, width, HEIGHT * 0.56, color, name) for x, width in drawn.blocks]
    parts += [
        f'<polyline class="line" points="{points}" fill="none" stroke="{ACCENT}" stroke-width="2"'
        ' stroke-linejoin="round" stroke-linecap="round"/>'
        for points in drawn.lines
    ]
    return Plot(svg="".join(parts), width=WIDTH, height=HEIGHT, alt=alt)


def _rect(x: float, y: float, width: float, height: float, fill: str, name: str, *, radius: float = 0) -> str:
    rounded = f' rx="{radius:g}"' if radius else ""
    return (
        f'<rect class="{name}" x="{x:.1f}" y="{y:.1f}" width="{max(width, 0.5):.1f}" height="{height:.1f}"{rounded}'
        f' fill="{fill}"/>'
    )
