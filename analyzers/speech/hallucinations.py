"""What is believed of what a recogniser writes.

Whisper invents words where there are none, and repeats itself when it is stuck. Only stretches
with voice activity are decoded, and no window sees earlier text; here is the rest: Whisper's own limits on
log-probability and compression, its doubt that there is speech, and that every word stands on voice activity.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from analyzers.speech.engine import DecodedSegment, compression_ratio
from analyzers.speech.windows import Window
from analyzers.speech.words import lasting
from analyzers.text import filler_words
from analyzers.text.normalize import tokens
from mulakat.schema.base import TimeRange
from mulakat.schema.ranges import joined, overlap_s
from mulakat.schema.speech import Word

# Whisper's own limits (openai/whisper `transcribe`, defaults).
MIN_LOG_PROBABILITY = -1.0
MAX_COMPRESSION_RATIO = 2.4

MAX_NO_SPEECH_PROBABILITY = 0.5
"""Whisper's own doubt that a window holds speech: at least 0.56 on 13 made noises, tones and melodies, at most 0.32 on
12 of 13 sounds with speech (`docs/analyzers/speech.md`). Voice activity detection goes first."""

SURE_LOG_PROBABILITY = -0.4
"""Real speech after a change of voice or level can be doubted as well, but is then written with more certainty."""

FLUENT_WORDS_PER_S, FLUENT_LOG_PROBABILITY = 1.4, -0.7
"""And at the pace of speech, where on noise it writes a phrase or repeats itself. Two Turkish voices made of recorded
sounds (MBROLA) were doubted with 0.79 and 0.89, and written nearly without error with −0.47 and −0.64."""

FORCED_LOG_PROBABILITY = -0.7
"""A stuck decoder that may not repeat itself writes what was said (−0.64 and above) or heaps of letters (−0.77)."""

UNHEARD_S = 1.0
"""A decoder that stops early or skips a soft sentence leaves speech unwritten; so much of it is decoded again."""

BESIDE_WORD_S = 0.3

EDGE_S = 0.1
"""How far beyond the voice activity a word may reach; word times are no better than this."""

NO_REPEAT_TOKENS = 5
"""A decoder that is stuck repeats any run of tokens; a person seldom repeats this many within half a minute."""

REPEATED_LOG_PROBABILITY = -0.5
MIN_VOICED, MAX_WORDS_PER_S = 0.6, 6.0
SHORTEST_WORD_S, MAX_SHORT = 0.05, 0.2
"""A sentence that was said again has voice for 0.74 of its time and more, and few words of no time."""

MIN_FILLER_PROBABILITY = 0.2
"""The verbatim prompt makes Whisper add a filler after the last word now and then; it doubts these itself."""

MIN_ECHO_WORDS = 4
_LOOP = re.compile(r"\b(\w+)(?:\W+\1\b){3}", re.IGNORECASE)


def sure(segment: DecodedSegment) -> bool:
    """Whether the recogniser is sure enough to be believed on sound that voice activity detection passed over."""
    return segment.no_speech_probability < 0.2 and segment.mean_log_probability > -0.8


def stuck(segments: Sequence[DecodedSegment]) -> bool:
    """Whether the decoder repeats itself in this window: text that compresses too well, or a word four times."""
    return repetitive(segments) or _LOOP.search(_text(segments)) is not None


def repetitive(segments: Sequence[DecodedSegment]) -> bool:
    """Whether the window's text compresses better than speech does."""
    text = _text(segments)
    return bool(text) and compression_ratio(text) > MAX_COMPRESSION_RATIO


def said(segments: Sequence[DecodedSegment], window: Window, speech: Sequence[TimeRange]) -> list[DecodedSegment]:
    """Of a window whose text repeats itself, the sentences that were said as often: each stands on voice of its own,
    at a pace in which people speak. A decoder that is stuck writes on after the voice, in words that last no time."""
    return [
        segment
        for segment in segments
        if segment.mean_log_probability >= REPEATED_LOG_PROBABILITY
        and _voiced(segment, window, speech) >= MIN_VOICED
        and len(segment.words) <= MAX_WORDS_PER_S * (segment.words[-1].end_s - segment.words[0].start_s)
        and sum(word.end_s - word.start_s < SHORTEST_WORD_S for word in segment.words) <= MAX_SHORT * len(segment.words)
    ]


def _voiced(segment: DecodedSegment, window: Window, speech: Sequence[TimeRange]) -> float:
    """Share of the time from its first to its last word with voice activity."""
    start_s, end_s = window.placed(segment.words[0].start_s, segment.words[-1].end_s)
    whole = TimeRange(start_s=start_s, end_s=end_s)
    return sum(overlap_s(whole, stretch) for stretch in speech) / max(end_s - start_s, 1e-6)


def _text(segments: Sequence[DecodedSegment]) -> str:
    return "".join(segment.text for segment in segments)


def forced(segments: Sequence[DecodedSegment]) -> bool:
    """Whether a window that was decoded with repetition forbidden only holds other nonsense now."""
    return bool(segments) and (
        segments[0].no_speech_probability > MAX_NO_SPEECH_PROBABILITY
        or segments[0].mean_log_probability < FORCED_LOG_PROBABILITY
    )


def doubted(segments: Sequence[DecodedSegment], seconds: float) -> bool:
    """Whether the recogniser doubts that there is speech in a window of so many seconds, and writes accordingly."""
    if not segments or segments[0].no_speech_probability <= MAX_NO_SPEECH_PROBABILITY:
        return False
    fluent = sum(len(segment.words) for segment in segments) >= FLUENT_WORDS_PER_S * seconds
    return segments[0].mean_log_probability < (FLUENT_LOG_PROBABILITY if fluent else SURE_LOG_PROBABILITY)


def unheard(segments: Sequence[DecodedSegment], window: Window, speech: Sequence[TimeRange]) -> list[Window]:
    """What the decoder left out with enough speech in it: between two segments, and after the last one."""
    if not segments:
        return []
    ends_s = [segment.words[-1].end_s for segment in segments]
    starts_s = [segment.words[0].start_s for segment in segments[1:]]
    gaps = (window.between(*edges) for edges in zip(ends_s, [*starts_s, window.seconds], strict=True))
    return [gap for gap in gaps if _spoken_s(gap, speech) >= UNHEARD_S]


def unwritten(words: Sequence[Word], speech: Sequence[TimeRange]) -> list[TimeRange]:
    """Stretches of `UNHEARD_S` and more with voice activity and no word: what the recogniser passed over, or what is
    not believed. Word times are no better than `BESIDE_WORD_S`."""
    written = joined((word.start_s - BESIDE_WORD_S, word.end_s + BESIDE_WORD_S) for word in words)
    found = []
    for stretch in speech:
        inside = [span for span in written if span[0] < stretch.end_s and span[1] > stretch.start_s]
        edges = [stretch.start_s, *(edge for span in inside for edge in span), stretch.end_s]
        gaps = zip(edges[::2], edges[1::2], strict=True)
        found += [TimeRange(start_s=round(a, 3), end_s=round(b, 3)) for a, b in gaps if b - a >= UNHEARD_S]
    return found


def _spoken_s(window: Window, speech: Sequence[TimeRange]) -> float:
    return sum(overlap_s(part, stretch) for part in window.ranges for stretch in speech)


def believable(
    segment: DecodedSegment, window: Window, speech: list[TimeRange], previous_s: float, duration_s: float
) -> list[Word]:
    """The segment's words that stand on speech, moved into it, after `previous_s`; texts keep their leading space."""
    if (
        segment.mean_log_probability < MIN_LOG_PROBABILITY
        or segment.compression_ratio > MAX_COMPRESSION_RATIO
        or not speech
    ):
        return []
    words = []
    for spoken in segment.words:
        from_s, to_s = window.placed(spoken.start_s, spoken.end_s)
        near = min(speech, key=lambda stretch: max(stretch.start_s - to_s, from_s - stretch.end_s))
        first_s, last_s = near.start_s - EDGE_S, near.end_s + EDGE_S
        if to_s <= first_s or from_s >= last_s:
            continue
        start_s = round(max(from_s, first_s, previous_s), 3)
        end_s = round(max(start_s, min(to_s, last_s, duration_s)), 3)
        words.append(Word(text=spoken.text, start_s=start_s, end_s=end_s, probability=round(spoken.probability, 3)))
        previous_s = end_s
    return lasting(words, duration_s)


def doubtful_filler(word: Word, language: str) -> bool:
    """Whether it is a hesitation sound that the recogniser itself doubts."""
    return word.probability < MIN_FILLER_PROBABILITY and filler_words.is_filler(word.text, language)


def echoes(segment: DecodedSegment, prompt: str) -> bool:
    """Whether the recogniser wrote its own prompt: it does where it understands nothing."""
    said = tokens(segment.text)
    return len(said) >= MIN_ECHO_WORDS and f" {' '.join(said)} " in f" {' '.join(tokens(prompt))} "
