"""The reasons that analyzers give, in the language of a report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml

from mulakat.presentation.presenter import Presenter

MAX_REASON = 1000
"""Longer texts are not reasons of ours; nothing is looked for in them."""


class Texts(Presenter):
    """One language's texts, and the reasons said in it."""

    def reason(self, text: str) -> str | None:
        """A reason or note that an analyzer gave, in plain words; None when it is not one we know."""
        return _translate_reason(self.language, text) if len(text) <= MAX_REASON else None

    def term(self, text: str) -> str:
        """A word or number inside a reason: numbers as the language writes them, known words translated."""
        if (known := self._word(text)) is not None:
            return known
        named = [self._one(part) for part in re.split(r", | and ", text)]
        if None in named:
            return text
        names = [name for name in named if name]
        if " and " in text:
            return " ".join([", ".join(names[:-1]), self("and"), names[-1]])
        return ", ".join(names)

    def _one(self, text: str) -> str | None:
        """`voice`, `12.5` or `voice 20%`; None for anything else."""
        if (found := re.fullmatch(r"(?:(.+) )?(-?\d+(?:\.(\d+))?)(%?)", text)) is not None:
            name, value, digits = found[1], float(found[2]), len(found[3] or "")
            number = self.percent(value / 100) if found[4] else self.number(value, digits)
            return f"{self._word(name) or name} {number}" if name else number
        return self._word(text)

    def _word(self, text: str) -> str | None:
        found = _yaml("reasons.yaml")["terms"].get(text)
        return str(found[self.language]) if found else None


@lru_cache(maxsize=4096)
def _translate_reason(language: str, text: str) -> str | None:
    """The reason in the language, or, where it is made of several, each of them."""
    for pattern, templates in _patterns():
        match = pattern.fullmatch(text)
        values = _values(language, match.groupdict()) if match else None
        if values is not None:
            return str(templates[language]).format(**values)
    parts = [_translate_reason(language, part) for part in text.split("; ")] if "; " in text else [None]
    return None if None in parts else "; ".join(dict.fromkeys(p for p in parts if p))


def _values(language: str, captured: Mapping[str, str]) -> dict[str, str] | None:
    """What the placeholders hold, said in the language; None when a reason inside (`why`) is not known."""
    texts, values = Texts(language), dict[str, str]()
    for name, text in captured.items():
        said = (_translate_reason(language, text) if name == "why" else text) if name in LONG else texts.term(text)
        if said is None:
            return None
        values[name] = said
    return values


@cache
def _patterns() -> list[tuple[re.Pattern[str], Mapping[str, str]]]:
    return [(_pattern(entry["is"]), entry) for entry in _yaml("reasons.yaml")["reasons"]]


# Placeholders of reasons by what they may hold: a number; a name, never an address; anything; else no semicolon.
NUMBERS = ("n", "needed", "seen", "share", "value", "low", "high")
NAMES = ("part", "measure", "amount")
LONG = ("why", "quote", "because", "source")


def _pattern(template: str) -> re.Pattern[str]:
    """`{n} words` as a pattern: what each placeholder may hold, so that a sentence is not taken for another one."""
    kinds = dict.fromkeys(NUMBERS, r"-?\d+(?:\.\d+)?%?") | dict.fromkeys(LONG, ".+?")
    kinds |= dict.fromkeys(NAMES, "[^;:/]{1,160}?")
    parts = re.split(r"\{(\w+)\}", template)
    return re.compile(
        "".join(
            f"(?P<{part}>{kinds.get(part, '[^;]{1,160}?')})" if i % 2 else re.escape(part)
            for i, part in enumerate(parts)
        )
    )


@cache
def _yaml(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load((files("mulakat.report") / name).read_text(encoding="utf-8"))
    return loaded
