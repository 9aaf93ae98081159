"""A stage whose results change raises its VERSION; else results of before would be taken for those of now."""

from __future__ import annotations

import json
from typing import Any

import pytest

from mulakat.pipeline.stages import STAGES
from tests.support import golden

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def kept() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(golden.FILE.read_text(encoding="utf-8"))
    return document


@pytest.fixture(scope="module")
def found() -> dict[str, dict[str, golden.Figures]]:
    return golden.found()


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_results_change_with_the_version_only(
    stage: str, kept: dict[str, Any], found: dict[str, dict[str, golden.Figures]]
) -> None:
    assert kept["versions"][stage] == golden.versions()[stage], "write tests/data/golden.json anew"
    for sample, figures in found[stage].items():
        assert golden.differences(kept["found"][stage][sample], figures) == [], f"raise VERSION of {stage}"


def test_every_stage_is_watched() -> None:
    assert set(golden.FIELDS) == {stage.name for stage in STAGES}
