"""The house rules that no linter knows: names, spelling, size, and a line on every room."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SHIPPED = ("analyzers", "mulakat", "review_ui", "plugins", "dags")
MODULES = sorted(path for folder in SHIPPED for path in (ROOT / folder).rglob("*.py"))

LONGEST = 450  # lines
TWICE = {"Options"}  # each analyzer's own, always named with its package
BRITISH = re.compile(
    r"analys(e|ing)|colour|(recogn|normal|organ|summar|optim|serial|synchron|initial|util|token|minim|maxim|random)is[ei]"
    r"|licence|catalogue|centre|neighbour|behaviour|favour|honour|grey|defence|artefact|programme(?!r)|judgement"
    r"|(level|label|model|cancel|travel|signal|channel)l(ed|ing)"
)
STORED = {"analyse"}  # a field of policies
STORED_PREFIX = "analyse_"  # stages and task groups


def identifiers(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name


@pytest.fixture(scope="module")
def trees() -> dict[Path, ast.Module]:
    assert len(MODULES) > 100
    return {path.relative_to(ROOT): ast.parse(path.read_text(encoding="utf-8")) for path in MODULES}


def test_no_two_classes_have_one_name(trees: dict[Path, ast.Module]) -> None:
    named = Counter(node.name for tree in trees.values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef))
    assert {name for name, count in named.items() if count > 1} <= TWICE


def test_names_are_spelled_the_american_way(trees: dict[Path, ast.Module]) -> None:
    found = defaultdict(set)
    for path, tree in trees.items():
        for name in {*identifiers(tree), *path.with_suffix("").parts}:
            if name not in STORED and not name.startswith(STORED_PREFIX) and BRITISH.search(name.lower()):
                found[str(path)].add(name)
    assert found == {}


@pytest.mark.parametrize("name", ["colour", "recogniserOptions", "levelled", "NEIGHBOURS", "_analysed", "normalise"])
def test_british_names_are_noticed(name: str) -> None:
    assert BRITISH.search(name.lower())


@pytest.mark.parametrize("name", ["analysis", "programmer", "license", "labels", "modeling", "initial", "promise"])
def test_and_others_are_not(name: str) -> None:
    assert not BRITISH.search(name)


def test_no_module_is_too_long_to_be_read() -> None:
    lines = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in MODULES}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_every_room_says_what_it_is(trees: dict[Path, ast.Module]) -> None:
    rooms = {path: tree for path, tree in trees.items() if path.name == "__init__.py"}
    assert [str(path) for path, tree in rooms.items() if not ast.get_docstring(tree)] == []


def test_every_module_says_what_it_is(trees: dict[Path, ast.Module]) -> None:
    assert [str(path) for path, tree in trees.items() if not ast.get_docstring(tree)] == []
