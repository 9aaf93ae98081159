"""How something was said."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from mulakat.schema.base import Column, Produced, Spread, TimeRange
from mulakat.schema.reasons import Reason


class Pause(TimeRange):
    """A silence between stretches of speech, and where it lies by the transcript's punctuation."""

    place: Literal["between_sentences", "between_clauses", "inside"] | None = Field(
        default=None, description="None where the transcript has no punctuation"
    )


class VoiceTrack(Produced):
    """How it was said (stage `analyse_voice`).

    `track` columns: `t_s`, `f0_hz` (gap = unvoiced), `loudness_db` (0 = this speaker's usual
    level in this recording; gap = digital silence).
    """

    f0_hz: Spread | None
    pitch_range_semitones: float | None
    pitch_variation_semitones: float | None = Field(default=None, description="standard deviation of F0")
    speech_rate_wpm: float | None = Field(description="words per minute, pauses included")
    articulation_rate_sps: float | None = Field(description="syllables per second of speech")
    pause_ratio: float | None = Field(description="pauses ÷ time from first to last speech")
    pauses: list[Pause]
    long_pauses_per_min: float | None = Field(default=None, description="pauses of 1 s and more")
    pauses_inside_ratio: float | None = Field(default=None, description="share of pauses inside a clause")
    fillers_per_min: float | None
    voiced_ratio: float | None = Field(default=None, description="voiced time ÷ time of speech without pauses")
    syllable_npvi: float | None = Field(default=None, description="unevenness of syllable lengths, 0 = even … 200")
    jitter_ratio: float | None = Field(default=None, description="jitter (local); 0.01 = 1 %")
    shimmer_ratio: float | None = Field(default=None, description="shimmer (local); 0.01 = 1 %")
    loudness_range_db: float | None = Field(default=None, description="5th to 95th percentile of voiced speech")
    loudness_dbfs: float | None = Field(
        description="RMS level of the speech as recorded: the microphone's gain, never compared between people"
    )
    snr_db: float | None
    reasons: dict[str, Reason] = Field(default_factory=dict, description="field that is None → why it was not measured")
    track: dict[str, Column]
