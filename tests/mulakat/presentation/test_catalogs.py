"""Each language says everything the code asks for, and nothing that nobody asks for."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as fluent
from fluent.syntax.visitor import Visitor
from pydantic import BaseModel

import mulakat
import review_ui
from mulakat.interviews.documents import Interview, StageState
from mulakat.pipeline.stages import STAGES
from mulakat.presentation import catalog, measures, scores
from mulakat.presentation.lanes import LANES
from mulakat.presentation.presenter import Presenter
from mulakat.schema.base import Flag
from mulakat.schema.errors import BadInput
from mulakat.schema.language import Sensitivity, VariantKind
from mulakat.schema.scores import Component, QualityName, SourceName

LANGUAGES = catalog.languages()
FILES = ("labels.ftl", "page.ftl", "report.ftl")
SOURCES = [
    path for folder in (Path(mulakat.__file__).parent, Path(review_ui.__file__).parent) for path in folder.rglob("*.py")
]


@cache
def messages(language: str) -> dict[str, fluent.Message]:
    """The messages of the files that this test is about."""
    found: dict[str, fluent.Message] = {}
    for file in FILES:
        body = FluentParser().parse(catalog.CATALOGS.joinpath(language, file).read_text(encoding="utf-8")).body
        found |= {entry.id.name: entry for entry in body if isinstance(entry, fluent.Message)}
    return found


class Names(Visitor):
    """The values and the other messages that a message names."""

    def __init__(self) -> None:
        self.values: set[str] = set()
        self.messages: set[str] = set()

    def visit_VariableReference(self, node: fluent.VariableReference) -> None:  # noqa: N802 (Fluent's name)
        self.values.add(node.id.name)

    def visit_MessageReference(self, node: fluent.MessageReference) -> None:  # noqa: N802
        self.messages.add(node.id.name)


def names(language: str, key: str) -> Names:
    found = Names()
    found.visit(messages(language)[key])
    return found


@cache
def asked() -> tuple[frozenset[str], frozenset[str]]:
    """Texts that the code asks for by name, and the beginnings of those it completes with a stored name."""
    whole, families = set(), set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            first = node.args[0]
            if called == "t" and isinstance(first, ast.JoinedStr) and isinstance(first.values[0], ast.Constant):
                families.add(str(first.values[0].value))
            elif called == "t":
                whole |= {n.value for n in ast.walk(first) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
            if called in ("name", "badge") and isinstance(first, ast.Constant) and isinstance(first.value, str):
                families.add(f"{first.value}-")
    return frozenset(whole), frozenset(families)


@cache
def literals() -> frozenset[str]:
    """Every literal in the code: keys that are chosen first and said later."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in SOURCES)
    return frozenset(
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def test_every_language_has_the_same_messages_with_the_same_values() -> None:
    first, *others = LANGUAGES
    for other in others:
        assert messages(other).keys() == messages(first).keys()
        for key in messages(first):
            assert names(other, key).values == names(first, key).values, key


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_message_can_be_said(language: str) -> None:
    for key in messages(language):
        inside = set().union(*(names(language, other).values for other in names(language, key).messages))
        values = dict.fromkeys(names(language, key).values | inside, "x")
        assert catalog.text(language, key, **values).strip()


def test_every_text_that_is_asked_for_is_there() -> None:
    whole, families = asked()
    assert len(whole) > 100
    assert {key for key in whole if not catalog.has("en", key)} == set()
    assert {family for family in families if not any(key.startswith(family) for key in messages("en"))} == set()


def test_every_text_is_asked_for() -> None:
    """By its name, by another text, or by a stored name; families whose stored names are known need all of them."""
    families = tuple(family for family in asked()[1] if family.rstrip("-") not in STORED)
    stored = {f"{kind}-{identity.replace('_', '-')}" for kind in STORED for identity in STORED[kind]}
    named = {message for key in messages("en") for message in names("en", key).messages}
    assert {key for key in messages("en") if not key.startswith(families)} - literals() - named - stored == set()


def values_of(model: type[BaseModel], field: str) -> list[str]:
    return list(get_args(model.model_fields[field].annotation))


STORED = {
    "stage": [stage.name for stage in STAGES],
    "state": [*values_of(StageState, "state"), "waiting"],
    "interview-state": values_of(Interview, "state"),
    "component": [*get_args(Component), "emotion"],
    "flag": values_of(Flag, "kind"),
    "quality": get_args(QualityName),
    "advice": get_args(QualityName),
    "source": get_args(SourceName),
    "variant": get_args(VariantKind),
    "sensitivity": values_of(Sensitivity, "badge"),
    "lane": [
        *(lane.key for lane in LANES),
        *(f"{lane.key}_{state}" for lane in LANES if lane.kind == "state" for state in ("yes", "no")),
    ],
    "measure": [
        *(measure.key for measure in (*measures.VOICE, *measures.FACE)),
        *measures.recording(Presenter("en"), None, None),
        *measures.speech(Presenter("en"), None),
        "characters",
    ],
    "unit": [u for u in {*scores.QUALITY_UNITS.values(), *(m.unit for m in measures.VOICE + measures.FACE)} if u],
}


@pytest.mark.parametrize("kind", STORED)
def test_every_stored_name_has_a_word(kind: str) -> None:
    assert STORED[kind]
    for identity in STORED[kind]:
        for language in LANGUAGES:
            assert catalog.has(language, f"{kind}-{identity.replace('_', '-')}"), (language, kind, identity)


def test_a_language_without_a_catalog_is_refused() -> None:
    with pytest.raises(BadInput, match="no texts in language 'xx'; there are en, tr"):
        Presenter("xx")


def test_a_missing_text_or_value_is_an_error() -> None:
    t = Presenter("en")
    with pytest.raises(LookupError, match="no message 'nothing-like-it'"):
        t("nothing-like-it")
    with pytest.raises(LookupError, match="weight"):
        t("weight")
    assert t.name("stage", "measure_brightness") == "measure brightness"
