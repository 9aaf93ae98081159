"""Broken recordings through the media and face path: a result or a clear error, and never the end of the caller.

`bench/fuzz.py` does the same with thousands.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import ordeal
from analyzers.media.probe import probe
from mulakat.runtime import models
from mulakat.schema.errors import BadInput
from mutants import corpus, mutant


@pytest.mark.long
@pytest.mark.parametrize("seeds", [range(60), range(60, 250)])
def test_broken_recordings(seeds: range, samples: Path, tmp_path: Path) -> None:
    paths = corpus(samples, tmp_path)
    cases = ordeal.run(paths, models.locate("face_landmarker"), seeds, tmp_path)
    assert len(cases) == len(seeds)
    bugs = [f"seed {case.seed} ({case.source}): {case.message}" for case in cases if case.outcome == "bug"]
    assert bugs == []
    assert all("\n" not in case.message for case in cases)
    assert max(case.peak_mb for case in cases) < 1024
    outcomes = {case.outcome for case in cases}
    assert {"measured", "BadInput"} <= outcomes <= {"measured", "BadInput", "NotMeasurable", ordeal.DIED}


def test_same_seed_same_mutant(samples: Path) -> None:
    paths = [samples / "introduction.mp4", samples / "problem_solving.mp4"]
    assert mutant(paths, 7) == mutant(paths, 7)
    assert len({mutant(paths, seed)[1] for seed in range(20)}) > 15


@pytest.mark.long
def test_an_unknown_codec_beside_streams_that_appear_on_the_way(samples: Path, tmp_path: Path) -> None:
    [recording] = [path for path in corpus(samples, tmp_path) if path.name == "h264-flac.mkv"]
    data = recording.read_bytes().replace(b"V_MPEG4/", b"V_MP\xfdG4/")
    recording.write_bytes(data[:5000] + data[4500:])
    with pytest.raises(BadInput, match="holds no picture or sound that can be decoded"):
        probe(recording)
