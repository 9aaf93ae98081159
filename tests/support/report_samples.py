"""A scorecard made by the real local scorer, and readers for the reports made of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

from pydantic import BaseModel
from pypdf import PdfReader

from analyzers import language
from mulakat import report, scoring
from mulakat.report import Audience, Report
from mulakat.rubrics.packs import load
from mulakat.schema.base import Flag, Provenance
from mulakat.schema.codes import Code
from mulakat.schema.media import Media
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerDetails, Missing, Scorecard
from mulakat.schema.voice import Pause, VoiceTrack
from tests.support.language_samples import STRONG, context, transcript

HOSTILE = (
    '<script>alert(1)</script> <img src=x onerror=alert(2)> "><b onclick=alert(3)> {{ 7*7 }} & </section> '
    '#panic("typst") $x^2$ *bold* _it_ @label <label> `raw` #read("/etc/passwd") \\u{41} // no comment'
)
SECRET = "/srv/interviews/ayşe/answer-2.mp4"


@cache
def card_and_details(text: str = STRONG, **more: str) -> tuple[Scorecard, AnswerDetails]:
    """One answer scored for real, and a second one that could not be fetched."""
    spoken = transcript(text)
    findings = language.run(context(language.Options(), {"transcribe": spoken}, **more))
    results = {"transcribe": spoken, "analyse_language": findings}
    missing = {"analyse_voice": Reason.of(Code.NO_SOUND), "analyse_face": Reason.of(Code.NO_PICTURE)}
    answer = scoring.run(context(scoring.Options(), results, missing=missing, **more))
    flag = Flag(
        kind="speaker_change", start_s=1.0, end_s=2.0, note=Reason.of(Code.OTHER_VOICE, speaker=2, likeness=0.2)
    )
    left_out = Reason.of(Code.OTHER_VOICE_LEFT_OUT, quote="Hello, it is me.")
    answer = answer.model_copy(update={"flags": [flag], "notes": [*answer.notes, left_out]})
    unreadable = Reason.of(Code.RECORDING_MISSING, message=f"cannot read {SECRET!r}: no such file")
    lost = [Missing(answer_id="a2", stage="fetch_media", reason=unreadable)]
    card = scoring.score_interview("i1", [answer], lost, load(Rubric, "general-en"), load(Policy, "multimodal"))
    media = Media(
        provenance=Provenance(analyzer="analyzers.media.probe", version="1", libraries={"av": "18.0"}),
        sha256="ab" * 32,
        size_bytes=1,
        container="mp4",
        duration_s=spoken.spoken[-1].end_s + 1,
        video=None,
        audio=None,
    )
    details = AnswerDetails(
        answer_id="a1",
        question=more.get("question", "What happened?"),
        media=media,
        transcript=spoken,
        voice=voice(),
        findings=findings,
    )
    return card, details


def voice() -> VoiceTrack:
    """A made-up pitch track with a gap, and one pause."""
    return VoiceTrack(
        provenance=Provenance(analyzer="analyzers.voice", version="1"),
        f0_hz=None,
        pitch_range_semitones=None,
        speech_rate_wpm=None,
        articulation_rate_sps=5.25,
        pause_ratio=0.125,
        pauses=[Pause(start_s=1, end_s=2)],
        fillers_per_min=None,
        loudness_dbfs=None,
        snr_db=None,
        reasons={"fillers_per_min": Reason.of(Code.TOO_SHORT_TO_COUNT, span_s=1.6, needed_s=10)},
        track={
            "t_s": [i / 100 for i in range(1000)],
            "f0_hz": [None if 300 <= i < 400 else 100 + i / 10 for i in range(1000)],
        },
    )


def made(audience: Audience = "reviewer", language: str = "en", text: str = STRONG, **more: Any) -> Report:
    """The report of `card_and_details`, with rubric and policy."""
    card, details = card_and_details(text)
    rubric, policy = load(Rubric, "general-en"), load(Policy, "multimodal")
    return report.build(
        card, details=[details], audience=audience, language=language, rubric=rubric, policy=policy, **more
    )


class Page(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, source: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(source.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def reader(data: bytes) -> PdfReader:
    """A PDF, opened."""
    return PdfReader(io.BytesIO(data))


def pdf_text(data: bytes) -> str:
    """All text of a PDF without its white space: where lines break is the layout's business."""
    return squeezed("".join(page.extract_text() for page in reader(data).pages))


def squeezed(text: str) -> str:
    """Text without white space and zero-width spaces."""
    return "".join(text.split()).replace("\u200b", "")


def texts(part: object) -> Iterator[str]:
    """Every text a reader sees in a part of a report."""
    if isinstance(part, str):
        yield part
    elif isinstance(part, (list, tuple)):
        for each in part:
            yield from texts(each)
    elif isinstance(part, BaseModel):
        for name in type(part).model_fields:
            if name not in ("kind", "tone", "lang", "url", "svg", "alt", "language", "audience", "page", "contents"):
                yield from texts(getattr(part, name))
