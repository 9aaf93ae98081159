"""What was said: recording → words with times (stage `transcribe`).

Whisper (Radford et al. 2022) on the stretches that voice activity detection finds, packed into windows cut
at pauses. Two engines do the work (`engine.py`); language (`languages.py`) and the guards against invented
words (`hallucinations.py`) are the same for both. Nothing is sampled: what Whisper usually mends by sampling is
mended by a second, also deterministic, decoding that forbids repetition.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from analyzers import diarization
from analyzers.media.text import read as read_text
from analyzers.signals import vad
from analyzers.signals.vad import SAMPLE_RATE_HZ, Samples
from analyzers.speech import filled_pauses, hallucinations, languages, written
from analyzers.speech.engine import TRAINED_S, WINDOW_S, DecodedSegment, Decoding, Encoded, Engine
from analyzers.speech.languages import Stretch
from analyzers.speech.windows import Window, packed
from analyzers.speech.words import joined
from analyzers.text import filler_words
from mulakat.runtime import models
from mulakat.runtime.allocator import give_back
from mulakat.schema.base import Flag, Provenance, TimeRange
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, NotMeasurable, SetupError
from mulakat.schema.media import Media
from mulakat.schema.provenance import provenance
from mulakat.schema.ranges import total_s
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Segment, Transcript, Turn, Word

if TYPE_CHECKING:
    from mulakat.schema.contract import Context

__all__ = ["VERSION", "Options", "Recognizer", "Result", "Transcript", "run"]

VERSION = "9"
ANALYZER = "analyzers.speech"
"""Its name in provenance. Stored with every result, so it stays when the module moves."""
Result = Transcript

Heard = tuple[Stretch, list[DecodedSegment]]

MAX_DECODINGS = 4
"""How often what was left out is decoded again: a decoder that goes on leaving it out will not write it."""

AGAIN, AGAIN_SILENCE_S = 0.75, 1.0
"""Windows of what is decoded again are shorter, but no less than this: with little silence around it, a short
stretch is written wrongly, or again and again."""

BATCH = 7
"""Windows decoded together; also what bounds the memory of a long recording."""


class Options(BaseModel):
    """How speech is recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    engine: Literal["faster_whisper", "openai_whisper"] = Field(
        "faster_whisper", description="openai_whisper needs the extra `openai-whisper`"
    )
    beam_size: int = Field(3, ge=1, le=20, description="hypotheses followed at once")
    verbatim: bool = Field(
        False,
        description="prompt the recogniser to keep fillers (en, tr): writes far more of the drawn-out ones, not "
        "repetitions; costs some words, and the prompt itself may be written where speech is hard to understand",
    )
    compute_type: Literal["auto", "int8", "float32", "float16", "int8_float16"] = Field(
        "auto", description="of faster_whisper; auto: int8 on a CPU, float16 on a CUDA device"
    )
    cpu_threads: int = Field(0, ge=0, le=256, description="of faster_whisper; 0: chosen by CTranslate2")
    vad_threshold: float = Field(0.35, gt=0, lt=1, description="speech probability that counts as voice activity")

    @property
    def model(self) -> str:
        """Name in the model registry."""
        return "whisper-base" if self.engine == "faster_whisper" else "whisper-base-openai"


def load_engine(options: Options) -> Engine:
    """The engine that the options name, with its model loaded.

    Raises:
        SetupError: the model or the library is missing, or the device cannot compute in this type.
    """
    if options.engine == "openai_whisper":
        from analyzers.speech.openai_whisper import OpenaiWhisper

        return OpenaiWhisper(models.locate(options.model))
    from analyzers.speech.faster_whisper import FasterWhisper

    return FasterWhisper(models.locate(options.model), options.compute_type, options.cpu_threads)


def uses(options: BaseModel) -> dict[str, str | None]:
    """Digests of its models, of those that tell voices apart too; device and type it computes in.

    Raises:
        SetupError: the engine is not installed.
    """
    assert isinstance(options, Options)
    device, compute_type = _device(options)
    return models.digests(options.model, vad.MODEL, *diarization.MODELS) | {
        "device": device,
        "compute_type": compute_type,
    }


def _device(options: Options) -> tuple[str, str]:
    """Device class and compute type, as the engine resolves them."""
    if options.engine == "openai_whisper":
        from analyzers.speech import openai_whisper

        return openai_whisper.resolved()
    from analyzers.speech import faster_whisper

    return faster_whisper.resolved(options.compute_type)


class Recognizer:
    """Holds the model; use as a context manager.

    Args:
        options: how to recognise.
        engine: a loaded engine, instead of the one that the options name.

    Raises (when built):
        SetupError: as `load_engine`.
    """

    def __init__(self, options: Options, engine: Engine | None = None) -> None:
        self.engine = engine or load_engine(options)
        self.options = options

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()
        give_back()

    def transcribe(
        self, audio: Samples, language: str | None = None, progress: Callable[[float], None] = lambda fraction: None
    ) -> Transcript:
        """Recognise speech.

        Args:
            audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
            language: ISO 639-1 code, or None to detect it, stretch by stretch.
            progress: called with the fraction done, 0–1.

        Returns:
            Words in order of time, inside the recording. No speech: no words, language None. `language` is that of
            most words; `language_probability` is None when the language was given.

        Raises:
            BadInput: a language that Whisper does not know.
        """
        self._check(language)
        speech = vad.speech(audio, threshold=self.options.vad_threshold)
        loud = sorted([*speech, *vad.overlooked(audio, speech)], key=lambda stretch: stretch.start_s)
        give_back()
        with ThreadPoolExecutor(1, thread_name_prefix="voices") as beside:
            # Whisper gains little from a second core, so that one tells the voices apart meanwhile.
            told = beside.submit(_speakers, audio, speech)
            found, probabilities = self._believed(audio, speech, loud, language, progress)
            turns, flags, reasons = told.result() if found else ([], [], {})
        spoken_language, probability = _most(probabilities)
        bare = [
            (word.model_copy(update={"text": word.text.strip()}), str(segment.language))
            for segment, words in found
            for word in words
        ]
        return Transcript(
            language=spoken_language,
            language_probability=probability if language is None else None,
            text=" ".join(segment.text for segment, _ in found),
            segments=[segment for segment, _ in found],
            words=[word for word, _ in bare],
            filled_pauses=filled_pauses.filled_pauses(audio, bare, speech) if bare else [],
            speech_s=round(total_s(speech), 3),
            unwritten=hallucinations.unwritten([word for word, _ in bare], speech),
            turns=turns,
            flags=flags,
            reasons=reasons,
            provenance=self._provenance(told_apart=not reasons),
        )

    def _believed(
        self,
        audio: Samples,
        speech: list[TimeRange],
        loud: list[TimeRange],
        language: str | None,
        progress: Callable[[float], None],
    ) -> tuple[list[tuple[Segment, list[Word]]], list[tuple[Stretch, float]]]:
        """Segments with their words, and each stretch with how long is spoken in it, in order of time."""
        found: list[tuple[Segment, list[Word]]] = []
        probabilities: list[tuple[Stretch, float]] = []
        previous_s = 0.0
        for stretch, segments in self._decoded(audio, loud, language, progress):
            spoken_s = 0.0
            for segment in segments:
                if self.options.verbatim and hallucinations.echoes(
                    segment, filler_words.PROMPTS.get(stretch.language, "")
                ):
                    continue
                voice = loud if hallucinations.sure(segment) else speech
                words = hallucinations.believable(
                    segment, stretch.window, voice, previous_s, audio.size / SAMPLE_RATE_HZ
                )
                if self.options.verbatim:
                    words = [word for word in words if not hallucinations.doubtful_filler(word, stretch.language)]
                if words:
                    found.append((_segment(words, stretch.language), words))
                    previous_s = words[-1].end_s
                    spoken_s += words[-1].end_s - words[0].start_s
            if spoken_s:
                probabilities.append((stretch, spoken_s))
        return found, probabilities

    def _decoded(
        self, audio: Samples, speech: list[TimeRange], language: str | None, progress: Callable[[float], None]
    ) -> Iterator[Heard]:
        """Stretches in order of time, with what the decoder wrote there."""
        windows = packed(speech, audio)
        fill_s = WINDOW_S if len(windows) > 1 else TRAINED_S
        main = language
        for first in range(0, len(windows), BATCH):
            batch = windows[first : first + BATCH]
            encoded = []
            for window in batch:
                encoded.append(self._encode(audio, window, fill_s))
                progress((first + len(encoded) / 2) / len(windows))
            if language is None:
                main = main or languages.main_language(self.engine, encoded)
                work = self._by_language(audio, batch, encoded, main)
            else:
                work = [(Stretch(window, language, 1.0), sound) for window, sound in zip(batch, encoded, strict=True)]
            yield from self._heard(audio, speech, work)
            give_back()
            progress((first + len(batch)) / len(windows))

    def _by_language(
        self, audio: Samples, batch: Sequence[Window], encoded: Sequence[Encoded], main: str
    ) -> list[tuple[Stretch, Encoded]]:
        """The batch's stretches; those of a window with several languages are encoded again, each by itself."""
        work = []
        for window, sound in zip(batch, encoded, strict=True):
            found = languages.stretches(self.engine, window, sound, main)
            for stretch in found:
                alone = sound if len(found) == 1 else self._encode(audio, stretch.window, sound.filled_s)
                work.append((stretch, alone))
        return work

    def _heard(self, audio: Samples, speech: list[TimeRange], work: list[tuple[Stretch, Encoded]]) -> Iterator[Heard]:
        """What the decoder writes, segment by segment in order of time; what it leaves out is decoded by itself."""
        heard: list[tuple[float, Heard]] = []
        fill_s = work[0][1].filled_s
        for _ in range(MAX_DECODINGS):
            left_out: list[Stretch] = []
            for stretch, segments in self._decode(speech, work):
                if not hallucinations.doubted(segments, stretch.window.seconds):
                    for segment in segments:
                        start_s, _ = stretch.window.placed(segment.words[0].start_s, segment.words[0].end_s)
                        heard.append((start_s, (stretch, [segment])))
                gaps = hallucinations.unheard(segments, stretch.window, speech)
                left_out += [replace(stretch, window=gap) for gap in gaps]
            if not left_out:
                break
            longest_s = max(gap.window.seconds for gap in left_out)
            fill_s = min(fill_s, max(AGAIN * fill_s, longest_s + AGAIN_SILENCE_S))
            work = [(gap, self._encode(audio, gap.window, fill_s)) for gap in left_out]
        return iter([found for _, found in sorted(heard, key=lambda pair: pair[0])])

    def _encode(self, audio: Samples, window: Window, fill_s: float) -> Encoded:
        return self.engine.encode(window.sound(audio), fill_s)

    def _decode(self, speech: list[TimeRange], work: list[tuple[Stretch, Encoded]]) -> Iterator[Heard]:
        for language, neighbors in groupby(work, key=lambda pair: pair[0].language):
            stretches, windows = zip(*neighbors, strict=True)
            how = Decoding(
                language, self.options.beam_size, filler_words.PROMPTS.get(language) if self.options.verbatim else None
            )
            for stretch, window, segments in zip(stretches, windows, self.engine.decode(windows, how), strict=True):
                if hallucinations.stuck(segments):
                    segments = hallucinations.said(segments, stretch.window, speech) or self._freed(window, how)
                yield (
                    stretch,
                    [replace(segment, words=joined(segment.words, language)) for segment in segments if segment.words],
                )

    def _freed(self, window: Encoded, how: Decoding) -> list[DecodedSegment]:
        """A window decoded again by a decoder that may not repeat itself; nothing, where that does not help."""
        segments = self.engine.decode([window], replace(how, no_repeat_tokens=hallucinations.NO_REPEAT_TOKENS))[0]
        return [] if hallucinations.repetitive(segments) or hallucinations.forced(segments) else segments

    def _provenance(self, *, told_apart: bool) -> Provenance:
        used = (self.options.model, vad.MODEL, *(diarization.MODELS if told_apart else ()))
        return provenance(
            ANALYZER,
            VERSION,
            self.options,
            libraries=self.engine.libraries,
            models={name: models.digest(name) for name in used},
            device=self.engine.device,
            compute_type=self.engine.compute_type,
        )

    def _check(self, language: str | None) -> None:
        if language is not None and language not in self.engine.languages:
            raise BadInput(
                f"language {language!r} is not one the recogniser knows: give an ISO 639-1 code such as tr or en, "
                f"or none to detect it",
                Code.LANGUAGE_NOT_KNOWN,
            )


def run(context: Context) -> Transcript:
    """Recognise the speech of the recording, or take the words of a written answer.

    Silence gives a transcript without words.

    Raises:
        BadInput: the request's language is not one the recogniser knows.
        NotMeasurable: the recording has no sound.
        SetupError: a model is missing.
    """
    from analyzers.media.audio import Sound

    media = context.results["fetch_media"]
    assert isinstance(media, Media) and isinstance(context.options, Options)
    if media.text is not None:
        return written.transcript(read_text(context.media()), context.request.language, VERSION)
    if (no_sound := context.missing.get("extract_audio")) is not None:
        raise NotMeasurable(no_sound.code, **no_sound.values)
    audio = Sound(context.audio())
    with Recognizer(context.options) as recognizer:
        return recognizer.transcribe(audio, context.request.language, context.progress)


def _speakers(audio: Samples, speech: list[TimeRange]) -> tuple[list[Turn], list[Flag], dict[str, Reason]]:
    """Turns and flags, or the reason why voices cannot be told apart on this machine."""
    try:
        found = diarization.detect(audio, speech)
    except SetupError as error:
        return [], [], {"turns": error.reason}
    finally:
        give_back()
    return found.turns, found.flags, {}


def _segment(words: list[Word], language: str) -> Segment:
    text = "".join(word.text for word in words).strip()
    return Segment(text=text, start_s=words[0].start_s, end_s=words[-1].end_s, language=language)


def _most(stretches: list[tuple[Stretch, float]]) -> tuple[str | None, float | None]:
    """The language of most of the spoken time, and its mean probability over that time."""
    seconds: dict[str, float] = {}
    for stretch, spoken_s in stretches:
        seconds[stretch.language] = seconds.get(stretch.language, 0.0) + spoken_s
    if not seconds:
        return None, None
    most = max(seconds, key=lambda language: seconds[language])
    weighted = sum(stretch.probability * spoken_s for stretch, spoken_s in stretches if stretch.language == most)
    return most, round(weighted / seconds[most], 3)
