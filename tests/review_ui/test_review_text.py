"""Both languages say everything, and nothing is said in one language only."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import review_ui
from mulakat.pipeline.stages import STAGES
from review_ui.text import LANGUAGES, catalog, plain

FOLDER = Path(review_ui.__file__).parent
SOURCES = sorted(FOLDER.rglob("*.py"))
# Streamlit calls that put their first argument on the page.
SHOWN = {
    "badge", "button", "caption", "download_button", "error", "expander", "header", "info", "link_button", "markdown",
    "metric", "page_link", "popover", "segmented_control", "selectbox", "subheader", "tabs", "text", "title", "warning",
}  # fmt: skip
# What `name` and `badge` put together from a kind and a value of the data.
OPEN_ENDED = {"stage.", "component.", "unseen.", "interview.", "state.", "flag.", "quality.", "source.", "variant."}


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", text))


def test_both_languages_have_the_same_keys_and_placeholders():
    first, *others = (catalog(language) for language in LANGUAGES)
    for other in others:
        assert other.keys() == first.keys()
        assert {key: placeholders(text) for key, text in other.items()} == {
            key: placeholders(text) for key, text in first.items()
        }


def test_no_text_is_empty():
    for language in LANGUAGES:
        assert all(text.strip() for text in catalog(language).values())


def asked_for() -> tuple[set[str], set[str]]:
    """Keys that the sources ask for by name, and beginnings of keys that they complete."""
    whole, beginnings = set(), set(OPEN_ENDED)
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "t":
                for key in ast.walk(node.args[0]):
                    if isinstance(key, ast.JoinedStr) and isinstance(key.values[0], ast.Constant):
                        beginnings.add(str(key.values[0].value))
                    elif isinstance(key, ast.Constant) and isinstance(key.value, str):
                        whole.add(key.value)
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, beginnings


def test_every_key_is_used():
    whole, beginnings = asked_for()
    assert [key for key in catalog("en") if key not in whole and not key.startswith(tuple(beginnings))] == []


def test_every_key_that_is_asked_for_by_name_exists():
    groups = {key.split(".")[0] for key in catalog("en") if "." in key} - {"player"}
    keys = {key for key in asked_for()[0] if re.fullmatch(r"[a-z]+\.[a-z_]*[a-z]", key) and key.split(".")[0] in groups}
    assert keys - catalog("en").keys() == set()


@pytest.mark.parametrize("stage", [stage.name for stage in STAGES])
def test_each_stage_has_a_name(stage: str):
    for language in LANGUAGES:
        assert f"stage.{stage}" in catalog(language)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_page_holds_text_of_its_own(path: Path):
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


def test_the_browser_side_holds_no_text_of_its_own():
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
def test_text_from_outside_loses_its_markdown(hostile: str):
    made_safe = plain(hostile)
    assert re.sub(r"\\(.)", r"\1", made_safe) == hostile
    assert not re.search(r"(?<!\\)[\[\]<>()$:!]", made_safe)
