"""Reasons in words: by language and by audience, the same on page, paper, command line and API."""

from __future__ import annotations

from typing import Any, Literal

from babel import Locale, UnknownLocaleError
from babel.lists import format_list
from fluent.runtime.types import fluent_number

from mulakat.presentation.catalog import text
from mulakat.schema.codes import Kind, LanguageKind, NestedKind, NumberKind, ShareKind, TextKind, WordKind
from mulakat.schema.reasons import Reason

Audience = Literal["reviewer", "candidate"]


def say(reason: Reason, language: str, audience: Audience = "reviewer") -> str:
    """What a reason says, as a part of a sentence.

    A candidate's texts are given no private values: thresholds, messages, other people's words.

    Raises:
        LookupError: the catalog lacks it, or asks for a value that there is not.
    """
    values = {
        name: _shown(kind, reason.values[name], language, audience)
        for name, kind in reason.code.kinds.items()
        if audience == "reviewer" or not kind.private
    }
    return text(language, message_id(audience, reason.code), **values)


def message_id(audience: Audience, code: str) -> str:
    """The message that says a code."""
    return f"reason-{audience}-{code}"


def word_id(of: str, word: str) -> str:
    """The message that says a word of a closed list."""
    return f"reason-word-{of}-{word.replace(' ', '_')}"


def _shown(kind: Kind, value: Any, language: str, audience: Audience) -> Any:
    """A value as the catalog takes it: a number that a message may count with, or a text."""
    match kind:
        case NumberKind(digits=digits):
            places = {} if digits is None else {"minimumFractionDigits": digits}
            return fluent_number(value, maximumFractionDigits=4 if digits is None else digits, **places)
        case ShareKind(digits=digits):
            return fluent_number(value, style="percent", maximumFractionDigits=digits)
        case NestedKind(joint=joint):
            return joint.join(dict.fromkeys(say(each, language, audience) for each in value))
        case WordKind(of=of, many=many):
            words = [text(language, word_id(of, word)) for word in (value if many else [value])]
            return format_list(words, locale=language)
        case TextKind(many=many):
            return format_list(value, locale=language) if many else value
        case LanguageKind():
            return language_name(value, language)


def language_name(code: str, language: str) -> str:
    """A language's name in `language`; its code when there is none."""
    try:
        return Locale.parse(code).get_display_name(language) or code
    except (ValueError, UnknownLocaleError):
        return code
