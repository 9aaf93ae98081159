"""A scorecard as one self-contained HTML page: no network, no JavaScript.

Everything a candidate said is hostile text: the template escapes all of it, and the
page forbids scripts and remote content by its own content security policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from importlib.resources import files

import yaml
from jinja2 import Environment, PackageLoader, StrictUndefined

from analyzers.errors import BadInput
from analyzers.report.page import answer_page, clock, provenances
from analyzers.results import AnswerDetails, Scorecard

VERSION = "1"

Link = Callable[[str, float], str]
"""Answer id and a time in seconds → address that shows this moment."""


def html(
    scorecard: Scorecard, *, details: Iterable[AnswerDetails] = (), language: str = "en", link: Link | None = None
) -> str:
    """The report.

    Args:
        details: what was measured in each answer, for the answers' own sections.
        language: of the page's fixed text; there is one catalogue `texts.<language>.yaml` for each.
        link: where a time in an answer can be watched; times are plain text without it.

    Raises:
        BadInput: no catalogue for `language`.
    """
    found = {d.answer_id: d for d in details}
    scores = {a.answer_id: a for a in scorecard.answers}
    order = list(dict.fromkeys([*found, *scores, *(m.answer_id for m in scorecard.missing)]))
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            card=scorecard,
            answers=[answer_page(key, scores.get(key), found.get(key), scorecard) for key in order],
            provenances=provenances(scorecard, found.values()),
            language=language,
            t=_texts(language),
            link=link,
            style=(files("analyzers.report") / "report.css").read_text(encoding="utf-8"),
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("analyzers", "report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    return environment


@cache
def _texts(language: str) -> dict[str, str]:
    folder = files("analyzers.report")
    catalogues = {
        p.name.removeprefix("texts.").removesuffix(".yaml"): p for p in folder.iterdir() if p.name.startswith("texts.")
    }
    if language not in catalogues:
        raise BadInput(f"no report in language {language!r}; there are {', '.join(sorted(catalogues))}")
    texts: dict[str, str] = yaml.safe_load(catalogues[language].read_text(encoding="utf-8"))
    return texts
