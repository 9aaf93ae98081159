"""Whether two anchors of a rating scale say the same, so that no rater could tell their levels apart.

Three looks, from sure to guessed:

* the same words, whatever their order, case and punctuation;
* the same words but for degree ("well", "very well", "bazen", "her zaman"): such anchors ask for an
  opinion where a behaviourally anchored scale names what is heard (Smith & Kendall 1963);
* the same meaning: cosine of sentence embeddings at or above `SAME_MEANING`. Embeddings hardly hear a
  "not" and forgive an addition, so a pair is passed where one negates and the other does not, or where
  one says all that the other says and more.

Thresholds: `tests/support/anchor_pairs.py` holds 79 pairs written for this purpose, the first half to set them, the
second to try them once. Of the second half all 5 pairs that differ only in degree were found, 8 of 18 paraphrases,
and 3 of 18 pairs that share most words and yet differ were taken for the same, none of them at `SURE` or above. So
only from `SURE` on is meaning a reason to refuse; below, and in other languages, a person should look.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mulakat.schema.text import plain

SAME_MEANING = {"en": 0.75, "tr": 0.60}
"""Cosine per language: the encoder puts Turkish paraphrases further apart than English ones."""
OTHER_LANGUAGES = 0.75
SURE = 0.85

_STEM = 5  # letters; Turkish puts its grammar behind them
_CONTAINED, _MORE = 0.9, 3  # share of the shorter text's words in the longer one, and words beyond them

_DEGREE = frozenset(
    plain(
        "very quite rather really extremely highly somewhat slightly fairly mostly largely partly fully completely "
        "totally particularly exceptionally especially hardly barely always often usually sometimes occasionally "
        "rarely seldom never well good better best great excellent excellently outstanding outstandingly perfect "
        "perfectly poor poorly bad badly weak strong strongly average adequate adequately sufficient sufficiently "
        "insufficient some little few many much more most less least basic minimal high low effectively effective "
        "çok pek az biraz oldukça gayet epey fazla fazlasıyla son derece tamamen kısmen bütünüyle en daha her zaman "
        "sık sıkça bazen ara sıra nadiren seyrek hiç iyi kötü güzel mükemmel harika zayıf güçlü orta yeterli yetersiz "
        "yeterince üstün yüksek düşük"
    ).split()
)
_FUNCTION = frozenset(["a", "an", "the", "of", "to", "in", "at", "and", "is", "are", "ve", "ile", "de", "da", "bir"])
_NEGATION = re.compile(
    r"\b(no|not|nor|neither|never|nobody|nothing|none|without|only|cannot|\w+n t|"
    r"degil|yok|hic|yalnizca|yalniz|sadece|olmadan|"
    r"\w{2,}(m[ae]z(l[ae]r)?|m[ae]d[ae]n|m[iu]yor\w*|m[ae]mis\w*|m[ae]di\w*))\b"
)


@dataclass(frozen=True)
class Likeness:
    """How two texts say the same. sure: it is more than a guess. cosine: only where the meaning was compared."""

    how: Literal["words", "degree", "meaning"]
    sure: bool = True
    cosine: float | None = None


def alike(texts: Sequence[str], language: str) -> dict[tuple[int, int], Likeness]:
    """Pairs of texts (index of the first < of the second) that say the same, and how."""
    from analyzers.text.embeddings import encode

    vectors = encode(texts) if texts else ()
    threshold = SAME_MEANING.get(language, OTHER_LANGUAGES)
    found = {}
    for second in range(len(texts)):
        for first in range(second):
            a, b = texts[first], texts[second]
            cosine = float(vectors[first] @ vectors[second])
            if sorted(_words(a)) == sorted(_words(b)):
                found[first, second] = Likeness("words")
            elif (left := _without_degree(a)) and left == _without_degree(b):
                found[first, second] = Likeness("degree")
            elif cosine >= threshold and not _negates_one(a, b) and not _adds(a, b) and not _adds(b, a):
                # The words that negate are known, and the thresholds were measured, for these languages only.
                found[first, second] = Likeness("meaning", cosine >= SURE and language in SAME_MEANING, cosine)
    return found


def _words(text: str) -> list[str]:
    return plain(text).split()


def _without_degree(text: str) -> set[str]:
    return set(_words(text)) - _DEGREE - _FUNCTION


def _negates_one(a: str, b: str) -> bool:
    return bool(_NEGATION.search(plain(a))) != bool(_NEGATION.search(plain(b)))


def _adds(short: str, long: str) -> bool:
    """Whether the long text says what the short one says, and more."""
    less, more = ({w[:_STEM] for w in _words(text)} for text in (short, long))
    return len(less & more) >= _CONTAINED * len(less) and len(more - less) >= _MORE
