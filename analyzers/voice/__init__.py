"""How it was said: pitch, pace, pauses, loudness (stage `analyse_voice`).

Speech is where Silero VAD hears a voice between the first and the last word; that tells
pauses to about ±50 ms, closer than Whisper's word times. Nothing here is a feeling or a
trait: they are measurements of sound.

Modules: `pitch` (F0), `rhythm` (pauses and pace), `syllables`, `level` (loudness, noise).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, model_validator

from analyzers import activity, fillers, models, results
from analyzers.activity import SAMPLE_RATE_HZ
from analyzers.errors import NotMeasurable
from analyzers.pipeline import Context
from analyzers.provenance import provenance
from analyzers.results import Column, Spread, TimeRange, Transcript, VoiceTrack, Word
from analyzers.voice import level, pitch, rhythm, syllables
from analyzers.voice.pitch import FRAME_S, Pitch, PitchTracker

VERSION = "1"
Result = results.VoiceTrack

UNSPACED = frozenset(("zh", "yue", "ja", "th", "lo", "my", "km"))
"""Languages written without spaces: what the recogniser calls words there are not words."""
WORD_TIME_ERROR_S = 0.2
"""How far Whisper's word times may be off; words further from the speech were heard elsewhere."""


class Options(BaseModel):
    """How a voice is measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    min_f0_hz: float = Field(60.0, ge=50, le=2000, description="lowest pitch looked for")
    max_f0_hz: float = Field(500.0, ge=50, le=2000, description="highest pitch looked for")
    min_confidence: float = Field(0.5, gt=0, lt=1, description="swift-f0's voicing score that counts as voiced")
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


@dataclass(frozen=True)
class _Heard:
    """What all measures look at."""

    audio: np.ndarray
    words: list[Word]
    language: str  # ISO 639-1
    voices: list[TimeRange]  # all voice activity in the recording
    speech: list[TimeRange]  # the part of it between the first and the last word
    pauses: list[TimeRange]
    pitch: Pitch
    voiced: np.ndarray

    @property
    def span_s(self) -> float:
        """From the first to the last moment of speech."""
        return self.speech[-1].end_s - self.speech[0].start_s


class VoiceAnalyser:
    """Holds the pitch model; use as a context manager. Raises SetupError when a model is missing."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._tracker = PitchTracker()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tracker.close()

    def analyse(self, audio: np.ndarray, transcript: Transcript) -> VoiceTrack:
        """Measure a voice.

        Args:
            audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
            transcript: of the same sound.

        Raises:
            NotMeasurable: nobody speaks.
        """
        heard = self._hear(audio, transcript)
        f0_hz = self._f0(heard)
        measures: dict[str, float | Spread | str] = {
            "f0_hz": f0_hz,
            "pitch_range_semitones": pitch.semitones(f0_hz.p05, f0_hz.p95) if isinstance(f0_hz, Spread) else f0_hz,
            "speech_rate_wpm": self._speech_rate(heard),
            "articulation_rate_sps": self._articulation_rate(heard),
            "pause_ratio": rhythm.total_s(heard.pauses) / heard.span_s,
            "fillers_per_min": self._fillers(heard, transcript),
            "loudness_dbfs": level.loudness_dbfs(audio, heard.speech),
            "snr_db": level.snr_db(audio, heard.speech, heard.voices, self.options.min_noise_s),
        }
        return VoiceTrack.model_validate(
            {
                **{name: _number(value) for name, value in measures.items()},
                "reasons": {name: value for name, value in measures.items() if isinstance(value, str)},
                "pauses": heard.pauses,
                "track": self._track(heard),
                "provenance": provenance(
                    __name__,
                    VERSION,
                    self.options,
                    libraries=("swift-f0", "librosa", "faster-whisper", "onnxruntime", "numpy", "scipy", "syllapy"),
                    models={name: models.digest(name) for name in (pitch.MODEL, activity.MODEL)},
                ),
            }
        )

    def _hear(self, audio: np.ndarray, transcript: Transcript) -> _Heard:
        words = transcript.words
        if not words or transcript.language is None:
            raise NotMeasurable("no speech found: the transcript has no words")
        voices = activity.speech(audio, threshold=self.options.vad_threshold)
        speech = [each for each in voices if each.end_s > words[0].start_s and each.start_s < words[-1].end_s]
        if not speech:
            raise NotMeasurable("no speech found: there are words, but no voice stands out from the other sound")
        start_s, end_s = speech[0].start_s - WORD_TIME_ERROR_S, speech[-1].end_s + WORD_TIME_ERROR_S
        found, voiced = self._pitch(audio, speech)
        return _Heard(
            audio=audio,
            words=[word for word in words if start_s <= (word.start_s + word.end_s) / 2 <= end_s],
            language=transcript.language,
            voices=voices,
            speech=speech,
            pauses=rhythm.pauses(speech, self.options.min_pause_s),
            pitch=found,
            voiced=voiced,
        )

    def _pitch(self, audio: np.ndarray, speech: list[TimeRange]) -> tuple[Pitch, np.ndarray]:
        """F0 and where it is voiced; tracked once in the whole band, then in the speaker's own."""
        band = self.options.min_f0_hz, self.options.max_f0_hz
        found, voiced = self._track_pitch(audio, speech, *band)
        if voiced.any():
            found, voiced = self._track_pitch(audio, speech, *pitch.speaker_band(found.f0_hz[voiced], *band))
        return found, voiced

    def _track_pitch(
        self, audio: np.ndarray, speech: list[TimeRange], min_hz: float, max_hz: float
    ) -> tuple[Pitch, np.ndarray]:
        found = self._tracker.track(audio, min_hz, max_hz)
        return found, (found.confidence >= self.options.min_confidence) & level.inside(found.t_s, speech)

    def _f0(self, heard: _Heard) -> Spread | str:
        voiced_s = np.count_nonzero(heard.voiced) * FRAME_S
        if voiced_s < self.options.min_voiced_s:
            return f"only {voiced_s:.3f} s of voiced sound, {self.options.min_voiced_s:g} s needed"
        return pitch.spread(heard.pitch.f0_hz[heard.voiced])

    def _speech_rate(self, heard: _Heard) -> float | str:
        if heard.language in UNSPACED:
            return f"language {heard.language!r} is written without spaces between words"
        return self._too_few(heard) or rhythm.words_per_minute(heard.words)

    def _articulation_rate(self, heard: _Heard) -> float | str:
        phonation_s = heard.span_s - rhythm.total_s(heard.pauses)
        if syllables.written(heard.language):
            count, other_s = rhythm.written_syllables(heard.words, heard.language)
            phonation_s -= other_s
        else:
            count = syllables.nuclei(heard.audio, heard.voiced)
        if count == 0 or phonation_s <= 0:
            return "no syllables could be counted"
        return self._too_few(heard) or count / phonation_s

    def _fillers(self, heard: _Heard, transcript: Transcript) -> float | str:
        if not fillers.known(heard.language):
            return f"no list of fillers for language {heard.language!r}"
        if not transcript.provenance.options.get("verbatim"):
            return "the transcript is not verbatim, so fillers may be left out (option `verbatim` of transcribe)"
        count = sum(fillers.is_filler(word.text, heard.language) for word in heard.words)
        return count / heard.span_s * 60

    def _too_few(self, heard: _Heard) -> str | None:
        if len(heard.words) >= self.options.min_words:
            return None
        return f"only {len(heard.words)} of the {self.options.min_words} words that a rate needs"

    def _track(self, heard: _Heard) -> dict[str, Column]:
        hop = round(SAMPLE_RATE_HZ / self.options.track_rate_hz)
        loudness = level.contour_dbfs(heard.audio, frame=2 * hop, hop=hop)
        nearest = np.rint(heard.pitch.t_s * SAMPLE_RATE_HZ / hop).astype(int)
        f0_hz: Column = [None] * loudness.size
        for index in np.unique(nearest[heard.voiced]):
            if index < loudness.size:
                f0_hz[index] = round(float(np.median(heard.pitch.f0_hz[heard.voiced & (nearest == index)])), 1)
        return {
            "t_s": [round(index * hop / SAMPLE_RATE_HZ, 3) for index in range(loudness.size)],
            "f0_hz": f0_hz,
            "loudness_dbfs": [round(float(value), 1) if np.isfinite(value) else None for value in loudness],
        }


def run(context: Context) -> VoiceTrack:
    """Measure the voice in the recording.

    Raises:
        NotMeasurable: nobody speaks.
        SetupError: a model is missing.
    """
    from analyzers.media.audio import load

    transcript = context.results["transcribe"]
    assert isinstance(transcript, Transcript)
    assert isinstance(context.options, Options)
    with VoiceAnalyser(context.options) as analyser:
        return analyser.analyse(load(context.audio()), transcript)


def _number(value: float | Spread | str) -> float | Spread | None:
    if isinstance(value, str):
        return None
    return value if isinstance(value, Spread) else round(float(value), 3)
