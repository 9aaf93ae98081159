"""Score what was measured of voice and face against documented reference bands.

Inside a band a measure earns 100 points; outside it falls linearly to 0. Bands are
wide on purpose: they catch the extremes, and nothing finer is known to matter for
how well somebody works. None of the sources gives a band of good delivery: they say
what is usual, and the edges were set around that. What could be read of them, and
what is cited from other works, stands in `docs/scoring.md`; `REFERENCE_U` is the price of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, hypot, inf, sqrt

from mulakat.schema.base import TimeRange
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Evidence
from mulakat.schema.rubric import Policy
from mulakat.schema.scores import SourceName
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from mulakat.scoring.uncertainty import Estimate

Scored = tuple[Estimate | str, list[Evidence], list[str]]
"""A component: its estimate or why there is none, its evidence, and what was left out of it."""

REFERENCE_U = 15.0  # points: the bands themselves are uncertain, and most figures are second-hand; an assumption
AMOUNT_U = 10.0  # points, at the least speech or picture that the policy scores
MISSING_U = 5.0  # points, for each measure of the voice that is missing
HIDDEN_U = 30.0  # points, were the face never visible
NOISE_NOT_KNOWN_U = 7.5  # points
SHARE = "of the time"
LONGEST = 3  # pauses or look-aways shown as evidence


@dataclass(frozen=True)
class Band:
    """Full score from `low` to `high`; 0 at `zero_low` and `zero_high`. Where the figures come from: `source`."""

    zero_low: float
    low: float
    high: float
    zero_high: float
    unit: str
    source: str

    def points(self, value: float) -> float:
        """0–100."""
        if self.low <= value <= self.high:
            return 100.0
        edge, zero = (self.low, self.zero_low) if value < self.low else (self.high, self.zero_high)
        return 100.0 * max(0.0, 1.0 - abs(value - edge) / abs(zero - edge))

    def show(self, value: float) -> str:
        """A value as a person reads it; shares in percent."""
        return f"{value:.0%}" if self.unit == SHARE else f"{value:.2g}"

    def __str__(self) -> str:
        low, high = ("" if abs(edge) == inf else self.show(edge) for edge in (self.low, self.high))
        return f"{low}–{high}" if low and high else f"{'at least ' + low if low else 'at most ' + high}"


def _pace(reading_sps: float) -> Band:
    """Around a language's mean rate of syllables per second, pauses left out, in reading aloud.

    Free speech is articulated faster than reading in Turkish (Gündüz & Cangi 2024: 6.0 and 5.2 per second at 65–84
    years) and in English (Jacewicz & Fox 2010), hence the room above.
    """
    zero_low, low, high, zero_high = (round(share * reading_sps, 1) for share in (0.35, 0.6, 1.25, 1.7))
    return Band(zero_low, low, high, zero_high, "syllables/s", "Coupé et al. 2019, doi:10.1126/sciadv.aaw2594")


# Mean syllable rates of Coupé et al. 2019, rounded to 0.1; a language that is not here has no band.
PACE = {
    language: _pace(rate)
    for language, rate in {"en": 6.3, "tr": 7.0, "de": 6.1, "fr": 6.9, "es": 7.7, "it": 7.2}.items()
}
PAUSES = Band(
    -inf, -inf, 0.45, 0.8, SHARE, "11 % in radio interviews, Amir 2016; 29 % in free speech, Gündüz & Cangi 2024"
)
FILLERS = {
    "en": Band(
        -inf, -inf, 8.0, 20.0, "per minute", "Bortfeld et al. 2001, doi:10.1177/00238309010440020101: 2.6 per 100 words"
    )
}
PITCH = Band(
    1.0, 4.0, 24.0, 36.0, "semitones", "Traunmüller & Eriksson 1995: standard deviation of 2–4 semitones in speech"
)
ON_CAMERA = Band(0.05, 0.4, inf, inf, SHARE, "Argyle & Cook 1976, Gaze and Mutual Gaze: 40 % while speaking")
VISIBLE = Band(0.3, 0.9, inf, inf, SHARE, "share of frames; framing, not behaviour")


def voice(
    track: VoiceTrack, transcript: Transcript | None, policy: Policy, answer_id: str, capture_u: float = 0.0
) -> Scored:
    """Pace, pauses, fillers and pitch variety. `capture_u`: standard uncertainty of a poor recording, in points."""
    speech_s = (transcript.speech_s if transcript else None) or 0.0
    if speech_s < policy.min_speech_s:
        return f"{speech_s:.1f} s of speech, policy {policy.id} needs {policy.min_speech_s:g} s", [], []
    language = transcript.language if transcript else None
    whole = _span(transcript)
    measures: list[tuple[str, float | None, Band | None, str]] = [
        ("pace", track.articulation_rate_sps, PACE.get(language or ""), "articulation_rate_sps"),
        ("pauses", track.pause_ratio, PAUSES, "pause_ratio"),
        ("fillers", track.fillers_per_min, FILLERS.get(language or ""), "fillers_per_min"),
        ("pitch range", track.pitch_range_semitones, PITCH, "pitch_range_semitones"),
    ]
    points: list[float] = []
    evidence: list[Evidence] = []
    left_out: list[str] = []
    for name, value, band, field in measures:
        if value is None:
            left_out.append(f"{name}: {track.reasons.get(field, 'not measured')}")
        elif band is None:
            left_out.append(f"{name}: no reference band for language {language!r}")
        else:
            points.append(band.points(value))
            evidence.append(_measured("analyse_voice", answer_id, whole, name, value, band))
    if len(points) < 2:
        return f"fewer than two measures of the voice ({'; '.join(left_out)})", [], left_out
    evidence += _longest("analyse_voice", answer_id, track.pauses, "pause")
    noise = NOISE_NOT_KNOWN_U if track.snr_db is None else 0.0
    sources: dict[SourceName, float] = {
        "reference": REFERENCE_U,
        "amount": AMOUNT_U * sqrt(policy.min_speech_s / speech_s),
        "capture": hypot(capture_u, noise),
        "measurement": MISSING_U * (len(measures) - len(points)),
    }
    return Estimate(fsum(points) / len(points), sources), evidence, left_out


def visual(track: FaceTrack, duration_s: float, policy: Policy, answer_id: str, capture_u: float = 0.0) -> Scored:
    """Face in the picture, and gaze near the camera. `capture_u`: as for `voice`."""
    if track.visible_ratio < policy.min_visible_ratio:
        seen, needed = f"{track.visible_ratio:.0%}", f"{policy.min_visible_ratio:.0%}"
        return f"face visible {seen} of the time, policy {policy.id} needs {needed}", [], []
    if track.on_camera_ratio is None:
        return "gaze was not measured", [], ["gaze: not measured"]
    whole = TimeRange(start_s=0.0, end_s=duration_s)
    measures = [
        ("face visible", track.visible_ratio, VISIBLE),
        ("looks to the camera", track.on_camera_ratio, ON_CAMERA),
    ]
    evidence = [_measured("analyse_face", answer_id, whole, *measure) for measure in measures]
    evidence += _longest("analyse_face", answer_id, track.look_aways, "looks away")
    points = [band.points(value) for _, value, band in measures]
    gaze = [ON_CAMERA.points(edge) for edge in (track.on_camera_low, track.on_camera_high) if edge is not None]
    sources: dict[SourceName, float] = {
        "reference": REFERENCE_U,
        "amount": AMOUNT_U * sqrt(policy.min_speech_s / max(duration_s, 1.0)),
        "capture": hypot(capture_u, HIDDEN_U * (1.0 - track.visible_ratio)),
        "measurement": (max(gaze) - min(gaze)) / 2 / len(measures) if gaze else 0.0,
    }
    return Estimate(fsum(points) / len(points), sources), evidence, []


def _span(transcript: Transcript | None) -> TimeRange:
    words = transcript.spoken if transcript else []
    return TimeRange(start_s=words[0].start_s if words else 0.0, end_s=words[-1].end_s if words else 0.0)


def _measured(stage: str, answer_id: str, span: TimeRange, name: str, value: float, band: Band) -> Evidence:
    note = f"{name}: {band.show(value)} {band.unit}; reference {band} ({band.source})"
    return Evidence(answer_id=answer_id, stage=stage, start_s=span.start_s, end_s=span.end_s, note=note)


def _longest(stage: str, answer_id: str, ranges: Sequence[TimeRange], what: str) -> list[Evidence]:
    longest = sorted(ranges, key=lambda r: (r.start_s - r.end_s, r.start_s))[:LONGEST]
    return [
        Evidence(
            answer_id=answer_id,
            stage=stage,
            start_s=r.start_s,
            end_s=r.end_s,
            note=f"{what} for {r.end_s - r.start_s:.1f} s",
        )
        for r in sorted(longest, key=lambda r: r.start_s)
    ]
