"""What all benchmarks share: a table, targets, one line of JSON, and a page in `docs/benchmarks/`.

bench = Bench("pitch", "Pitch: ours beside pyin and Praat")
table = bench.table("Speed", "tracker", "seconds")
table.add_row("ours", "1.20")
bench.figure("ours_s", 1.2)
bench.target("ratio", 4.3, at_least=4.0)
bench.finish()  # prints, writes the page, exits 1 when a target is missed
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import NoReturn

import psutil
from rich import box
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "docs" / "benchmarks"


def media_folder() -> Path:
    """The folder of development recordings, with its `MANIFEST.tsv`.

    Raises:
        SystemExit: there is none; says what to set.
    """
    folder = Path(os.environ.get("MULAKAT_TEST_MEDIA", ROOT.parent / "shared" / "media"))
    if not (folder / "MANIFEST.tsv").is_file():
        sys.exit(f"no MANIFEST.tsv in {str(folder)!r}: set MULAKAT_TEST_MEDIA to a folder of labelled recordings")
    return folder


class Bench:
    """One benchmark's tables, figures and targets."""

    def __init__(self, name: str, title: str) -> None:
        self.name, self.title = name, title
        self._tables: list[Table] = []
        self._notes: list[str] = []
        self._figures: dict[str, object] = {}
        self._targets: list[tuple[str, float, str, bool]] = []

    def table(self, title: str, *columns: str) -> Table:
        """A table to fill with `add_row`; the first column is text, the others are numbers."""
        table = Table(title=title, box=box.MARKDOWN, title_justify="left", title_style="bold")
        for index, column in enumerate(columns):
            table.add_column(column, justify="right" if index else "left", no_wrap=True)
        self._tables.append(table)
        return table

    def note(self, text: str) -> None:
        """A sentence below the tables."""
        self._notes.append(text)

    def figure(self, name: str, value: object) -> None:
        """A figure of the JSON line."""
        self._figures[name] = round(value, 4) if isinstance(value, float) else value

    def target(
        self,
        name: str,
        value: float,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
        below: float | None = None,
    ) -> None:
        """A figure that must stay within one bound."""
        self.figure(name, value)
        if at_least is not None:
            wanted, met = f"≥ {at_least:g}", value >= at_least
        elif at_most is not None:
            wanted, met = f"≤ {at_most:g}", value <= at_most
        else:
            assert below is not None, "a target has one bound"
            wanted, met = f"< {below:g}", value < below
        self._targets.append((name, value, wanted, met))

    def finish(self) -> NoReturn:
        """Print everything, write `docs/benchmarks/<name>.md`, and exit: 1 when a target was missed."""
        if self._targets:
            table = self.table("Targets", "figure", "measured", "wanted", "met")
            for name, value, wanted, met in self._targets:
                table.add_row(name, f"{value:.3f}", wanted, "yes" if met else "NO")
        console = Console(width=160)
        for table in self._tables:
            console.print(table)
        for note in self._notes:
            console.print(note, markup=False)
        PAGES.mkdir(parents=True, exist_ok=True)
        (PAGES / f"{self.name}.md").write_text(self._page(), encoding="utf-8")
        met = all(met for *_, met in self._targets)
        print(json.dumps({"bench": self.name, **self._figures, "met": met}, ensure_ascii=False))  # noqa: T201
        sys.exit(0 if met else 1)

    def _page(self) -> str:
        """The page: written here, never by hand."""
        parts = [f"# {self.title}", f"Written by `bench/{self.name}.py`. {_where()}"]
        for table in self._tables:
            console = Console(width=200, file=open(os.devnull, "w"), record=True)  # noqa: SIM115, PTH123
            title, table.title = str(table.title), None
            console.print(table)
            table.title = title
            parts += [f"## {title}", "\n".join(line.rstrip() for line in console.export_text().strip().splitlines())]
        return "\n\n".join([*parts, *self._notes]) + "\n"


def _where() -> str:
    """Machine, date and commit."""
    processor = next(
        (line.partition(":")[2].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor() or platform.machine(),
    )
    memory_gb = psutil.virtual_memory().total / 1024**3
    commit = _git("rev-parse", "--short", "HEAD") + ("+" if _git("status", "--porcelain", "-uno") else "")
    return (
        f"Machine: {os.cpu_count()} cores ({processor}), {memory_gb:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}. Date: {datetime.now(UTC):%Y-%m-%d}. Commit: {commit or 'unknown'}."
    )


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def _git(*arguments: str) -> str:
    found = subprocess.run(["git", "-C", str(ROOT), *arguments], capture_output=True, text=True, check=False)
    return found.stdout.strip()
