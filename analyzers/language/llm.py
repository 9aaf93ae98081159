"""Rate with a language model, and believe nothing it says without a quote that stands in the transcript."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, create_model

from analyzers.language.chat import Chat, Message, Reply
from analyzers.language.endpoint import Endpoint, EndpointError
from analyzers.language.evidence import Index, Sentence
from analyzers.language.prompt import repair, sentence, system, user
from mulakat.schema.codes import Code
from mulakat.schema.language import Rating, Usage
from mulakat.schema.reasons import Reason
from mulakat.schema.rubric import Rubric, describe
from mulakat.schema.speech import AnyWord

__all__ = ["Endpoint", "EndpointError", "Rater"]

UNCERTAINTY_LEVELS = 0.6  # standard uncertainty; an assumption until calibrated with human ratings
MAX_QUOTES = 3
MAX_REASON = 400  # characters
_JSON = re.compile(r"[{\[]")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


def _no_bool(value: object) -> object:
    if isinstance(value, bool):
        raise ValueError("true and false are no levels")
    return value


def reply_type(competencies: Sequence[str]) -> tuple[type[BaseModel], type[BaseModel]]:
    """What the model must answer, and one rating of it, as pydantic types and so as JSON Schemas."""
    ids: Any = Literal[tuple(competencies)]
    rating = create_model(
        "CompetencyRating",
        __base__=_Strict,
        competency=(ids, ...),
        level=(Annotated[Annotated[int, Field(ge=1, le=5)] | None, BeforeValidator(_no_bool)], ...),
        reason=(str, ...),
        quotes=(list[str], ...),
    )
    return create_model("Ratings", __base__=_Strict, ratings=(list[rating], ...)), rating


@dataclass(frozen=True)
class _Judged:
    """What became of one rating. rating: None when it cannot be used; problem: what is wrong with it, if anything."""

    rating: Rating | None
    problem: Reason | None


class Rater:
    """Asks one endpoint; a context manager that closes the connection. Safe to share between threads.

    Attributes:
        notes: what a reviewer should know about the replies so far.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.notes: list[Reason] = []
        self._chat = Chat(endpoint)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        self._chat.__exit__(*exception)

    @property
    def usage(self) -> Usage | None:
        """Over all requests so far; None when none was answered."""
        return self._chat.usage

    def rate(
        self,
        sentences: Sequence[Sentence],
        words: Sequence[AnyWord],
        rubric: Rubric,
        question: str | None,
        answer_id: str,
    ) -> list[Rating]:
        """One rating per competency, in the rubric's order.

        What cannot be used is asked for once more, and then dropped: not scorable, with the reason.

        Raises:
            EndpointError: no usable reply, all tries considered.
        """
        index = Index(words, sentences)
        messages: list[Message] = [
            {"role": "system", "content": system(rubric)},
            {"role": "user", "content": user(question, " ".join(s.text for s in sentences))},
        ]
        wanted = [c.id for c in rubric.competencies]
        judged, text = self._ask(messages, wanted, index, answer_id)
        again = [name for name in wanted if judged[name].problem is not None]
        if again:
            problems = _problems(judged[name] for name in again)
            messages += [{"role": "assistant", "content": text}, {"role": "user", "content": repair(problems, again)}]
            second, _ = self._ask(messages, again, index, answer_id)
            # A usable first rating is not given up for a worse second one.
            judged |= {k: v for k, v in second.items() if v.rating is not None or judged[k].rating is None}
        problems = _problems(judged.values())
        if all(j.problem is not None and j.problem.code == Code.REPLY_UNUSABLE for j in judged.values()):
            raise EndpointError(f"model {self.endpoint.model!r} gave no usable reply: {sentence(problems[0])}")
        self.notes += problems
        return [judged[name].rating or _dropped(name, judged[name]) for name in wanted]

    def _ask(
        self, messages: list[Message], wanted: list[str], index: Index, answer_id: str
    ) -> tuple[dict[str, _Judged], str]:
        """Each competency wanted, judged; and the reply itself."""
        whole, one = reply_type(wanted)
        reply = self._chat.ask(messages, whole.model_json_schema())
        try:
            given = _ratings_in(reply)
        except ValueError as error:
            return dict.fromkeys(wanted, _Judged(None, Reason.of(Code.REPLY_UNUSABLE, message=str(error)))), reply.text
        judged: dict[str, _Judged] = {}
        for item in given:
            name = item.get("competency") if isinstance(item, dict) else None
            if name in wanted:
                found = _judge(item, one, index, answer_id)
                judged[name] = _either(judged[name], found) if name in judged else found
        return {
            n: judged.get(n) or _Judged(None, Reason.of(Code.RATING_MISSING, competency=n)) for n in wanted
        }, reply.text


def _problems(judged: Iterable[_Judged]) -> list[Reason]:
    return list(dict.fromkeys(j.problem for j in judged if j.problem is not None))


def _judge(item: dict[str, Any], kind: type[BaseModel], index: Index, answer_id: str) -> _Judged:
    """One rating as given, checked: its types, and its quotes against the transcript."""
    name = item["competency"]
    try:
        given = kind.model_validate({field: item[field] for field in kind.model_fields if field in item}).model_dump()
    except ValidationError as error:
        return _Judged(None, Reason.of(Code.RATING_INVALID, competency=name, message=_clean(describe(error))))
    level, said = given["level"], _clean(given["reason"])
    if level is None:
        reason = Reason.of(Code.RATER_ABSTAINS, text=said) if said else Reason.of(Code.RATER_FOUND_NOTHING)
        return _Judged(Rating(competency=name, level=None, uncertainty=None, reason=reason, evidence=[]), None)
    found = {quote: index.find(quote) for quote in given["quotes"]}
    invented = [_clean(quote)[:120] for quote, place in found.items() if place is None]
    problem = Reason.of(Code.QUOTES_NOT_FOUND, competency=name, quotes=invented) if invented else None
    evidence = [index.evidence(place, answer_id) for place in dict.fromkeys(found.values()) if place is not None]
    if not evidence:
        return _Judged(None, problem or Reason.of(Code.LEVEL_WITHOUT_QUOTE, competency=name))
    reason = Reason.of(Code.RATER_SAYS, text=said) if said else Reason.of(Code.RATER_GAVE_NO_REASON)
    rating = Rating(
        competency=name, level=level, uncertainty=UNCERTAINTY_LEVELS, reason=reason, evidence=evidence[:MAX_QUOTES]
    )
    return _Judged(rating, problem)


def _either(one: _Judged, other: _Judged) -> _Judged:
    """Of two ratings of one competency: the first, unless they differ."""
    if one.rating is not None and other.rating is not None and one.rating.level == other.rating.level:
        return one
    name = next((j.rating.competency for j in (one, other) if j.rating is not None), None)
    return _Judged(None, Reason.of(Code.RATED_TWICE, competency=name)) if name else one


def _dropped(competency: str, judged: _Judged) -> Rating:
    reason = Reason.of(Code.RATER_GAVE_NO_RATING, why=_problems([judged]))
    return Rating(competency=competency, level=None, uncertainty=None, reason=reason, evidence=[])


def _ratings_in(reply: Reply) -> list[Any]:
    """The `ratings` of the last such JSON object in a reply, or the last list of ratings: models put them into
    fences, talk and think before them, and leave the object out.

    Raises:
        ValueError: there is none; says why.
    """
    text, decoder = reply.text, json.JSONDecoder()
    found: list[Any] | None = None
    place = 0
    while start := _JSON.search(text, place):
        try:
            document, place = decoder.raw_decode(text, start.start())
        except RecursionError:  # nobody who means a rating nests so deep
            break
        except ValueError:
            place = start.end()
            continue
        given = document.get("ratings") if isinstance(document, dict) else document
        if isinstance(given, list) and (given is not document or any(_is_rating(item) for item in given)):
            found = given
    if found is None:
        raise ValueError(reply.trouble or f"it holds no JSON object with ratings: {_clean(text)[:80]!r}")
    return found


def _is_rating(item: object) -> bool:
    return isinstance(item, dict) and "competency" in item


def _clean(text: str) -> str:
    """One line of printable text, for a reviewer."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    line = " ".join(printable.split())
    return line if len(line) <= MAX_REASON else f"{line[: MAX_REASON - 1]}…"
