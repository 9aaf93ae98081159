"""Voice measures: jitter and shimmer beside Praat's, and what noise, codecs and clipping do to every measure.

python bench/voice.py    # about 2 minutes

Clean recordings are damaged in known ways; an error is the difference to what the undamaged
recording measures. That tells from which signal-to-noise ratio on a measure can be trusted, and
how far the estimate of that ratio itself is off.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import pairwise

import numpy as np

from analyzers.signals import vad
from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.voice import Options, VoiceAnalyzer, jitter_shimmer, loudness, measures
from analyzers.voice.measures import VoiceInput
from analyzers.voice.pitch import SwiftF0
from mulakat.schema.base import Spread, TimeRange
from mulakat.schema.errors import NotMeasurable
from mulakat.schema.provenance import provenance
from mulakat.schema.speech import Transcript, Word
from recordings import decoded, pink_noise
from report import ROOT, Bench, media_folder

CLEAN_DB = 35.0
SNRS_DB = (40, 35, 30, 25, 20, 15, 10, 5)
GROUPS = ("speech", "emotion", "video")
SHOWN = {
    "jitter_ratio": ("jitter %", 100),
    "shimmer_ratio": ("shimmer %", 100),
    "loudness_range_db": ("loudness range dB", 1),
    "pitch_range_semitones": ("pitch range st", 1),
    "pitch_variation_semitones": ("pitch SD st", 1),
    "pause_ratio": ("pauses %", 100),
    "voiced_ratio": ("voiced %", 100),
    "syllable_npvi": ("nPVI", 1),
    "articulation_rate_sps": ("syllables/s", 1),
}
"""Measure → its column and the factor that brings it to the column's unit."""


def main() -> None:
    bench = Bench("voice", "Voice: measures beside Praat's, and under damage")
    # Measure whatever the noise: the limits are what this program is to find.
    measures.PERTURBATION_SNR_DB = measures.LOUDNESS_SNR_DB = -np.inf
    measures.MAX_CLIPPED_RATIO = 1.0
    with VoiceAnalyzer(Options()) as analyzer:
        clips = _clean(analyzer)
        _known_vowels(bench)
        _beside_praat(bench, clips)
        _noise(bench, analyzer, clips)
        _damage(bench, analyzer, clips)
    bench.figure("recordings", len(clips))
    bench.finish()


# --- beside Praat ------------------------------------------------------------


def _beside_praat(bench: Bench, clips: list[VoiceInput]) -> None:
    rows = []
    for heard in clips:
        found = jitter_shimmer.cycles(heard.audio, heard.pitch)
        if jitter_shimmer.count(found) >= measures.MIN_CYCLES:
            rows.append((jitter_shimmer.jitter(found), jitter_shimmer.shimmer(found), *_praat(heard.audio)))
    values = 100 * np.array(rows)
    table = bench.table(
        f"Jitter and shimmer (local) on {len(rows)} recordings, %",
        *("measure", "ours, median", "Praat, median", "median difference", "correlation"),
    )
    for index, name in enumerate(("jitter", "shimmer")):
        ours, theirs = values[:, index], values[:, index + 2]
        off, alike = float(np.median(np.abs(ours - theirs))), float(np.corrcoef(ours, theirs)[0, 1])
        table.add_row(name, f"{np.median(ours):.2f}", f"{np.median(theirs):.2f}", f"{off:.2f}", f"{alike:.2f}")
        bench.target(f"{name}_to_praat_percent", off, at_most={"jitter": 0.6, "shimmer": 1.5}[name])
        bench.target(f"{name}_correlation", alike, at_least=0.8)


def _known_vowels(bench: Bench) -> None:
    """Sustained vowels whose every period and amplitude is known."""
    table = bench.table(
        "Sustained vowels of known jitter and shimmer, %",
        *("jitter", "ours", "Praat", "shimmer", "ours", "Praat"),
    )
    tracker = SwiftF0()
    errors = []
    for wanted in (0.0, 0.5, 1.0, 2.0, 3.0):
        audio, true_jitter, true_shimmer = _vowel(wanted / 100)
        whole = TimeRange(start_s=0, end_s=audio.size / SAMPLE_RATE_HZ)  # no voice activity model takes it for speech
        found = jitter_shimmer.cycles(audio, tracker.track(audio, [whole], 60, 500))
        jitter, shimmer = jitter_shimmer.jitter(found), jitter_shimmer.shimmer(found)
        their_jitter, their_shimmer = _praat(audio)
        row = [true_jitter, jitter, their_jitter, true_shimmer, shimmer, their_shimmer]
        table.add_row(*(f"{100 * each:.2f}" for each in row))
        errors.append((abs(jitter - their_jitter), abs(shimmer - their_shimmer)))
    worst = 100 * np.max(errors, axis=0)
    bench.target("vowel_jitter_to_praat_percent", float(worst[0]), at_most=0.1)
    bench.target("vowel_shimmer_to_praat_percent", float(worst[1]), at_most=0.5)


def _vowel(perturbation: float) -> tuple[np.ndarray, float, float]:
    """3 s of [a] from pulses with random periods (jitter) and strengths (three times as much), and what they are."""
    rng = np.random.default_rng(1)
    rate_hz = 16 * SAMPLE_RATE_HZ  # pulses lie between the samples of 16 kHz
    periods = np.array([1 / 130] * 390) * (1 + perturbation * rng.standard_normal(390))
    strengths = 1 + 3 * perturbation * rng.standard_normal(390)
    source = np.zeros(round(3.2 * rate_hz))
    source[np.rint(np.cumsum(periods) * rate_hz).astype(int)] = strengths
    spectrum = np.fft.rfft(source)
    hz = np.fft.rfftfreq(source.size, 1 / rate_hz)
    for formant_hz, width_hz in ((0, 100), (700, 90), (1100, 100), (2500, 150)):
        pole = -np.pi * width_hz + 2j * np.pi * formant_hz
        spectrum *= abs(pole) ** 2 / ((2j * np.pi * hz - pole) * (2j * np.pi * hz - np.conj(pole)))
    sound = np.fft.irfft(spectrum * (hz < 7500))[::16]
    sound *= 0.1 / np.sqrt(np.mean(sound**2))
    sound += pink_noise(sound.size / SAMPLE_RATE_HZ, 1e-4)
    jitter, shimmer = (np.mean(np.abs(np.diff(each))) / np.mean(each) for each in (periods, strengths))
    return np.pad(sound, 8000).astype(np.float32), float(jitter), float(shimmer)


def _praat(audio: np.ndarray) -> tuple[float, float]:
    """Jitter and shimmer (local) with the settings of Praat's own voice report."""
    import parselmouth
    from parselmouth.praat import call

    sound = parselmouth.Sound(audio.astype(np.float64), SAMPLE_RATE_HZ)
    pulses = call([sound, sound.to_pitch_cc(pitch_floor=60, pitch_ceiling=500)], "To PointProcess (cc)")
    jitter = call(pulses, "Get jitter (local)", 0, 0, 0.0001, 0.02, 1.3)
    shimmer = call([sound, pulses], "Get shimmer (local)", 0, 0, 0.0001, 0.02, 1.3, 1.6)
    return jitter, shimmer


# --- under damage ------------------------------------------------------------


def _noise(bench: Bench, analyzer: VoiceAnalyzer, clips: list[VoiceInput]) -> None:
    names = ("white", "pink")
    table = bench.table("Signal-to-noise ratio: median error in dB (share not told)", "true", *names)
    for snr_db in SNRS_DB:
        cells = []
        for name in names:
            found = [_estimated(analyzer, _noisy(heard, snr_db, name)) for heard in clips]
            told = [each - snr_db for each in found if each is not None]
            error, worst = float(np.median(np.abs(told))), float(np.percentile(np.abs(told), 90))
            cells.append(f"{error:.1f}, 90 %: {worst:.1f} ({1 - len(told) / len(found):.0%})")
            bench.target(f"snr_error_{name}_{snr_db}_db", error, at_most=1.5)
        table.add_row(f"{snr_db} dB", *cells)
    damages = {f"{snr} dB": lambda heard, snr=snr: _noisy(heard, snr, "pink") for snr in SNRS_DB}
    _errors(bench, analyzer, clips, "Pink noise: median change of each measure", damages)


def _damage(bench: Bench, analyzer: VoiceAnalyzer, clips: list[VoiceInput]) -> None:
    damages: dict[str, Callable[[VoiceInput], np.ndarray]] = {
        "AAC 32 kbit/s": lambda heard: _encoded(heard.audio, "mp4", "aac", 16_000, 32_000),
        "Opus 24 kbit/s": lambda heard: _encoded(heard.audio, "ogg", "libopus", 16_000, 24_000),
        "Opus 12 kbit/s": lambda heard: _encoded(heard.audio, "ogg", "libopus", 16_000, 12_000),
        "telephone, 8 kHz": lambda heard: _encoded(heard.audio, "wav", "pcm_mulaw", 8_000, None),
        "0.1 % clipped": lambda heard: _clipped(heard.audio, 0.001),
        "1 % clipped": lambda heard: _clipped(heard.audio, 0.01),
        "5 % clipped": lambda heard: _clipped(heard.audio, 0.05),
        "12 dB quieter, 16 bit": lambda heard: (np.rint(heard.audio / 4 * 32768) / 32768).astype(np.float32),
    }
    _errors(bench, analyzer, clips, "Codecs and clipping: median change of each measure", damages)


def _errors(
    bench: Bench,
    analyzer: VoiceAnalyzer,
    clips: list[VoiceInput],
    title: str,
    damages: dict[str, Callable[[VoiceInput], np.ndarray]],
) -> None:
    table = bench.table(title, "damage", *(column for column, _ in SHOWN.values()))
    usual = [measures.measure(heard, analyzer.options) for heard in clips]
    values = [[_value(each[name]) * factor for name, (_, factor) in SHOWN.items()] for each in usual]
    table.add_row("(undamaged value)", *(f"{each:.2f}" for each in np.nanmedian(values, axis=0)))
    for name, damage in damages.items():
        changes = [_changes(analyzer, damage(heard), before) for heard, before in zip(clips, usual, strict=True)]
        medians = np.nanmedian(changes, axis=0)
        table.add_row(name, *(f"{each:.2f}" for each in medians))
        bench.figure(f"change: {name}", {key: round(float(each), 3) for key, each in zip(SHOWN, medians, strict=True)})


def _changes(analyzer: VoiceAnalyzer, audio: np.ndarray, before: dict[str, measures.Measure]) -> list[float]:
    try:
        found = measures.measure(analyzer.hear(audio, _transcript(audio)), analyzer.options)
    except NotMeasurable:
        return [np.nan] * len(SHOWN)
    return [abs(_value(found[name]) - _value(before[name])) * factor for name, (_, factor) in SHOWN.items()]


def _value(measure: measures.Measure) -> float:
    return np.nan if isinstance(measure, str | Spread) else float(measure)


def _estimated(analyzer: VoiceAnalyzer, audio: np.ndarray) -> float | None:
    try:
        heard = analyzer.hear(audio, _transcript(audio))
    except NotMeasurable:
        return None
    found = loudness.snr_db(heard.level_db, heard.speech, heard.voices, analyzer.options.min_noise_s)
    return None if isinstance(found, str) else found


def _noisy(heard: VoiceInput, snr_db: float, kind: str) -> np.ndarray:
    """The recording in noise, `snr_db` below the power of its speech."""
    rms = 10 ** ((loudness.loudness_db(heard.audio, heard.speech) - snr_db) / 20)
    seconds = heard.audio.size / SAMPLE_RATE_HZ
    if kind == "pink":
        return (heard.audio + pink_noise(seconds, rms)).astype(np.float32)
    return (heard.audio + rms * np.random.default_rng(0).standard_normal(heard.audio.size)).astype(np.float32)


def _clipped(audio: np.ndarray, share: float) -> np.ndarray:
    limit = np.quantile(np.abs(audio), 1 - share)
    return np.clip(audio, -limit, limit)


def _encoded(audio: np.ndarray, container: str, codec: str, rate_hz: int, bit_rate: int | None) -> np.ndarray:
    """Through a codec and back to 16 kHz."""
    import av

    file = io.BytesIO()
    with av.open(file, "w", format=container) as target:
        stream = target.add_stream(codec, rate=rate_hz, layout="mono")
        if bit_rate:
            stream.bit_rate = bit_rate
        frame = av.AudioFrame.from_ndarray(audio[None, :], format="fltp", layout="mono")
        frame.sample_rate = SAMPLE_RATE_HZ
        resampler = av.AudioResampler(format=stream.codec_context.format, layout="mono", rate=rate_hz)
        for each in [*resampler.resample(frame), *resampler.resample(None)]:
            target.mux(stream.encode(each))
        target.mux(stream.encode(None))
    file.seek(0)
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SAMPLE_RATE_HZ)
    with av.open(file) as source:
        frames = [each for frame in source.decode(audio=0) for each in resampler.resample(frame)]
    parts = [each.to_ndarray().ravel() for each in [*frames, *resampler.resample(None)]]
    return np.concatenate(parts).astype(np.float32)


# --- recordings --------------------------------------------------------------


def _clean(analyzer: VoiceAnalyzer) -> list[VoiceInput]:
    """Recordings of one speaker or more, quiet enough behind the speech for noise to be added."""
    found = []
    for audio in _sounds():
        try:
            heard = analyzer.hear(audio, _transcript(audio))
        except NotMeasurable:
            continue
        snr_db = loudness.snr_db(heard.level_db, heard.speech, heard.voices, analyzer.options.min_noise_s)
        if not isinstance(snr_db, str) and snr_db >= CLEAN_DB and heard.phonation_s >= 1.5:
            found.append(heard)
    return found


def _sounds() -> Iterator[np.ndarray]:
    files = [ROOT / "samples" / "problem_solving.mp4"]
    files += [path for group in GROUPS for path in sorted((media_folder() / group).iterdir())]
    for path in files:
        if path.suffix in (".mp4", ".mpg", ".wav", ".flac", ".mp3"):
            try:
                yield decoded(path)
            except NotMeasurable:
                continue


def _transcript(audio: np.ndarray) -> Transcript:
    """Words all over the recording, in a language whose syllables are counted in the sound."""
    speech = vad.speech(loudness.leveled(audio)[0])
    edges = np.arange(speech[0].start_s, speech[-1].end_s, 0.5) if speech else []
    words = [Word(text="x", start_s=float(a), end_s=float(b), probability=1) for a, b in pairwise(edges)]
    return Transcript(
        language="xx" if words else None,
        language_probability=None,
        text="",
        segments=[],
        words=words,
        speech_s=0,
        provenance=provenance("bench", "1", Options()),
    )


if __name__ == "__main__":
    main()
