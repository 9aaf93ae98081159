"""The other engine: openai-whisper on PyTorch (extra `openai-whisper`), float32 on a CPU, float16 on a CUDA device."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.speech.engine import TRAINED_S, DecodedSegment, Decoding, Encoded, RecognizedWord, sentences
from mulakat.runtime.library_internals import whisper_base
from mulakat.schema.errors import SetupError

ENCODED_PER_S = 50


def resolved() -> tuple[str, str]:
    """The device class this machine has, `cpu` or `cuda`, and the type it computes in.

    Raises:
        SetupError: openai-whisper is not installed.
    """
    try:
        import torch
        import whisper  # noqa: F401
    except ImportError:
        raise SetupError(
            "the engine 'openai_whisper' needs its extra: pip install 'mulakat[openai-whisper]', "
            "or use the engine 'faster_whisper'"
        ) from None
    return ("cuda", "float16") if torch.cuda.is_available() else ("cpu", "float32")


class OpenaiWhisper:
    """Whisper as its authors wrote it; its encoder takes 30 s and nothing else, whatever `fill_s` says.

    Args:
        weights: checkpoint, e.g. `base.pt`.

    Raises:
        SetupError: openai-whisper is not installed.
    """

    libraries: tuple[str, ...] = ("openai-whisper", "torch", "onnxruntime")

    def __init__(self, weights: Path) -> None:
        self.device, self.compute_type = resolved()
        import whisper

        self._model = whisper_base(weights, self.device)
        self._half = self.device == "cuda"
        self.languages = frozenset(whisper.tokenizer.LANGUAGES)

    def close(self) -> None:
        del self._model

    def encode(self, sound: np.ndarray, fill_s: float) -> Encoded:
        import torch
        from whisper.audio import N_FRAMES, log_mel_spectrogram, pad_or_trim

        spectrogram = pad_or_trim(log_mel_spectrogram(torch.from_numpy(np.ascontiguousarray(sound))), N_FRAMES)
        spectrogram = spectrogram.to(self._model.device, torch.float16 if self._half else torch.float32)
        with torch.no_grad():
            encoded = self._model.encoder(spectrogram[None])
        return Encoded((spectrogram, encoded), sound.size / SAMPLE_RATE_HZ, TRAINED_S)

    def language(self, window: Encoded, start_s: float, end_s: float) -> Mapping[str, float]:
        import torch

        _, encoded = window.features
        tokenizer = self._tokenizer("en")
        first, last = (round(time_s * ENCODED_PER_S) for time_s in (start_s, end_s))
        with torch.no_grad():
            start = torch.tensor([[tokenizer.sot]], device=encoded.device)
            logits = self._model.logits(start, encoded[:, first:last])[0, 0]
        chances = logits[list(tokenizer.all_language_tokens)].softmax(dim=-1)
        return dict(zip(tokenizer.all_language_codes, chances.tolist(), strict=True))

    def decode(self, windows: Sequence[Encoded], how: Decoding) -> list[list[DecodedSegment]]:
        import torch
        from whisper.decoding import DecodingOptions, DecodingTask

        options = DecodingOptions(
            language=how.language, beam_size=how.beam_size, prompt=how.prompt and " " + how.prompt, fp16=self._half
        )
        task = DecodingTask(self._model, options)
        if how.no_repeat_tokens:
            task.logit_filters.append(_NoRepeat(how.no_repeat_tokens, task.sample_begin))
        with torch.no_grad():
            found = task.run(torch.cat([window.features[1] for window in windows]))
        tokenizer = self._tokenizer(how.language)
        return [self._segments(tokenizer, window, result) for window, result in zip(windows, found, strict=True)]

    def _segments(self, tokenizer: Any, window: Encoded, result: Any) -> list[DecodedSegment]:
        from whisper.timing import add_word_timestamps

        segments = sentences(result.tokens, tokenizer.timestamp_begin, window.seconds)
        add_word_timestamps(
            segments=segments,
            model=self._model,
            tokenizer=tokenizer,
            mel=window.features[0],
            num_frames=round(window.seconds * 100),
            last_speech_timestamp=0.0,
        )
        return [
            DecodedSegment(
                tuple(
                    RecognizedWord(w["word"], float(w["start"]), float(w["end"]), float(w["probability"]))
                    for w in segment["words"]
                ),
                result.avg_logprob,
                result.no_speech_prob,
            )
            for segment in segments
        ]

    def _tokenizer(self, language: str) -> Any:
        from whisper.tokenizer import get_tokenizer

        return get_tokenizer(True, num_languages=self._model.num_languages, language=language, task="transcribe")


class _NoRepeat:
    """A logit filter (`whisper.decoding.LogitFilter`): no run of `size` tokens comes twice."""

    def __init__(self, size: int, sample_begin: int) -> None:
        self.size, self.sample_begin = size, sample_begin

    def apply(self, logits: Any, tokens: Any) -> None:
        for row, written in enumerate(tokens[:, self.sample_begin :].tolist()):
            tail = written[len(written) - self.size + 1 :]
            for start in range(len(written) - self.size + 1):
                if written[start : start + self.size - 1] == tail:
                    logits[row, written[start + self.size - 1]] = -np.inf
