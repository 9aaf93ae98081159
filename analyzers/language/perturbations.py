"""Harmless changes of an answer, to see whether its rating moves.

Four kinds, each rated on its own:

* `names`: first names give way to names of another origin and the other sex, the same
  one each time; pronouns and titles follow (as in correspondence tests of hiring,
  Bertrand & Mullainathan 2004, doi:10.1257/0002828042002561);
* `fillers`: hesitations and set-off phrases such as "you know" are taken out;
* `recogniser`: `ERROR_SHARE` of the words are lost, lose an ending, or become a word that
  sounds alike, never one that turns the sense ("not"). Errors of function words, which are
  the most frequent ones; a recogniser also mistakes rare words and names, which no table holds;
* `numbers`: "4,000" becomes "four thousand" and the other way round.

What is changed is decided by a digest of the text: the same answer, the same variants.
The word lists are in `analyzers/language/data/perturbations/`; a language without one has no variants but numbers.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from analyzers.language.evidence import Sentence
from analyzers.text import numerals
from analyzers.text.filler_words import is_filler
from analyzers.text.normalize import SENTENCE_END, text_of, tokens
from mulakat.schema.language import VariantKind
from mulakat.schema.speech import AnyWord, Word
from mulakat.schema.text import lower

ERROR_SHARE = 0.05
MIN_INFLECTED = 5  # letters; shorter words are not taken to carry an ending


@dataclass(frozen=True)
class Variant:
    """An answer changed in one way.

    words: with the times of the words they stand for. origin: for each of them, the index
    of that word (the first one, where several became one).
    """

    kind: VariantKind
    words: list[AnyWord]
    sentences: list[Sentence]
    origin: list[int]
    changed_words: int


@dataclass(frozen=True)
class Unit:
    """What is changed as one: words `first` to `last` of a transcript, usually one and the same."""

    text: str
    first: int
    last: int
    language: str | None

    @property
    def bare(self) -> str:
        """The text in lower case without punctuation, `Ayşe'nin,` → `ayşe'nin`."""
        return lower(self.text.strip(_PUNCTUATION), self.language)

    def saying(self, text: str) -> Unit:
        """Another word with this one's capital and punctuation."""
        bare = self.text.strip(_PUNCTUATION)
        if bare[:1].isupper() and not text[:1].isupper():
            text = text[:1].upper() + text[1:]
        start = self.text.find(bare)
        return replace(self, text=self.text[:start] + text + self.text[start + len(bare) :])


Units = list[list[Unit]]
_PUNCTUATION = " \t,.;:!?…\"“”()[]¿¡«»-–—'’"
_SECOND_PART = re.compile(r"[,.:]\d|['’]\w|%\W*$")
_APOSTROPHE = re.compile(r"['’]")


def variants(words: Sequence[AnyWord], sentences: Sequence[Sentence], language: str | None) -> list[Variant]:
    """The variants that change at least one word, in the order of `VariantKind`.

    Args:
        words: all words of the transcript.
        sentences: those that are rated, in order; the others are left out of the variants.
        language: ISO 639-1; None or a language without word lists changes fewer things.
    """
    original = [_units(words, sentence, language) for sentence in sentences]
    seed = hashlib.sha256("\n".join(s.text for s in sentences).encode()).hexdigest()
    changes: dict[VariantKind, Callable[[Units], Units]] = {}
    if language in _languages():
        lists = _lists(language)
        changes["names"] = lambda units: _names(units, lists, seed)
        changes["fillers"] = lambda units: _without_fillers(units, lists, language)
        if any(isinstance(word, Word) for word in words):  # what is typed is not misheard
            changes["recogniser"] = lambda units: _misheard(units, lists, seed)
    if language is not None and numerals.known(language):
        changes["numbers"] = lambda units: [_numbers(sentence, language) for sentence in units]
    made = [_variant(kind, words, original, change(original)) for kind, change in changes.items()]
    return [variant for variant in made if variant.changed_words and variant.sentences]


def _variant(kind: VariantKind, words: Sequence[AnyWord], before: Units, after: Units) -> Variant:
    new: list[AnyWord] = []
    origin: list[int] = []
    found: list[Sentence] = []
    for sentence in after:
        start = len(new)
        for unit in sentence:
            first, last = words[unit.first], words[unit.last]
            new.append(first.model_copy(update={"text": unit.text, "end_s": last.end_s}))
            origin.append(unit.first)
        text = text_of(new[start:])
        if tokens(text):
            found.append(Sentence(text, start, len(new)))
    kept = {unit for sentence in after for unit in sentence}
    changed = [unit for sentence in before for unit in sentence if unit not in kept]
    return Variant(kind, new, found, origin, sum(unit.last - unit.first + 1 for unit in changed))


def _units(words: Sequence[AnyWord], sentence: Sentence, language: str | None) -> list[Unit]:
    """A sentence's words; recognisers cut `4,000` in two, which is one unit."""
    units: list[Unit] = []
    for i in range(sentence.start, sentence.stop):
        text = words[i].text.strip()
        if units and _SECOND_PART.match(text) and units[-1].text[-1:].isalnum():
            units[-1] = replace(units[-1], text=units[-1].text + text, last=i)
        else:
            units.append(Unit(text, i, i, language))
    return units


# --- names -------------------------------------------------------------------


def _names(units: Units, lists: dict[str, Any], seed: str) -> Units:
    known = _known_names()
    spoken = {stem for sentence in units for unit in sentence if (stem := _stem(unit)) in known}
    new: dict[str, str] = {}
    for stem in sorted(spoken, key=lambda name: _digest(seed, name)):
        origin, sex = known[stem]
        others = [n for n, (o, s) in known.items() if o != origin and s != sex and n not in spoken | set(new.values())]
        new[stem] = min(others, key=lambda name: (_ending(name) != _ending(stem), _digest(seed, stem + name)))
    return [[_renamed(sentence, i, new, lists) for i in range(len(sentence))] for sentence in units]


def _renamed(sentence: Sequence[Unit], i: int, new: dict[str, str], lists: dict[str, Any]) -> Unit:
    unit = sentence[i]
    stem = _stem(unit)
    if stem in new:
        return replace(unit, text=unit.text.replace(stem, new[stem], 1))
    bare = unit.bare
    title = lists["titles"].get(lower(stem, unit.language))
    if title is not None and stem[:1].isupper():
        return replace(unit, text=unit.text.replace(stem, title[:1].upper() + title[1:], 1))
    following = sentence[i + 1].bare if i + 1 < len(sentence) and unit.text[-1:].isalpha() else None
    if bare in lists["object_of"] and (following is None or following in lists["after_object"]):
        return unit.saying(lists["object_of"][bare])
    return unit.saying(lists["pronouns"][bare]) if bare in lists["pronouns"] else unit


def _stem(unit: Unit) -> str:
    """`Ayşe'nin` → `Ayşe`."""
    return _APOSTROPHE.split(unit.text.strip(_PUNCTUATION))[0]


def _ending(name: str) -> tuple[str, bool]:
    """What Turkish endings agree with: the last vowel, and whether the name ends in it."""
    letters = lower(name, "tr")
    vowels = re.findall(r"[aeıioöuü]", letters)
    return (vowels or [""])[-1], letters[-1:] in "aeıioöuü"


# --- fillers -----------------------------------------------------------------


def _without_fillers(units: Units, lists: dict[str, Any], language: str) -> Units:
    return [_fluent(sentence, lists["fillers"], language) for sentence in units]


def _fluent(sentence: list[Unit], fillers: dict[str, list[str]], language: str) -> list[Unit]:
    longest = max(len(phrase.split()) for phrases in fillers.values() for phrase in phrases)
    left: list[Unit] = []
    i = 0
    while i < len(sentence):
        for length in range(min(longest, len(sentence) - i), 0, -1):
            phrase = sentence[i : i + length]
            if _is_filler(phrase, left, fillers, language):
                break
        else:
            left.append(sentence[i])
            i += 1
            continue
        end = SENTENCE_END.search(phrase[-1].text)
        if end is not None and left and not SENTENCE_END.search(left[-1].text):
            left[-1] = replace(left[-1], text=left[-1].text.rstrip(", ") + end[0])
        i += length
    return left


def _is_filler(phrase: list[Unit], before: list[Unit], fillers: dict[str, list[str]], language: str) -> bool:
    said = " ".join(unit.bare for unit in phrase)
    if said in fillers["anywhere"] or (len(phrase) == 1 and is_filler(phrase[0].text, language)):
        return True
    opens = not before or before[-1].text.endswith(",")
    closes = phrase[-1].text.endswith(",") or SENTENCE_END.search(phrase[-1].text) is not None
    return said in fillers["set_off"] and opens and closes


# --- recogniser --------------------------------------------------------------


def _misheard(units: Units, lists: dict[str, Any], seed: str) -> Units:
    count = sum(len(sentence) for sentence in units)
    possible = [
        (s, i, mistakes)
        for s, sentence in enumerate(units)
        for i, unit in enumerate(sentence)
        if (mistakes := _mistakes(unit, lists))
    ]
    possible.sort(key=lambda found: _digest(seed, f"{found[0]}:{found[1]}"))
    wrong: dict[tuple[int, int], Unit | None] = {}
    for s, i, mistakes in possible[: max(1, round(ERROR_SHARE * count))]:
        wrong[s, i] = min(mistakes, key=lambda unit: _digest(seed, f"{s}:{i}:{unit.text if unit else ''}"))
    return [
        [said for i, unit in enumerate(sentence) if (said := wrong.get((s, i), unit)) is not None]
        for s, sentence in enumerate(units)
    ]


def _mistakes(unit: Unit, lists: dict[str, Any]) -> list[Unit | None]:
    """What a recogniser may write instead; None = nothing."""
    bare = unit.bare
    found: list[Unit | None] = [
        unit.saying(word) for row in lists["alike"] if bare in row for word in row if word != bare
    ]
    if bare in lists["dropped"] and not SENTENCE_END.search(unit.text):
        found.append(None)
    if not found and len(bare) >= MIN_INFLECTED and bare.isalpha() and not unit.text[:1].isupper():
        shorter = (match[1] for pattern in lists["endings"] if (match := re.fullmatch(pattern, bare)))
        found += [unit.saying(word) for word in list(shorter)[:1]]
    return found


# --- numbers -----------------------------------------------------------------


def _numbers(sentence: list[Unit], language: str) -> list[Unit]:
    found: list[Unit] = []
    i = 0
    while i < len(sentence):
        spoken, length = numerals.digits([unit.text for unit in sentence[i:]], language)
        if length:
            run = sentence[i : i + length]
            found.append(Unit(spoken, run[0].first, run[-1].last, language))
            i += length
            continue
        found.append(replace(sentence[i], text=numerals.words(sentence[i].text, language)))
        i += 1
    return found


# --- word lists --------------------------------------------------------------


@cache
def _languages() -> frozenset[str]:
    folder = files("analyzers.language") / "data" / "perturbations"
    return frozenset(p.name.removesuffix(".yaml") for p in folder.iterdir()) - {"names"}


@cache
def _lists(name: str) -> dict[str, Any]:
    source = files("analyzers.language") / "data" / "perturbations" / f"{name}.yaml"
    lists: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return lists


@cache
def _known_names() -> dict[str, tuple[str, str]]:
    """Name → origin and sex."""
    return {
        name: (origin, sex)
        for origin, sexes in _lists("names").items()
        for sex, names in sexes.items()
        for name in names
    }


def _digest(seed: str, text: str) -> str:
    return hashlib.sha256(f"{seed}:{text}".encode()).hexdigest()
