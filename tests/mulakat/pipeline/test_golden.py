"""A stage whose results change raises its VERSION; else results of before would be taken for those of now."""

from __future__ import annotations

import pytest

from mulakat.pipeline.stages import STAGES
from tests.support import golden

pytestmark = pytest.mark.models


@pytest.fixture(scope="module", params=golden.SAMPLES)
def pair(request: pytest.FixtureRequest) -> tuple[golden.Kept, golden.Kept]:
    """What is kept of a sample, and what the stages find in it now."""
    _, results = golden.kept()
    before = results[request.param]
    return before, golden.found(request.param, before)


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_results_change_with_the_version_only(stage: str, pair: tuple[golden.Kept, golden.Kept]) -> None:
    before, now = pair
    assert golden.differences(before[stage], now[stage]) == [], f"raise VERSION of {stage}"


def test_versions_are_those_kept() -> None:
    assert golden.kept()[0] == golden.versions(), "python -m tests.support.golden"
