"""Settings come from the environment, and one that cannot be used is told in a line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from mulakat.interviews.settings import Settings
from mulakat.workflow.queues import POOLS, pools


def test_the_pool_for_the_language_model_has_the_slots_that_are_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_MODEL", "m")
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    for value, slots in (("3", 3), ("", 5)):
        monkeypatch.setenv("MULAKAT_LLM_CONCURRENCY", value)
        assert pools() == POOLS | {"llm": POOLS["llm"]._replace(slots=slots)}
    monkeypatch.delenv("OPENAI_MODEL")
    assert pools() == POOLS, "the local scorer rates on this machine's cores"


def test_a_setting_that_cannot_be_used_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "answer.txt").write_text("I fixed it.")
    environment = {**os.environ, "OPENAI_MODEL": "m", "OPENAI_API_KEY": "k", "MULAKAT_LLM_RETRIES": "often"}
    command: list[str | Path] = [
        Path(sys.executable).with_name("mulakat"),
        "analyze",
        "--text",
        tmp_path / "answer.txt",
    ]
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "MULAKAT_LLM_RETRIES: Input should be a valid integer" in done.stderr
    assert "'often'" in done.stderr


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", '["/media", "/more"]')
    monkeypatch.setenv("MULAKAT_RETRIES", "5")
    settings = Settings()
    assert settings.file_roots == [Path("/media"), Path("/more")]
    assert settings.retries == 5
