"""`mulakat analyze` as a person or a script uses it: the JSON contract, bad files, several files."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from mulakat.pipeline.local import Analysis
from mulakat.pipeline.stages import STAGES
from mulakat.schema.media import Media
from mulakat.schema.speech import Transcript
from mulakat.schema.voice import VoiceTrack
from tests.support import clips
from tests.support.clips import make
from tests.support.parameters import shortened

pytestmark = pytest.mark.models

QUESTION = "--question", "Which problem did you solve?"
MULAKAT = Path(sys.executable).with_name("mulakat")


def analyze(
    *arguments: str | Path, cwd: Path | None = None, given: str | None = None
) -> subprocess.CompletedProcess[str]:
    command = [str(MULAKAT), "analyze", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, input=given)


def documents(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def without_times(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_times(item) for key, item in value.items() if key != "seconds"}
    return [without_times(item) for item in value] if isinstance(value, list) else value


@pytest.fixture(scope="module")
def answer(samples: Path) -> dict[str, Any]:
    """The long sample answer, analysed once."""
    done = analyze(samples / "problem_solving.mp4", "--json", *QUESTION)
    assert done.returncode == 0, done.stderr
    [document] = documents(done)
    return document


@pytest.fixture(scope="module")
def face(samples: Path) -> dict[str, Any]:
    """The short sample answer with a face, analysed once."""
    [document] = documents(analyze(samples / "introduction.mp4", "--json", *QUESTION))
    return document


# --- the contract ------------------------------------------------------------


def test_the_fields_are_those_of_the_page(answer: dict[str, Any]) -> None:
    assert list(answer) == list(Analysis.model_json_schema()["properties"])  # from which the page is made
    assert answer["schema"] == "mulakat.analysis/3"


def test_every_stage_is_told_in_order(answer: dict[str, Any]) -> None:
    assert [stage["name"] for stage in answer["stages"]] == [stage.name for stage in STAGES]
    for stage in answer["stages"]:
        assert stage["status"] in ("ok", "skipped")
        assert stage["seconds"] >= 0
        assert (stage["reason"] is None) == (stage["status"] == "ok")
        assert (stage["versions"] != {}) == (stage["status"] == "ok")


@pytest.mark.long
def test_the_parts_have_the_fields_promised(answer: dict[str, Any], face: dict[str, Any]) -> None:
    assert {"duration_s", "video", "audio"} <= set(answer["media"])
    assert set(face["media"]["video"]) == {"codec", "width", "height", "fps", "rotation_deg", "mirrored"}
    assert set(face["media"]["audio"]) == {"codec", "sample_rate_hz", "channels", "track", "tracks"}
    assert set(answer["transcript"]["words"][0]) == {"text", "start_s", "end_s", "probability"}
    for angle in ("yaw", "pitch", "roll"):
        assert set(face["face"]["head_pose_deg"][angle]) == {"median", "p05", "p95"}
    assert set(answer["voice"]["f0_hz"]) == {"median", "p05", "p95"}
    assert set(answer["voice"]["pauses"][0]) == {"start_s", "end_s", "place"}
    for part in (answer["voice"]["track"], face["face"]["track"]):
        assert next(iter(part)) == "t_s"
        assert len({len(column) for column in part.values()}) == 1


def test_words_are_in_order_and_inside_the_recording(answer: dict[str, Any]) -> None:
    words = answer["transcript"]["words"]
    assert len(words) > 60
    for word, following in itertools.pairwise(words):
        assert 0 <= word["start_s"] <= word["end_s"] <= answer["media"]["duration_s"] + 0.1
        assert word["start_s"] <= following["start_s"]


def test_what_was_said_is_what_was_heard(answer: dict[str, Any], samples: Path) -> None:
    """At least nine of ten words of the text that was spoken are in the transcript."""
    spoken = re.findall(r"[a-z']+", (samples / "problem_solving.txt").read_text().lower())
    heard = re.findall(r"[a-z']+", answer["transcript"]["text"].lower())
    assert len(set(spoken) & set(heard)) >= 0.9 * len(set(spoken))


def test_no_face_is_not_measured_rather_than_zero(answer: dict[str, Any]) -> None:
    assert answer["face"]["visible_ratio"] == 0
    assert answer["face"]["on_camera_ratio"] is None
    assert answer["face"]["head_pose_deg"] is None
    assert answer["face"]["not_visible"]
    visual = next(part for part in answer["scorecard"]["components"] if part["name"] == "visual")
    assert visual["score"]["value"] is None
    assert visual["score"]["reason"]


def test_scores_carry_evidence_and_an_interval(answer: dict[str, Any]) -> None:
    overall = answer["scorecard"]["overall"]
    assert 0 <= overall["low"] <= overall["value"] <= overall["high"] <= 100
    for competency in answer["scorecard"]["competencies"]:
        if competency["score"]["value"] is not None:
            assert competency["evidence"]
            for evidence in competency["evidence"]:
                assert 0 <= evidence["start_s"] < evidence["end_s"] <= answer["media"]["duration_s"] + 0.1


@pytest.mark.long
def test_too_little_said_is_not_scorable(face: dict[str, Any]) -> None:
    language = next(part for part in face["scorecard"]["components"] if part["name"] == "language")
    assert language["score"]["value"] is None
    assert language["score"]["reason"]["code"] == "too_few_words"


def test_the_types_read_their_own_json(answer: dict[str, Any]) -> None:
    for key, kind in (("media", Media), ("transcript", Transcript), ("voice", VoiceTrack)):
        assert kind.model_validate(answer[key]).model_dump(mode="json") == answer[key]


@pytest.mark.long
def test_the_same_files_give_the_same_numbers(
    samples: Path, tmp_path: Path, answer: dict[str, Any], face: dict[str, Any]
) -> None:
    """In another process, beside other files, and a damaged one too."""
    damaged = tmp_path / "damaged.mp4"
    damaged.write_bytes(clips.damaged((samples / "introduction.mp4").read_bytes()))
    files = samples / "problem_solving.mp4", samples / "introduction.mp4", damaged
    [first, again, broken] = documents(analyze(*files, "--json", *QUESTION))
    [broken_again] = documents(analyze(damaged, "--json", *QUESTION))
    assert without_times(first) == without_times(answer)
    assert without_times(again) == without_times(face)
    assert without_times(broken) == without_times(broken_again)
    assert broken["face"] is not None
    assert broken["face"]["track"] != face["face"]["track"]


# --- files and options -------------------------------------------------------


def test_good_files_are_analysed_although_one_is_bad(samples: Path, tmp_path: Path) -> None:
    bad = tmp_path / "page.mp4"
    bad.write_text("<!DOCTYPE html><html><body>404</body></html>")
    good = samples / "introduction.mp4"
    done = analyze(good, bad, tmp_path / "gone.mp4", good, "--json", "--stage", "fetch_media")
    assert done.returncode == 1
    found = documents(done)
    assert [document["error"] is None for document in found] == [True, False, False, True]
    assert found[1]["error"]["code"] == "not_a_recording"
    assert "HTML" in found[1]["error"]["values"]["message"]
    assert found[1]["media"] is None
    [stage] = found[1]["stages"]
    assert (stage["status"], stage["reason"]) == ("failed", found[1]["error"])
    assert len(done.stderr.strip().splitlines()) == 2
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_hard_file_names(samples: Path, tmp_path: Path) -> None:
    names = ['Görüşme kaydı – Ayşe\'s #1 (50%) "test".mp4', "-leading dash.mp4", "%03d.mp4", "a:b.mp4"]
    for name in names:
        shutil.copy(samples / "introduction.mp4", tmp_path / name)
    done = analyze("--json", "--stage", "extract_audio", "--out", tmp_path / "out", "--", *names, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [document["file"] for document in documents(done)] == names
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == sorted(f"{name}.json" for name in names)


@pytest.mark.long
def test_one_stage_and_what_it_needs(samples: Path) -> None:
    [document] = documents(analyze(samples / "introduction.mp4", "--json", "--stage", "transcribe"))
    assert [stage["name"] for stage in document["stages"]] == ["fetch_media", "extract_audio", "transcribe"]
    assert document["face"] is None


@pytest.mark.long
def test_written_answers_stand_beside_recordings(samples: Path, tmp_path: Path) -> None:
    """In one call: a recording, a text, one that is bad, and one on standard input."""
    (tmp_path / "answer.txt").write_text("I found the cause.", encoding="utf-8")
    (tmp_path / "page.txt").write_text("<!DOCTYPE html><p>Not found", encoding="utf-8")
    recording = samples / "introduction.mp4"
    texts = ("--text", "answer.txt", "--text", "page.txt", "--text", "-")
    done = analyze(
        recording, *texts, "--json", "--stage", "transcribe", "--out", "out", cwd=tmp_path, given="Ben buldum."
    )
    found = {document["file"]: document for document in documents(done)}
    assert list(found) == [str(recording), "answer.txt", "page.txt", "-"]
    assert done.returncode == 1
    assert "page.txt" in done.stderr
    assert "HTML" in found["page.txt"]["error"]["values"]["message"]
    assert {document["schema"] for document in found.values()} == {"mulakat.analysis/3"}
    assert len({tuple(document) for document in found.values()}) == 1
    for name, text in (("answer.txt", "I found the cause."), ("-", "Ben buldum.")):
        assert found[name]["media"]["text"] == {"characters": len(text)}
        assert found[name]["media"]["duration_s"] is None
        assert found[name]["transcript"]["text"] == text
        assert {word["start_s"] for word in found[name]["transcript"]["words"]} == {None}
    assert found[str(recording)]["media"]["text"] is None
    written = {"introduction.mp4.json", "answer.txt.json", "page.txt.json", "stdin.json"}
    assert {path.name for path in (tmp_path / "out").iterdir()} == written


def test_nothing_given_says_what_to_give() -> None:
    done = analyze("--json")
    assert done.returncode == 1
    assert "--text" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.long
def test_a_person_gets_a_page_of_a_written_answer(samples: Path) -> None:
    done = analyze("--text", samples / "problem_solving.txt")
    assert done.returncode == 0
    for words in ("Characters", "Words", "Transcript", "the answer was given in writing", "“"):
        assert words in done.stdout
    assert "0:0" not in done.stdout


@pytest.mark.parametrize(
    ("clip", "skipped"),
    shortened(
        [
            ({"audio": None}, {"extract_audio", "transcribe", "analyse_voice", "analyse_language"}),
            ({"video": None}, {"analyse_face", "analyse_voice"}),  # a tone is no speech
            ({"samples": np.zeros(32_000, np.int16)}, {"analyse_voice"}),
            ({"seconds": 0.3}, {"analyse_voice"}),
        ],
        1,
    ),
    ids=["no audio", "no video", "silence and no face", "0.3 s"],
)
def test_what_is_not_there_is_skipped_with_a_reason(tmp_path: Path, clip: dict[str, Any], skipped: set[str]) -> None:
    file = make(tmp_path / "answer.mov", **clip)
    done = analyze(file, "--json")
    assert done.returncode == 0, done.stderr
    [document] = documents(done)
    reasons = {stage["name"]: stage["reason"] for stage in document["stages"]}
    assert reasons.pop("analyse_emotion") == {
        "code": "not_in_policy",
        "values": {"policy": "multimodal", "part": "emotion"},
    }
    assert {name for name, reason in reasons.items() if reason} == skipped
    assert document["scorecard"]["overall"]["value"] is None
    assert document["scorecard"]["overall"]["reason"]
    assert {item["stage"] for item in document["scorecard"]["missing"]} == skipped
    if document["face"] is not None:
        assert document["face"]["visible_ratio"] == 0
    if document["transcript"] is not None:
        assert document["transcript"]["words"] == []


@pytest.mark.parametrize(
    ("arguments", "problem"),
    shortened(
        [
            (["--rubric", "nonsense"], "nonsense"),
            (["--policy", "missing.yaml"], "missing.yaml"),
            (["--stage", "transcibe"], "transcibe"),
            (["--language", "english"], "english"),
            (["--out", "/proc/nowhere"], "/proc/nowhere"),
        ],
        3,
    ),
)
def test_wrong_options_are_named(samples: Path, arguments: list[str], problem: str) -> None:
    stage = [] if "--stage" in arguments else ["--stage", "fetch_media"]
    done = analyze(samples / "introduction.mp4", "--json", *arguments, *stage)
    assert done.returncode == 1
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.long
def test_a_person_gets_a_page(samples: Path) -> None:
    done = analyze(samples / "introduction.mp4")
    assert done.returncode == 0
    for word in ("Transcript", "Face visible", "Speech rate", "Not scorable", "Score of the answer"):
        assert word in done.stdout


def test_no_development_recording_crashes(development_media: Path) -> None:
    """Every nasty file ends in a document: an analysis, or one clear line."""
    files = sorted((development_media / "nasty").iterdir())
    done = analyze("--json", "--stage", "extract_audio", "--", *files)
    found = {Path(document["file"]).name: document for document in documents(done)}
    assert len(found) == len(files)
    assert "Traceback" not in done.stderr
    broken = {
        "truncated_no_moov.mp4", "zero_byte.mp4", "html_error_page.mp4", "picture_named.mp4", "git_lfs_pointer.mp4",
        "wav_without_header.wav",
    }  # fmt: skip
    assert {name for name, document in found.items() if document["error"]} == broken
    assert len(done.stderr.strip().splitlines()) == len(broken)
