"""What of a rubric's YAML can be read, whatever is wrong with it: one mistake must not hide the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any, Literal


@dataclass(frozen=True)
class DraftCompetency:
    """A competency; path: where it stands. A text that is not there is empty, a level that is not there is left out."""

    path: str
    id: str
    name: str
    description: str
    weight: float | None
    levels: dict[int, str]
    examples: list[str]
    questions: Literal["all"] | list[str]


@dataclass(frozen=True)
class DraftQuestion:
    """A question; path: where it stands."""

    path: str
    id: str
    text: str
    rated: bool


@dataclass(frozen=True)
class Draft:
    """A rubric as far as it can be read."""

    language: str
    questions: list[DraftQuestion]
    competencies: list[DraftCompetency]

    @classmethod
    def of(cls, document: object) -> Draft:
        """From a document as `strict_yaml` reads it."""
        top = document if isinstance(document, dict) else {}
        return cls(
            language=_text(top.get("language")),
            questions=[
                DraftQuestion(
                    f"questions.{i}", _text(q.get("id")), _text(q.get("text")), q.get("rated", True) is not False
                )
                for i, q in _mappings(top.get("questions"))
            ],
            competencies=[
                DraftCompetency(
                    path=f"competencies.{i}",
                    id=_text(c.get("id")),
                    name=_text(c.get("name")),
                    description=_text(c.get("description")),
                    weight=_number(c.get("weight")),
                    levels=_levels(c.get("levels")),
                    examples=[_text(e) for e in _list(c.get("examples"))],
                    questions=[q for q in _list(c["questions"]) if isinstance(q, str)]
                    if c.get("questions", "all") != "all"
                    else "all",
                )
                for i, c in _mappings(top.get("competencies"))
            ],
        )


def _mappings(value: object) -> Iterator[tuple[int, dict[object, object]]]:
    return ((i, item) for i, item in enumerate(_list(value)) if isinstance(item, dict))


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value) else None


def _levels(value: object) -> dict[int, str]:
    if not isinstance(value, dict):
        return {}
    return {int(k): _text(v) for k, v in sorted(value.items(), key=str) if str(k) in "12345" and _text(v)}
