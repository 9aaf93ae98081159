"""What a fingerprint follows and what it does not: models and devices, the rubric, results of other machines."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analyzers import diarization
from analyzers.speech import faster_whisper
from mulakat.pipeline.fingerprint import identity
from mulakat.pipeline.local import LocalFile
from mulakat.pipeline.run import MemoryStore, Run
from mulakat.pipeline.stages import STAGES
from mulakat.pipeline.workspace import Workspace
from mulakat.rubrics.packs import pack
from mulakat.runtime import models
from mulakat.schema.contract import Request
from mulakat.schema.media import Media
from mulakat.schema.rubric import Policy, Rubric
from tests.support.fingerprints import changed, fingerprints, head
from tests.support.language_samples import NO_PROVENANCE
from tests.support.scored_answers import LEVELS, findings

RUBRIC = pack(Rubric, "general-en")
MakeRun = Callable[..., Run]


@pytest.fixture
def make_run(samples: Path, tmp_path: Path) -> MakeRun:
    """The analysis of a recording that has been fetched."""

    def make(**changes: object) -> Run:
        request = Request(answer_id="a", rubric=RUBRIC, policy=pack(Policy, "multimodal")).model_copy(update=changes)
        run = Run(request, Workspace(tmp_path, LocalFile(samples / "introduction.mp4")), MemoryStore())
        run.known["fetch_media"] = head("fetch_media", "f", "content")
        return run

    return make


# --- this machine ------------------------------------------------------------


def without(*hidden: str) -> Callable[..., dict[str, str | None]]:
    """The models of this machine, but for these."""
    digests = models.digests
    return lambda *names: {n: None if n in hidden else digest for n, digest in digests(*names).items()}


@pytest.mark.parametrize("model", diarization.MODELS)
def test_an_optional_model_that_is_not_there_is_another_fingerprint(
    model: str, make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = make_run().fingerprint("transcribe")
    monkeypatch.setattr(models, "digests", without(model))
    assert make_run().fingerprint("transcribe") != before


def test_another_device_or_compute_type_is_another_fingerprint(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = set()
    for resolved in (("cpu", "int8"), ("cpu", "float32"), ("cuda", "int8"), ("cuda", "float16")):
        monkeypatch.setattr(faster_whisper, "resolved", lambda compute_type, resolved=resolved: resolved)
        found.add(make_run().fingerprint("transcribe"))
    assert len(found) == 4


def test_what_stages_use_is_found_without_loading_a_model(make_run: MakeRun, monkeypatch: pytest.MonkeyPatch) -> None:
    def locate(name: str) -> Path:
        raise AssertionError(f"{name} was looked for")

    monkeypatch.setattr(models, "locate", locate)
    assert len(set(fingerprints(make_run()).values())) == len(STAGES)


def test_a_result_counts_as_it_is_recorded_whatever_this_machine_would_make_of_it(
    make_run: MakeRun, monkeypatch: pytest.MonkeyPatch
) -> None:
    def elsewhere() -> Run:
        run = make_run()
        run.known["transcribe"] = head("transcribe", "made on a machine with a GPU")
        return run

    before = fingerprints(elsewhere())
    monkeypatch.setattr(faster_whisper, "resolved", lambda compute_type: ("cuda", "float16"))
    assert changed(before, fingerprints(elsewhere())) == {"transcribe"}


def test_another_result_is_another_fingerprint_for_all_that_read_it(make_run: MakeRun) -> None:
    before = fingerprints(make_run())
    run = make_run()
    run.known["transcribe"] = head("transcribe", before["transcribe"], "other words")
    assert changed(before, fingerprints(run)) == {"analyse_voice", "analyse_language", "score_answer"}


# --- the rubric --------------------------------------------------------------


def weighted(rubric: Rubric) -> Rubric:
    first, *others = rubric.competencies
    return rubric.model_copy(update={"competencies": [first.model_copy(update={"weight": 9.0}), *others]})


def reworded(rubric: Rubric) -> Rubric:
    first, *others = rubric.competencies
    first = first.model_copy(update={"levels": {**first.levels, 3: "Says what was done, and by whom."}})
    return rubric.model_copy(update={"competencies": [first, *others]})


@pytest.mark.parametrize(
    ("rubric", "stages"),
    [
        (weighted(RUBRIC), {"score_answer"}),
        (RUBRIC.model_copy(update={"version": "next"}), {"score_answer"}),
        (reworded(RUBRIC), {"analyse_language", "score_answer"}),
    ],
    ids=["a weight", "the version", "a level's wording"],
)
def test_a_rating_is_made_anew_only_when_the_task_is_another(
    rubric: Rubric, stages: set[str], make_run: MakeRun
) -> None:
    assert changed(fingerprints(make_run()), fingerprints(make_run(rubric=rubric))) == stages


# --- what stands for a result ------------------------------------------------


def test_a_recording_and_a_stand_in_count_by_their_content_other_results_by_their_fingerprint() -> None:
    rated = findings(**LEVELS)
    stand_in, other = (each.model_copy(update={"stand_in": True}) for each in (rated, findings(learning=2.0)))
    assert identity("f", None, replaces=False) == identity("f", rated, replaces=False) == "f"
    assert identity("f", stand_in, replaces=False) == identity("g", stand_in, replaces=False)
    assert len({identity("f", each, replaces=False) for each in (rated, stand_in, other)}) == 3
    # One that replaces another of the same fingerprint may differ from it.
    assert identity("f", rated, replaces=True) not in ("f", identity("f", other, replaces=True))
    media = Media(
        provenance=NO_PROVENANCE, sha256="0" * 64, size_bytes=1, container="mp4", duration_s=1.0, video=None, audio=None
    )
    assert identity("f", media, replaces=False) == identity("g", media, replaces=True) == "0" * 64
