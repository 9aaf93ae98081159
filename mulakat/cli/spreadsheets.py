"""Tables as spreadsheets save them: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows' Turkish code page."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from mulakat.schema.errors import BadInput

_SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs"}
_TURKISH = "cp1254"


@dataclass(frozen=True)
class Sheet:
    """Rows of a file, by its line: column → text. `read_as` says how, where that is not plain CSV in UTF-8."""

    rows: list[tuple[int, dict[str, str]]]
    read_as: str | None


def read(path: Path, columns: Sequence[str]) -> Sheet:
    """A table with just these columns, in any order; rows and columns with nothing in them are passed over.

    Raises:
        BadInput: not readable, other columns, or a row with too many or too few of them.
    """
    text, encoding = _decoded(path)
    lines = text.splitlines(keepends=True)
    skipped = 1 if lines and lines[0].lower().startswith("sep=") else 0  # Excel's own line
    separator = next((each for each in _SEPARATORS if _header(lines[skipped:], each, columns)), ",")
    try:
        rows = list(_rows(lines[skipped:], separator, columns, path.name, skipped))
    except csv.Error as error:
        raise BadInput(f"{str(path)!r} is not CSV: {error}") from None
    plain = separator == "," and encoding == "UTF-8"
    return Sheet(rows, None if plain else f"read {path.name} as {encoding} with {_SEPARATORS[separator]}")


def _decoded(path: Path) -> tuple[str, str]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"cannot read {str(path)!r}: {error.strerror}") from None
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16"), "UTF-16"
        return data.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        try:
            text = data.decode(_TURKISH)
        except UnicodeDecodeError:
            text = "\0"
        if "\0" in text:
            raise BadInput(f"{str(path)!r} is not CSV in UTF-8: {error}; save it as such") from None
        return text, "Windows-1254 (Turkish)"


def _header(lines: Sequence[str], separator: str, columns: Sequence[str]) -> bool:
    found = next(csv.reader(lines[:1], delimiter=separator), [])
    return sorted(_name(cell) for cell in found if cell.strip()) == sorted(columns)


def _name(cell: str) -> str:
    return cell.strip().lower()


def _rows(
    lines: Sequence[str], separator: str, columns: Sequence[str], name: str, skipped: int
) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO("".join(lines), newline=""), delimiter=separator)
    header = [_name(cell) for cell in next(reader, [])]
    while header and not header[-1]:
        header.pop()
    if sorted(header) != sorted(columns):
        raise BadInput(f"{name}: columns must be {','.join(columns)}, got {header}")
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        where = reader.line_num + skipped
        beyond = [cell for cell in cells[len(header) :] if cell.strip()]
        if len(cells) < len(header) or beyond:
            raise BadInput(f"{name} line {where}: needs {len(header)} columns, got {cells}")
        yield where, dict(zip(header, (cell.strip() for cell in cells), strict=False))
