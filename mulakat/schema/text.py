"""Letters as they are compared. The four i of Turkish (ı I, i İ) are why `str.lower` is not enough."""

from __future__ import annotations

import re
import unicodedata

# Which of them stands for which depends on the language, so without one all fold to one letter.
_TURKISH_I = str.maketrans({"İ": "i", "I": "i", "ı": "i"})


def lower(text: str, language: str | None) -> str:
    """Lower case by the rules of a language (ISO 639-1), letters composed (NFC): in Turkish `I` becomes `ı`."""
    text = unicodedata.normalize("NFC", text)
    if language == "tr":
        text = text.replace("I", "ı")
    return text.replace("İ", "i").lower()


def folded(text: str) -> str:
    """Without case and compatibility forms (NFKC), whatever the language: `ILGIN`, `ılgın` → `ilgin`."""
    return unicodedata.normalize("NFKC", text).translate(_TURKISH_I).casefold()


def plain(text: str) -> str:
    """A text for comparison: no case (also of the Turkish i), accents, punctuation or extra spaces."""
    letters = unicodedata.normalize("NFKD", folded(text))
    return " ".join(re.findall(r"[^\W_]+", "".join(c for c in letters if not unicodedata.combining(c))))
