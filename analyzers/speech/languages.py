"""Which language is spoken where.

Whisper's decoder guesses the language of whatever stretch of its encoder's output it is shown. One encoding
so tells the language of a window and of each of its stretches between pauses, at the price of one decoder step
each; the encoder has heard what is around a stretch, which makes the guess better than on the stretch alone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analyzers.signals.vad import SAMPLE_RATE_HZ
from analyzers.speech.engine import Encoded, Engine
from analyzers.speech.windows import Part, Window

SHORT_SPEECH_S = 5.0
COMMON_LANGUAGES = (
    *("ar", "bg", "bn", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja"),
    *("ko", "ms", "nl", "no", "pl", "pt", "ro", "ru", "sk", "sv", "th", "tl", "tr", "uk", "ur", "vi", "zh"),
)
"""On a few seconds of speech Whisper gives weight to rare languages (cy, nn, la, haw, …); these are believed."""

SWITCH_S = 2.0
"""Shortest stretch whose language is looked at by itself."""
SWITCH_PROBABILITY = 0.9
"""How sure the recogniser must be that a stretch is in another language than the rest."""


@dataclass(frozen=True)
class Stretch:
    """A window, or a part of one, in one language."""

    window: Window
    language: str
    probability: float


def main_language(engine: Engine, windows: Sequence[Encoded]) -> str:
    """The language of most of the speech in these windows."""
    votes: dict[str, float] = {}
    for window in windows:
        for language, probability in engine.language(window, 0.0, window.filled_s).items():
            votes[language] = votes.get(language, 0.0) + probability * window.seconds
    if sum(window.seconds for window in windows) < SHORT_SPEECH_S:
        votes = {language: votes[language] for language in COMMON_LANGUAGES if language in votes}
    return max(votes, key=lambda language: votes[language])


def stretches(engine: Engine, window: Window, encoded: Encoded, main: str) -> list[Stretch]:
    """The window's stretches in order, each in the main language unless it surely is in another; one when all agree."""
    groups = _groups(window)
    if len(groups) == 1:
        chances = engine.language(encoded, 0.0, encoded.filled_s)
        language = _believed(chances, main, window.seconds)
        return [Stretch(window, language, chances[language])]
    found: list[Stretch] = []
    start_s = 0.0
    for parts in groups:
        group = Window(parts)
        chances = engine.language(encoded, start_s, start_s + group.seconds)
        start_s += group.seconds
        language = _believed(chances, main, group.seconds)
        if found and found[-1].language == language:
            before = found.pop()
            seconds = before.window.seconds + group.seconds
            mean = (before.probability * before.window.seconds + chances[language] * group.seconds) / seconds
            found.append(Stretch(Window((*before.window.parts, *parts)), language, mean))
        else:
            found.append(Stretch(group, language, chances[language]))
    return found


def _believed(chances: Mapping[str, float], main: str, seconds: float) -> str:
    likeliest = max(chances, key=lambda language: chances[language])
    sure = chances[likeliest] >= SWITCH_PROBABILITY and likeliest in COMMON_LANGUAGES
    return likeliest if sure and seconds >= SWITCH_S else main


def _groups(window: Window) -> list[tuple[Part, ...]]:
    """The window's parts, short ones together with the next (at the end, the last) until each group is long enough."""
    groups: list[tuple[Part, ...]] = []
    waiting: tuple[Part, ...] = ()
    for part in window.parts:
        waiting = (*waiting, part)
        if sum(last - first for first, last in waiting) >= SWITCH_S * SAMPLE_RATE_HZ:
            groups.append(waiting)
            waiting = ()
    if waiting:
        groups[-1:] = [(*groups[-1], *waiting)] if groups else [waiting]
    return groups
