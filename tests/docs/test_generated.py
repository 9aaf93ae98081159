"""What the documentation says of settings, stages, layers and JSON fields is what the code says."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import generate

PAGES = sorted(path.relative_to(generate.DOCS) for path in generate.DOCS.rglob("*.md"))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_the_generated_parts_are_up_to_date(page: Path) -> None:
    text = (generate.DOCS / page).read_text(encoding="utf-8")
    assert text == generate.renewed(text), "run `make docs`"


@pytest.mark.parametrize("name", generate.PARTS)
def test_every_part_stands_in_a_page(name: str) -> None:
    assert any(f"<!-- generated: {name} -->" in (generate.DOCS / page).read_text(encoding="utf-8") for page in PAGES)


def test_what_stands_around_a_part_stays() -> None:
    page = "before\n<!-- generated: stages -->\nold\n<!-- end -->\nafter\n"
    new = generate.renewed(page)
    assert new.startswith("before\n") and new.endswith("\nafter\n")
    assert "old" not in new and "`transcribe`" in new
