"""Numbers written in digits or in words, and how to turn one into the other.

Words are read by writing candidates out (`num2words`) and comparing, so only what the
library would say itself is taken for a number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from mulakat.schema.text import lower

# Thousands and decimal mark; words of which numbers are made, with what they stand for.
_MARKS = {"en": (",", "."), "tr": (".", ",")}
_SCALES = {"en": {"hundred": 100, "thousand": 1000, "million": 10**6}, "tr": {"yüz": 100, "bin": 1000, "milyon": 10**6}}
_PERCENT = {"en": "{} percent", "tr": "yüzde {}"}
# Alone these are other words at least as often: "one of them", "yüz" (face), "bin" (get on), "altı" (below).
_AMBIGUOUS = {"one", "a", "bir", "yüz", "bin", "altı", "on", "kırk"}
_AND = {"en": "and"}
_YEARS = range(1900, 2100)
_LONGEST = 14  # words


def known(language: str) -> bool:
    """Whether numbers of this language (ISO 639-1) can be turned."""
    return language in _MARKS


def words(text: str, language: str) -> str:
    """A number in digits as words, its punctuation kept; any other text as it is.

    `4,000.` → `four thousand.`, `%40` → `yüzde kırk`. Clock times, ordinals and amounts of
    money stay as they are.
    """
    thousands, decimal = (re.escape(mark) for mark in _MARKS[language])
    match = re.fullmatch(rf"(%?)(\d{{1,3}}(?:{thousands}\d{{3}})+|\d+)({decimal}\d+)?(%?)([,.;:!?…]*)", text.strip())
    if match is None or (match[1] and match[4]):
        return text
    whole = int(re.sub(thousands, "", match[2]))
    if _value(_parts(_said(whole, language), language), language) != whole:
        return text  # too large, or the library gets it wrong (0.5.14: 411.001 in Turkish)
    if match[3]:
        point = {"en": "point", "tr": "virgül"}[language]
        said = " ".join([_said(whole, language), point, *(_said(int(d), language) for d in match[3][1:])])
    elif language == "en" and whole in _YEARS and "," not in match[2]:
        said = _said(whole, language, "year")
    else:
        said = _said(whole, language)
    return (_PERCENT[language].format(said) if match[1] or match[4] else said) + match[5]


def digits(spoken: Sequence[str], language: str) -> tuple[str, int]:
    """The longest number in words that a text begins with, in digits, and how many words it takes.

    `("", 0)` when it begins with none.
    """
    run: list[str] = []
    for word in spoken[:_LONGEST]:
        if not (_parts(word, language) or (run and _bare(word, language) == _AND.get(language))):
            break
        run.append(word)
        if re.search(r"[,.;:!?…]$", word):
            break
    while run:
        value = _value([part for word in run for part in _parts(word, language)], language)
        if value is not None and not (len(run) == 1 and _bare(run[0], language) in _AMBIGUOUS):
            written = str(value) if value in _YEARS else f"{value:,}".replace(",", _MARKS[language][0])
            return written + run[-1][len(run[-1].rstrip(",.;:!?…")) :], len(run)
        run.pop()
    return "", 0


def _value(parts: list[str], language: str) -> int | None:
    """Parts of a number as its value; None when they are not one, as the library says it."""
    value = _sum(parts, language)
    return value if parts and _joined(_said(value, language), language) == "".join(parts) else None


def _sum(parts: list[str], language: str) -> int:
    total = current = 0
    for part in parts:
        scale = _SCALES[language].get(part)
        if scale is None:
            current += _small(language).get(part, 0)
        elif scale == 100:
            current = max(current, 1) * 100
        else:
            total += max(current, 1) * scale
            current = 0
    return total + current


def _parts(word: str, language: str) -> list[str]:
    """A spoken word cut into number words: `twenty-one` → twenty, one; `dörtbin` → dört, bin; [] when it is none."""
    left = _joined(word, language)
    known_parts = sorted([*_small(language), *_SCALES[language]], key=len, reverse=True)
    found: list[str] = []
    while left:
        part = next((p for p in known_parts if left.startswith(p)), None)
        if part is None:
            return []
        found.append(part)
        left = left[len(part) :]
    return found


@cache
def _small(language: str) -> dict[str, int]:
    """Numbers that are one word: 1–19 in English, 1–9 in Turkish, and the tens."""
    units = range(1, 20) if language == "en" else range(1, 10)
    return {_said(n, language): n for n in (*units, *range(10, 100, 10))}


def _said(value: int, language: str, to: str = "cardinal") -> str:
    from num2words import num2words

    said: str = num2words(value, lang=language, to=to)
    if language == "tr":  # which the library writes as one word
        parts = _parts(said, language) if value > 99 or (value % 10 and value > 10) else [said]
        return " ".join(parts)
    return said


def _joined(text: str, language: str) -> str:
    joined = re.sub(r"[\s,.;:!?…-]", "", _bare(text, language))
    return re.sub(r"(hundred|thousand|million)and", r"\1", joined) if language == "en" else joined


def _bare(text: str, language: str) -> str:
    return lower(text, language).strip(" ,.;:!?…")
