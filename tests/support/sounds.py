"""Sounds for tests: made here, or decoded from recordings the way the stages do it."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from difflib import SequenceMatcher
from pathlib import Path

import numpy as np

from analyzers.media.audio import extract, load
from mulakat.schema.speech import Word
from mulakat.schema.text import folded

RATE_HZ = 16_000


def decoded(recording: Path) -> np.ndarray:
    """A recording's sound: mono, 16 kHz, float32."""
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "audio.wav"
        extract(recording, target)
        return load(target)


def silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * RATE_HZ), dtype=np.float32)


def noise(seconds: float, rms: float, seed: int = 0) -> np.ndarray:
    """White noise."""
    rng = np.random.default_rng(seed)
    return (rng.standard_normal(round(seconds * RATE_HZ)) * rms).astype(np.float32)


def pink_noise(seconds: float, rms: float) -> np.ndarray:
    spectrum = np.fft.rfft(noise(seconds, 1.0))
    spectrum /= np.sqrt(np.maximum(np.arange(spectrum.size), 1))
    sound = np.fft.irfft(spectrum)
    return np.asarray(sound / np.sqrt(np.mean(sound**2)) * rms, dtype=np.float32)


def tone(seconds: float, f0_hz: float, amplitude: float, harmonics: int = 1) -> np.ndarray:
    """A tone with `harmonics` partials of falling strength."""
    t_s = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    partials = [np.sin(2 * np.pi * k * f0_hz * t_s) / k for k in range(1, harmonics + 1)]
    return np.asarray(amplitude * np.sum(partials, axis=0), dtype=np.float32)


def telephone(sound: np.ndarray) -> np.ndarray:
    """Without what lies above 3.4 kHz and below 300 Hz, as on the telephone."""
    spectrum, hz = np.fft.rfft(sound), np.fft.rfftfreq(sound.size, 1 / RATE_HZ)
    return np.fft.irfft(spectrum * ((hz > 300) & (hz < 3400)), sound.size).astype(np.float32)


def melody() -> np.ndarray:
    """A plucked scale, as background music without a voice."""
    notes = [tone(0.5, f0_hz, 0.4, harmonics=4) for f0_hz in (262, 294, 330, 349, 392, 440, 494, 523)]
    decay = np.exp(-4 * np.arange(notes[0].size) / RATE_HZ)
    return np.concatenate([note * decay for note in notes * 2]).astype(np.float32)


def word_errors(expected: str, heard: str) -> tuple[int, int]:
    """Word errors (Levenshtein) and number of expected words; case, punctuation and figures aside."""
    a, b = _plain(expected), _plain(heard)
    row = list(range(len(b) + 1))
    for i, word in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1], len(a)


def heard_twice(first: Sequence[Word], second: Sequence[Word]) -> list[tuple[Word, Word]]:
    """Words that stand in both transcripts, in order; case, punctuation and figures aside."""
    a_texts, b_texts = ([" ".join(_plain(word.text)) for word in words] for words in (first, second))
    blocks = SequenceMatcher(None, a_texts, b_texts, autojunk=False).get_matching_blocks()
    return [(first[a + i], second[b + i]) for a, b, size in blocks for i in range(size)]


def _plain(text: str) -> list[str]:
    text = folded(text)
    for spelling, meant in (("4,000", "four thousand"), ("'", ""), ("’", ""), ("-", " "), ("real time", "realtime")):
        text = text.replace(spelling, meant)
    text = re.sub(r"([a-z])(\d)", r"\1 \2", text)
    figures = {"1": "one", "2": "two", "6": "six", "7": "seven", "9": "nine", "10": "ten", "11": "eleven"}
    return [figures.get(word, word) for word in re.findall(r"\w+", text)]
