"""Settings are documented, all of them."""

from __future__ import annotations

import re
from pathlib import Path

from interviews.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_no_other():
    rows = dict(re.findall(r"^\| `(MULAKAT_\w+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    settings = {f"MULAKAT_{name.upper()}": field.description for name, field in Settings.model_fields.items()}
    assert rows == settings


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", '["/media", "/more"]')
    monkeypatch.setenv("MULAKAT_RETRIES", "5")
    settings = Settings()
    assert settings.file_roots == [Path("/media"), Path("/more")]
    assert settings.retries == 5
