"""What people who pick the project up rely on: version, changelog, hooks; nothing that must not be in a repository."""

from __future__ import annotations

import re
import subprocess
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).parents[1]
MAX_KB = 4096


def text(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_changelog_begins_with_what_is_unreleased_then_this_version() -> None:
    version = tomllib.loads(text("pyproject.toml"))["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\](?: - (\d{4}-\d\d-\d\d))?$", text("CHANGELOG.md"), re.MULTILINE)
    assert headings[0] == ("Unreleased", "")
    assert headings[1][0] == version and headings[1][1]


def test_hooks_have_the_versions_of_the_lock_file() -> None:
    locked = dict(re.findall(r"^([\w-]+)==([\w.]+)", text("requirements.lock"), re.MULTILINE))
    hooks = yaml.safe_load(text(".pre-commit-config.yaml"))["repos"]
    revisions = {hook["repo"].rpartition("/")[2]: hook["rev"] for hook in hooks}
    assert revisions["ruff-pre-commit"] == f"v{locked['ruff']}"
    assert revisions["codespell"] == f"v{locked['codespell']}"


def test_hosted_ci_runs_what_ci_runs() -> None:
    workflow = yaml.safe_load(text(".github/workflows/ci.yml"))
    runs = {name: [step.get("run") for step in job["steps"]] for name, job in workflow["jobs"].items()}
    assert ".ci/run" in runs["check"]
    targets = re.findall(r"^([\w-]+):", text("Makefile"), re.MULTILINE)
    called = re.findall(r"^make ([\w-]+)", text(".ci/run"), re.MULTILINE)
    beside = [run.removeprefix("make ") for steps in runs.values() for run in steps if run and run.startswith("make ")]
    assert {"lint", "test", "test-rest", "test-isa", "try-wheel"} <= {*called, *beside} <= set(targets)


def test_the_repository_holds_no_private_key_and_no_large_file() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for path in (ROOT / name for name in listed.split("\0") if name):
        if path.is_file():
            assert path.stat().st_size <= MAX_KB * 1024, path
            assert not re.search(rb"-----BEGIN [A-Z ]*PRIVATE KEY-----", path.read_bytes()), path
    assert f"--maxkb={MAX_KB}" in text(".pre-commit-config.yaml")
