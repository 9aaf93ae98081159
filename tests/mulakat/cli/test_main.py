"""The command `mulakat` itself: its version, and how it says what to type."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from mulakat.cli.console import own_command

ROOT = Path(__file__).parents[3]
PROGRAM = Path(sys.executable).with_name("mulakat")


def test_the_version_is_that_of_the_project() -> None:
    done = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert done.stdout == f"mulakat {project['version']}\n"


def test_the_command_is_told_by_name_where_the_search_path_leads_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(PROGRAM.parent))
    assert own_command() == "mulakat"


def test_the_command_is_told_by_its_file_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    other = tmp_path / "mulakat"
    other.write_text("#!/bin/sh\n")
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert own_command() == str(PROGRAM)
    checkout = PROGRAM.parents[2]
    monkeypatch.chdir(checkout)
    assert own_command() == str(PROGRAM.relative_to(checkout))
