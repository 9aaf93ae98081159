"""A scorecard as a report: for the reviewer or for the candidate, in English or Turkish, as HTML or PDF.

`build` says what is in it (`content.Report`), `html` and `pdf` draw that, each without
network. Everything a candidate said is hostile text: both show it as text, whatever it holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from mulakat.presentation.catalog import languages
from mulakat.presentation.presenter import Presenter
from mulakat.presentation.reasons import Audience
from mulakat.report import candidate, reviewer
from mulakat.report.content import Report
from mulakat.report.material import Link, Material
from mulakat.report.page import html
from mulakat.report.paper import pdf
from mulakat.schema.rubric import Policy, Rubric
from mulakat.schema.scores import AnswerDetails, Scorecard

__all__ = ["AUDIENCES", "FORMATS", "Audience", "Link", "Report", "build", "html", "languages", "pdf"]

AUDIENCES: tuple[Audience, ...] = ("reviewer", "candidate")
FORMATS = {"html": html, "pdf": pdf}


def build(
    scorecard: Scorecard,
    *,
    details: Iterable[AnswerDetails] = (),
    audience: Audience = "reviewer",
    language: str = "en",
    rubric: Rubric | None = None,
    policy: Policy | None = None,
    received_at: datetime | None = None,
    link: Link | None = None,
    contact: str | None = None,
) -> Report:
    """What the report says.

    Args:
        details: what was measured in each answer, for the answers' own sections.
        language: of all texts that are ours; `languages()` lists them.
        rubric, policy: those of the scorecard, to say what they ask for.
        received_at: when the interview was received.
        link: where a moment of an answer can be watched, for the reviewer; times are plain text without it.
        contact: whom a candidate writes to.

    Raises:
        BadInput: no catalogue for `language`.
    """
    t = Presenter(language)
    material = Material(
        card=scorecard,
        details={d.answer_id: d for d in details},
        audience=audience,
        t=t,
        rubric=rubric,
        policy=policy,
        received_at=received_at,
        link=link if audience == "reviewer" else None,
        contact=contact,
    )
    identity = scorecard.interview_id
    subtitle = t("subtitle", id=identity)
    if received_at is not None:
        subtitle = t("subtitle-dated", id=identity, date=t.date(received_at))
    return Report(
        language=language,
        audience=audience,
        title=t.name("title", audience),
        subtitle=subtitle,
        page=t("page", page="{page}", pages="{pages}"),
        contents=t("contents", id=identity),
        sections=reviewer.sections(material) if audience == "reviewer" else candidate.sections(material),
    )
