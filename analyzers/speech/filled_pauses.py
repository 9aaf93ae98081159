"""Filled pauses: "um" and "uh", written by the recogniser or only found in the sound.

A filled pause is a held voice: pitch stays flat and the spectrum stays what it is, because the mouth waits
(Goto, Itou & Hayamizu 1999, "A real-time filled pause detection system for spontaneous speech recognition";
Audhkhasi et al. 2009, "Formant-based technique for automatic filled-pause detection"). Held vowels of words are
held voices too: only one that the words leave room for is taken.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyzers.signals.intervals import bridged, runs
from analyzers.signals.vad import SAMPLE_RATE_HZ, Samples
from analyzers.text import filler_words
from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import overlap_s
from mulakat.schema.speech import FilledPause, Word

HOP_S = 0.01
FRAME = 640
"""Samples in a frame: 40 ms, three periods of a low voice."""
FFT = 1024
"""Holds a frame and the longest lag: what is beyond it would come round to the lags that are looked at."""
PITCH_HZ = (70.0, 400.0)
BAND_HZ = (150.0, 5000.0)
BANDS = 24
BLOCK = 2000
"""Frames looked at together, which bounds the memory of a long recording."""

MIN_S = 0.25
"""Shortest filled pause."""
REACH = 6
"""Frames over which the voice is compared with itself."""
FORGIVEN = 2
"""Frames that may break a held voice."""
MIN_VOICING = 0.6
"""Height of the autocorrelation's peak, 0–1."""
MAX_PITCH_CHANGE = 1.0
"""Semitones within `REACH`."""
MAX_SPECTRUM_CHANGE_DB = 4.5
"""Mean change of the mel spectrum within `REACH`, loudness aside."""
MAX_BELOW_DB = 25.0
"""Weakest voice, below the recording's loud frames (95th percentile)."""
MIN_LETTER_S = 0.05
"""What a word needs for each of its letters beside the held voice."""


def filled_pauses(audio: Samples, words: Sequence[tuple[Word, str]], speech: list[TimeRange]) -> list[FilledPause]:
    """Filled pauses in order of time.

    Args:
        audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
        words: each with its language, in order of time.
        speech: voice activity; a held tone outside it is no voice.
    """
    written = [
        FilledPause(start_s=word.start_s, end_s=word.end_s, written=True)
        for word, language in words
        if filler_words.is_filler(word.text, language)
    ]
    spoken = [word for word, _ in words]
    found = [
        FilledPause(start_s=round(voice.start_s, 3), end_s=round(voice.end_s, 3), written=False)
        for voice in held(audio)
        if _within(voice, speech) and _has_room(voice, spoken) and not any(overlap_s(voice, known) for known in written)
    ]
    return sorted([*written, *found], key=lambda pause: pause.start_s)


def held(audio: Samples) -> list[TimeRange]:
    """Where a voice is held for at least `MIN_S`."""
    if audio.size < FRAME:
        return []
    hop = round(HOP_S * SAMPLE_RATE_HZ)
    blocks = [
        _features(
            np.lib.stride_tricks.sliding_window_view(audio[first : first + (BLOCK - 1) * hop + FRAME], FRAME)[::hop]
        )
        for first in range(0, audio.size - FRAME + 1, BLOCK * hop)
    ]
    semitones, voicing, spectrum, level_db = (np.concatenate(column) for column in zip(*blocks, strict=True))
    half = REACH // 2
    pitch_change = np.abs(semitones[REACH:] - semitones[:-REACH])
    spectrum_change = np.abs(spectrum[REACH:] - spectrum[:-REACH]).mean(axis=1)
    steady = (
        ((voicing > MIN_VOICING) & (level_db > np.percentile(level_db, 95) - MAX_BELOW_DB))[
            half : half + len(pitch_change)
        ]
        & (pitch_change < MAX_PITCH_CHANGE)
        & (spectrum_change < MAX_SPECTRUM_CHANGE_DB)
    )
    # A steady frame at `index` compares `index` with `index + REACH`: the voice is held over both.
    ranges = [(run.start * HOP_S, (run.stop - 1 + REACH) * HOP_S) for run in runs(bridged(steady, FORGIVEN))]
    return [
        TimeRange(start_s=start_s + FRAME / SAMPLE_RATE_HZ / 2, end_s=end_s + FRAME / SAMPLE_RATE_HZ / 2)
        for start_s, end_s in ranges
        if end_s - start_s >= MIN_S
    ]


def _features(frames: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Pitch in semitones, voicing, mel spectrum in dB without its mean, level in dB; a row for each frame."""
    window = np.hanning(FRAME)
    power = np.abs(np.fft.rfft(frames * window, FFT)) ** 2
    shape = np.fft.irfft(np.abs(np.fft.rfft(window, FFT)) ** 2)
    correlation = np.fft.irfft(power)
    shortest, longest = (round(SAMPLE_RATE_HZ / hz) for hz in reversed(PITCH_HZ))
    lags = slice(shortest, longest + 1)
    normal = correlation[:, lags] / (correlation[:, :1] + 1e-9) / (shape[lags] / shape[0])
    semitones = -12 * np.log2(normal.argmax(axis=1) + shortest)
    bands = 10 * np.log10(power @ _mel().T + 1e-8)
    level_db = 10 * np.log10(power.sum(axis=1) + 1e-12)
    return semitones, normal.max(axis=1), (bands - bands.mean(axis=1, keepdims=True)).astype(np.float32), level_db


def _mel() -> np.ndarray:
    """Triangular filters on the mel scale (O'Shaughnessy 1987), shape (BANDS, FFT / 2 + 1)."""
    low, high = (2595 * np.log10(1 + hz / 700) for hz in BAND_HZ)
    edges = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(FFT, 1 / SAMPLE_RATE_HZ)
    rising = (hz - edges[:-2, np.newaxis]) / (edges[1:-1] - edges[:-2])[:, np.newaxis]
    falling = (edges[2:, np.newaxis] - hz) / (edges[2:] - edges[1:-1])[:, np.newaxis]
    return np.maximum(np.minimum(rising, falling), 0)


def _within(voice: TimeRange, speech: list[TimeRange]) -> bool:
    covered_s = sum(overlap_s(voice, stretch) for stretch in speech)
    return covered_s >= (voice.end_s - voice.start_s) / 2


def _has_room(voice: TimeRange, words: Sequence[Word]) -> bool:
    """Whether every word it touches keeps time enough for its letters without it."""
    for word in words:
        shared_s = overlap_s(voice, word)
        letters = sum(letter.isalnum() for letter in word.text)
        if shared_s and word.end_s - word.start_s - shared_s < MIN_LETTER_S * letters:
            return False
    return True
