"""Models and the long sample answer, loaded and analyzed once for all tests of the analyzers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from analyzers.speech import Options as SpeechOptions
from analyzers.speech import Recognizer
from analyzers.voice import Options as VoiceOptions
from analyzers.voice import VoiceAnalyzer
from mulakat.schema.speech import Transcript
from tests.support import sounds


@pytest.fixture(scope="session")
def recognizer() -> Iterator[Recognizer]:
    with Recognizer(SpeechOptions()) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def analyzer() -> Iterator[VoiceAnalyzer]:
    with VoiceAnalyzer(VoiceOptions()) as loaded:
        yield loaded


@pytest.fixture(scope="session")
def answer(samples: Path) -> np.ndarray:
    """Sound of the long sample answer: a minute of one voice."""
    return sounds.decoded(samples / "problem_solving.mp4")


@pytest.fixture(scope="session")
def progress() -> list[float]:
    """What the recognizer told while it made `transcript`."""
    return []


@pytest.fixture(scope="session")
def transcript(recognizer: Recognizer, answer: np.ndarray, progress: list[float]) -> Transcript:
    """Of the long sample answer."""
    return recognizer.transcribe(answer, progress=progress.append)
