"""Which language a text is written in (py3langid; Lui & Baldwin 2012, langid.py)."""

from __future__ import annotations

from functools import cache
from typing import Any

MIN_PROBABILITY = 0.5
"""A language found with less certainty is not believed: that happens with a few words, or lists of names."""


def detect(text: str) -> tuple[str | None, float | None]:
    """ISO 639-1 code and probability of the language of most of the text; None when it cannot be told."""
    language, probability = _identifier().classify(text)
    return (language, round(probability, 3)) if probability >= MIN_PROBABILITY else (None, None)


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages([label for label in identifier.labels if len(label) == 2])
    return identifier
