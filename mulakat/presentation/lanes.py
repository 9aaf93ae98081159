"""What was measured over time: one list of lanes, each with the range it is drawn on.

Angles, loudness and expression have fixed ranges, so that two recordings can be
compared by eye; pitch has the recording's own, since voices differ by more than an
octave. What lies outside is drawn at the edge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil, floor
from typing import TYPE_CHECKING, Literal

import numpy as np

from mulakat.schema.base import Column
from mulakat.schema.face import FaceTrack
from mulakat.schema.media import Media
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack

if TYPE_CHECKING:
    from mulakat.presentation.presenter import Presenter

MAX_POINTS = 1500
"""More cannot be told apart on a screen."""
PITCH_STEP_HZ = 50
"""The ends of the pitch's range are multiples of it."""

Span = tuple[float, float, float]
"""From and to in seconds, and how much: the probability of a word; 1 = yes, 0 = no."""


@dataclass(frozen=True)
class Lane:
    """One signal over time. Texts and data are empty in `LANES`, `lanes` fills them.

    kind: `line` (`values` at `t_s`, None = a gap), `state` (`spans` of yes and no) or `spans`.
    stage: the stage that measures it; what the face stage did not measure is marked as a gap.
    unit: `unit-<unit>` of the catalogs, with `digits`; in a lane that is filled, the text with `{value}`.
    low, high: the range a line is drawn on. scale: that range in words.
    yes, no: what the two states are called.
    measured: False where nothing could be; without pauses there is nothing to draw, but that was measured.
    """

    key: str
    stage: str
    kind: Literal["line", "state", "spans"] = "line"
    unit: str = ""
    digits: int = 0
    low: float = 0.0
    high: float = 1.0
    label: str = ""
    scale: str = ""
    yes: str = ""
    no: str = ""
    t_s: tuple[float, ...] = ()
    values: tuple[float | None, ...] = ()
    spans: tuple[Span, ...] = ()
    measured: bool = False


LANES = (
    Lane("words", "transcribe", "spans"),
    Lane("pauses", "analyse_voice", "spans"),
    Lane("f0_hz", "analyse_voice", unit="hz"),
    Lane("loudness_db", "analyse_voice", unit="db", low=-40, high=15),
    Lane("visible", "analyse_face", "state"),
    Lane("on_camera", "analyse_face", "state"),
    Lane("gaze_yaw_deg", "analyse_face", unit="degrees", low=-40, high=40),
    Lane("yaw_deg", "analyse_face", unit="degrees", low=-40, high=40),
    Lane("pitch_deg", "analyse_face", unit="degrees", low=-40, high=40),
    # Of the expressions the two that are easiest to see for oneself in the recording.
    Lane("smile", "analyse_face", digits=2),
    Lane("brow_raise", "analyse_face", digits=2),
)


def lanes(t: Presenter, transcript: Transcript | None, voice: VoiceTrack | None, face: FaceTrack | None) -> list[Lane]:
    """The lanes of one answer, always the same ones; those that were not measured are empty."""
    tracks = {"analyse_voice": voice.track if voice else {}, "analyse_face": face.track if face else {}}
    return [_named(t, _filled(lane, tracks.get(lane.stage, {}), transcript, voice)) for lane in LANES]


def duration_s(
    media: Media | None, transcript: Transcript | None, voice: VoiceTrack | None, face: FaceTrack | None
) -> float:
    """Length of the time axis: the recording's, else the last moment anything was measured at; 0 in a text."""
    if media and media.duration_s:
        return media.duration_s
    times = [word.end_s for word in transcript.spoken] if transcript else []
    for track in (face, voice):
        times += [moment for moment in (track.track.get("t_s", []) if track else []) if moment is not None]
    return max(times, default=0.0)


def _named(t: Presenter, lane: Lane) -> Lane:
    """The lane with its texts."""
    unit = t(f"unit-{lane.unit}", value="{value}") if lane.unit else "{value}"
    label = t.name("lane", lane.key)
    if lane.kind == "state":
        return replace(lane, label=label, yes=t.name("lane", f"{lane.key}_yes"), no=t.name("lane", f"{lane.key}_no"))
    if lane.kind == "spans":
        return replace(lane, label=label)
    low, high = t.number(lane.low), t.number(lane.high)
    return replace(lane, label=label, unit=unit, scale=unit.replace("{value}", t("range", low=low, high=high)))


def _filled(lane: Lane, track: dict[str, Column], transcript: Transcript | None, voice: VoiceTrack | None) -> Lane:
    """The lane with its words, its pauses or its column of a track."""
    if lane.key == "words":
        words = transcript.spoken if transcript else []
        return replace(lane, spans=tuple((w.start_s, w.end_s, w.probability) for w in words), measured=bool(words))
    if lane.key == "pauses":
        pauses = voice.pauses if voice else []
        return replace(lane, spans=tuple((p.start_s, p.end_s, 1.0) for p in pauses), measured=voice is not None)
    t_s, values = thinned(track.get("t_s", []), track.get(lane.key, []))
    known = [value for value in values if value is not None]
    if not known:
        return lane
    if lane.kind == "state":
        return replace(lane, spans=tuple(_states(t_s, values)), measured=True)
    if lane.key == "f0_hz":
        # A few octave errors do not stretch the range.
        low, high = (float(edge) for edge in np.percentile(known, (2, 98)))
        low, high = floor(low / PITCH_STEP_HZ) * PITCH_STEP_HZ, ceil(high / PITCH_STEP_HZ) * PITCH_STEP_HZ
        lane = replace(lane, low=low, high=max(high, low + PITCH_STEP_HZ))
    return replace(lane, t_s=tuple(t_s), values=tuple(values), measured=True)


def _states(t_s: list[float], values: Column) -> list[Span]:
    """Stretches of equal state. A sample holds until the next one, or, at a gap, for one step."""
    found: list[Span] = []
    step = t_s[1] - t_s[0] if len(t_s) > 1 else 0.0
    for i, (start, value) in enumerate(zip(t_s, values, strict=True)):
        if value is None:
            continue
        end = min(t_s[i + 1], start + 2 * step) if i + 1 < len(t_s) else start + step
        state = float(value >= 0.5)
        if found and found[-1][1] == start and found[-1][2] == state:
            found[-1] = (found[-1][0], end, state)
        else:
            found.append((start, end, state))
    return found


def thinned(t_s: Column, values: Column) -> tuple[list[float], Column]:
    """At most `MAX_POINTS` points: means over neighbors, a gap where all of them are gaps."""
    times = np.array(t_s[: len(values)], dtype=float)
    step = -(-len(times) // MAX_POINTS)
    if step <= 1:
        return times.tolist(), values
    starts = np.arange(0, len(times), step)
    column = np.array(values, dtype=float)
    known = ~np.isnan(column)
    counts = np.add.reduceat(known.astype(float), starts)
    sums = np.add.reduceat(np.where(known, column, 0), starts)
    return times[starts].tolist(), [round(s / n, 3) if n else None for s, n in zip(sums, counts, strict=True)]
