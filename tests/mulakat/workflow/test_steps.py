"""The tasks of a run, one after the other as the DAG calls them, on a real database."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mulakat import report
from mulakat.interviews.documents import now
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from mulakat.pipeline.stages import STAGES
from mulakat.presentation.reasons import say
from mulakat.schema.errors import BadInput, MulakatError
from mulakat.workflow import steps
from mulakat.workflow.attempt import Attempt, run_stage


@pytest.fixture
def store(mongo: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """An empty database of its own, without indexes."""
    monkeypatch.setenv("MULAKAT_SCRATCH_DIR", str(tmp_path / "scratch"))
    monkeypatch.delenv("MULAKAT_REDIS_URL", raising=False)
    settings.cache_clear()
    name = f"workflow_{uuid.uuid4().hex}"
    opened = Store.connect(mongo, name, MediaStore(str(tmp_path / "media")))
    yield opened
    opened.database.client.drop_database(name)
    opened.close()
    settings.cache_clear()


def parameters(answer: dict[str, str]) -> dict[str, Any]:
    """Those of a run that analyses an interview of one answer."""
    interview = {
        "interview_id": "one",
        "candidate": {"reference": "somebody"},
        "answers": [{"answer_id": "a", "question": "Which problem did you solve?", **answer}],
    }
    return {"interview_id": "one", "interview": interview, "policy": None, "priority": "normal", "force": False}


def attempt(run_id: str) -> Attempt:
    return Attempt(run_id=run_id, number=1, started_at=now())


def analyse(store: Store, run_id: str) -> None:
    """All stages of the answer; those that cannot run are left, as Airflow leaves them."""
    for stage in STAGES:
        try:
            run_stage(store, "one", "a", stage.name, attempt(run_id))
        except MulakatError:
            continue


def test_a_run_takes_an_interview_from_loading_to_its_reports(store: Store, samples: Path) -> None:
    text = (samples / "problem_solving.txt").read_text(encoding="utf-8")
    assert steps.load_interview(store, parameters({"text": text}), attempt("first")) == ["a"]
    assert store.interviews.get("one").state == "running"
    (entry,) = store.database.audit.find()
    assert (entry["actor"], entry["action"], entry["detail"]) == ("airflow", "analyse", {"run_id": "first"})
    made = store.database.interviews.index_information()
    assert list(made) == ["_id_"], "no run makes indexes"

    analyse(store, "first")
    (item,) = store.interviews.page().items
    assert (item.state, item.stages_done, item.stages_total) == ("running", len(STAGES), len(STAGES))
    identity = steps.score_interview(store, "one", attempt("first"))
    assert store.interviews.get("one").state == "running"
    count = steps.build_report(store, "one", attempt("first"))
    steps.clean_up(store, "one", attempt("first"))

    found = store.interviews.get("one")
    assert (found.state, found.reason, found.scorecard_id) == ("scored", None, identity)
    assert len(found.reports) == count == len(report.AUDIENCES) * len(report.languages()) * len(report.FORMATS)
    assert all(store.media.exists(each.uri) for each in found.reports)
    (item,) = store.interviews.page().items
    assert item.overall == store.scorecards.get(identity).overall

    # Another run has it now: what the earlier one still wants to say is refused.
    steps.load_interview(store, parameters({"text": text}) | {"interview": None}, attempt("second"))
    again = store.interviews.get("one")
    assert (again.run_id, again.progress, again.scorecard_id) == ("second", {}, identity)
    assert again.reports == found.reports
    with pytest.raises(BadInput, match="now belongs to run 'second'"):
        run_stage(store, "one", "a", "transcribe", attempt("first"))
    with pytest.raises(BadInput, match="was not loaded by this run"):
        steps.build_report(store, "one", attempt("first"))
    steps.clean_up(store, "one", attempt("first"))
    assert store.interviews.get("one").state == "running"


def test_a_run_without_a_usable_answer_fails_and_says_why(store: Store) -> None:
    steps.load_interview(store, parameters({"media_uri": "media://" + "0" * 64}), attempt("only"))
    analyse(store, "only")
    with pytest.raises(BadInput, match=r"no answer of .* could be analysed: .*a: the recording is not there"):
        steps.score_interview(store, "one", attempt("only"))
    with pytest.raises(BadInput, match="has no scorecard yet"):
        steps.build_report(store, "one", attempt("only"))
    steps.clean_up(store, "one", attempt("only"))
    found = store.interviews.get("one")
    assert found.state == "failed"
    assert found.reason is not None
    assert "a: the recording is not there" in say(found.reason, "en")
