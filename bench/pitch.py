"""Pitch: ours beside bare swift-f0, librosa.pyin and Praat, on real recordings and on vowels of known pitch.

python bench/pitch.py    # about 5 minutes, nearly all of it pyin's

Every tracker gets the same 16 kHz sound. Compared is every 16 ms within the speech that voice
activity detection finds (Rabiner et al. 1976's measures): gross errors are frames that both call
voiced and whose F0 differs by more than 20 %; the median deviation is taken over the others;
voicing errors are frames where one hears a voice and the other none.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analyzers.signals import vad
from analyzers.signals.intervals import inside
from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.voice import loudness, pitch
from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import total_s
from recordings import decoded, pink_noise
from report import Bench, media_folder

LOW_HZ, HIGH_HZ = 60.0, 500.0
GROSS = 0.2
FORMANTS_HZ = {"a": (800, 1200, 2500), "i": (300, 2300, 3000), "u": (320, 800, 2300)}


@dataclass(frozen=True)
class Clip:
    """Sound, where its speech is, and its true F0 every 16 ms (NaN = unvoiced) where that is known."""

    name: str
    audio: np.ndarray
    speech: list[TimeRange]
    truth_hz: np.ndarray | None = None

    @property
    def looked_at(self) -> np.ndarray:
        times_s = np.arange(self.audio.size // loudness.HOP) * loudness.FRAME_S
        return inside(times_s, self.speech)


Tracker = Callable[[Clip], np.ndarray]
INDEPENDENT = ("swift-f0", "pyin", "Praat")


def main() -> None:
    bench = Bench("pitch", "Pitch: ours beside swift-f0, pyin and Praat")
    trackers = {
        "ours": _ours(),
        "swift-f0": _bare(),
        "pyin": _pyin(LOW_HZ, HIGH_HZ),
        "pyin, C2 to C7": _pyin(65.4, 2093.0),
        "Praat": _praat,
    }
    real, made = _recordings(), _vowels()
    found, seconds = _track(real, trackers)
    found_made, _ = _track(made, trackers)

    audio_s = sum(clip.audio.size for clip in real) / SAMPLE_RATE_HZ
    _speed(bench, seconds, audio_s)
    _agreement(bench, real, found)
    _groups(bench, real, found)
    known = _known(bench, made, found_made)

    bench.figure("audio_s", audio_s)
    bench.figure("recordings", len(real))
    bench.target("faster_than_pyin", seconds["pyin, C2 to C7"] / seconds["ours"], at_least=10)
    bench.target("faster_than_pyin_in_our_band", seconds["pyin"] / seconds["ours"], at_least=5)
    bench.target("cost_of_ours_to_bare", seconds["ours"] / seconds["swift-f0"], at_most=1.1)
    ours, theirs = (_compare(real, found[name], found["Praat"]) for name in ("ours", "pyin"))
    bench.target("gross_error_to_praat", ours[0], at_most=theirs[0])
    bench.target("voicing_error_to_praat", ours[2], at_most=theirs[2])
    bench.target("gross_error_known", known["ours"][0], at_most=known["pyin"][0])
    bench.target("median_cents_known", known["ours"][1], at_most=25)
    bench.finish()


def _speed(bench: Bench, seconds: dict[str, float], audio_s: float) -> None:
    table = bench.table(
        f"Speed on {audio_s:.0f} s of recordings, CPU time", "tracker", "seconds", "÷ audio", "ours faster by"
    )
    for name, spent in seconds.items():
        table.add_row(name, f"{spent:.2f}", f"{spent / audio_s:.4f}", f"{spent / seconds['ours']:.1f} ×")
        bench.figure(f"{name}_cpu_s", spent)


def _agreement(bench: Bench, clips: list[Clip], found: dict[str, list[np.ndarray]]) -> None:
    """Each against Praat, and each where two others agree with each other: there Praat is judged like everybody."""
    table = bench.table(
        "Agreement on recordings", "tracker", "gross to Praat", "median cents", "voicing", "gross, others agree"
    )
    for name, values in found.items():
        others = [each for other, each in found.items() if _kind(other) != _kind(name) and other in INDEPENDENT]
        majority = [_majority(tracks) for tracks in zip(*others, strict=True)]
        gross, cents, voicing = _compare(clips, values, found["Praat"])
        row = ["–"] * 3 if name == "Praat" else [f"{gross:.2%}", f"{cents:.1f}", f"{voicing:.1%}"]
        to_majority = _compare(clips, values, majority)[0]
        table.add_row(name, *row, f"{to_majority:.2%}")
        bench.figure(f"{name}_to_praat", [round(gross, 5), round(cents, 2), round(voicing, 4)])
        bench.figure(f"{name}_to_majority", to_majority)


def _groups(bench: Bench, clips: list[Clip], found: dict[str, list[np.ndarray]]) -> None:
    table = bench.table("Gross error to Praat by kind of recording", "tracker", "speech", "emotion", "video")
    for name in ("ours", "swift-f0", "pyin"):
        row = []
        for group in ("speech", "emotion", "video"):
            of_group = [index for index, clip in enumerate(clips) if clip.name.startswith(group)]
            picked = ([each[index] for index in of_group] for each in (found[name], found["Praat"]))
            row.append(f"{_compare([clips[index] for index in of_group], *picked)[0]:.2%}")
        table.add_row(name, *row)


def _known(
    bench: Bench, clips: list[Clip], found: dict[str, list[np.ndarray]]
) -> dict[str, tuple[float, float, float]]:
    table = bench.table(
        f"Vowels of known pitch, {len(clips)} of them", "tracker", "gross", "median cents", "voicing error"
    )
    results = {}
    for name, values in found.items():
        results[name] = _compare(clips, values, [clip.truth_hz for clip in clips])
        gross, cents, voicing = results[name]
        table.add_row(name, f"{gross:.2%}", f"{cents:.1f}", f"{voicing:.1%}")
        bench.figure(f"{name}_known", [round(gross, 5), round(cents, 2), round(voicing, 4)])
    return results


def _track(clips: list[Clip], trackers: dict[str, Tracker]) -> tuple[dict[str, list[np.ndarray]], dict[str, float]]:
    """F0 of every clip by every tracker, and the CPU seconds each took; loading and compiling are not counted."""
    found: dict[str, list[np.ndarray]] = {}
    seconds = {}
    for name, tracker in trackers.items():
        tracker(clips[0])
        start = time.process_time()
        found[name] = [tracker(clip) for clip in clips]
        seconds[name] = time.process_time() - start
    return found, seconds


def _compare(
    clips: Sequence[Clip], found: Sequence[np.ndarray], wanted: Sequence[np.ndarray]
) -> tuple[float, float, float]:
    """Share of gross errors, median deviation of the rest in cents, share of voicing errors."""
    looked = np.concatenate([clip.looked_at for clip in clips])
    ours, theirs = (
        np.concatenate([each[: clip.looked_at.size] for clip, each in zip(clips, values, strict=True)])[looked]
        for values in (found, wanted)
    )
    both = np.isfinite(ours) & np.isfinite(theirs)
    gross = np.abs(ours[both] / theirs[both] - 1) > GROSS
    cents = np.abs(1200 * np.log2(ours[both] / theirs[both]))[~gross]
    return float(gross.mean()), float(np.median(cents)), float(np.mean(np.isfinite(ours) != np.isfinite(theirs)))


def _kind(name: str) -> str:
    return "swift-f0" if name == "ours" else name.partition(",")[0]


def _majority(tracks: Sequence[np.ndarray]) -> np.ndarray:
    """Where the two others agree within the gross limit: their geometric mean; else NaN."""
    size = min(each.size for each in tracks)
    first, second = (each[:size] for each in tracks)
    return np.where(np.abs(first / second - 1) <= GROSS, np.sqrt(first * second), np.nan)


# --- trackers ----------------------------------------------------------------


def _ours() -> Tracker:
    tracker = pitch.SwiftF0()

    def track(clip: Clip) -> np.ndarray:
        audio, _ = loudness.leveled(clip.audio)
        found = tracker.track(audio, clip.speech, LOW_HZ, HIGH_HZ)
        if found.voiced.any():
            found = found.within(*pitch.speaker_band(found.f0_hz[found.voiced], LOW_HZ, HIGH_HZ))
        return found.f0_hz

    return track


def _bare() -> Tracker:
    from swift_f0 import SwiftF0

    detector = SwiftF0(threads=1, spin=False)

    def track(clip: Clip) -> np.ndarray:
        found = detector.detect(clip.audio, SAMPLE_RATE_HZ, fmin=LOW_HZ, fmax=HIGH_HZ)
        return np.where(found.confidence >= 0.5, found.pitch_hz, np.nan)

    return track


def _pyin(low_hz: float, high_hz: float) -> Tracker:
    """C2 to C7 is what its documentation shows, and what most programs ask for."""

    def track(clip: Clip) -> np.ndarray:
        import librosa

        return librosa.pyin(clip.audio, fmin=low_hz, fmax=high_hz, sr=SAMPLE_RATE_HZ, hop_length=loudness.HOP)[0]

    return track


def _praat(clip: Clip) -> np.ndarray:
    """Autocorrelation, in the whole band and then in the speaker's, as De Looze & Hirst advise."""
    import parselmouth

    sound = parselmouth.Sound(clip.audio.astype(np.float64), SAMPLE_RATE_HZ)
    first = sound.to_pitch_ac(pitch_floor=LOW_HZ, pitch_ceiling=HIGH_HZ).selected_array["frequency"]
    if not (first > 0).any():
        return np.full(clip.audio.size // loudness.HOP + 1, np.nan)
    low_hz, high_hz = pitch.speaker_band(first[first > 0], LOW_HZ, HIGH_HZ)
    found = sound.to_pitch_ac(pitch_floor=low_hz, pitch_ceiling=high_hz)
    times_s = np.arange(clip.audio.size // loudness.HOP + 1) * loudness.FRAME_S
    return np.array([found.get_value_at_time(float(each)) for each in times_s])


# --- sounds ------------------------------------------------------------------


def _recordings() -> list[Clip]:
    """All recordings in which somebody speaks."""
    folder = media_folder()
    with (folder / "MANIFEST.tsv").open(encoding="utf-8") as file:
        names = [row[0] for row in csv.reader(file, delimiter="\t") if row]
    clips = []
    for name in names:
        if name.split("/")[0] not in ("speech", "emotion", "video"):
            continue
        audio = decoded(Path(folder / name))
        speech = vad.speech(loudness.leveled(audio)[0]) if audio.size else []
        if total_s(speech) >= 0.5:
            clips.append(Clip(name, audio, speech))
    return clips


def _vowels() -> list[Clip]:
    """Three vowels, six voices, level, gliding and trembling; clean, and in pink noise 20 dB below."""
    clips = []
    for base_hz in (80.0, 110.0, 150.0, 210.0, 280.0, 380.0):
        for vowel in FORMANTS_HZ:
            for movement in ("level", "glide", "vibrato"):
                for snr_db in (60.0, 20.0):
                    clips.append(_vowel(base_hz, vowel, movement, snr_db))
    return clips


def _vowel(base_hz: float, vowel: str, movement: str, snr_db: float) -> Clip:
    """1 s of a vowel between 0.4 s of noise: harmonics at exact multiples of F0, shaped by three formants."""
    t_s = np.arange(SAMPLE_RATE_HZ) / SAMPLE_RATE_HZ
    bend = {"level": 0 * t_s, "glide": 0.4 * (t_s - 0.5), "vibrato": np.sin(2 * np.pi * 5 * t_s) / 12}[movement]
    f0_hz = base_hz * 2**bend
    phase = 2 * np.pi * np.cumsum(f0_hz) / SAMPLE_RATE_HZ
    voice = np.zeros(t_s.size)
    for harmonic in range(1, int(7000 / f0_hz.max()) + 1):
        shape = sum(1 / (1 + ((harmonic * f0_hz - formant) / 90) ** 2) for formant in FORMANTS_HZ[vowel])
        voice += (shape + 0.05) / harmonic * np.sin(harmonic * phase)
    voice *= 0.05 / np.sqrt(np.mean(voice**2)) * np.minimum(1, 20 * np.minimum(t_s, 1 - t_s))
    pad = round(0.4 * SAMPLE_RATE_HZ)
    audio = np.pad(voice, pad) + pink_noise(1.8, 0.05 / 10 ** (snr_db / 20))
    truth = np.interp(
        np.arange(audio.size // loudness.HOP) * loudness.FRAME_S, 0.4 + t_s, f0_hz, left=np.nan, right=np.nan
    )
    name = f"{vowel} {base_hz:g} Hz {movement} {snr_db:g} dB"
    return Clip(name, audio.astype(np.float32), [TimeRange(start_s=0, end_s=1.8)], truth)


if __name__ == "__main__":
    main()
