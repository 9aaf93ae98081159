"""What a report is made from, and how its smallest parts are said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from analyzers.text.normalize import text_of
from mulakat.presentation import scores
from mulakat.presentation.presenter import Presenter
from mulakat.presentation.reasons import Audience
from mulakat.report.content import Item, MarkedText, Plot, ScoreRow, Text
from mulakat.report.plots import bar
from mulakat.schema.language import Evidence
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerDetails, AnswerScore, ComponentScore, Score, Scorecard
from mulakat.schema.speech import Transcript

Link = Callable[[str, float | None], str]
"""Answer id and a time in seconds (None: the answer as a whole) → address that shows it."""


@dataclass(frozen=True)
class Material:
    """A scorecard with all that explains it."""

    card: Scorecard
    details: Mapping[str, AnswerDetails]
    audience: Audience
    t: Presenter
    rubric: Rubric | None = None
    policy: Policy | None = None
    received_at: datetime | None = None
    link: Link | None = None
    contact: str | None = None

    @cached_property
    def scores(self) -> dict[str, AnswerScore]:
        """Answer id → its scores."""
        return {a.answer_id: a for a in self.card.answers}

    @cached_property
    def order(self) -> list[str]:
        """Ids of all answers, also those that could not be analysed."""
        return list(dict.fromkeys([*self.details, *self.scores, *(m.answer_id for m in self.card.missing)]))

    @cached_property
    def raters(self) -> list[str]:
        """Who rated the language, named for a person."""
        found = dict.fromkeys(d.findings.rater for d in self.details.values() if d.findings)
        return [self.rater(name) for name in found if name != "none"]

    def rater(self, name: str) -> str:
        """A rater's name for a person."""
        return self.t("rater-local") if name == "local" else self.t("rater-model", model=name.removeprefix("llm:"))

    def answer(self, answer_id: str) -> str:
        """What an answer is called."""
        if answer_id not in self.order:
            return answer_id
        return self.t("answer-number", number=self.order.index(answer_id) + 1)

    def question(self, answer_id: str) -> str | None:
        """What was asked."""
        details, score = self.details.get(answer_id), self.scores.get(answer_id)
        asked = details.question if details and details.question else score.question if score else None
        return self.rubric.wording(asked) if self.rubric else asked

    def spoken_language(self, answer_id: str | None) -> str | None:
        """The language of an answer's words, ISO 639."""
        details = self.details.get(answer_id or "")
        return details.transcript.language if details and details.transcript else None

    def why(self, reason: Reason | None) -> str:
        """A reason for a sentence of ours."""
        return self.t.reason(reason, self.audience) if reason is not None else ""

    def rationale(self, reasons: Sequence[Reason], lead: str | None = None) -> Text:
        """Why a level was given, as the rater says it."""
        return Text(text="; ".join(map(self.why, reasons)), lead=lead)

    def item(self, reason: Reason, *, lead: str | None = None) -> Item:
        """A reason or note as a point of a list."""
        return Item(lead=lead, text=self.why(reason))

    def evidence(self, found: Sequence[Evidence]) -> list[Item]:
        """Evidence as it is shown: when, where to watch it, and the words or what was measured."""
        return [self._evidence(e) for e in found]

    def _evidence(self, e: Evidence) -> Item:
        note = self.why(e.note) if e.note else None
        return self.moment(e.answer_id, e.start_s, e.end_s).model_copy(
            update={"quote": e.quote, "text": note, "lang": code(self.spoken_language(e.answer_id))}
        )

    def moment(self, answer_id: str | None, start_s: float | None, end_s: float | None) -> Item:
        """A time in an answer; without a time, as in a written answer, the answer itself."""
        return Item(
            time=self.t.span(start_s, end_s) if start_s is not None and end_s is not None else None,
            url=self.link(answer_id, start_s) if self.link and answer_id else None,
            source=self.answer(answer_id) if answer_id and len(self.order) > 1 else None,
        )

    def plot(self, label: str, score: Score, *, counts: bool = True) -> Plot:
        """A score's bar."""
        if score.value is None:
            return bar(score, self.t("alt-no-score", label=label), counts=counts)
        alt = self.t(
            "alt-score", label=label, value=scores.value(self.t, score), interval=scores.interval(self.t, score)
        )
        return bar(score, alt, counts=counts)

    def row(self, label: str, about: str, score: Score, *, counts: bool = True) -> ScoreRow:
        """One score with its bar."""
        return ScoreRow(
            label=label,
            about=about,
            value=scores.value(self.t, score),
            interval=scores.interval(self.t, score) if score.low is not None else None,
            plot=self.plot(label, score, counts=counts),
        )

    def weight(self, component: ComponentScore, moved: str = "weight-moved") -> str:
        """How much a component counts, in words; `moved`: the text where weights have moved."""
        return scores.weight(self.t, self.card, component, moved)


def code(language: str | None) -> str | None:
    """A language's code, where it can stand in a document."""
    return language if language and 2 <= len(language) <= 3 and language.isascii() and language.islower() else None


def pieces(transcript: Transcript, score: AnswerScore | None) -> list[MarkedText]:
    """The transcript, cut where evidence begins and ends."""
    evidence = [(c.name, e) for c in score.competencies for e in c.evidence if e.quote] if score else []
    text = text_of(transcript.words) if transcript.words else transcript.text
    marks: list[tuple[int, int, str]] = []
    if transcript.spoken:
        position = 0
        for word in transcript.spoken:
            shown = word.text.strip()
            at = text.find(shown, position)
            position = at + len(shown)
            marks += [(at, position, name) for name, e in evidence if _covers(e, word.start_s, word.end_s)]
    else:
        marks = [(at, at + len(e.quote or ""), name) for name, e in evidence if (at := text.find(e.quote or "")) >= 0]
    return _cut(text, marks)


def _covers(evidence: Evidence, start_s: float, end_s: float) -> bool:
    if evidence.start_s is None or evidence.end_s is None:
        return False
    return evidence.start_s - 1e-6 <= start_s and end_s <= evidence.end_s + 1e-6


def _cut(text: str, marks: Sequence[tuple[int, int, str]]) -> list[MarkedText]:
    """The text in pieces with the same marks; a space belongs to the words around it where both have the same marks."""
    names: list[tuple[str, ...]] = [()] * len(text)
    for start, stop, name in marks:
        for i in range(start, stop):
            if name not in names[i]:
                names[i] += (name,)
    for i, letter in enumerate(text):
        if letter == " " and 0 < i < len(text) - 1:
            names[i] = names[i - 1] if names[i - 1] == names[i + 1] else ()
    found: list[MarkedText] = []
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or names[i] != names[start]:
            found.append(MarkedText(text=text[start:i], marks=list(names[start])))
            start = i
    return found
