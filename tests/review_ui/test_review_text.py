"""Nothing is said in one language only; that both say everything is tested with the catalogs."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import review_ui
from review_ui.text import LANGUAGES, plain

FOLDER = Path(review_ui.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
# Streamlit calls that put their first argument on the page.
SHOWN = {
    "badge", "button", "caption", "download_button", "error", "expander", "header", "info", "link_button", "markdown",
    "metric", "page_link", "popover", "segmented_control", "selectbox", "subheader", "tabs", "text", "title", "warning",
}  # fmt: skip


def test_languages_are_called_what_they_call_themselves() -> None:
    assert LANGUAGES == {"en": "English", "tr": "Türkçe"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_page_holds_text_of_its_own(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHOWN):
            continue
        if isinstance(node.func.value, ast.Name) and node.func.value.id == "log":
            continue
        literals = [node.args[0]] if node.args and node.func.attr != "page_link" else []
        literals += [keyword.value for keyword in node.keywords if keyword.arg in ("label", "help", "text")]
        for literal in literals:
            parts = literal.values if isinstance(literal, ast.JoinedStr) else [literal]
            for part in parts:
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    words = re.sub(r":material/\w+:|:\w+\[", "", part.value)
                    assert not re.search(r"[^\W\d_]{2}", words), f"{path.name}:{node.lineno}: {part.value!r}"


def test_the_browser_side_holds_no_text_of_its_own() -> None:
    """Everything a person reads comes in as data; what is assigned as text is never a literal."""
    for path in FOLDER.rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert "innerHTML" not in source
        assert "insertAdjacentHTML" not in source
        assert re.findall(r"textContent = [\"'`]\w", source) == []


@pytest.mark.parametrize(
    "hostile",
    ["![x](http://evil.example/a.png)", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>", ":red[x] $y$"],
)
def test_text_from_outside_loses_its_markdown(hostile: str) -> None:
    made_safe = plain(hostile)
    assert re.sub(r"\\(.)", r"\1", made_safe) == hostile
    assert not re.search(r"(?<!\\)[\[\]<>()$:!]", made_safe)
