"""A written answer: UTF-8 text, given instead of a recording."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

from analyzers.media import sniff
from analyzers.media.container import plain_file
from analyzers.media.limits import MAX_TEXT_BYTES
from mulakat.runtime.files import sha256
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput

MAX_RUN = 5000
"""Characters without a space: more than a paragraph of Chinese has, and what an encoder still takes in good time."""

_KEPT = "\t\n\r\f"
_JOINERS = "\u200c\u200d"
"""Format characters that change how neighbours are written; all others only hide."""


def measure(path: Path, name: str) -> dict[str, Any]:
    """The fields of `results.Media`, without provenance.

    Args:
        name: what to call the file in messages.

    Raises:
        BadInput: as `read`.
    """
    text = read(path, name)
    return {
        "sha256": sha256(path),
        "size_bytes": path.stat().st_size,
        "container": "text",
        "duration_s": None,
        "video": None,
        "audio": None,
        "text": {"characters": len(text)},
    }


def read(path: Path, name: str | None = None) -> str:
    """The text of a file: composed (NFC), with `\\n` as line end, without characters that nobody can see.

    Invisible characters (Unicode's category Cf, such as tags and turns of direction, and variation
    selectors) may hide from a reviewer what a language model reads.

    Raises:
        BadInput: missing, not a plain file, empty, too large, not UTF-8, or in another format than plain text.
    """
    shown = repr(name or str(path))
    with plain_file(path, shown) as file:
        content = file.read(MAX_TEXT_BYTES + 1)
    reason = sniff.no_text(content[: sniff.HEAD_BYTES])
    if reason is not None:
        raise BadInput(f"{shown} {reason}", Code.NOT_PLAIN_TEXT)
    if len(content) > MAX_TEXT_BYTES:
        raise BadInput(
            f"{shown} is larger than the {MAX_TEXT_BYTES} bytes a written answer may have; send a shorter one",
            Code.TEXT_TOO_LONG,
        )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = content[error.start]
        raise BadInput(
            f"{shown} is not UTF-8 text (byte 0x{byte:02x} at position {error.start}); save it as plain text in UTF-8",
            Code.NOT_PLAIN_TEXT,
        ) from error
    for position, character in enumerate(text):
        if unicodedata.category(character) == "Cc" and character not in _KEPT:
            raise BadInput(
                f"{shown} holds the control character U+{ord(character):04X} at position {position}: "
                "it is no plain text; save it as plain text in UTF-8",
                Code.NOT_PLAIN_TEXT,
            )
    text = "\n".join("".join(filter(_visible, text)).splitlines())
    if not any(character.isalnum() for character in text):
        raise BadInput(f"{shown} holds no words; write the answer into it", Code.TEXT_EMPTY)
    longest = max(map(len, text.split()))
    if longest > MAX_RUN:
        raise BadInput(
            f"{shown} has {longest} characters without a space: it is no text; send the answer itself",
            Code.NOT_PLAIN_TEXT,
        )
    return unicodedata.normalize("NFC", text).strip()


def _visible(character: str) -> bool:
    if "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef":
        return False
    return unicodedata.category(character) != "Cf" or character in _JOINERS
