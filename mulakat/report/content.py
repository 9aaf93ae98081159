"""What a report says, in the order it says it: text, numbers already written out, and plots.

HTML and PDF are drawn from the same `Report`, so they cannot say different things.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mulakat.presentation.reasons import Audience

# Marks that turn the direction of the text around them: a quote could reorder our own words.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """Text in which control characters do nothing and can be seen."""
    text = _TURNING.sub("\N{REPLACEMENT CHARACTER}", re.sub(r"[\t\n\r\f\v]+", " ", text))
    return "".join("\N{REPLACEMENT CHARACTER}" if unicodedata.category(c) in ("Cc", "Cs") else c for c in text)


Shown = Annotated[str, AfterValidator(visible)]
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class Part(BaseModel):
    """Base of everything in a report."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Plot(Part):
    """A drawing: the inside of an SVG element of this size, made of numbers only, and what it shows in words."""

    svg: str
    width: float
    height: float
    alt: Shown


class Text(Part):
    """A paragraph. `lang`: where it is not in the report's language. `lead`: said before it, by us."""

    kind: Literal["text"] = "text"
    text: Shown
    tone: Literal["normal", "soft", "warn", "strong"] = "normal"
    lead: Shown | None = None
    lang: LanguageCode | None = None


class Heading(Part):
    """A heading inside a section."""

    kind: Literal["heading"] = "heading"
    text: Shown


class Headline(Part):
    """The overall score, large; `value` None = there is none."""

    kind: Literal["headline"] = "headline"
    value: Shown | None
    caption: Shown
    plot: Plot | None


class ScoreRow(Part):
    """One score with its interval."""

    kind: Literal["score"] = "score"
    label: Shown
    about: Shown
    value: Shown
    interval: Shown | None
    plot: Plot


class Chips(Part):
    """Short facts, side by side."""

    kind: Literal["chips"] = "chips"
    items: list[Shown]
    warning: Shown | None = None


class Item(Part):
    """A point in a list, or a piece of evidence.

    time, url: when in the recording, and where to watch it. source: which answer.
    quote: somebody's own words, in `lang`. lead: said before the text, by us.
    """

    time: Shown | None = None
    url: str | None = None
    source: Shown | None = None
    lead: Shown | None = None
    text: Shown | None = None
    quote: Shown | None = None
    lang: LanguageCode | None = None


class Quotes(Part):
    """Evidence. `title` folds it away in HTML."""

    kind: Literal["quotes"] = "quotes"
    items: list[Item]
    title: Shown | None = None


class Bullets(Part):
    """A list."""

    kind: Literal["bullets"] = "bullets"
    items: list[Item]


class Facts(Part):
    """Names and values."""

    kind: Literal["facts"] = "facts"
    items: list[tuple[Shown, Shown]]


class MarkedText(Part):
    """A stretch of transcript; `marks`: what it is evidence for."""

    text: Shown
    marks: list[Shown] = Field(default_factory=list)


class TranscriptBlock(Part):
    """A transcript."""

    kind: Literal["passage"] = "passage"
    pieces: list[MarkedText]
    lang: LanguageCode | None = None


class LaneRow(Part):
    """One lane."""

    label: Shown
    scale: Shown
    plot: Plot


class Lanes(Part):
    """What was measured over time. `ticks`: share of the width, label."""

    kind: Literal["lanes"] = "lanes"
    rows: list[LaneRow]
    ticks: list[tuple[float, Shown]]


class Table(Part):
    """A table; `columns`: relative widths."""

    kind: Literal["table"] = "table"
    columns: list[float]
    head: list[Shown]
    rows: list[list[Shown]]


Block = Annotated[
    Text | Heading | Headline | ScoreRow | Chips | Quotes | Bullets | Facts | TranscriptBlock | Lanes | Table,
    Field(discriminator="kind"),
]


class Section(Part):
    """Blocks that belong together. Under one `title` there may be several cards: only the first carries it."""

    title: Shown | None = None
    blocks: list[Block]


class Report(Part):
    """A whole report."""

    language: LanguageCode
    audience: Audience
    title: Shown
    subtitle: Shown
    page: Shown = Field(description="of the foot of a page, with {page} and {pages}")
    contents: Shown = Field(description="names what the document is about, for its metadata")
    sections: list[Section]
