"""How concrete a sentence is: numbers, names, times and amounts, less what is vague.

Concrete, checkable particulars are what tells a story that was lived from one that was made up
or only claimed (reality monitoring, Johnson & Raye 1981; in interviews: Levashina & Campion 2007).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import numpy as np
import yaml

from mulakat.schema.text import lower

ENOUGH = 2  # particulars in one sentence; more of them make no sentence more concrete

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_DIGIT = re.compile(r"\d")
_SENTENCE_START = re.compile(r"[.!?:;\"“”…]\s*$")


def specificity(sentences: Sequence[str], language: str) -> np.ndarray:
    """0–1 per sentence, shape (n,): different particulars less vague words, ÷ `ENOUGH`.

    Digits and names are found in any language, words for numbers, times and amounts in those of
    `analyzers/language/data/particulars.yaml`.
    """
    return np.array([np.clip(_particulars(s, language) / ENOUGH, 0.0, 1.0) for s in sentences])


def _particulars(sentence: str, language: str) -> int:
    found: set[str] = set()
    vague: set[str] = set()
    particular_words, vague_words = _lexicon(language)
    for match in _WORD.finditer(sentence):
        word = match.group()
        word_lower = lower(word, language)
        if vague_words.fullmatch(word_lower):
            vague.add(word_lower)
        elif _DIGIT.search(word) or particular_words.fullmatch(word_lower) or _is_name(sentence, match):
            found.add(word_lower)
    return len(found) - len(vague)


def _is_name(sentence: str, match: re.Match[str]) -> bool:
    """A capital inside a sentence; recognisers and people write names so. `I` and its forms are no names."""
    word = match.group()
    inside = match.start() > 0 and not _SENTENCE_START.search(sentence[: match.start()])
    return inside and word[0].isupper() and len(re.split("['’]", word)[0]) > 1


@cache
def _lexicon(language: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    source = files("analyzers.language") / "data" / "particulars.yaml"
    words: dict[str, list[str]] = yaml.safe_load(source.read_text(encoding="utf-8")).get(language, {})
    particular, vague = ("|".join(words.get(kind, ["(?!)"])) for kind in ("particular", "vague"))
    return re.compile(particular), re.compile(vague)
