"""Loudness and signal quality.

Gain is the microphone's and not the person's, so everything is measured on sound brought to
one level (`leveled`), and loudness is told relative to the person's usual one. dBFS: 0 is the
RMS of a full-scale square wave; a full-scale sine is −3.0.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from analyzers.signals.intervals import inside
from analyzers.signals.vad import SAMPLE_RATE_HZ
from mulakat.schema.base import TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.reasons import Reason

HOP = 256  # 16 ms, the grid of the pitch trackers
FRAME_S = HOP / SAMPLE_RATE_HZ
NOMINAL_DBFS = -26.0
"""The usual level of speech in tests of speech equipment (ITU-T P.56, P.830)."""
GUARD_S = 0.1
"""Sound this near to speech is not taken for noise: it holds soft endings and reverberation."""


SILENT_DBFS = -95.0
"""Half a step of 16 bits: no microphone is as quiet. A muted one comes back from a codec with a step here and there."""
_HIGH_PASS_HZ, _ORDER = 70.0, 12
_BLOCK = 1 << 20


def audible(audio: np.ndarray) -> np.ndarray:
    """The sound without what lies below every voice: a constant offset, rumble, the fundamental of mains hum.

    Butterworth high-pass of order 12 at 70 Hz: −35 dB at 50 Hz, −16 dB at 60 Hz, −0.2 dB at 80 Hz. Same shape and type.
    """
    from av import AudioFrame
    from av.filter import Graph

    heard = np.zeros_like(audio)
    if not audio.size:
        return heard
    graph, step = Graph(), Fraction(1, SAMPLE_RATE_HZ)
    # Of two poles each; their Q as in Butterworth, "On the Theory of Filter Amplifiers", 1930.
    q = [1 / (2 * np.cos(np.pi * (2 * k + 1) / (2 * _ORDER))) for k in range(_ORDER // 2)]
    graph.link_nodes(
        graph.add_abuffer(sample_rate=SAMPLE_RATE_HZ, format="dbl", layout="mono", time_base=step),
        *(graph.add("highpass", f"f={_HIGH_PASS_HZ}:width_type=q:width={each:.9f}:precision=f64") for each in q),
        graph.add("aformat", "sample_fmts=dbl"),
        graph.add("abuffersink"),
    ).configure()
    offset = audio[0]  # one that was always there is no step
    written = 0
    for first in range(0, audio.size, _BLOCK):
        block = np.subtract(audio[first : first + _BLOCK], offset, dtype=np.float64)
        frame = AudioFrame.from_ndarray(block[None], format="dbl", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = SAMPLE_RATE_HZ, step, first
        graph.push(frame)
        while written < first + block.size:
            part = graph.pull().to_ndarray().reshape(-1)
            heard[written : written + part.size] = part
            written += part.size
    return heard


def silent(audio: np.ndarray) -> np.ndarray:
    """Which frames of `contour_db` hold nothing but the last digits of a codec: digital silence."""
    return contour_db(audio) < SILENT_DBFS


def leveled(audio: np.ndarray) -> tuple[np.ndarray, float]:
    """The sound at −26 dBFS, float32, and the gain in dB that brought it there.

    Voice activity and pitch models have absolute thresholds; at one level they hear the same
    whatever the recording's gain was. The level is the RMS of all that is not digital silence.
    """
    heard = HOP * np.count_nonzero(~silent(audio))
    if not heard:
        return audio, 0.0
    gain = 10 ** (NOMINAL_DBFS / 20) / np.sqrt(_energy(audio) / heard)
    # In float64, so that no gain leaves a trace of its own, but not as a copy of the whole sound in it.
    at_level = np.multiply(audio, gain, out=np.empty_like(audio), dtype=np.float64, casting="same_kind")
    return at_level, 20 * float(np.log10(gain))


def contour_db(audio: np.ndarray, hop: int = HOP) -> np.ndarray:
    """RMS level of frames of two hops centred on every hop, shape (samples ÷ hop + 1,); −inf for digital silence."""
    whole = audio[: audio.size // hop * hop].reshape(-1, hop)
    energy = np.append(np.einsum("ij,ij->i", whole, whole, dtype=np.float64), _energy(audio[whole.size :]))
    energy[1:] += energy[:-1].copy()
    with np.errstate(divide="ignore"):
        return 10 * np.log10(energy / (2 * hop))


def loudness_db(audio: np.ndarray, speech: Sequence[TimeRange]) -> float:
    """RMS level of the speech, which is not digital silence."""
    samples = [audio[_sample(each.start_s) : _sample(each.end_s)] for each in speech]
    power = sum(_energy(part) for part in samples) / sum(part.size for part in samples)
    return 10 * float(np.log10(power))


def snr_db(
    contour: np.ndarray, speech: Sequence[TimeRange], voices: Sequence[TimeRange], min_noise_s: float
) -> float | Reason:
    """Signal-to-noise ratio in dB, or why it cannot be told.

    Power of the speech frames over power of the others: 10 log10((S − N) ÷ N), where N is the
    median power of frames away from speech. Digital silence (a muted or padded stretch) says
    nothing about the room and is left out.

    Args:
        contour: `contour_db` of the sound.
        speech: where the speaker talks.
        voices: where anybody does.
        min_noise_s: sound without speech that is needed.
    """
    power = 10 ** (contour / 10)
    times_s = np.arange(power.size) * FRAME_S
    quiet = ~inside(times_s, voices, GUARD_S)
    heard = power[quiet & (power > 0)]
    if quiet.any() and not heard.size:
        return Reason.of(Code.DIGITAL_SILENCE)
    if heard.size * FRAME_S < min_noise_s:
        return Reason.of(Code.TOO_LITTLE_NOISE, needed_s=min_noise_s)
    noise = float(np.median(heard))
    signal = float(np.mean(power[inside(times_s, speech)])) - noise
    if signal <= 0:
        return Reason.of(Code.SPEECH_NOT_LOUDER)
    return 10 * float(np.log10(signal / noise))


def _energy(samples: np.ndarray) -> float:
    """Sum of squares, in float64 without a copy of the sound in it."""
    return float(np.einsum("i,i->", samples, samples, dtype=np.float64))


def _sample(time_s: float) -> int:
    return round(time_s * SAMPLE_RATE_HZ)
