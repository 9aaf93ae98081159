"""Read a small YAML document written by a person, and refuse what YAML would silently misread.

A key given twice (PyYAML keeps the last), anchors and aliases (a few lines of them can fill
the memory), several documents, other tags than plain data, and files of no sensible size.

ruamel.yaml would not do it for us: it takes the keys `1` and `"1"` for two, reads anchors, and
knows lines only in types of its own. YAML 1.1 stays, as `no` and `010` mean in files that exist.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from mulakat.schema.errors import BadInput

MAX_BYTES = 256 * 1024


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        event = self.peek_event()  # type: ignore[no-untyped-call]
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(
                problem=f"anchors and aliases (&{event.anchor}) are not read; write the text out",
                problem_mark=event.start_mark,
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: dict[str, Any] = {}
        for key, _ in node.value:
            name = str(self.construct_object(key, deep=True))  # 1 and "1" become the same level
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"key {name!r} is there twice, first in line {seen[name].line + 1}; keep one",
                    problem_mark=key.start_mark,
                )
            seen[name] = key.start_mark
        return super().construct_mapping(node, deep)


def read(path: Path) -> str:
    """The text of a file.

    Raises:
        BadInput: no such file, larger than `MAX_BYTES`, or not UTF-8.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}: {error.strerror}") from None
    if len(data) > MAX_BYTES:
        raise BadInput(f"{str(path)!r} is larger than {MAX_BYTES // 1024} KB; is it the right file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"byte {error.start}: {data[error.start]:#04x}"
        raise BadInput(f"{str(path)!r} is not UTF-8 ({byte}); save it as UTF-8") from None


def parse(text: str, name: str) -> object:
    """The document in a text.

    Args:
        name: what to call it in messages.

    Raises:
        BadInput: empty, not YAML, or YAML as the module docstring says; names the line.
    """
    try:
        document = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadInput(
            f"{name}: not valid YAML: {where}{_line(error.problem or error.context or 'unreadable')}"
        ) from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: a date or number that cannot be
        raise BadInput(f"{name}: not valid YAML: {_line(str(error))}") from None
    except RecursionError:
        raise BadInput(f"{name}: not valid YAML: nested too deeply") from None
    if document is None:
        raise BadInput(f"{name}: is empty")
    if not isinstance(document, dict):
        raise BadInput(f"{name}: holds a {type(document).__name__}, not fields such as `id: …`")
    return document


def lines(text: str) -> dict[str, int]:
    """Where each value of a document that can be parsed stands: path, e.g. `competencies.0.weight` → line, from 1."""
    found: dict[str, int] = {}
    root = yaml.compose(text, _Loader)
    pending: list[tuple[str, int, yaml.Node]] = [("", 1, root)] if root is not None else []
    while pending:
        path, line, node = pending.pop()
        found[path] = line
        inside = f"{path}." if path else ""
        if isinstance(node, yaml.MappingNode):
            pending += [(inside + key.value, key.start_mark.line + 1, value) for key, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            pending += [(f"{inside}{i}", item.start_mark.line + 1, item) for i, item in enumerate(node.value)]
    return found


def _line(text: str) -> str:
    return " ".join(text.split())
