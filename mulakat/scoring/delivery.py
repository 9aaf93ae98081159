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
from mulakat.schema.codes import Code
from mulakat.schema.face import FaceTrack
from mulakat.schema.language import Evidence
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy
from mulakat.schema.scores import SourceName
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from mulakat.scoring.uncertainty import Estimate

Scored = tuple[Estimate | Reason, list[Evidence]]
"""A component: its estimate or why there is none, and its evidence."""

REFERENCE_U = 15.0  # points: the bands themselves are uncertain, and most figures are second-hand; an assumption
AMOUNT_U = 10.0  # points, at the least speech or picture that the policy scores
MISSING_U = 5.0  # points, for each measure of the voice that is missing
HIDDEN_U = 30.0  # points, were the face never visible
NOISE_NOT_KNOWN_U = 7.5  # points
LONGEST = 3  # pauses or look-aways shown as evidence


@dataclass(frozen=True)
class Band:
    """Full score from `low` to `high`; 0 at `zero_low` and `zero_high`. Where the figures come from: `source`."""

    zero_low: float
    low: float
    high: float
    zero_high: float
    source: str

    def points(self, value: float) -> float:
        """0–100."""
        if self.low <= value <= self.high:
            return 100.0
        edge, zero = (self.low, self.zero_low) if value < self.low else (self.high, self.zero_high)
        return 100.0 * max(0.0, 1.0 - abs(value - edge) / abs(zero - edge))

    def reason(self, code: Code, name: str, value: float) -> Reason:
        """A value beside the band; an edge that is not there has no value."""
        edges = {edge: at for edge, at in (("low", self.low), ("high", self.high)) if abs(at) != inf}
        return Reason.of(code, **{name: value}, **edges, source=self.source)


def _pace(reading_sps: float) -> Band:
    """Around a language's mean rate of syllables per second, pauses left out, in reading aloud.

    Free speech is articulated faster than reading in Turkish (Gündüz & Cangi 2024: 6.0 and 5.2 per second at 65–84
    years) and in English (Jacewicz & Fox 2010), hence the room above.
    """
    zero_low, low, high, zero_high = (round(share * reading_sps, 1) for share in (0.35, 0.6, 1.25, 1.7))
    return Band(zero_low, low, high, zero_high, "Coupé et al. 2019, doi:10.1126/sciadv.aaw2594")


# Mean syllable rates of Coupé et al. 2019, rounded to 0.1; a language that is not here has no band.
PACE = {
    language: _pace(rate)
    for language, rate in {"en": 6.3, "tr": 7.0, "de": 6.1, "fr": 6.9, "es": 7.7, "it": 7.2}.items()
}
PAUSES = Band(-inf, -inf, 0.45, 0.8, "11 % in radio interviews, Amir 2016; 29 % in free speech, Gündüz & Cangi 2024")
FILLERS = {
    "en": Band(-inf, -inf, 8.0, 20.0, "Bortfeld et al. 2001, doi:10.1177/00238309010440020101: 2.6 per 100 words")
}
PITCH = Band(1.0, 4.0, 24.0, 36.0, "Traunmüller & Eriksson 1995: standard deviation of 2–4 semitones in speech")
ON_CAMERA = Band(0.05, 0.4, inf, inf, "Argyle & Cook 1976, Gaze and Mutual Gaze: 40 % while speaking")
VISIBLE = Band(0.3, 0.9, inf, inf, "share of frames; framing, not behaviour")


def voice(
    track: VoiceTrack, transcript: Transcript | None, policy: Policy, answer_id: str, capture_u: float = 0.0
) -> tuple[Estimate | Reason, list[Evidence], list[Reason]]:
    """Pace, pauses, fillers and pitch variety, and what was left out of them.

    Args:
        capture_u: standard uncertainty of a poor recording, in points.
    """
    speech_s = (transcript.speech_s if transcript else None) or 0.0
    if speech_s < policy.min_speech_s:
        needed_s = policy.min_speech_s
        return Reason.of(Code.TOO_LITTLE_SPEECH, speech_s=speech_s, needed_s=needed_s, policy=policy.id), [], []
    language = transcript.language if transcript else None
    whole = _span(transcript)
    measures: list[tuple[Code, str, Band | None, str]] = [
        (Code.PACE, "sps", PACE.get(language or ""), "articulation_rate_sps"),
        (Code.PAUSES, "share", PAUSES, "pause_ratio"),
        (Code.FILLERS, "per_min", FILLERS.get(language or ""), "fillers_per_min"),
        (Code.PITCH_RANGE, "semitones", PITCH, "pitch_range_semitones"),
    ]
    points: list[float] = []
    evidence: list[Evidence] = []
    left_out: list[Reason] = []
    for code, name, band, field in measures:
        value: float | None = getattr(track, field)
        if value is None:
            why = track.reasons.get(field) or Reason.of(Code.NOT_MEASURED)
            left_out.append(Reason.of(Code.OF_MEASURE, measure=code.value, why=why))
        elif band is None:
            left_out.append(Reason.of(Code.OF_MEASURE, measure=code.value, why=_no_band(language)))
        else:
            points.append(band.points(value))
            evidence.append(_evidence("analyse_voice", answer_id, whole, band.reason(code, name, value)))
    if len(points) < 2:
        return Reason.of(Code.TOO_FEW_MEASURES, why=left_out), [], left_out
    evidence += _longest("analyse_voice", answer_id, track.pauses, Code.PAUSE)
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
        share, needed = track.visible_ratio, policy.min_visible_ratio
        return Reason.of(Code.FACE_SELDOM_VISIBLE, share=share, needed=needed, policy=policy.id), []
    if track.on_camera_ratio is None:
        return Reason.of(Code.GAZE_NOT_MEASURED), []
    whole = TimeRange(start_s=0.0, end_s=duration_s)
    # Where the picture is missing nobody knows who was to be seen.
    of_pictures = track.visible_ratio / (1.0 - track.not_visible.get("no picture", 0.0))
    measures = [
        (Code.FACE_VISIBLE, min(1.0, of_pictures), VISIBLE),
        (Code.ON_CAMERA, track.on_camera_ratio, ON_CAMERA),
    ]
    evidence = [
        _evidence("analyse_face", answer_id, whole, band.reason(code, "share", value)) for code, value, band in measures
    ]
    evidence += _longest("analyse_face", answer_id, track.look_aways, Code.LOOKS_AWAY)
    points = [band.points(value) for _, value, band in measures]
    gaze = [ON_CAMERA.points(edge) for edge in (track.on_camera_low, track.on_camera_high) if edge is not None]
    sources: dict[SourceName, float] = {
        "reference": REFERENCE_U,
        "amount": AMOUNT_U * sqrt(policy.min_speech_s / max(duration_s, 1.0)),
        "capture": hypot(capture_u, HIDDEN_U * (1.0 - track.visible_ratio)),
        "measurement": (max(gaze) - min(gaze)) / 2 / len(measures) if gaze else 0.0,
    }
    return Estimate(fsum(points) / len(points), sources), evidence


def _span(transcript: Transcript | None) -> TimeRange:
    words = transcript.spoken if transcript else []
    return TimeRange(start_s=words[0].start_s if words else 0.0, end_s=words[-1].end_s if words else 0.0)


def _no_band(language: str | None) -> Reason:
    return Reason.of(Code.NO_BAND, language=language) if language else Reason.of(Code.LANGUAGE_NOT_RECOGNIZED)


def _evidence(stage: str, answer_id: str, span: TimeRange, note: Reason) -> Evidence:
    return Evidence(answer_id=answer_id, stage=stage, start_s=span.start_s, end_s=span.end_s, note=note)


def _longest(stage: str, answer_id: str, ranges: Sequence[TimeRange], code: Code) -> list[Evidence]:
    longest = sorted(ranges, key=lambda r: (r.start_s - r.end_s, r.start_s))[:LONGEST]
    return [
        _evidence(stage, answer_id, r, Reason.of(code, seconds=r.end_s - r.start_s))
        for r in sorted(longest, key=lambda r: r.start_s)
    ]
