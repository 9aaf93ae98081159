"""From voices in windows to persons, turns and flags."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from analyzers.diarization.clustering import group
from analyzers.diarization.voices import PAUSE_S, LocalSpeaker, Overlap, VoiceSegment
from mulakat.schema.base import Flag, Result
from mulakat.schema.codes import Code
from mulakat.schema.ranges import joined
from mulakat.schema.reasons import Reason
from mulakat.schema.speech import Turn

GAP_S = 0.5
"""A pause up to this long does not end a turn."""
SHORTEST_TURN_S = 0.1


class Options(BaseModel):
    """How persons are told apart. The defaults were searched on one half of what `bench/speakers.py` uses."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pure_similarity: float = Field(
        0.4, ge=0, le=1, description="mean cosine similarity of pieces that are one person's without doubt"
    )
    same_similarity: float = Field(
        0.4, ge=0, le=1, description="cosine similarity of two groups' centroids from which they are one person's"
    )
    min_voice_s: float = Field(0.8, ge=0, description="speech that another person must have to be told")
    brief_s: float = Field(1.5, ge=0, description="another person with less speech must be less alike:")
    brief_similarity: float = Field(0.3, ge=0, le=1, description="cosine similarity to the main speaker, at most")
    min_overlap_s: float = Field(0.4, ge=0, description="shorter overlap is not flagged")


class Speakers(Result):
    """Who speaks when.

    `seconds` and `similarity` are evidence, one value per person: how long they speak alone, and how alike their
    voice is to that of speaker 0 (cosine of embeddings, −1 … 1; 1 for speaker 0).
    """

    turns: list[Turn]
    flags: list[Flag]
    seconds: list[float]
    similarity: list[float]


def assemble(voices: list[LocalSpeaker], overlaps: list[Overlap], options: Options) -> Speakers:
    """Persons from all windows' voices."""
    pieces = [piece for voice in voices for piece in voice.pieces]
    persons, similarity = _persons(pieces, options)
    person_of = _spread(voices, dict(zip(map(id, pieces), persons, strict=True)))
    spoken = [(person_of[id(piece)], float(start), float(end)) for piece in pieces for start, end in piece.ranges]
    spoken += _shared(voices, overlaps, person_of)
    seconds = np.zeros(max(1, len(similarity)))
    for piece in pieces:
        seconds[person_of[id(piece)]] += piece.seconds
    turns = _turns(spoken)
    return Speakers(
        turns=turns,
        flags=_flags(turns, _together(overlaps, options), similarity),
        seconds=[round(float(value), 2) for value in seconds] if pieces else [],
        similarity=[round(float(value), 3) for value in similarity] if pieces else [],
    )


def _persons(pieces: list[VoiceSegment], options: Options) -> tuple[list[int | None], np.ndarray]:
    """Person of each piece, None where it has no embedding; similarity of each person to the first."""
    told = [index for index, piece in enumerate(pieces) if piece.embedding is not None]
    persons: list[int | None] = [None] * len(pieces)
    if not told:
        return persons, np.ones(1)
    embeddings = np.array([pieces[index].embedding for index in told])
    seconds = np.array([pieces[index].seconds for index in told])
    labels, similarity = group(embeddings, seconds, pure=options.pure_similarity, same=options.same_similarity)
    totals = np.bincount(labels, seconds)
    limits = np.where(totals < options.brief_s, options.brief_similarity, options.same_similarity)
    another = (totals >= options.min_voice_s) & (similarity[0] <= limits)
    another[0] = True  # the main speaker
    kept = np.flatnonzero(another)
    nearest = similarity[:, kept].argmax(axis=1)
    for index, label in zip(told, labels, strict=True):
        persons[index] = int(nearest[label])
    return persons, similarity[0, kept]


def _spread(voices: list[LocalSpeaker], persons: dict[int, int | None]) -> dict[int, int]:
    """Pieces too short to tell get the person of the piece nearest in time in the same voice, or else the first."""
    spread: dict[int, int] = {}
    for voice in voices:
        told = [piece for piece in voice.pieces if persons[id(piece)] is not None]
        for piece in voice.pieces:
            likely = min(told, key=lambda other: _gap_s(piece, other), default=piece)
            spread[id(piece)] = persons[id(likely)] or 0
    return spread


def _gap_s(one: VoiceSegment, other: VoiceSegment) -> float:
    return float(max(one.ranges[0, 0], other.ranges[0, 0]) - min(one.ranges[-1, 1], other.ranges[-1, 1]))


def _together(overlaps: list[Overlap], options: Options) -> list[tuple[float, float]]:
    """Stretches where two voices speak at once, whoever they are: the segmentation network hears that directly."""
    stretches = joined(((overlap.start_s, overlap.end_s) for overlap in overlaps), PAUSE_S)
    return [(start, end) for start, end in stretches if end - start >= options.min_overlap_s]


def _shared(
    voices: list[LocalSpeaker], overlaps: list[Overlap], person_of: dict[int, int]
) -> Iterator[tuple[int, float, float]]:
    """Who speaks in the overlaps: the persons that each voice is when it speaks alone in the same window."""
    alone: dict[tuple[int, int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for voice in voices:
        for piece in voice.pieces:
            alone[voice.window, voice.number][person_of[id(piece)]] += piece.seconds
    for overlap in overlaps:
        for number in overlap.voices:
            if said := alone.get((overlap.window, number)):
                yield max(said, key=said.__getitem__), overlap.start_s, overlap.end_s


def _turns(spoken: Iterable[tuple[int, float, float]]) -> list[Turn]:
    """Stretches joined to turns: until the same person pauses longer, or another begins."""
    turns: list[list[float]] = []
    for person, start, end in sorted(spoken, key=lambda stretch: stretch[1:]):
        last = turns[-1] if turns else None
        if last is not None and last[0] == person and start - last[2] <= GAP_S:
            last[2] = max(last[2], end)
        else:
            turns.append([person, start, end])
    return [
        Turn(speaker=int(person), start_s=round(start, 3), end_s=round(end, 3))
        for person, start, end in turns
        if end - start >= SHORTEST_TURN_S
    ]


def _flags(turns: list[Turn], together: list[tuple[float, float]], similarity: np.ndarray) -> list[Flag]:
    flags = []
    for turn in turns:
        if turn.speaker:
            likeness = float(similarity[turn.speaker])
            note = Reason.of(Code.OTHER_VOICE, speaker=turn.speaker + 1, likeness=likeness)
            flags.append(Flag(kind="speaker_change", start_s=turn.start_s, end_s=turn.end_s, note=note))
    for start, end in together:
        note = Reason.of(Code.TWO_VOICES)
        flags.append(Flag(kind="overlapping_speech", start_s=round(start, 3), end_s=round(end, 3), note=note))
    return sorted(flags, key=lambda flag: (flag.start_s, flag.end_s, flag.kind))
