"""What the template shows, prepared: marked transcripts, lanes, provenance."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from analyzers.language.evidence import text_of
from analyzers.report.lanes import Lane, lanes
from analyzers.results import AnswerDetails, AnswerScore, Evidence, Missing, Produced, Provenance, Scorecard


@dataclass(frozen=True)
class Passage:
    """A stretch of transcript; `competencies` names those it is evidence for."""

    text: str
    start_s: float
    competencies: tuple[str, ...]


@dataclass(frozen=True)
class AnswerPage:
    """One answer's section."""

    answer_id: str
    score: AnswerScore | None
    question: str | None
    details: AnswerDetails | None
    transcript: list[Passage]
    lanes: list[Lane]
    missing: list[Missing]
    notes: list[str]


def answer_page(
    answer_id: str, score: AnswerScore | None, details: AnswerDetails | None, card: Scorecard
) -> AnswerPage:
    """Gather what is known about one answer."""
    question = details.question if details and details.question else score.question if score else None
    findings_notes = details.findings.notes if details and details.findings else []
    return AnswerPage(
        answer_id=answer_id,
        score=score,
        question=question,
        details=details,
        transcript=_marked(details, score),
        lanes=lanes(details) if details else [],
        missing=[m for m in card.missing if m.answer_id == answer_id],
        notes=list(dict.fromkeys([*(score.notes if score else []), *findings_notes])),
    )


def provenances(card: Scorecard, details: Iterable[AnswerDetails]) -> list[Provenance]:
    """Every distinct producer of what the page shows."""
    produced: list[Produced | None] = [card, *card.answers]
    for d in details:
        produced += [d.media, d.transcript, d.face, d.voice, d.findings]
    found = {p.provenance.model_dump_json(): p.provenance for p in produced if p is not None}
    return sorted(found.values(), key=lambda p: p.analyzer)


def clock(seconds: float) -> str:
    """Seconds as minutes:seconds with tenths, `1:07.3`."""
    tenths = round(seconds * 10)
    return f"{tenths // 600}:{tenths // 10 % 60:02d}.{tenths % 10}"


def _marked(details: AnswerDetails | None, score: AnswerScore | None) -> list[Passage]:
    """The transcript, cut where evidence begins and ends."""
    if details is None or details.transcript is None:
        return []
    transcript = details.transcript
    if not transcript.words:
        return [Passage(transcript.text, 0.0, ())] if transcript.text.strip() else []
    evidence = [(c.name, e) for c in score.competencies for e in c.evidence if e.quote] if score else []
    marked = [(w, tuple(name for name, e in evidence if _covers(e, w.start_s, w.end_s))) for w in transcript.words]
    passages = []
    for names, group in groupby(marked, key=lambda pair: pair[1]):
        words = [w for w, _ in group]
        passages.append(Passage(text_of(words), words[0].start_s, tuple(dict.fromkeys(names))))
    return passages


def _covers(evidence: Evidence, start_s: float, end_s: float) -> bool:
    return evidence.start_s - 1e-6 <= start_s and end_s <= evidence.end_s + 1e-6
