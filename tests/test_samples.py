"""The sample interview: what its README says of it is true."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from analyzers.media.probe import probe
from mulakat.interviews.documents import InterviewSpec
from tests.support.known import known


@pytest.fixture(scope="module")
def spec(samples: Path) -> InterviewSpec:
    return InterviewSpec.parse(json.loads((samples / "interview.json").read_text(encoding="utf-8")))


def test_every_answer_has_a_recording_beside_the_spec(spec: InterviewSpec, samples: Path) -> None:
    assert len(spec.answers) >= 2
    for answer in spec.answers:
        media = probe(samples / known(answer.media_uri))
        assert media.video is not None
        assert media.audio is not None
        assert (media.video.codec, media.audio.codec) == ("h264", "aac")


def test_one_answer_is_long_enough_for_the_rubric(samples: Path) -> None:
    assert known(probe(samples / "problem_solving.mp4").duration_s) > 30


def test_small(samples: Path) -> None:
    assert sum(path.stat().st_size for path in samples.iterdir() if path.is_file()) < 2_500_000


def test_readme_names_each_recording_with_its_digest(samples: Path) -> None:
    readme = (samples / "README.md").read_text(encoding="utf-8")
    for path in samples.glob("*.mp4"):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        assert re.search(rf"^{digest} +{re.escape(path.name)}\b", readme, re.MULTILINE), path.name


def test_the_tests_own_recordings_are_small_and_have_an_origin(data: Path) -> None:
    files = [path for path in data.iterdir() if path.name != "README.md"]
    assert sum(path.stat().st_size for path in files) < 6_000_000
    readme = (data / "README.md").read_text(encoding="utf-8")
    for path in files:
        assert f"`{path.name}`" in readme, path.name
