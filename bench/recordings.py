"""Sounds that several benchmarks use."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

from analyzers.media.audio import extract, load
from analyzers.signals.vad import SAMPLE_RATE_HZ


def decoded(recording: Path) -> np.ndarray:
    """A recording's sound: mono, 16 kHz, float32."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "audio.wav"
        extract(recording, target)
        return load(target)


def pink_noise(seconds: float, rms: float, seed: int = 0) -> np.ndarray:
    """Noise with the spectrum of a quiet room: 3 dB less per octave. float64."""
    spectrum = np.fft.rfft(np.random.default_rng(seed).standard_normal(round(seconds * SAMPLE_RATE_HZ)))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    sound = np.fft.irfft(spectrum, round(seconds * SAMPLE_RATE_HZ))
    return sound / np.sqrt(np.mean(sound**2)) * rms
