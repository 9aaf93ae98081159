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

import numpy as np

from analyzers.voice.level import FRAME, HOP, contour_dbfs

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
    letters = unicodedata.normalize("NFC", word).lower().replace("i̇", "i")
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


def nuclei(audio: np.ndarray, voiced: np.ndarray) -> int:
    """Syllable nuclei in the sound: voiced peaks of intensity with a dip of 2 dB or more beside them.

    Args:
        audio: mono, 16 kHz, float32, shape (samples,).
        voiced: whether there is a pitch, every 16 ms, shape (frames,).
    """
    from scipy.signal import find_peaks

    level_db = np.maximum(contour_dbfs(audio, frame=FRAME, hop=HOP)[: voiced.size], SILENCE_DB)
    loudest_db = np.percentile(level_db[voiced], 99) if voiced.any() else SILENCE_DB
    peaks, _ = find_peaks(level_db, height=loudest_db - MAX_BELOW_PEAK_DB, prominence=MIN_DIP_DB)
    return int(np.count_nonzero(voiced[peaks]))
