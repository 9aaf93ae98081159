"""What was said: recording → words with times (stage `transcribe`).

Whisper (Radford et al. 2022) through faster-whisper, on the stretches that voice
activity detection finds. Decoding is greedy in temperature (0 only, beam search), so
the same sound gives the same words; what Whisper usually mends by sampling is mended
by a second, also deterministic, pass that forbids repetition.

Whisper invents words where there are none. Four guards: only stretches with voice
activity are decoded; windows do not see earlier text; a segment whose mean
log-probability or compression ratio fails Whisper's own limits is dropped; a word that lies
outside the voice activity is dropped.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Literal, Self

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from analyzers import activity, fillers, models, results
from analyzers.activity import SAMPLE_RATE_HZ
from analyzers.errors import BadInput, SetupError
from analyzers.pipeline import Context
from analyzers.provenance import provenance
from analyzers.results import Segment, TimeRange, Transcript, Word

if TYPE_CHECKING:
    from faster_whisper.transcribe import Segment as Decoded

Chunk = dict[str, int]

VERSION = "1"
Result = results.Transcript

# Whisper's own limits (openai/whisper `transcribe`, defaults).
MIN_LOG_PROBABILITY = -1.0
MAX_COMPRESSION_RATIO = 2.4

PAD_S = 0.4
"""Sound kept around each stretch of speech, so that soft beginnings and ends are decoded."""
EDGE_S = 0.1
"""How far beyond the voice activity a word may reach; word times are no better than this."""

NO_REPEAT_TOKENS = 5
"""A decoder that is stuck repeats any run of tokens; a person seldom repeats this many within half a minute."""
FRAMES_PER_S = 100
"""Unit of `seek` in faster-whisper."""

SHORT_SPEECH_S = 5.0
COMMON_LANGUAGES = (
    *("ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja"),
    *("ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tl", "tr", "uk", "ur", "vi", "zh"),
)
"""On a few seconds of speech Whisper gives weight to rare languages (cy, nn, la, haw, …); these are believed."""

MIN_FILLER_PROBABILITY = 0.2
"""The verbatim prompt makes Whisper add a filler after the last word now and then; it doubts these itself."""

_LOOP = re.compile(r"\b(\w+)(?:\W+\1\b){3}", re.IGNORECASE)


class Options(BaseModel):
    """How speech is recognised."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: Literal["whisper-base"] = Field("whisper-base", description="name in the model registry")
    beam_size: int = Field(5, ge=1, le=20, description="hypotheses followed at once")
    verbatim: bool = Field(
        False,
        description="prompt the recogniser to keep fillers (en, tr); costs some accuracy of the other words",
    )
    compute_type: Literal["auto", "int8", "float32", "float16", "int8_float16"] = Field(
        "auto", description="auto: int8 on a CPU, float16 on a CUDA device"
    )
    cpu_threads: int = Field(0, ge=0, le=256, description="0: chosen by CTranslate2")
    vad_threshold: float = Field(0.35, gt=0, lt=1, description="speech probability that counts as voice activity")


class Recogniser:
    """Holds the model; use as a context manager.

    Raises (when built):
        SetupError: the model is missing, or the device cannot compute in this type.
    """

    def __init__(self, options: Options) -> None:
        folder = models.locate(options.model)
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import ctranslate2
        import faster_whisper

        device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
        compute_type = options.compute_type
        if compute_type == "auto":
            compute_type = "float16" if device == "cuda" else "int8"
        try:
            self.model = faster_whisper.WhisperModel(
                str(folder),
                device=device,
                compute_type=compute_type,
                cpu_threads=options.cpu_threads,
                local_files_only=True,
            )
        except ValueError as error:
            raise SetupError(f"cannot compute in {compute_type!r} on this {device}: {error}; use auto") from None
        self.options = options.model_copy(update={"compute_type": compute_type})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.model.model.unload_model()

    def transcribe(
        self, audio: np.ndarray, language: str | None = None, progress: Callable[[float], None] = lambda fraction: None
    ) -> Transcript:
        """Recognise speech.

        Args:
            audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
            language: ISO 639-1 code, or None to detect it.
            progress: called with the fraction done, 0–1.

        Returns:
            Words in order of time, inside the recording. No speech: no words, language None.
            `language_probability` is None when the language was given.

        Raises:
            BadInput: a language that Whisper does not know.
        """
        self._check(language)
        spoken = activity.speech(audio, threshold=self.options.vad_threshold)
        if not spoken:
            return self._transcript([], spoken, None, None)
        chunks = _chunks(spoken, audio.size)
        joined = np.concatenate([audio[chunk["start"] : chunk["end"]] for chunk in chunks])
        probability = None
        if language is None:
            language, probability = self._detect(joined, _total(spoken))
        segments = []
        previous_s = 0.0
        for segment in self._decode(joined, chunks, language, progress):
            words = _believable(segment, spoken, previous_s, audio.size / SAMPLE_RATE_HZ)
            if self.options.verbatim:
                words = [word for word in words if not _doubtful_filler(word, language)]
            if words:
                segments.append(words)
                previous_s = words[-1].end_s
        return self._transcript(segments, spoken, language, probability)

    def _detect(self, joined: np.ndarray, speech_s: float) -> tuple[str, float]:
        """Language of the speech and its probability."""
        language, probability, every = self.model.detect_language(joined)
        if speech_s >= SHORT_SPEECH_S:
            return language, probability
        return max(((code, p) for code, p in every if code in COMMON_LANGUAGES), key=lambda pair: pair[1])

    def _decode(
        self, joined: np.ndarray, chunks: list[Chunk], language: str, progress: Callable[[float], None]
    ) -> list[Decoded]:
        """Segments with times of the recording; windows that repeat themselves are decoded again."""
        from faster_whisper.transcribe import restore_speech_timestamps

        first = []
        for segment in self._pass(joined, language):
            first.append(segment)
            progress(min(1.0, segment.end * SAMPLE_RATE_HZ / joined.size))
        windows = [(seek, list(window)) for seek, window in groupby(first, key=lambda segment: segment.seek)]
        starts_s = [seek / FRAMES_PER_S for seek, _ in windows] + [joined.size / SAMPLE_RATE_HZ]
        segments: list[Decoded] = []
        for (_, window), (start_s, end_s) in zip(windows, pairwise(starts_s), strict=True):
            if _repeats(window):
                again = self._pass(
                    joined,
                    language,
                    clip_timestamps=[start_s, end_s],
                    no_repeat_ngram_size=NO_REPEAT_TOKENS,
                )
                window = list(again)
            segments += window
        return list(restore_speech_timestamps(segments, chunks, SAMPLE_RATE_HZ))

    def _pass(self, joined: np.ndarray, language: str, **options: object) -> Iterable[Decoded]:
        segments, _ = self.model.transcribe(
            joined,
            language=language,
            beam_size=self.options.beam_size,
            temperature=0.0,
            log_prob_threshold=MIN_LOG_PROBABILITY,
            compression_ratio_threshold=MAX_COMPRESSION_RATIO,
            condition_on_previous_text=False,
            word_timestamps=True,
            hotwords=fillers.PROMPTS.get(language) if self.options.verbatim else None,
            **options,
        )
        return segments

    def _transcript(
        self, segments: list[list[Word]], spoken: list[TimeRange], language: str | None, probability: float | None
    ) -> Transcript:
        texts = ["".join(word.text for word in words).strip() for words in segments]
        made_by = provenance(
            __name__,
            VERSION,
            self.options,
            libraries=("faster-whisper", "ctranslate2", "onnxruntime"),
            models={name: models.digest(name) for name in (self.options.model, activity.MODEL)},
        )
        return Transcript(
            language=language if segments else None,
            language_probability=round(probability, 3) if segments and probability is not None else None,
            text=" ".join(texts),
            segments=[
                Segment(text=text, start_s=words[0].start_s, end_s=words[-1].end_s)
                for text, words in zip(texts, segments, strict=True)
            ],
            words=[word.model_copy(update={"text": word.text.strip()}) for words in segments for word in words],
            speech_s=round(_total(spoken), 3),
            provenance=made_by,
        )

    def _check(self, language: str | None) -> None:
        known = self.model.supported_languages
        if language is not None and language not in known:
            raise BadInput(
                f"language {language!r} is not one the recogniser knows: give an ISO 639-1 code such as tr or en, "
                f"or none to detect it"
            )


def run(context: Context) -> Transcript:
    """Recognise the speech of the recording; silence gives a transcript without words.

    Raises:
        BadInput: the request's language is not one the recogniser knows.
        SetupError: a model is missing.
    """
    from analyzers.media.audio import load

    assert isinstance(context.options, Options)
    audio = load(context.audio())
    with Recogniser(context.options) as recogniser:
        return recogniser.transcribe(audio, context.request.language, context.progress)


def _chunks(spoken: list[TimeRange], samples: int) -> list[Chunk]:
    """Padded stretches in samples, as faster-whisper has them; near ones become one."""
    pad = round(PAD_S * SAMPLE_RATE_HZ)
    chunks: list[Chunk] = []
    for stretch in spoken:
        start = max(0, round(stretch.start_s * SAMPLE_RATE_HZ) - pad)
        end = min(samples, round(stretch.end_s * SAMPLE_RATE_HZ) + pad)
        if chunks and start <= chunks[-1]["end"]:
            chunks[-1]["end"] = end
        else:
            chunks.append({"start": start, "end": end})
    return chunks


def _repeats(window: list[Decoded]) -> bool:
    """Whether the decoder got stuck: text that compresses too well, or a word four times in a row."""
    text = "".join(segment.text for segment in window)
    return window[0].compression_ratio > MAX_COMPRESSION_RATIO or _LOOP.search(text) is not None


def _believable(segment: Decoded, spoken: list[TimeRange], previous_s: float, duration_s: float) -> list[Word]:
    """The segment's words that stand on speech, moved into it; texts keep their leading space."""
    if segment.avg_logprob < MIN_LOG_PROBABILITY or segment.compression_ratio > MAX_COMPRESSION_RATIO:
        return []
    words = []
    for word in segment.words or ():
        near = min(spoken, key=lambda stretch: max(stretch.start_s - word.end, word.start - stretch.end_s))
        first_s, last_s = near.start_s - EDGE_S, near.end_s + EDGE_S
        if word.end <= first_s or word.start >= last_s:
            continue
        start_s = round(max(word.start, first_s, previous_s), 3)
        end_s = round(max(start_s, min(word.end, last_s, duration_s)), 3)
        words.append(Word(text=word.word, start_s=start_s, end_s=end_s, probability=round(word.probability, 3)))
        previous_s = end_s
    return words


def _doubtful_filler(word: Word, language: str) -> bool:
    return word.probability < MIN_FILLER_PROBABILITY and fillers.is_filler(word.text, language)


def _total(stretches: list[TimeRange]) -> float:
    return sum(stretch.end_s - stretch.start_s for stretch in stretches)
