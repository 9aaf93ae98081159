"""Kaldi's log mel filter banks, as the embedding network was trained on."""

from __future__ import annotations

import numpy as np

SAMPLE_RATE_HZ = 16_000
STEP_SAMPLES, FRAME_SAMPLES, FFT_SAMPLES = 160, 400, 512
BANDS = 80
LOWEST_HZ, HIGHEST_HZ = 20.0, 8000.0
PREEMPHASIS = 0.97
BLOCK_FRAMES = 250


def filter_bank(audio: np.ndarray) -> np.ndarray:
    """Log mel energies, shape (frames, 80): 25 ms every 10 ms, whole frames only.

    The same as `compute-fbank-feats --dither=0 --num-mel-bins=80 --window-type=povey`
    (https://kaldi-asr.org): mean removed, pre-emphasis 0.97, mel triangles from 20 Hz to 8 kHz.

    Args:
        audio: mono, 16 kHz, float32, shape (samples,).
    """
    if audio.size < FRAME_SAMPLES:
        return np.empty((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(audio, FRAME_SAMPLES)[::STEP_SAMPLES]
    window = np.hanning(FRAME_SAMPLES).astype(np.float32) ** np.float32(0.85)
    triangles = _triangles()
    out = np.empty((len(frames), BANDS), np.float32)
    for start in range(0, len(frames), BLOCK_FRAMES):  # blocks: a whole hour of frames would not fit
        block = frames[start : start + BLOCK_FRAMES]
        block = block - block.mean(axis=1, keepdims=True)
        before = np.concatenate((block[:, :1], block[:, :-1]), axis=1)
        spectrum = np.fft.rfft((block - PREEMPHASIS * before) * window, FFT_SAMPLES)[:, :-1]
        power = (spectrum.real**2 + spectrum.imag**2).astype(np.float32)
        out[start : start + BLOCK_FRAMES] = np.log(np.maximum(power @ triangles, np.finfo(np.float32).eps))
    return out


def _triangles() -> np.ndarray:
    """Weights from power spectrum to bands, shape (256, 80); triangles in the mel scale."""

    def mel(hz: np.ndarray | float) -> np.ndarray:
        return np.asarray(1127 * np.log1p(np.asarray(hz) / 700))

    edges = np.linspace(mel(LOWEST_HZ), mel(HIGHEST_HZ), BANDS + 2)
    left, center, right = edges[:-2], edges[1:-1], edges[2:]
    bins = mel(np.arange(FFT_SAMPLES // 2) * SAMPLE_RATE_HZ / FFT_SAMPLES)[:, None]
    rising, falling = (bins - left) / (center - left), (right - bins) / (right - center)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)), np.float32)
