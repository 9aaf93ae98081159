"""Rubric and policy: what is looked for, and what may be used to judge it.

Both are versioned documents. The packs that ship stand in `analyzers/packs/` as YAML.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Literal, Self, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analyzers.errors import BadInput

Modality = Literal["face", "voice", "language", "emotion"]


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
    examples: list[str] = Field(
        default_factory=list, description="what showing it may sound like; helps the local scorer to find it"
    )

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
    that is analysed but has no weight is shown, not scored. Emotion is analysed only
    where `analyse` lists it, and never has a weight.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,63}$")
    version: str
    description: str
    analyse: tuple[Modality, ...] = ("face", "voice", "language")
    weights: dict[Literal["language", "voice", "visual"], float]
    min_words: int = Field(20, ge=1, description="fewer words: language is not scorable")
    min_speech_s: float = Field(5.0, gt=0, description="less speech: voice is not scorable")
    min_visible_ratio: float = Field(0.5, ge=0, le=1, description="less face: visual is not scorable")
    min_scored_weight: float = Field(
        0.5, ge=0, le=1, description="components with less weight together: the overall score is not scorable"
    )

    @field_validator("weights", mode="before")
    @classmethod
    def _emotion_never_counts(cls, weights: object) -> object:
        if isinstance(weights, dict) and "emotion" in weights:
            raise ValueError("emotion is never scored; remove its weight")
        return weights


D = TypeVar("D", bound=Document)


def pack(kind: type[D], name: str) -> D:
    """A rubric or policy that ships, by name, e.g. `multimodal`.

    Raises:
        BadInput: no such pack.
    """
    packs = {p.name.removesuffix(".yaml"): p for p in (files("analyzers") / "packs" / kind.__name__.lower()).iterdir()}
    if name not in packs:
        raise BadInput(f"no {kind.__name__.lower()} {name!r}; there are {', '.join(sorted(packs))}")
    return _parse(kind, packs[name].read_text(encoding="utf-8"), name)


def load(kind: type[D], name_or_path: str) -> D:
    """A rubric or policy from a YAML file, or a pack by name.

    Raises:
        BadInput: no such pack or file, not YAML, or not a valid document.
    """
    path = Path(name_or_path)
    if path.suffix in {".yaml", ".yml"}:
        try:
            return _parse(kind, path.read_text(encoding="utf-8"), name_or_path)
        except OSError as error:
            raise BadInput(f"cannot read {kind.__name__.lower()} {name_or_path!r}: {error.strerror}") from None
    return pack(kind, name_or_path)


def _parse(kind: type[D], text: str, name: str) -> D:
    try:
        return kind.model_validate(yaml.safe_load(text))
    except yaml.YAMLError as error:
        raise BadInput(f"{name}: not valid YAML: {' '.join(str(error).split())}") from None
    except ValidationError as error:
        raise BadInput(f"{name}: {describe(error)}") from None


def describe(error: ValidationError) -> str:
    """A pydantic error as one line for a person: field, problem, value."""
    return "; ".join(
        f"{'.'.join(map(str, e['loc'])) or 'document'}: {e['msg']}, got {e['input']!r:.80}" for e in error.errors()
    )
