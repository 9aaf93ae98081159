"""How it was said: pitch, pace, pauses, loudness, voice quality (stage `analyse_voice`).

Speech is where Silero VAD hears a voice between the first and the last word; that tells
pauses to about ±50 ms, closer than Whisper's word times. Nothing here is a feeling or a
trait: they are measurements of sound. `docs/analyzers/voice.md` tells each one's error.

Modules: `pitch` (F0), `jitter_shimmer`, `rhythm` (pauses and pace), `syllables`,
`loudness` (level, noise), `measures` (which of them can be trusted here).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise, product
from typing import TYPE_CHECKING, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from analyzers.signals import vad
from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.voice import loudness, measures, pitch, rhythm
from analyzers.voice.measures import Measure, VoiceInput
from analyzers.voice.pitch import Pitch
from mulakat.runtime import models
from mulakat.schema.base import Column, Spread, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.media import Audio
from mulakat.schema.provenance import provenance
from mulakat.schema.ranges import overlap_s
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

__all__ = ["VERSION", "Options", "Result", "VoiceAnalyzer", "VoiceTrack", "run"]

VERSION = "4"
ANALYZER = "analyzers.voice"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = VoiceTrack

WORD_TIME_ERROR_S = 0.2
"""How far Whisper's word times may be off; words further from the speech were heard elsewhere."""


class Options(BaseModel):
    """How a voice is measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tracker: pitch.Name = Field("swift-f0", description="who finds the pitch; `pyin` is librosa's, and slow")
    min_f0_hz: float = Field(60.0, ge=50, le=2000, description="lowest pitch looked for")
    max_f0_hz: float = Field(500.0, ge=50, le=2000, description="highest pitch looked for")
    min_voiced_s: float = Field(0.5, gt=0, description="with less voiced sound there is no pitch statistic")
    vad_threshold: float = Field(0.5, gt=0, lt=1, description="speech probability that counts as voice activity")
    min_pause_s: float = Field(0.25, ge=0.1, description="shorter silences are no pause")
    min_words: int = Field(3, ge=1, description="with fewer words there is no rate")
    min_noise_s: float = Field(0.3, gt=0, description="sound without speech that a signal-to-noise ratio needs")
    track_rate_hz: float = Field(20.0, ge=1, le=50, description="samples per second of the track")

    @model_validator(mode="after")
    def _band(self) -> Self:
        if self.min_f0_hz * 2 > self.max_f0_hz:
            raise ValueError(f"max_f0_hz={self.max_f0_hz:g} must be an octave above min_f0_hz={self.min_f0_hz:g}")
        return self


def uses(options: BaseModel) -> dict[str, str | None]:
    """Digests of its models."""
    assert isinstance(options, Options)
    tracker = pitch.TRACKERS[options.tracker].model
    return models.digests(vad.MODEL, *([tracker] if tracker else []))


class VoiceAnalyzer:
    """Holds the pitch model; use as a context manager. Raises SetupError when a model is missing."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._tracker = pitch.TRACKERS[options.tracker]()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        del self._tracker

    def analyze(
        self,
        audio: np.ndarray,
        transcript: Transcript,
        clipped_ratio: float = 0.0,
        muted: Sequence[TimeRange] = (),
    ) -> VoiceTrack:
        """Measure a voice.

        Args:
            audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
            transcript: of the same sound.
            clipped_ratio: share of samples at full scale.
            muted: where nothing was recorded: no pauses, and no time in which words could have been said.

        Raises:
            NotMeasurable: nobody speaks.
        """
        heard = self.hear(audio, transcript, clipped_ratio, muted)
        found = measures.measure(heard, self.options)
        return VoiceTrack.model_validate(
            {
                **{name: _number(value) for name, value in found.items()},
                "reasons": {name: value for name, value in found.items() if isinstance(value, Reason)},
                "pauses": heard.pauses,
                "track": self._track(heard),
                "provenance": provenance(
                    ANALYZER,
                    VERSION,
                    self.options,
                    libraries=(*self._tracker.libraries, "av", "faster-whisper", "numpy", "syllapy"),
                    models={name: models.digest(name) for name in (self._tracker.model, vad.MODEL) if name},
                ),
            }
        )

    def hear(
        self,
        audio: np.ndarray,
        transcript: Transcript,
        clipped_ratio: float = 0.0,
        muted: Sequence[TimeRange] = (),
    ) -> VoiceInput:
        """What the measures are taken from. Arguments and errors as `analyze`."""
        words = transcript.spoken
        if not words or transcript.language is None:
            raise NotMeasurable(Code.NO_WORDS)
        audio = loudness.audible(audio)
        silent = loudness.silent(audio)
        audio, gain_db = loudness.leveled(audio)
        voices = vad.speech(audio, threshold=self.options.vad_threshold)
        speech = [each for each in voices if each.end_s > words[0].start_s and each.start_s < words[-1].end_s]
        if not speech:
            raise NotMeasurable(Code.NO_VOICE)
        start_s, end_s = speech[0].start_s - WORD_TIME_ERROR_S, speech[-1].end_s + WORD_TIME_ERROR_S
        spoken = [word for word in words if start_s <= (word.start_s + word.end_s) / 2 <= end_s]
        return VoiceInput(
            audio=audio,
            gain_db=gain_db,
            level_db=np.where(silent, -np.inf, loudness.contour_db(audio)),
            words=spoken,
            filled_pauses=transcript.filled_pauses,
            language=transcript.language,
            voices=voices,
            speech=speech,
            pauses=[
                pause
                for pause in rhythm.pauses(speech, spoken, self.options.min_pause_s)
                if not any(overlap_s(pause, mute) for mute in muted)
            ],
            muted_s=sum(overlap_s(each, mute) for each, mute in product(_between(speech), muted)),
            pitch=self._pitch(audio, speech),
            clipped_ratio=clipped_ratio,
        )

    def _pitch(self, audio: np.ndarray, speech: list[TimeRange]) -> Pitch:
        """F0 in the speech, without what lies outside the speaker's own band."""
        band = self.options.min_f0_hz, self.options.max_f0_hz
        found = self._tracker.track(audio, speech, *band)
        return found.within(*pitch.speaker_band(found.f0_hz[found.voiced], *band)) if found.voiced.any() else found

    def _track(self, heard: VoiceInput) -> dict[str, Column]:
        hop = round(SAMPLE_RATE_HZ / self.options.track_rate_hz)
        loudness_db = loudness.contour_db(heard.audio, hop) - heard.usual_db
        nearest = np.rint(heard.pitch.t_s * SAMPLE_RATE_HZ / hop).astype(int)
        voiced = heard.pitch.voiced
        f0_hz: Column = [None] * loudness_db.size
        for index in np.unique(nearest[voiced]):
            if index < loudness_db.size:
                f0_hz[index] = round(float(np.median(heard.pitch.f0_hz[voiced & (nearest == index)])), 1)
        return {
            "t_s": [round(index * hop / SAMPLE_RATE_HZ, 3) for index in range(loudness_db.size)],
            "f0_hz": f0_hz,
            "loudness_db": [round(float(value), 1) if np.isfinite(value) else None for value in loudness_db],
        }


def run(context: Context) -> VoiceTrack:
    """Measure the voice in the recording.

    Raises:
        NotMeasurable: nobody speaks.
        SetupError: a model is missing.
    """
    from analyzers.media.audio import load

    transcript, audio = context.results["transcribe"], context.results["extract_audio"]
    assert isinstance(transcript, Transcript)
    assert isinstance(audio, Audio)
    assert isinstance(context.options, Options)
    with VoiceAnalyzer(context.options) as analyzer:
        return analyzer.analyze(load(context.audio()), transcript, audio.clipped_ratio, audio.muted)


def _between(speech: Sequence[TimeRange]) -> list[TimeRange]:
    """The gaps between stretches of speech."""
    return [TimeRange(start_s=before.end_s, end_s=after.start_s) for before, after in pairwise(speech)]


def _number(value: Measure) -> float | Spread | None:
    if isinstance(value, Reason):
        return None
    return value if isinstance(value, Spread) else round(float(value), 4)
