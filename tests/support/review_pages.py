"""The review app's pages, run by Streamlit's own test driver."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from streamlit.testing.v1 import AppTest

import review_ui

MAIN = str(Path(review_ui.__file__).parent / "main.py")


def shown(at: AppTest) -> AppTest:
    """Run, and fail on any exception on the page."""
    at.run(timeout=60)
    assert not at.exception, at.exception
    return at


def start(**query: str) -> AppTest:
    """The first page, at an address with this query."""
    at = AppTest.from_file(MAIN, default_timeout=60)
    for key, value in query.items():
        at.query_params[key] = value
    return shown(at)


def interview_page(**query: str) -> AppTest:
    """The page of one interview."""
    at = AppTest.from_file(MAIN, default_timeout=60)
    at.query_params["lang"] = query.pop("lang", "en")
    shown(at)
    at.switch_page("app_pages/interview.py")
    for key, value in query.items():
        at.query_params[key] = value
    return shown(at)


def words(at: AppTest) -> str:
    """All text on the page."""
    kinds = ("title", "subheader", "markdown", "caption", "text", "error", "warning", "info", "code", "metric")
    found = [str(element.value) for kind in kinds for element in _get(at, kind)]
    found += [block.label for kind in ("expander", "button") for block in _get(at, kind)]
    found += [element.label for element in _get(at, "page_link")]
    return "\n".join(found).replace("\\", "")


def component(at: AppTest, key: str) -> dict[str, Any]:
    """What a component of ours was given."""
    for element in at.get("bidi_component"):
        if element.proto.id.endswith(key):
            given: dict[str, Any] = json.loads(element.proto.json)
            return given
    raise AssertionError(f"no component {key!r} among {[e.proto.id for e in at.get('bidi_component')]}")


def _get(at: AppTest, kind: str) -> list[Any]:
    """Elements of a kind: which attributes they have, their type does not say."""
    return list(at.get(kind))
