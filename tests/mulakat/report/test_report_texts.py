"""Nothing in two languages that should be in one."""

from __future__ import annotations

import re

from mulakat.rubrics.packs import load
from mulakat.schema.rubric import Rubric
from tests.support.language_samples import STRONG
from tests.support.report_samples import made, texts


def test_the_turkish_report_for_candidates_is_turkish() -> None:
    """What stays in its language: the rubric's texts, the question, the candidate's words, names of programs."""
    rubric = load(Rubric, "general-en")
    theirs = {"What happened?", *(text for c in rubric.competencies for text in (c.name, c.description))}
    english, turkish = (set(texts(made("candidate", code))) for code in ("en", "tr"))
    same = {t for t in english & turkish - theirs if re.search(r"[A-Za-z]{3}", t)}
    assert {t for t in same if t not in STRONG and "analyzers." not in t and "version" not in t} == set()


def test_both_languages_give_the_same_scores() -> None:
    def figures(code: str) -> list[str]:
        return [b.value for s in made("reviewer", code).sections for b in s.blocks if b.kind == "score"]

    assert figures("en") == figures("tr")
