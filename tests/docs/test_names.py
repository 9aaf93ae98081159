"""Files and modules that pages, docstrings and comments name are there, under that name."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOLDERS = "analyzers|bench|dags|docs|mulakat|plugins|review_ui|samples|tests"
PATH = re.compile(rf"`((?:{FOLDERS})/[\w./-]+?)/?`")
ALONE = re.compile(r"`(\w+\.py)`")
DOTTED = re.compile(r"`((?:analyzers|mulakat|review_ui)(?:\.\w+)+)`")
LINK = re.compile(r"\]\(([\w./-]+?)(?:#[\w-]+)?\)")


def texts() -> Iterator[Path]:
    """Pages and modules of the repository; the changelog tells of the past."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.md", "*.py"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in sorted(set(listed.split("\0"))):
        if (ROOT / name).is_file() and name != "CHANGELOG.md":
            yield Path(name)


def resolves(dotted: str) -> bool:
    """Whether it is a module, or a name that stands in one."""
    place, rest = ROOT, dotted.split(".")
    while rest and (place / rest[0]).is_dir():
        place /= rest.pop(0)
    module = place / "__init__.py"
    if rest and (file := place / f"{rest[0]}.py").is_file():
        module, rest = file, rest[1:]
    text = module.read_text(encoding="utf-8")
    return all(
        re.search(rf"^\s*(async def|def|class) {name}\b|^\s*{name}\b.*[:=]", text, re.MULTILINE) for name in rest
    )


def missing(name: Path) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    lost = [path for path in PATH.findall(text) if not (ROOT / path).exists()]
    lost += [
        file for file in ALONE.findall(text) if not any(ROOT.glob(f"[!.]*/**/{file}")) and not (ROOT / file).exists()
    ]
    lost += [dotted for dotted in DOTTED.findall(text) if not resolves(dotted)]
    if name.suffix == ".md":
        lost += [link for link in LINK.findall(text) if not (ROOT / name.parent / link).exists()]
    return lost


def test_what_is_named_is_there() -> None:
    assert {name: lost for name in texts() if (lost := missing(name))} == {}
