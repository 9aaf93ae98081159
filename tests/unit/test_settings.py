"""Settings are documented, all of them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from analyzers.model_settings import ModelSettings
from interviews.settings import Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


def test_every_setting_is_documented_and_no_other():
    rows = dict(re.findall(r"^\| `(MULAKAT_\w+)` \| (.+?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    settings = {
        f"{kind.model_config['env_prefix']}{name.upper()}": field.description
        for kind in (Settings, ModelSettings)
        for name, field in kind.model_fields.items()
    }
    assert rows == settings


def test_defaults_are_documented():
    rows = dict(re.findall(r"^\| `(MULAKAT_LLM_\w+)` \| .+? \| (.*) \|$", PAGE.read_text("utf-8"), re.MULTILINE))
    assert rows == {
        f"MULAKAT_LLM_{name.upper()}": "" if field.default is None else f"`{field.default}`"
        for name, field in ModelSettings.model_fields.items()
    }


def test_the_pool_for_the_language_model_has_the_slots_that_are_set():
    code = "from interviews.queues import POOLS; print(POOLS['llm'].slots)"
    for value, slots in (("2", "2"), ("", "5")):
        environment = {**os.environ, "MULAKAT_LLM_CONCURRENCY": value}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert done.stdout.strip() == slots


def test_settings_come_from_the_environment(monkeypatch):
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", '["/media", "/more"]')
    monkeypatch.setenv("MULAKAT_RETRIES", "5")
    settings = Settings()
    assert settings.file_roots == [Path("/media"), Path("/more")]
    assert settings.retries == 5
