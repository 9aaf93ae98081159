"""Words as they are compared: case, punctuation and invisible signs taken away; and words as running text."""

from __future__ import annotations

import re
from collections.abc import Sequence

from mulakat.schema.speech import AnyWord
from mulakat.schema.text import folded

_APOSTROPHES = re.compile(r"['’‘`´ʼ′]")
_TOKEN = re.compile(r"[^\W_]+")
_CUT = re.compile(r"(?<=\w)\s*['’](?=[^\W\d_])|(?<=\d)\s*[.,](?=\d{3}(?!\d))")

# Dots that lower-casing `İ` leaves behind, and signs that show nothing: soft hyphens, zero-width joiners.
UNSEEN = re.compile("[\u0307\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")


def tokens(text: str, *, joined: bool = False) -> list[str]:
    """Words of a text with case and punctuation taken away: `Don't, Ilgın!` → `dont`, `ilgin`.

    joined: put together what a recogniser cut: `o 'clock`, `4 ,000` → `oclock`, `4000`.
    """
    text = UNSEEN.sub("", folded(text))
    return _TOKEN.findall(_APOSTROPHES.sub("", _CUT.sub("", text) if joined else text))


UNSPACED = frozenset(("zh", "yue", "ja", "th", "lo", "my", "km"))
"""Languages written without spaces: what the recogniser calls words there are not words."""

SENTENCE_END = re.compile(r"[.!?…。！？؟।]+['\"»”’)\]]*$")
"""The punctuation that ends a sentence, at the end of a word, in any script."""


def text_of(words: Sequence[AnyWord]) -> str:
    """Words as running text. Recognisers cut `4,000` and `o'clock` in two; no space goes before the second part."""
    return re.sub(r" (?=[,.;:!?'’%])", "", " ".join(w.text.strip() for w in words)).strip()
