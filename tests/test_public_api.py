"""What others may build on: the names that packages export. Taking one away is a breaking change."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Iterable

import pytest
from pydantic import BaseModel, ValidationError

from mulakat.schema import Result

PUBLIC = {
    "analyzers.diarization": "MODELS SAMPLE_RATE_HZ VERSION Diarizer Options Speakers detect",
    "analyzers.face": "VERSION FaceAnalyzer FaceTrack Options Result run",
    "analyzers.language": "VERSION Endpoint EndpointError Findings Options Rater Result run",
    "analyzers.media": "audio frames probe text",
    "analyzers.signals": "fbank intervals vad",
    "analyzers.speech": "VERSION Options Recognizer Result Transcript run",
    "analyzers.text": "embeddings filler_words language_id normalize numerals",
    "analyzers.voice": "VERSION Options Result VoiceAnalyzer VoiceTrack run",
    "mulakat.report": "AUDIENCES FORMATS Audience Link Report build html languages pdf",
    "mulakat.rubrics": "lint load pack packs",
    "mulakat.schema": """
        Accuracy Analyzer AnswerDetails AnswerScore AnyWord Audio AudioStream BadInput Code Competency CompetencyScore
        ComponentScore Context Damage Document EmotionTrack Evidence FaceTrack Files FilledPause Findings Flag
        HeadPose Loss Media MediaSource Missing MulakatError NotMeasurable Pause Picture Policy Produced Provenance
        QualityCheck Question Rating Reason Request Result ResultStore Rubric Score Scorecard Segment Sensitivity
        SetupError Spread StageHead StageResult Superseded TemporaryError TextStream TimeRange Transcript Turn
        UncertaintySource Usage VariantRating Versioned VideoStream VoiceTrack WhenNotScorable Word WrittenWord
        """,
    "mulakat.scoring": "VERSION Options Ranked Result ranked run score_interview uses",
}

TRIOS = [
    ("analyzers.diarization", "Diarizer", "Speakers"),
    ("analyzers.face", "FaceAnalyzer", "FaceTrack"),
    ("analyzers.language", "Rater", "Findings"),
    ("analyzers.media.audio", "extract", "Audio"),
    ("analyzers.media.probe", "probe", "Media"),
    ("analyzers.speech", "Recognizer", "Transcript"),
    ("analyzers.voice", "VoiceAnalyzer", "VoiceTrack"),
]


@pytest.mark.parametrize("package", PUBLIC)
def test_the_public_names_are_those_pinned_and_all_are_there(package: str) -> None:
    module = importlib.import_module(package)
    assert sorted(module.__all__) == sorted(PUBLIC[package].split())
    names: dict[str, object] = {}
    exec(f"from {package} import *", names)  # noqa: S102
    assert set(module.__all__) <= set(names)


@pytest.mark.parametrize(("package", "worker", "result"), TRIOS)
def test_each_analyzer_is_options_a_worker_and_a_result(package: str, worker: str, result: str) -> None:
    module = importlib.import_module(package)
    assert callable(getattr(module, worker))
    assert issubclass(getattr(module, result), Result)
    options = module.Options()
    assert isinstance(options, BaseModel)
    with pytest.raises(ValidationError):
        module.Options(no_such_option=1)
    for name in type(options).model_fields:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(options, name, None)


def loaded(modules: Iterable[str], heavy: set[str]) -> str:
    program = f"import sys, {', '.join(modules)}; print(*sorted({heavy} & set(sys.modules)))"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()


def test_importing_the_public_packages_loads_no_model_library() -> None:
    heavy = {"av", "cv2", "dlib", "faster_whisper", "librosa", "mediapipe", "onnxruntime", "openai", "scipy", "torch"}
    assert loaded(PUBLIC, heavy) == ""


def test_what_reads_recordings_starts_light() -> None:
    """In children, two for each answer: each of these takes as long as all the rest."""
    heavy = {"pydantic", "cv2", "scipy", "numpy"}
    assert loaded(["mulakat.runtime.sandbox", "analyzers.media.contents", "av"], heavy) == ""
    assert loaded(["mulakat.runtime.sandbox", "analyzers.media.sound", "av"], heavy) == "numpy"
