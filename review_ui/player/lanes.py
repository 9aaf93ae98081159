"""From typed results to what the player draws: lanes over time, and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypedDict

import numpy as np

from mulakat.schema.base import Column
from mulakat.schema.face import FaceTrack
from mulakat.schema.speech import AnyWord, Transcript, WrittenWord
from mulakat.schema.voice import VoiceTrack
from review_ui.text import name, percent, t

# More points than this cannot be told apart on a screen.
MAX_POINTS = 1500


class Series(TypedDict):
    """One line of a lane."""

    name: str
    v: Column


class WordSpan(TypedDict):
    """A word: text, whether a space stands before it, from and to in seconds, probability; None in a text."""

    w: str
    space: bool
    s: float | None
    e: float | None
    p: float | None


class PlayerSentence(TypedDict):
    """Consecutive words that belong together, and when they begin; in a text, a paragraph."""

    s: float | None
    words: list[WordSpan]


class Lane(TypedDict):
    """One signal over time. `reason` says why it was not measured; then there are no points.

    kind: `line`; `state` (1 = yes, 0 = no, gap = unknown); `words` (drawn from the transcript).
    hatch: gaps mean "not measured" rather than "silent".
    """

    id: str
    label: str
    unit: str
    digits: int
    kind: str
    hatch: bool
    low: float
    high: float
    t: list[float]
    series: list[Series]
    reason: str | None


def lanes(
    face: FaceTrack | None, voice: VoiceTrack | None, transcript: Transcript | None, reasons: dict[str, str]
) -> list[Lane]:
    """The lanes of one answer, always the same ones.

    Args:
        reasons: stage name → why it has no result.
    """
    face_track = face.track if face else {}
    voice_track = voice.track if voice else {}
    no_face = reasons.get("analyse_face") or (unseen(face) if face else None)
    no_voice = reasons.get("analyse_voice")
    no_words = reasons.get("transcribe") or (None if transcript and transcript.words else t("reason.no_words"))
    return [
        _lane("on_camera", face_track, {"on_camera": ""}, no_face, kind="state", low=0, high=1),
        _lane(
            "head_pose",
            face_track,
            {"yaw_deg": t("lane.yaw"), "pitch_deg": t("lane.pitch")},
            no_face,
            low=-40,
            high=40,
            unit="°",
        ),
        _lane("smile", face_track, {"smile": ""}, no_face, low=0, high=1, digits=2),
        _lane("f0", voice_track, {"f0_hz": ""}, no_voice, unit="Hz", hatch=False),
        _lane("loudness", voice_track, {"loudness_db": ""}, no_voice, low=-40, high=15, unit="dB", hatch=False),
        _lane("words", {}, {}, no_words, kind="words", hatch=False),
    ]


def unseen(face: FaceTrack) -> str:
    """Why, and for how much of the time, there was no face to measure."""
    shares = (f"{name('unseen', reason)} {percent(share)}" for reason, share in face.not_visible.items())
    return ", ".join(shares) or t("reason.nothing_measured")


def _lane(
    identity: str,
    track: dict[str, Column],
    columns: dict[str, str],
    reason: str | None,
    *,
    kind: str = "line",
    low: float | None = None,
    high: float | None = None,
    unit: str = "",
    digits: int = 0,
    hatch: bool = True,
) -> Lane:
    t_s, values = _thinned(track.get("t_s", []), [track[column] for column in columns if column in track])
    measured = [value for column in values for value in column if value is not None]
    if kind != "words":
        reason = None if measured else reason or t("reason.nothing_measured")
    return {
        "id": identity,
        "label": t(f"lane.{identity}"),
        "unit": unit,
        "digits": digits,
        "kind": kind,
        "hatch": hatch,
        "low": _edge(measured, 2) if low is None else low,
        "high": _edge(measured, 98) if high is None else high,
        "t": t_s if measured else [],
        "series": [
            {"name": name, "v": column} for name, column in zip(columns.values(), values, strict=False) if measured
        ],
        "reason": reason,
    }


def _edge(measured: list[float], percentile: float) -> float:
    """An end of a lane's scale that a few outliers cannot stretch."""
    return float(np.percentile(measured, percentile)) if measured else percentile / 100


def _thinned(t_s: Column, columns: list[Column]) -> tuple[list[float], list[Column]]:
    """At most `MAX_POINTS` points: means over neighbours, a gap where all of them are gaps."""
    times = np.array(t_s, dtype=float)
    step = -(-len(times) // MAX_POINTS)
    if step <= 1:
        return times.tolist(), columns
    starts = np.arange(0, len(times), step)
    thinned = []
    for column in columns:
        values = np.array(column, dtype=float)
        known = ~np.isnan(values)
        counts = np.add.reduceat(known.astype(float), starts)
        sums = np.add.reduceat(np.where(known, values, 0), starts)
        thinned.append([round(s / n, 3) if n else None for s, n in zip(sums, counts, strict=True)])
    return times[starts].tolist(), thinned


def sentences(transcript: Transcript | None) -> list[PlayerSentence]:
    """The transcript's words by sentence, each word with its times; those of a text by paragraph."""
    if transcript is None:
        return []
    ends = [segment.end_s for segment in transcript.segments]
    groups: dict[int, list[AnyWord]] = {}
    for word in transcript.words:
        groups.setdefault(_sentence_of(word, ends), []).append(word)
    texts = [segment.text for segment in transcript.segments] + [""]
    return [{"s": words[0].start_s, "words": _spaced(words, texts[index])} for index, words in sorted(groups.items())]


def _sentence_of(word: AnyWord, ends: Sequence[float | None]) -> int:
    if isinstance(word, WrittenWord):
        return word.paragraph
    middle = (word.start_s + word.end_s) / 2
    return next((i for i, end in enumerate(ends) if end is not None and middle <= end), len(ends))


def _spaced(words: list[AnyWord], text: str) -> list[WordSpan]:
    """Words with the spaces of the sentence: "4" and ",000" belong together, Chinese has none."""
    spans: list[WordSpan] = []
    end = 0
    for word in words:
        bare = word.text.strip()
        found = text.find(bare, end)
        space = bool(spans) and (found < 0 or text[end:found] != "")
        end = found + len(bare) if found >= 0 else end
        spans.append({"w": bare, "space": space, "s": word.start_s, "e": word.end_s, "p": word.probability})
    return spans
