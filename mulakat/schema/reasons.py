"""Why something was not measured, not scored or left out, and what else a reader should know: codes with values.

No module writes a sentence for a reader. It names a code of the closed set `Code` and gives its values; what
each code says, by language and audience, stands in `mulakat/presentation/catalogs`.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import isfinite
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from mulakat.schema.codes import WORDS, Code, Kind, LanguageKind, NestedKind, NumberKind, ShareKind, TextKind, WordKind

MAX_TEXT = 1000
"""Characters of a text from outside that are kept."""
FIGURES = 3
"""Significant figures of a number without fixed digits: as much as a reader can use."""

Value = int | float | str | list[str] | list["Reason"]


class Reason(BaseModel):
    """A code and its values, checked against the code's kinds.

    Raises:
        ValueError: an unknown code, a value that is missing, too many or of another kind.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Code
    values: dict[str, Value] = Field(default_factory=dict)

    @classmethod
    def of(cls, code: Code, **values: Value | Reason) -> Self:
        """A reason; where others belong inside, a single one may stand for a list of one."""
        return cls(code=code, values={k: [v] if isinstance(v, Reason) else v for k, v in values.items()})

    @field_validator("values")
    @classmethod
    def _as_declared(cls, values: dict[str, Value], info: ValidationInfo) -> dict[str, Value]:
        """In the declared order, numbers rounded: the same reason is the same document."""
        code = info.data.get("code")
        if code is None:
            return values  # The code is refused already.
        if values.keys() != code.kinds.keys():
            raise ValueError(f"{code} has the values {list(code.kinds)}, got {list(values)}")
        return {name: _checked(f"{code}.{name}", kind, values[name]) for name, kind in code.kinds.items()}

    def __hash__(self) -> int:
        return hash(self.model_dump_json())

    def __str__(self) -> str:
        """For logs: `too_few_words(words=5, needed=20, policy=multimodal)`."""
        values = {
            name: f"[{', '.join(map(str, value))}]" if isinstance(value, list) else value
            for name, value in self.values.items()
        }
        return f"{self.code}({', '.join(f'{name}={value}' for name, value in values.items())})" if values else self.code


def together(reasons: Iterable[Reason]) -> Reason | None:
    """Several reasons as one, each said once; None when there are none."""
    found = list(dict.fromkeys(reasons))
    return Reason.of(Code.SEVERAL, why=found) if len(found) > 1 else next(iter(found), None)


def _checked(where: str, kind: Kind, value: Value) -> Value:
    match kind:
        case NumberKind() | ShareKind():
            return _number(where, kind, value)
        case NestedKind():
            if isinstance(value, list) and value and all(isinstance(each, Reason) for each in value):
                return value
            raise ValueError(f"{where} holds reasons, got {value!r:.80}")
        case WordKind(many=many) | TextKind(many=many):
            texts = value if many else [value]
            if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
                raise ValueError(f"{where} holds {'texts' if many else 'a text'}, got {value!r:.80}")
            found = [_text(where, kind, str(text)) for text in texts]
            return found if many else found[0]
        case LanguageKind():
            if isinstance(value, str):
                return value
            raise ValueError(f"{where} is the code of a language, got {value!r:.80}")


def _number(where: str, kind: NumberKind | ShareKind, value: Value) -> int | float:
    if not isinstance(value, int | float) or isinstance(value, bool) or not isfinite(value):
        raise ValueError(f"{where} is a number, got {value!r:.80}")
    digits = kind.digits if isinstance(kind, NumberKind) else kind.digits + 2
    if digits is None:
        return float(f"{value:.{FIGURES}g}")
    return round(value) if digits == 0 else round(float(value), digits)


def _text(where: str, kind: WordKind | TextKind, text: str) -> str:
    if isinstance(kind, WordKind) and text not in WORDS[kind.of]:
        raise ValueError(f"{where} is one of {', '.join(WORDS[kind.of])}, got {text!r:.80}")
    return text if len(text) <= MAX_TEXT else f"{text[: MAX_TEXT - 1]}…"


Reason.model_rebuild()
