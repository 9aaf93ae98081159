"""What was said or written, word by word."""

from __future__ import annotations

from pydantic import Field

from mulakat.schema.base import Flag, Produced, Result, TimeRange
from mulakat.schema.reasons import Reason


class Word(Result):
    """One spoken word; `probability` is the recogniser's own, 0–1."""

    text: str
    start_s: float
    end_s: float
    probability: float


class WrittenWord(Result):
    """One word of a written answer: it has a paragraph instead of a time, and nobody had to recognise it."""

    text: str
    paragraph: int = Field(0, ge=0)
    start_s: None = None
    end_s: None = None
    probability: None = None


AnyWord = Word | WrittenWord


class Segment(Result):
    """A stretch of speech, usually a sentence; a paragraph of a written answer, without times."""

    text: str
    start_s: float | None
    end_s: float | None
    language: str | None = Field(None, description="ISO 639-1, of this stretch")


class FilledPause(TimeRange):
    """A hesitation sound such as "um"; the recogniser leaves most of them out, so they are looked for in the sound."""

    written: bool = Field(description="it stands in the words; otherwise it was only found in the sound")


class Turn(TimeRange):
    """One person speaking. Speaker 0 is who speaks most."""

    speaker: int = Field(ge=0)


class Transcript(Produced):
    """What was said or written (stage `transcribe`). `words` are monotonic in time."""

    language: str | None = Field(description="ISO 639-1; None when there are no words, or `reasons` says why")
    language_probability: float | None
    text: str
    segments: list[Segment]
    words: list[Word] | list[WrittenWord]
    filled_pauses: list[FilledPause] = Field(default_factory=list, description="in order of time")
    speech_s: float | None = Field(description="seconds of speech found by voice activity detection; None for a text")
    unwritten: list[TimeRange] = Field(
        default_factory=list, description="voice that is heard for 1 s or longer and not written"
    )
    turns: list[Turn] = Field(default_factory=list, description="who speaks when, in order of time")
    flags: list[Flag] = Field(default_factory=list)
    reasons: dict[str, Reason] = Field(
        default_factory=dict, description="field that is empty → why it was not measured"
    )

    @property
    def spoken(self) -> list[Word]:
        """The words that have times: all, or, in a written answer, none."""
        return [word for word in self.words if isinstance(word, Word)]
