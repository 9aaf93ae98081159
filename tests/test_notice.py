"""LICENSE and NOTICE: what we use is attributed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mulakat.runtime.registry import REGISTRY, RegisteredModel

ROOT = Path(__file__).parents[1]


def test_license_is_apache_2() -> None:
    license_text = (ROOT / "LICENSE").read_text(encoding="utf-8")
    assert license_text.split()[:4] == ["Apache", "License", "Version", "2.0,"]
    assert "END OF TERMS AND CONDITIONS" in license_text


@pytest.mark.parametrize("model", REGISTRY.values(), ids=REGISTRY)
def test_every_model_is_attributed_with_its_licence(model: RegisteredModel) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    entry = re.search(rf"^(\S.*)\n  {re.escape(model.origin)}", notice, re.MULTILINE)
    assert entry is not None
    assert f" {model.license} " in entry[1]


def test_every_sample_recording_is_attributed(samples: Path) -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    for recording in samples.glob("*.mp4"):
        assert f"samples/{recording.name}" in notice
