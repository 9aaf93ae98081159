"""Loudness and signal quality. dBFS: 0 is the RMS of a full-scale square wave; a full-scale sine is −3.0."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from analyzers.activity import SAMPLE_RATE_HZ
from analyzers.results import TimeRange

FRAME = 512  # 32 ms
HOP = 256  # 16 ms, the grid of swift-f0
GUARD_S = 0.1
"""Sound this near to speech is not taken for noise: it holds soft endings and reverberation."""


def loudness_dbfs(audio: np.ndarray, speech: Sequence[TimeRange]) -> float:
    """RMS level of the speech, which is not digital silence."""
    samples = [audio[_sample(each.start_s) : _sample(each.end_s)] for each in speech]
    power = float(np.mean(np.square(np.concatenate(samples), dtype=np.float64)))
    return 10 * float(np.log10(power))


def contour_dbfs(audio: np.ndarray, *, frame: int, hop: int) -> np.ndarray:
    """RMS level of frames centred on every `hop` samples, shape (frames,); −inf for digital silence."""
    import librosa

    rms = librosa.feature.rms(y=audio, frame_length=frame, hop_length=hop)[0].astype(np.float64)
    with np.errstate(divide="ignore"):
        return 20 * np.log10(rms)


def inside(times_s: np.ndarray, ranges: Sequence[TimeRange], margin_s: float = 0.0) -> np.ndarray:
    """Which of the times lie in a range widened by `margin_s`, shape of `times_s`."""
    found = np.zeros(times_s.shape, dtype=bool)
    for each in ranges:
        found |= (times_s >= each.start_s - margin_s) & (times_s <= each.end_s + margin_s)
    return found


def snr_db(
    audio: np.ndarray, speech: Sequence[TimeRange], voices: Sequence[TimeRange], min_noise_s: float
) -> float | str:
    """Signal-to-noise ratio in dB, or why it cannot be told.

    Power of the speech frames over power of the others: 10 log10((S − N) ÷ N), where N is the
    median power of frames away from speech. Digital silence (a muted or padded stretch) says
    nothing about the room and is left out.

    Args:
        speech: where the speaker talks.
        voices: where anybody does.
        min_noise_s: sound without speech that is needed.
    """
    power = 10 ** (contour_dbfs(audio, frame=FRAME, hop=HOP) / 10)
    times_s = np.arange(power.size) * HOP / SAMPLE_RATE_HZ
    quiet = ~inside(times_s, voices, GUARD_S)
    heard = power[quiet & (power > 0)]
    if quiet.any() and not heard.size:
        return "there is digital silence between the words, so no noise to compare with"
    if heard.size * HOP / SAMPLE_RATE_HZ < min_noise_s:
        return f"less than {min_noise_s:g} s of sound without speech to measure the noise in"
    noise = float(np.median(heard))
    signal = float(np.mean(power[inside(times_s, speech)])) - noise
    if signal <= 0:
        return "the speech is not louder than the noise"
    return 10 * float(np.log10(signal / noise))


def _sample(time_s: float) -> int:
    return round(time_s * SAMPLE_RATE_HZ)
