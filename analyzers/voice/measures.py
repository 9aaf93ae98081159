"""Every measure of a voice, or the reason why it cannot be trusted here."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from analyzers.signals.spread import spread
from analyzers.text import filler_words
from analyzers.text.normalize import UNSPACED
from analyzers.voice import jitter_shimmer, loudness, pitch, rhythm, syllables
from analyzers.voice.loudness import FRAME_S
from analyzers.voice.pitch import Pitch
from mulakat.schema.base import Spread, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.ranges import total_s
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import FilledPause, Word
from mulakat.schema.voice import Pause

if TYPE_CHECKING:
    from analyzers.voice import Options

Measure = float | Spread | Reason
"""A value, or why there is none."""

MIN_COUNTED_S = 10.0
MIN_CYCLES = 100
MIN_SYLLABLES = 20
# From there on noise and clipping change the value by less than a tenth (`bench/voice.py`).
PERTURBATION_SNR_DB = 20.0
LOUDNESS_SNR_DB = 15.0
MAX_CLIPPED_RATIO = 0.001


@dataclass(frozen=True)
class VoiceInput:
    """What all measures look at. Sound and levels are those of `loudness.leveled`."""

    audio: np.ndarray
    gain_db: float
    level_db: np.ndarray
    words: list[Word]
    filled_pauses: list[FilledPause]
    language: str  # ISO 639-1
    voices: list[TimeRange]  # all voice activity in the recording
    speech: list[TimeRange]  # the part of it between the first and the last word
    pauses: list[Pause]
    muted_s: float  # between the speech, of no pause
    pitch: Pitch
    clipped_ratio: float

    @property
    def span_s(self) -> float:
        """From the first to the last moment of speech, as far as it was recorded."""
        return self.speech[-1].end_s - self.speech[0].start_s - self.muted_s

    @property
    def phonation_s(self) -> float:
        """The same without pauses."""
        return self.span_s - total_s(self.pauses)

    @cached_property
    def voiced_db(self) -> np.ndarray:
        """Level of the voiced frames."""
        return np.asarray(self.level_db[: self.pitch.t_s.size][self.pitch.voiced])

    @cached_property
    def usual_db(self) -> float:
        """The speaker's usual level: the median of voiced speech; of all speech where nothing is voiced."""
        if self.voiced_db.size:
            return float(np.median(self.voiced_db))
        return loudness.loudness_db(self.audio, self.speech)

    @cached_property
    def nuclei(self) -> list[int]:
        """Frames of syllable nuclei."""
        return syllables.nuclei(self.level_db[: self.pitch.t_s.size], self.pitch.voiced)


def measure(heard: VoiceInput, options: Options) -> dict[str, Measure]:
    """All scalar measures, by the name of their field in `VoiceTrack`."""
    snr_db = loudness.snr_db(heard.level_db, heard.speech, heard.voices, options.min_noise_s)
    return {
        **_pitch(heard, options),
        "speech_rate_wpm": _speech_rate(heard, options),
        "articulation_rate_sps": _articulation_rate(heard, options),
        "pause_ratio": total_s(heard.pauses) / heard.span_s,
        "long_pauses_per_min": _per_minute(
            sum(pause.end_s - pause.start_s >= rhythm.LONG_PAUSE_S for pause in heard.pauses), heard
        ),
        "pauses_inside_ratio": _pauses_inside(heard),
        "fillers_per_min": _fillers(heard),
        "voiced_ratio": np.count_nonzero(heard.pitch.voiced) * FRAME_S / heard.phonation_s,
        "syllable_npvi": _npvi(heard),
        **_perturbation(heard, snr_db),
        "loudness_range_db": _loudness_range(heard, options, snr_db),
        "loudness_dbfs": loudness.loudness_db(heard.audio, heard.speech) - heard.gain_db,
        "snr_db": snr_db,
    }


def _pitch(heard: VoiceInput, options: Options) -> dict[str, Measure]:
    names = ("f0_hz", "pitch_range_semitones", "pitch_variation_semitones")
    values = heard.pitch.f0_hz[heard.pitch.voiced]
    reason = _too_little_voice(heard, options)
    if reason is not None:
        return dict.fromkeys(names, reason)
    f0_hz = Spread.model_validate(spread(values))
    found = (f0_hz, pitch.semitones(f0_hz.p05, f0_hz.p95), pitch.variation_semitones(values))
    return dict(zip(names, found, strict=True))


def _speech_rate(heard: VoiceInput, options: Options) -> Measure:
    if heard.language in UNSPACED:
        return Reason.of(Code.UNSPACED_LANGUAGE, language=heard.language)
    return _too_few_words(heard, options) or rhythm.words_per_minute(heard.words, heard.muted_s)


def _articulation_rate(heard: VoiceInput, options: Options) -> Measure:
    phonation_s = heard.phonation_s
    if syllables.written(heard.language):
        count, other_s = rhythm.written_syllables(heard.words, heard.language)
        phonation_s -= other_s
    else:
        count = len(heard.nuclei)
    if count == 0 or phonation_s <= 0:
        return Reason.of(Code.NO_SYLLABLES)
    return _too_few_words(heard, options) or count / phonation_s


def _pauses_inside(heard: VoiceInput) -> Measure:
    placed = [pause.place for pause in heard.pauses if pause.place is not None]
    if not placed:
        return Reason.of(Code.NO_PUNCTUATION if heard.pauses else Code.NO_PAUSES)
    return placed.count("inside") / len(placed)


def _fillers(heard: VoiceInput) -> Measure:
    """Hesitation sounds that are written, and those that were only found in the sound."""
    if not filler_words.known(heard.language):
        return Reason.of(Code.NO_FILLER_LIST, language=heard.language)
    written = sum(filler_words.is_filler(word.text, heard.language) for word in heard.words)
    start_s, end_s = heard.speech[0].start_s, heard.speech[-1].end_s
    unwritten = sum(
        not each.written and start_s <= (each.start_s + each.end_s) / 2 <= end_s for each in heard.filled_pauses
    )
    return _per_minute(written + unwritten, heard)


def _npvi(heard: VoiceInput) -> Measure:
    lengths = rhythm.syllable_lengths_s([index * FRAME_S for index in heard.nuclei], heard.pauses)
    pairs = sum(max(0, each.size - 1) for each in lengths)
    if pairs < MIN_SYLLABLES:
        return Reason.of(Code.TOO_FEW_SYLLABLES, pairs=pairs, needed=MIN_SYLLABLES)
    return rhythm.npvi(lengths)


def _perturbation(heard: VoiceInput, snr_db: float | Reason) -> dict[str, Measure]:
    """Jitter and shimmer, where neither noise nor clipping hides them."""
    reason = _too_noisy(snr_db, PERTURBATION_SNR_DB)
    if reason is not None:
        return {"jitter_ratio": reason, "shimmer_ratio": reason}
    found = jitter_shimmer.cycles(heard.audio, heard.pitch)
    if (cycles := jitter_shimmer.count(found)) < MIN_CYCLES:
        reason = Reason.of(Code.TOO_FEW_CYCLES, cycles=cycles, needed=MIN_CYCLES)
        return {"jitter_ratio": reason, "shimmer_ratio": reason}
    return {
        "jitter_ratio": jitter_shimmer.jitter(found),
        "shimmer_ratio": _clipped(heard) or jitter_shimmer.shimmer(found),
    }


def _loudness_range(heard: VoiceInput, options: Options, snr_db: float | Reason) -> Measure:
    reason = _too_little_voice(heard, options) or _too_noisy(snr_db, LOUDNESS_SNR_DB) or _clipped(heard)
    if reason is not None:
        return reason
    low, high = np.percentile(heard.voiced_db, [5, 95])
    return float(high - low)


def _per_minute(count: int, heard: VoiceInput) -> Measure:
    if heard.span_s < MIN_COUNTED_S:
        return Reason.of(Code.TOO_SHORT_TO_COUNT, span_s=heard.span_s, needed_s=MIN_COUNTED_S)
    return count / heard.span_s * 60


def _too_little_voice(heard: VoiceInput, options: Options) -> Reason | None:
    voiced_s = heard.voiced_db.size * FRAME_S
    if voiced_s >= options.min_voiced_s:
        return None
    return Reason.of(Code.TOO_LITTLE_VOICED, voiced_s=voiced_s, needed_s=options.min_voiced_s)


def _too_few_words(heard: VoiceInput, options: Options) -> Reason | None:
    if len(heard.words) >= options.min_words:
        return None
    return Reason.of(Code.TOO_FEW_WORDS_FOR_RATE, words=len(heard.words), needed=options.min_words)


def _too_noisy(snr_db: float | Reason, needed_db: float) -> Reason | None:
    if isinstance(snr_db, Reason):
        return Reason.of(Code.NOISE_UNKNOWN, why=snr_db)
    return None if snr_db >= needed_db else Reason.of(Code.TOO_NOISY, snr_db=snr_db, needed_db=needed_db)


def _clipped(heard: VoiceInput) -> Reason | None:
    if heard.clipped_ratio <= MAX_CLIPPED_RATIO:
        return None
    return Reason.of(Code.CLIPPED, share=heard.clipped_ratio, most=MAX_CLIPPED_RATIO)
