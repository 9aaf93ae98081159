"""Writes the parts of the pages that are made from the code: `make docs`.

In a page they stand between `<!-- generated: NAME -->` and `<!-- end -->`, where NAME
is one of `PARTS`. A test fails when a page is out of date.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from fluent.syntax import FluentParser, FluentSerializer
from fluent.syntax.ast import Message
from pydantic import BaseModel

from mulakat.interviews.settings import Settings
from mulakat.pipeline.local import Analysis
from mulakat.pipeline.stages import STAGES
from mulakat.presentation.catalog import CATALOGS
from mulakat.presentation.reasons import message_id
from mulakat.runtime.llm_settings import ModelSettings
from mulakat.schema.codes import Code
from mulakat.workflow.queues import PLACES

DOCS = Path(__file__).parent
ROOT = DOCS.parent

FOLDERS = {"mulakat_airflow": "plugins/mulakat_airflow", "mulakat_dags": "dags"}
"""Packages whose folder has another name."""

JSON_TYPES = {"integer": "whole number", "object": "object", "boolean": "true or false", "null": "null"}


def layers() -> str:
    """Every room with what it is for, by layer: the contract that lint checks, and the packages' docstrings."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    [contract] = [each for each in contracts if each["type"] == "layers"]
    rows = []
    for number, layer in enumerate(contract["layers"], start=1):
        for package in re.split(r" [|:] ", layer):
            folder = FOLDERS.get(package, package.replace(".", "/"))
            rows.append((str(number), f"`{folder}/`", _purpose(ROOT / folder)))
            if package == "analyzers":
                rooms = sorted(path.parent for path in (ROOT / folder).glob("*/__init__.py"))
                rows += [("", f"`{folder}/{room.name}/`", _purpose(room)) for room in rooms]
    return _table(("layer", "folder", "holds"), rows)


def stages() -> str:
    """The table of stages, with where each runs."""
    return _table(
        ("stage", "module", "needs", "reads", "queue", "pool", "version"),
        (
            (
                f"`{stage.name}`",
                f"`{stage.module}`",
                _names(stage.needs),
                ", ".join(stage.reads),
                f"`{PLACES[stage.work].queue}`",
                f"`{PLACES[stage.work].pool}`",
                stage.load().VERSION,
            )
            for stage in STAGES
        ),
    )


def settings(kind: type[BaseModel]) -> str:
    """Every setting with its meaning and default."""
    prefix = kind.model_config["env_prefix"]  # type: ignore[typeddict-item]
    rows = []
    for name, field in kind.model_fields.items():
        default = field.get_default(call_default_factory=True)
        rows.append(
            (f"`{prefix}{name.upper()}`", field.description or "", "" if default in (None, []) else f"`{default}`")
        )
    return _table(("variable", "meaning", "default"), rows)


def analysis_json() -> str:
    """The fields of the analysis, object by object, each after the first one that holds it."""
    schema = Analysis.model_json_schema(mode="serialization")
    kinds = {"Analysis": schema, **schema["$defs"]}
    parts = []
    for name in _order("Analysis", kinds):
        kind = kinds[name]
        parts += [f"### {name}", _json_words(kind["description"])]
        rows = [
            (f"`{field}`", _type(value), _json_words(value.get("description", "")))
            for field, value in kind.get("properties", {}).items()
        ]
        if rows:
            parts.append(_table(("field", "type", "meaning"), rows))
    return "\n\n".join(parts)


def reasons() -> str:
    """Every code with its values, those that no candidate is told in brackets, and what it says to a reviewer."""
    said = {entry.id.name: entry for entry in _messages("en", "reasons.reviewer.ftl")}
    rows = []
    for code in Code:
        values = (f"(`{name}`)" if kind.private else f"`{name}`" for name, kind in code.kinds.items())
        text = FluentSerializer().serialize_entry(said[message_id("reviewer", code)]).partition(" =")[2]
        rows.append((f"`{code}`", ", ".join(values), " ".join(text.split())))
    return _table(("code", "values", "to a reviewer, in English"), rows)


def _messages(language: str, file: str) -> list[Message]:
    text = CATALOGS.joinpath(language, file).read_text(encoding="utf-8")
    return [entry for entry in FluentParser().parse(text).body if isinstance(entry, Message)]


PARTS: dict[str, Callable[[], str]] = {
    "layers": layers,
    "stages": stages,
    "settings": lambda: settings(Settings),
    "llm-settings": lambda: settings(ModelSettings),
    "analysis-json": analysis_json,
    "reasons": reasons,
}


def renewed(page: str) -> str:
    """The text of a page with its generated parts made anew."""

    def part(found: re.Match[str]) -> str:
        return f"{found['begin']}\n\n{PARTS[found['name']]()}\n\n<!-- end -->"

    pattern = r"(?P<begin><!-- generated: (?P<name>[\w-]+) -->)\n.*?<!-- end -->"
    return re.sub(pattern, part, page, flags=re.DOTALL)


def main() -> None:
    """Write every page that has changed, and say which."""
    for path in sorted(DOCS.rglob("*.md")):
        page = path.read_text(encoding="utf-8")
        if (new := renewed(page)) != page:
            path.write_text(new, encoding="utf-8")
            sys.stdout.write(f"renewed {path.relative_to(ROOT)}\n")


def _purpose(package: Path) -> str:
    """The first paragraph of a package's docstring."""
    documented = ast.get_docstring(ast.parse((package / "__init__.py").read_text(encoding="utf-8")))
    if documented is None:
        raise ValueError(f"{package.relative_to(ROOT)}/__init__.py has no docstring: say in a line what it holds")
    return " ".join(documented.split("\n\n")[0].split())


def _order(first: str, kinds: dict[str, Any]) -> list[str]:
    """The names of all kinds that `first` refers to, in the order of reading."""
    names = [first]
    for name in names:  # grows while it is walked
        names += [each for each in _referred(kinds[name].get("properties", {})) if each not in names]
    return list(dict.fromkeys(names))


def _referred(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "$ref" in value:
            yield _kind(value)
        for inner in value.values():
            yield from _referred(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _referred(inner)


def _type(value: dict[str, Any]) -> str:
    """A JSON type in words; links lead to the objects."""
    match value:
        case {"$ref": _}:
            return f"[{_kind(value)}](#{_kind(value).lower()})"
        case {"anyOf": choices}:
            return " or ".join(_type(choice) for choice in choices)
        case {"enum": words}:
            return " or ".join(f"`{word}`" for word in words)
        case {"const": word}:
            return f"`{word}`"
        case {"type": "array", "items": items}:
            return f"list of ({_type(items)})" if "anyOf" in items else f"list of {_type(items)}"
        case {"type": "object", "additionalProperties": dict(items)}:
            return f"object: name → {_type(items)}"
        case {"type": name, **limits}:
            return JSON_TYPES.get(str(name), str(name)) + _limits(limits)
        case _:
            return "anything"


def _limits(value: dict[str, Any]) -> str:
    match value:
        case {"minimum": low, "maximum": high}:
            return f" {low:g}–{high:g}"
        case {"minimum": low}:
            return f" ≥ {low:g}"
        case _:
            return ""


def _kind(reference: dict[str, Any]) -> str:
    return str(reference["$ref"]).rpartition("/")[2]


def _json_words(text: str) -> str:
    """A docstring in the words of JSON."""
    return re.sub(r"\b(None|True|False)\b", lambda word: {"None": "null"}.get(word[0], word[0].lower()), text)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


if __name__ == "__main__":
    main()
