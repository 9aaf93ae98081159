"""Emotion words: right on plain expressions, only where a policy asks for them, and never in a score."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from fractions import Fraction
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analyzers.face.emotion import ACCURACY, LABELS, SAME_POSE_DEG, _candidate
from analyzers.face.geometry import Direction, Pose
from analyzers.face.landmarks import Box, Face
from mulakat.pipeline.local import ANSWER_ID, LocalFile, analyze
from mulakat.pipeline.run import MemoryStore, Run, StageRun
from mulakat.pipeline.stages import with_needs
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import load, pack
from mulakat.schema.base import Column
from mulakat.schema.codes import Code
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput
from mulakat.schema.face import EmotionTrack
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import Scorecard
from tests.support import clips
from tests.support.known import known
from tests.support.parameters import shortened
from tests.support.recordings import not_shipped

pytestmark = pytest.mark.models

ROOT = Path(__file__).parents[3]
PACKS = sorted(path.name.removesuffix(".yaml") for path in (files("mulakat.rubrics") / "shipped" / "policy").iterdir())
RUBRIC = pack(Rubric, "general-en")


def asking() -> Policy:
    """`multimodal`, but with emotion shown."""
    policy = pack(Policy, "multimodal")
    return policy.model_copy(update={"analyse": (*policy.analyse, "emotion")})


def emotion(recording: Path, scratch: Path, policy: Policy) -> StageRun:
    """The stage `analyse_emotion` after those it needs."""
    request = Request(answer_id=ANSWER_ID, rubric=RUBRIC, policy=policy)
    run = Run(request, Workspace(scratch, LocalFile(recording)), MemoryStore())
    for stage in with_needs("analyse_emotion"):
        outcome = run.stage(stage)
    return outcome


def film(picture: Path, target: Path) -> Path:
    """Two seconds of one picture."""
    import av
    import cv2

    image = cv2.cvtColor(known(cv2.imread(str(picture))), cv2.COLOR_BGR2RGB)
    rgb = np.ascontiguousarray(image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2], dtype=np.uint8)
    with av.open(str(target), "w") as container:
        stream = container.add_stream("libx264", rate=10, options={"crf": "18"})
        stream.height, stream.width = rgb.shape[:2]
        stream.pix_fmt = "yuv420p"
        for index in range(20):
            frame = av.VideoFrame.from_ndarray(rgb, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, 10)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


@pytest.mark.long
@pytest.mark.parametrize(
    ("picture", "label"),
    [
        ("astronaut.jpg", "happy"),
        *not_shipped(*((f"faces/expr_{label}.jpg", label) for label in ("angry", "happy", "neutral", "surprised"))),
    ],
)
def test_a_plain_expression_is_named(
    picture: str, label: str, recording: Callable[[str], Path], tmp_path: Path
) -> None:
    track = emotion(film(recording(picture), tmp_path / "film.mp4"), tmp_path / "s", asking()).result
    assert isinstance(track, EmotionTrack)
    assert track.shares[label] == 1.0


def test_changes_within_a_recording_are_found(development_media: Path, tmp_path: Path) -> None:
    recording = development_media / "video" / "liveportrait_d9_expressions.mp4"
    track = emotion(recording, tmp_path / "s", asking()).result
    assert isinstance(track, EmotionTrack)
    happy = list(zip(map(known, track.track["t_s"]), track.track["happy"], strict=True))
    smiling = [known(p) for t_s, p in happy if 10.2 <= t_s <= 11.8]
    still = [known(p) for t_s, p in happy if t_s <= 3]
    assert min(smiling) > 0.5 > max(still)


@pytest.mark.long
def test_a_policy_that_asks_gets_labels_with_accuracy_and_caution(samples: Path, tmp_path: Path) -> None:
    first = emotion(samples / "introduction.mp4", tmp_path / "a", asking())
    track = first.result
    assert isinstance(track, EmotionTrack)
    assert max(track.shares, key=track.shares.__getitem__) == "neutral"  # as GRID's speakers are told to look
    assert list(track.track) == ["t_s", *LABELS]
    assert {len(column) for column in track.track.values()} == {len(track.track["t_s"])}
    sums = np.sum([list(map(known, track.track[label])) for label in LABELS], axis=0)
    assert np.allclose(sums, 1, atol=0.005)
    assert sum(track.shares.values()) == pytest.approx(1, abs=0.001)
    assert (track.accuracy, track.caution) == (ACCURACY, Reason.of(Code.EMOTION_CAUTION))
    assert set(track.provenance.models) == {"face_landmarker", "face_expression"}
    again = emotion(samples / "introduction.mp4", tmp_path / "b", asking())
    assert again.result == first.result


@pytest.mark.parametrize("name", shortened(PACKS, 1))
def test_no_policy_that_ships_infers_emotion(name: str, samples: Path, tmp_path: Path) -> None:
    outcome = emotion(samples / "introduction.mp4", tmp_path / "s", pack(Policy, name))
    assert outcome.result is None
    assert outcome.reason == Reason.of(Code.NOT_IN_POLICY, policy=name, part="emotion")


def test_a_recording_without_a_face_has_no_emotion(tmp_path: Path) -> None:
    outcome = emotion(clips.make(tmp_path / "grey.mp4", audio=None), tmp_path / "s", asking())
    assert outcome.result is None
    assert outcome.reason == Reason.of(Code.FACE_NOWHERE)


def test_a_policy_that_gives_emotion_a_weight_is_refused(tmp_path: Path) -> None:
    document = tmp_path / "policy.yaml"
    document.write_text(
        "id: mine\nversion: '1'\ndescription: d\nanalyse: [language, face, emotion]\n"
        "weights: {language: 0.9, emotion: 0.1}\n"
    )
    with pytest.raises(BadInput, match="emotion is never scored; remove its weight"):
        load(Policy, str(document))


@pytest.mark.long
def test_scores_are_the_same_with_and_without_emotion(samples: Path) -> None:
    recording = samples / "introduction.mp4"
    shown = analyze(recording, rubric=RUBRIC, policy=asking())
    hidden = analyze(recording, rubric=RUBRIC, policy=pack(Policy, "multimodal"))
    assert shown.emotion is not None
    assert hidden.emotion is None
    assert shown.scorecard is not None
    assert hidden.scorecard is not None

    def scores(card: Scorecard) -> dict[str, Any]:
        document: dict[str, Any] = card.model_dump(mode="json", exclude={"policy", "provenance"})
        for answer in document["answers"]:
            del answer["provenance"]
        return document

    assert scores(shown.scorecard) == scores(hidden.scorecard)
    for card in (shown.scorecard, hidden.scorecard):
        assert "emotion" not in json.dumps(scores(card))
    assert "analyse_emotion" not in with_needs("score_answer")


def facing(yaw: float, pitch: float, roll: float) -> Face:
    points = np.zeros((478, 2), dtype=np.float32)
    return Face(
        Box(0, 0, 1, 1), Box(0, 0, 1, 1), points, Pose(yaw, pitch, roll), Direction(0, 0), channels={}, mouth_open=0
    )


def test_the_candidate_is_known_by_pose() -> None:
    seen: dict[str, Column] = {"t_s": [0.0, 0.5], "visible": [1.0, 0.0]}
    seen |= {"yaw_deg": [10.0, None], "pitch_deg": [0.0, None], "roll_deg": [2.0, None]}
    candidate, near = facing(10.4, 0.2, 1.9), facing(8.0, 1.0, 2.0)
    other = facing(10.4 - 2 * SAME_POSE_DEG, 0.2, 1.9)
    assert _candidate([other, candidate], 0.1, seen) is candidate
    assert _candidate([candidate, near], 0.1, seen) is None  # cannot tell who is who
    assert _candidate([other], 0.1, seen) is None
    assert _candidate([candidate], 0.5, seen) is None  # not visible then


def test_the_stated_accuracy_is_the_measured_one() -> None:
    page = (ROOT / ACCURACY.source).read_text(encoding="utf-8")
    row = re.search(r"^\| ours +\| +(\d+) \| +(\d+) \| +([\d.]+) \| +([\d.]+)–([\d.]+) \|", page, re.MULTILINE)
    assert row is not None
    right, pictures, *figures = map(float, row.groups())
    assert [ACCURACY.value, ACCURACY.low, ACCURACY.high] == figures
    assert ACCURACY.pictures == pictures
    assert round(right / pictures, 3) == ACCURACY.value
