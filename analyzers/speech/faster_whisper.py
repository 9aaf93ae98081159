"""The default engine: faster-whisper, int8 on a CPU, float16 on a CUDA device."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.speech.engine import DecodedSegment, Decoding, Encoded, RecognizedWord, sentences
from mulakat.schema.errors import SetupError

FRAMES_PER_S = 100
"""Of the spectrogram; the encoder's output has half as many."""

PREPENDED = "\"'“¿([{-"
APPENDED = "\"'.。,，!！?？:：”)]}、"
"""Punctuation that belongs to the next or the last word: the libraries' defaults."""


def resolved(compute_type: str) -> tuple[str, str]:
    """The device class this machine has, `cpu` or `cuda`, and the type that `auto` means on it."""
    import ctranslate2

    device = "cuda" if ctranslate2.get_cuda_device_count() else "cpu"
    return device, {"cpu": "int8", "cuda": "float16"}[device] if compute_type == "auto" else compute_type


class FasterWhisper:
    """Whisper by CTranslate2.

    Windows are encoded one by one, which is quicker on a CPU than a batch, and decoded together, which is quicker
    than one by one. One encoding serves language, words and word times.

    Args:
        folder: the converted model.
        compute_type: `auto`, or one of CTranslate2's.
        cpu_threads: 0 = as many as CTranslate2 chooses.

    Raises:
        SetupError: the device cannot compute in this type.
    """

    libraries: tuple[str, ...] = ("faster-whisper", "ctranslate2", "onnxruntime")

    def __init__(self, folder: Path, compute_type: str = "auto", cpu_threads: int = 0) -> None:
        os.environ.setdefault("HF_HUB_OFFLINE", "1")
        import faster_whisper

        device, compute_type = resolved(compute_type)
        try:
            self._model = faster_whisper.WhisperModel(
                str(folder), device=device, compute_type=compute_type, cpu_threads=cpu_threads, local_files_only=True
            )
        except ValueError as error:
            raise SetupError(f"cannot compute in {compute_type!r} on this {device}: {error}; use auto") from None
        self.device, self.compute_type = device, compute_type
        self.languages: frozenset[str] = frozenset(self._model.supported_languages)

    def close(self) -> None:
        self._model.model.unload_model()

    def encode(self, sound: np.ndarray, fill_s: float) -> Encoded:
        import ctranslate2
        from faster_whisper.audio import pad_or_trim

        spectrogram = pad_or_trim(self._model.feature_extractor(sound)[..., :-1], round(fill_s * FRAMES_PER_S))
        view = ctranslate2.StorageView.from_array(np.ascontiguousarray(spectrogram[np.newaxis]))
        return Encoded(np.array(self._model.model.encode(view, to_cpu=True)), sound.size / SAMPLE_RATE_HZ, fill_s)

    def language(self, window: Encoded, start_s: float, end_s: float) -> Mapping[str, float]:
        first, last = (round(time_s * FRAMES_PER_S / 2) for time_s in (start_s, end_s))
        return {
            token[2:-2]: chance
            for token, chance in self._model.model.detect_language(_view(window.features[:, first:last]))[0]
        }

    def decode(self, windows: Sequence[Encoded], how: Decoding) -> list[list[DecodedSegment]]:
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        tokenizer = Tokenizer(self._model.hf_tokenizer, True, task="transcribe", language=how.language)
        prompt = self._model.get_prompt(tokenizer, [], without_timestamps=False, hotwords=how.prompt)
        found = self._model.model.generate(
            _view(np.concatenate([window.features for window in windows])),
            [prompt] * len(windows),
            beam_size=how.beam_size,
            no_repeat_ngram_size=how.no_repeat_tokens,
            max_length=self._model.max_length,
            max_initial_timestamp_index=50,  # speech begins in the first second, as in Whisper's own decoding
            suppress_tokens=get_suppressed_tokens(tokenizer, [-1]),
            return_scores=True,
            return_no_speech_prob=True,
        )
        return [self._segments(tokenizer, window, result) for window, result in zip(windows, found, strict=True)]

    def _segments(self, tokenizer: Any, window: Encoded, result: Any) -> list[DecodedSegment]:
        tokens = result.sequences_ids[0]
        segments = sentences(tokens, tokenizer.timestamp_begin, window.seconds)
        if not segments:
            return []
        frames = round(window.seconds * FRAMES_PER_S)
        self._model.add_word_timestamps(
            [segments], tokenizer, _view(window.features), frames, PREPENDED, APPENDED, last_speech_timestamp=0.0
        )
        # The score is the mean over the text; Whisper's own mean counts the end token too.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1)
        return [
            DecodedSegment(
                tuple(
                    RecognizedWord(w["word"], w["start"], w["end"], float(w["probability"])) for w in segment["words"]
                ),
                float(log_probability),
                float(result.no_speech_prob),
            )
            for segment in segments
        ]


def _view(features: np.ndarray) -> Any:
    import ctranslate2

    return ctranslate2.StorageView.from_array(np.ascontiguousarray(features))
