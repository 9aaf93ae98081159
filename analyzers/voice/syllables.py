"""Counting syllables, in text where spelling shows them and in sound where it does not.

In most alphabetic scripts a syllable is a group of vowel letters; Turkish has one syllable
per vowel letter; a Han character or a Hangul block is one syllable. English needs a
word list (syllapy). For other languages syllable nuclei are counted in the sound, after

    de Jong & Wempe (2009), "Praat script to detect syllable nuclei and measure
    speech rate automatically", Behavior Research Methods 41(2), 385–390.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from math import inf

import numpy as np

from mulakat.schema.text import lower

_TURKISH_VOWEL = re.compile("[aeıioöuüâîû]")
_HAN_OR_HANGUL = re.compile("[\u3400-\u9fff\uac00-\ud7a3]")
_VOWELS = {
    "latin": re.compile("[aeiouyœæø]+"),
    "cyrillic": re.compile("[аеёиоуыэюяіїє]"),
    "greek": re.compile("[αεηιουω]+"),
}
_SCRIPTS = {
    **dict.fromkeys(("de", "fr", "es", "pt", "it", "nl", "sv", "da", "no", "pl", "cs", "ro", "fi", "hu"), "latin"),
    **dict.fromkeys(("ru", "uk", "bg", "sr"), "cyrillic"),
    "el": "greek",
}

SILENCE_DB = -120.0
MIN_DIP_DB = 2.0
MAX_BELOW_PEAK_DB = 25.0


def in_word(word: str, language: str) -> int | None:
    """Syllables of a written word; None when its spelling does not tell.

    Args:
        word: as transcribed, punctuation allowed.
        language: ISO 639-1.
    """
    letters = lower(word, language)
    if any(character.isdigit() for character in letters):
        return None
    if language == "en":
        import syllapy

        return syllapy.count(letters) or None
    if language == "tr":
        return len(_TURKISH_VOWEL.findall(letters)) or None
    if language in ("zh", "ko"):
        return len(_HAN_OR_HANGUL.findall(letters)) or None
    script = _SCRIPTS.get(language)
    if script is None:
        return None
    plain = "".join(c for c in unicodedata.normalize("NFD", letters) if c.isalpha())
    return max(1, len(_VOWELS[script].findall(plain))) if plain else None


def written(language: str) -> bool:
    """Whether this language's spelling shows its syllables."""
    return language in ("en", "tr", "zh", "ko") or language in _SCRIPTS


def nuclei(level_db: np.ndarray, voiced: np.ndarray) -> list[int]:
    """Frames that are syllable nuclei: voiced peaks of intensity with dips of 2 dB or more between them.

    Args:
        level_db: intensity every 16 ms, shape (frames,).
        voiced: whether there is a pitch in each frame, shape (frames,).
    """
    if not voiced.any():
        return []
    floor_db = float(np.percentile(level_db[voiced], 99)) - MAX_BELOW_PEAK_DB
    peaks = _peaks(np.maximum(level_db, SILENCE_DB).tolist())
    return [index for index in peaks if level_db[index] >= floor_db and voiced[index]]


def _peaks(level_db: list[float]) -> Iterator[int]:
    """The highest frame between any two dips of at least `MIN_DIP_DB`, in order of time."""
    peak, dip_db, rising = 0, inf, False
    for index, value in enumerate(level_db):
        dip_db = min(dip_db, value)
        if rising:
            if value > level_db[peak]:
                peak = index
            elif value <= level_db[peak] - MIN_DIP_DB:
                yield peak
                rising, dip_db = False, value
        elif value >= dip_db + MIN_DIP_DB:
            peak, rising = index, True
