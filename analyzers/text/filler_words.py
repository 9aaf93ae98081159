"""Hesitation sounds by language: how they are written, and how to ask a recogniser to write them.

Only sounds that are nothing but hesitation (Clark & Fox Tree 2002, "Using uh and um in
spontaneous speaking") are listed. Words such as "like", "şey" or "yani" hesitate in one
sentence and mean something in the next, so they are not counted.
"""

from __future__ import annotations

import re

from mulakat.schema.text import lower

_PATTERNS = {
    "en": re.compile(r"u+h+|u+h*m+|e+r+m*|e+h+m+|h+m+|m{2,}"),
    "tr": re.compile(r"[ıeö]{2,}|ı+h?m*|e+h?m{2,}|h+[ıi]?m+|m{2,}"),
}

PROMPTS = {
    "en": "Umm, let me think, uh, hmm... okay, er, here's what I'm, um, thinking.",
    "tr": "Eee, ben, ııı, şey, bir düşüneyim, hmm, evet.",
}
"""Text before the speech, in the style the recogniser shall keep to."""


def known(language: str) -> bool:
    """Whether there is a list for this language (ISO 639-1)."""
    return language in _PATTERNS


def is_filler(word: str, language: str) -> bool:
    """Whether a word is a hesitation sound, whatever its case and punctuation."""
    pattern = _PATTERNS.get(language)
    return pattern is not None and pattern.fullmatch(lower(_bare(word), language)) is not None


def is_filler_anywhere(word: str) -> bool:
    """The same where the language is not known; a capital I alone is the English word."""
    bare = lower(_bare(word), None)
    return any(pattern.fullmatch(bare) for pattern in _PATTERNS.values())


def _bare(word: str) -> str:
    return re.sub(r"[\W_]+", "", word)
