"""Say every reason in every language to every audience: `python -m mulakat.presentation.check`, a part of `make lint`.

A code without a message, a message without a code, and one that asks for a value it is not given, are found here.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import get_args

from fluent.syntax import FluentParser, ast

from mulakat.presentation.catalog import CATALOGS, languages
from mulakat.presentation.reasons import Audience, message_id, say, word_id
from mulakat.schema.codes import WORDS, Code, Kind, LanguageKind, NestedKind, NumberKind, ShareKind, TextKind, WordKind
from mulakat.schema.reasons import Reason, Value


def samples(code: Code) -> list[Reason]:
    """The reason with sample values of its kinds; as often as its longest closed list has words."""
    most = max((len(WORDS[kind.of]) for kind in code.kinds.values() if isinstance(kind, WordKind)), default=2)
    return [
        Reason(code=code, values={name: _sample(kind, number) for name, kind in code.kinds.items()})
        for number in range(most)
    ]


def problems() -> list[str]:
    """What is wrong with the catalogs, a line each."""
    expected = {message_id(audience, code) for audience in get_args(Audience) for code in Code}
    expected |= {word_id(of, word) for of, words in WORDS.items() for word in words}
    found = []
    for language in languages():
        keys = set(_keys(language))
        found += [f"{language}: message {key!r} is missing" for key in sorted(expected - keys)]
        found += [f"{language}: message {key!r} belongs to no reason" for key in sorted(keys - expected)]
        if expected <= keys:
            found += [p for code in Code for audience in get_args(Audience) for p in _unsaid(code, language, audience)]
    return found


def _unsaid(code: Code, language: str, audience: Audience) -> Iterator[str]:
    for reason in samples(code):
        try:
            said = say(reason, language, audience)
        except LookupError as error:
            yield f"{error}"
            return
        if not said.strip():
            yield f"{language}: {message_id(audience, code)!r} says nothing"


def _sample(kind: Kind, number: int) -> Value:
    match kind:
        case NumberKind() | ShareKind():
            return number
        case WordKind(of=of, many=many):
            word = WORDS[of][number % len(WORDS[of])]
            return [word] if many else word
        case TextKind(many=many):
            return ["text"] * (number + 1) if many else "text"
        case LanguageKind():
            return "en"
        case NestedKind():
            return [Reason.of(Code.NO_SOUND), Reason.of(Code.NO_PICTURE)][: number + 1]


def _keys(language: str) -> Iterator[str]:
    """Ids of the messages that say reasons."""
    for path in CATALOGS.joinpath(language).iterdir():
        if path.name.startswith("reasons."):
            for entry in FluentParser().parse(path.read_text(encoding="utf-8")).body:
                if isinstance(entry, ast.Message | ast.Term):
                    yield entry.id.name


if __name__ == "__main__":
    sys.exit("\n".join(problems()) or None)
