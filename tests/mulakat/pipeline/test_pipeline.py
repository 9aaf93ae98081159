"""Fingerprints, reuse, skipping and failing, with the real media stages on a real recording."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.schema.contract import Request
from mulakat.schema.errors import BadInput, NotMeasurable
from mulakat.schema.media import Media
from mulakat.schema.rubric import Policy, Rubric
from tests.support.fingerprints import changed, fingerprints


@pytest.fixture
def recording(samples: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copy(samples / "introduction.mp4", tmp_path / "recording.mp4"))


def make_run(recording: Path, folder: Path, store: MemoryStore | None = None, **changes: object) -> Run:
    request = Request(answer_id="a", rubric=pack(Rubric, "general-en"), policy=pack(Policy, "multimodal"))
    return Run(
        request.model_copy(update=changes),
        Workspace(folder, LocalFile(recording)),
        MemoryStore() if store is None else store,
    )


def test_stages_are_in_an_order_that_works() -> None:
    seen: set[str] = set()
    for stage in STAGES:
        assert set(stage.needs) <= seen, stage.name
        seen.add(stage.name)


def test_same_recording_elsewhere_has_the_same_fingerprints(recording: Path, tmp_path: Path) -> None:
    other = Path(shutil.copy(recording, tmp_path / "other name.mp4"))
    runs = [make_run(path, tmp_path / path.stem) for path in (recording, other)]
    for run in runs:
        run.stage("fetch_media")
    one, two = map(fingerprints, runs)
    assert changed(one, two) == {"fetch_media"}  # where it comes from is part of fetching only


def test_what_a_change_invalidates(recording: Path, tmp_path: Path) -> None:
    base = make_run(recording, tmp_path / "s")
    fetched = base.stage("fetch_media").head
    before = fingerprints(base)

    def after(**changes: object) -> set[str]:
        run = make_run(recording, tmp_path / "s", None, **changes)
        run.known["fetch_media"] = fetched
        return changed(before, fingerprints(run))

    rubric = base.request.rubric.model_copy(update={"version": "next"})
    assert after(rubric=rubric) == {"score_answer"}
    assert after(question="Why?") == {"analyse_language", "score_answer"}
    assert after(language="en") == {"transcribe", "analyse_voice", "analyse_language", "score_answer"}
    assert after() == set()


def test_changed_content_changes_everything(recording: Path, samples: Path, tmp_path: Path) -> None:
    one = make_run(recording, tmp_path / "one")
    one.stage("fetch_media")
    two = make_run(samples / "problem_solving.mp4", tmp_path / "two")
    two.stage("fetch_media")
    assert changed(fingerprints(one), fingerprints(two)) == set(fingerprints(one))


def test_missing_scratch_files_are_made_again(recording: Path, tmp_path: Path) -> None:
    run = make_run(recording, tmp_path / "s")
    run.stage("fetch_media")
    run.stage("extract_audio")
    media = run.result("fetch_media")
    assert isinstance(media, Media)
    sound = (tmp_path / "s" / "audio.wav").read_bytes()
    shutil.rmtree(tmp_path / "s")
    assert run.workspace.audio(media).read_bytes() == sound


def test_a_recording_that_changed_meanwhile_is_refused(recording: Path, samples: Path, tmp_path: Path) -> None:
    run = make_run(recording, tmp_path / "s")
    before = run.stage("fetch_media").result
    assert isinstance(before, Media)
    shutil.rmtree(tmp_path / "s")
    shutil.copy(samples / "problem_solving.mp4", recording)
    with pytest.raises(BadInput, match=r"recording\.mp4 has changed since it was fetched"):
        run.workspace.media(before.sha256)
    assert list((tmp_path / "s").iterdir()) == []


def test_a_failed_stage_stores_nothing_and_stops_those_that_need_it(tmp_path: Path) -> None:
    bad = tmp_path / "page.mp4"
    bad.write_text("<!DOCTYPE html><html><body>404 Not Found</body></html>")
    store = MemoryStore()
    run = make_run(bad, tmp_path / "s", store)
    with pytest.raises(BadInput, match="HTML") as error:
        run.stage("fetch_media")
    run.failures["fetch_media"] = error.value.reason
    for stage in STAGES[1:]:
        if stage.modality == "emotion":  # not asked for by this policy: skipped whatever the recording
            continue
        with pytest.raises(NotMeasurable, match=r"HTML|stage_not_run"):
            run.stage(stage.name)
    assert store._results == {}


def test_force_runs_again(recording: Path, tmp_path: Path) -> None:
    store = MemoryStore()
    make_run(recording, tmp_path / "s", store).stage("fetch_media")
    assert make_run(recording, tmp_path / "s", store).stage("fetch_media").status == "reused"
    forced = make_run(recording, tmp_path / "s", store)
    forced.force = True
    assert forced.stage("fetch_media").status == "ok"
