"""Rubric and policy: what is looked for, and what may be used to judge it.

Both are versioned documents. The packs that ship stand in `analyzers/packs/` as YAML.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from analyzers.errors import BadInput

Modality = Literal["face", "voice", "language"]


class Document(BaseModel):
    """Base of configuration documents: immutable, unknown fields refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Competency(Document):
    """What an answer may show, with behaviourally anchored levels 1–5."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")
    name: str = Field(min_length=1)
    description: str = Field(min_length=1)
    weight: float = Field(gt=0)
    levels: dict[int, str] = Field(description="1–5 → observable behaviour at that level")

    @model_validator(mode="after")
    def _all_levels(self) -> Self:
        if sorted(self.levels) != [1, 2, 3, 4, 5]:
            raise ValueError(f"competency {self.id!r} needs anchors for levels 1–5, has {sorted(self.levels)}")
        return self


class Rubric(Document):
    """Competencies with weights, for one language."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    version: str
    language: str = Field(pattern=r"^[a-z]{2}$")
    competencies: list[Competency] = Field(min_length=1)

    @model_validator(mode="after")
    def _unique(self) -> Self:
        ids = [c.id for c in self.competencies]
        if len(set(ids)) != len(ids):
            raise ValueError(f"competency ids must differ, got {ids}")
        return self


class Policy(Document):
    """What is analysed, what counts, and when to abstain.

    `weights` are the shares of the components in the overall score. A modality
    that is analysed but has no weight is shown, not scored.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    version: str
    description: str
    analyse: frozenset[Modality] = frozenset({"face", "voice", "language"})
    weights: dict[Literal["language", "voice", "visual"], float]
    min_words: int = Field(20, ge=1, description="fewer words: language is not scorable")
    min_speech_s: float = Field(5.0, gt=0, description="less speech: voice is not scorable")
    min_visible_ratio: float = Field(0.5, ge=0, le=1, description="less face: visual is not scorable")


D = TypeVar("D", bound=Document)


def load(kind: type[D], name_or_path: str | Path) -> D:
    """Read a rubric or policy: a pack's name (`multimodal`) or a YAML file's path.

    Raises:
        BadInput: no such pack or file, not YAML, or not a valid document.
    """
    folder = files("analyzers") / "packs" / kind.__name__.lower()
    packs = {p.name.removesuffix(".yaml"): p for p in folder.iterdir()}
    source = packs.get(str(name_or_path)) or Path(name_or_path)
    if not source.is_file():
        raise BadInput(
            f"no {kind.__name__.lower()} {str(name_or_path)!r}: give a YAML file or one of {', '.join(sorted(packs))}"
        )
    try:
        return kind.model_validate(yaml.safe_load(source.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadInput(f"{name_or_path}: not valid YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise BadInput(f"{name_or_path}: {describe(error)}") from None


def describe(error: ValidationError) -> str:
    """A pydantic error as one line for a person: field, problem, value."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}, got {e['input']!r:.80}" for e in error.errors()
    )
