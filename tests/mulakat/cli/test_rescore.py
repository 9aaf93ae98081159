"""`mulakat rescore` on a real database."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from mulakat.cli.main import app
from mulakat.interviews.store import Store
from mulakat.rubrics.packs import pack
from mulakat.schema.rubric import Rubric
from tests.support import written_interview
from tests.support.known import known

Run = Callable[..., Result]


@pytest.fixture
def run(mongo: str, store: Store, tmp_path: Path) -> Run:
    """The command, on a database with the interview `one`, analysed and scored."""
    with written_interview.workplace(tmp_path / "scratch"):
        written_interview.whole_run(store, "run")
    environment = {
        "MULAKAT_HOME": str(tmp_path / "none"),
        "MULAKAT_MONGO_URI": mongo,
        "MULAKAT_MONGO_DATABASE": store.database.name,
        "MULAKAT_MEDIA_STORE": str(tmp_path / "media"),
        "MULAKAT_REDIS_URL": None,
    }
    return lambda *arguments: CliRunner().invoke(app, ["rescore", *map(str, arguments)], env=environment)


def weights(folder: Path, weight: float) -> Path:
    """A rubric file with another weight."""
    document = pack(Rubric, "general-en").model_dump(mode="json")
    document["version"] = f"weight-{weight:g}"
    document["competencies"][0]["weight"] = weight
    path = folder / "weights.yaml"
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def test_another_weight_changes_score_and_reports(run: Run, store: Store, tmp_path: Path) -> None:
    before = store.interviews.get("one")
    done = run("one", "--rubric", weights(tmp_path, 9.0), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    after = store.interviews.get("one")
    assert told["interview_id"] == "one" and told["before"]["value"] != told["after"]["value"]
    assert told["after"]["value"] == store.scorecards.get(known(after.scorecard_id)).overall.value
    assert after.reported_id == after.scorecard_id != before.scorecard_id
    assert after.reports != before.reports

    back = run("--campaign", after.campaign, "--rubric", "general-en")
    assert back.exit_code == 0 and back.stdout.startswith("one: "), back.output
    assert store.interviews.get("one").scorecard_id == before.scorecard_id


def test_one_that_cannot_be_scored_is_named_and_the_others_are(run: Run, store: Store, tmp_path: Path) -> None:
    done = run("unknown", "one", "--rubric", weights(tmp_path, 9.0))
    assert done.exit_code == 1
    assert "unknown: no interview 'unknown'" in done.stderr
    assert done.stdout.startswith("one: ")
    assert store.interviews.get("one").rubric.version == "weight-9"


def test_nothing_to_score_is_one_line(run: Run) -> None:
    done = run()
    assert done.exit_code == 1
    assert "name interviews, or a campaign with --campaign" in done.stderr
