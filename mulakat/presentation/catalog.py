"""Texts by language, in Fluent (projectfluent.org): `catalogs/<language>/*.ftl`, one bundle a language."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast

CATALOGS = files("mulakat.presentation") / "catalogs"


@cache
def languages() -> list[str]:
    """The languages there is a catalog for."""
    return sorted(path.name for path in CATALOGS.iterdir() if path.is_dir())


@cache
def bundle(language: str) -> FluentBundle:
    """All messages of a language.

    Raises:
        ValueError: a file that is no Fluent, or a message that is there twice.
    """
    found = FluentBundle([language], use_isolating=False)
    known: set[str] = set()
    for path in sorted(CATALOGS.joinpath(language).iterdir(), key=lambda path: path.name):
        resource = FluentResource(path.read_text(encoding="utf-8"))
        for entry in resource.body:
            if isinstance(entry, ast.Junk):
                raise ValueError(f"{language}/{path.name}: not Fluent: {entry.content!r:.80}")
            if isinstance(entry, ast.Message | ast.Term):
                if entry.id.name in known:
                    raise ValueError(f"{language}/{path.name}: message {entry.id.name!r} is there twice")
                known.add(entry.id.name)
        found.add_resource(resource)
    return found


def has(language: str, key: str) -> bool:
    """Whether the catalog has this message."""
    return bundle(language).has_message(key)


def text(language: str, key: str, /, **values: str | float) -> str:
    """The message `key` with its values filled in.

    Raises:
        LookupError: no such message, or a value it needs was not given.
    """
    messages = bundle(language)
    if not messages.has_message(key):
        raise LookupError(f"no message {key!r} in language {language!r}")
    pattern = messages.get_message(key).value
    if pattern is None:
        raise LookupError(f"message {key!r} in language {language!r} has no text")
    shown, errors = messages.format_pattern(pattern, values)
    if errors:
        raise LookupError(f"message {key!r} in language {language!r}: {errors[0]}")
    return str(shown)
