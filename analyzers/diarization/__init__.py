"""Who speaks when: tells the candidate's words from those of another person in the recording.

Two networks and a clustering, as in pyannote.audio 3.1 (Bredin, Interspeech 2023):

1. in windows of 10 s a segmentation network says which of up to three voices speak in each
   frame of 17 ms, two at once included (`voices`);
2. what each voice says alone is cut at pauses, and an embedding network turns each piece into a vector that
   is alike for pieces of one person, whatever is said (`voices`);
3. the pieces are clustered, over all windows, into persons (`clustering`);
4. turns, and flags for a second person and for overlapping speech, are read off (`turns`).

Flags, no verdicts: a person looks at them.
"""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from analyzers.diarization import onnx_graphs
from analyzers.diarization.turns import Options, Speakers, assemble
from analyzers.diarization.voices import SAMPLE_RATE_HZ, Listener, LocalSpeaker, Overlap, windows
from analyzers.signals.vad import Samples
from mulakat.runtime.allocator import give_back
from mulakat.schema.base import TimeRange

__all__ = ["MODELS", "SAMPLE_RATE_HZ", "VERSION", "Diarizer", "Options", "Speakers", "detect"]

VERSION = "1"
SEGMENTATION, EMBEDDING = "pyannote-segmentation", "campplus"
MODELS = (SEGMENTATION, EMBEDDING)


class Diarizer:
    """The two networks, loaded; a context manager that lets go of them.

    Raises:
        SetupError: a model is missing or not the expected one.
    """

    def __init__(self, options: Options | None = None) -> None:
        self._options = options or Options()
        self._listener: Listener | None = Listener(
            onnx_graphs.load(SEGMENTATION, onnx_graphs.segmentation),
            onnx_graphs.load(EMBEDDING, onnx_graphs.embedding),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._listener = None

    def detect(self, audio: Samples, speech: Sequence[TimeRange]) -> Speakers:
        """Turns and flags.

        Args:
            audio: mono, 16 kHz, float32 in −1 … 1, shape (samples,).
            speech: stretches of speech as `vad.speech` finds them, in order, apart.
        """
        assert self._listener is not None, "the diarizer is closed"
        found_voices: list[LocalSpeaker] = []
        found_overlaps: list[Overlap] = []
        for number, (start, end) in enumerate(windows(speech, audio.size)):
            heard, overlaps = self._listener.listen(audio, speech, number, start, end)
            found_voices += heard
            found_overlaps += overlaps
            give_back()
        return assemble(found_voices, found_overlaps, self._options)


def detect(audio: Samples, speech: Sequence[TimeRange], options: Options | None = None) -> Speakers:
    """Turns and flags of one recording; see `Diarizer.detect`, which spares loading the networks again."""
    with Diarizer(options) as diarizer:
        return diarizer.detect(audio, speech)
