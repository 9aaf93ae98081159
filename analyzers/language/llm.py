"""Rate with a language model behind any OpenAI-compatible endpoint."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, create_model, field_validator
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_exponential_jitter

from analyzers.errors import BadInput, MulakatError
from analyzers.language.evidence import Index, Sentence
from analyzers.language.prompt import repair, system, user
from analyzers.results import AnyWord, Rating
from analyzers.rubric import Document, Rubric, describe

if TYPE_CHECKING:
    import openai
    from openai.types.chat import ChatCompletion

Mode = Literal["json_schema", "json_object", "plain"]
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "plain")
UNCERTAINTY_LEVELS = 0.6  # standard uncertainty; an assumption until calibrated with human ratings
MAX_RETRY_AFTER_S = 120.0

# (base URL, model) → the mode and parameters it understands, found out once per process.
_negotiated: dict[tuple[str, str], tuple[Mode, frozenset[str]]] = {}


class EndpointError(MulakatError):
    """The endpoint gave no usable rating; says why, never with the key."""


class Endpoint(Document):
    """Where to ask. The key is left out of every dump, fingerprint and log."""

    base_url: str = Field(description="e.g. https://api.openai.com/v1")
    model: str = Field(min_length=1)
    api_key: SecretStr = Field(SecretStr("none"), exclude=True, repr=False)
    timeout_s: float = Field(60.0, gt=0)
    tries: int = Field(4, ge=1, description="the first one and up to three more")
    backoff_s: float = Field(2.0, ge=0, description="before the second try; doubles each time")
    backoff_jitter_s: float = Field(1.0, ge=0)
    seed: int = 7

    @field_validator("base_url")
    @classmethod
    def _plain_url(cls, value: str) -> str:
        url = urlsplit(value)
        if url.scheme not in ("http", "https") or not url.hostname:
            raise ValueError("give an http:// or https:// address")
        if url.username or url.password or url.query:
            raise ValueError("put the key into OPENAI_API_KEY, not into the address")
        return value.rstrip("/")

    @classmethod
    def from_environment(cls, model: str | None = None) -> Self | None:
        """The endpoint of `OPENAI_BASE_URL` and `OPENAI_API_KEY`; None when no model is named.

        Args:
            model: the model to ask; default: `OPENAI_MODEL`.

        Raises:
            BadInput: the address cannot be used, or a model stands without address and key.
        """
        model = model or os.environ.get("OPENAI_MODEL")
        key, url = os.environ.get("OPENAI_API_KEY"), os.environ.get("OPENAI_BASE_URL")
        if not model:
            return None
        if not (key or url):
            raise BadInput(f"model {model!r} is named, but neither OPENAI_BASE_URL nor OPENAI_API_KEY is set")
        try:
            return cls(base_url=url or "https://api.openai.com/v1", model=model, api_key=SecretStr(key or "none"))
        except ValidationError as error:
            raise BadInput(f"OPENAI_BASE_URL: {describe(error)}") from None


class _Reply(BaseModel):
    model_config = ConfigDict(extra="forbid")


def reply_type(rubric: Rubric) -> type[BaseModel]:
    """What the model must answer, as a pydantic type and so as a JSON Schema."""
    ids: Any = Literal[tuple(c.id for c in rubric.competencies)]
    rating = create_model(
        "CompetencyRating",
        __base__=_Reply,
        competency=(ids, ...),
        level=(Annotated[int, Field(ge=1, le=5)] | None, ...),
        reason=(str, ...),
        quotes=(list[str], ...),
    )
    return create_model("Ratings", __base__=_Reply, ratings=(list[rating], ...))


class Rater:
    """Asks one endpoint; a context manager that closes the connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self.usage: dict[str, int] = {}
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def rate(
        self, sentences: list[Sentence], words: Sequence[AnyWord], rubric: Rubric, question: str | None, answer_id: str
    ) -> list[Rating]:
        """One rating per competency, in the rubric's order.

        Raises:
            EndpointError: no usable reply, all tries considered.
        """
        index = Index(words, sentences)
        messages = [
            {"role": "system", "content": system(rubric)},
            {"role": "user", "content": user(question, " ".join(s.text for s in sentences))},
        ]
        text = self._ask(messages, rubric)
        reply, problems = self._check(text, rubric, index)
        if problems:
            messages += [{"role": "assistant", "content": text}, {"role": "user", "content": repair(problems)}]
            second, again = self._check(self._ask(messages, rubric), rubric, index)
            if second is not None:
                reply, problems = second, again
        if reply is None:
            raise EndpointError(f"model {self.endpoint.model!r} gave no usable reply: {problems[0]}")
        self.notes += problems
        given = {r["competency"]: r for r in reply}
        return [_rating(c.id, given.get(c.id), index, words, answer_id) for c in rubric.competencies]

    def _check(self, text: str, rubric: Rubric, index: Index) -> tuple[list[dict[str, Any]] | None, list[str]]:
        """The reply's ratings (None when it is not valid at all), and what is wrong with them."""
        try:
            reply = reply_type(rubric).model_validate(_json_in(text)).model_dump()["ratings"]
        except ValidationError as error:
            return None, [f"not valid: {describe(error)[:300]}"]
        except ValueError as error:
            return None, [f"not JSON: {error}"]
        missing = {c.id for c in rubric.competencies} - {r["competency"] for r in reply}
        problems = [f"{name}: no rating was given" for name in sorted(missing)]
        for rating in reply:
            if rating["level"] is not None:
                bad = [q for q in rating["quotes"] if index.find(q) is None]
                problems += [f"{rating['competency']}: not in the transcript: {q[:120]!r}" for q in bad]
                if not rating["quotes"]:
                    problems.append(f"{rating['competency']}: a level without a quote")
        return reply, problems

    # --- the wire -------------------------------------------------------------

    @cached_property
    def _client(self) -> openai.OpenAI:
        import openai

        return openai.OpenAI(
            base_url=self.endpoint.base_url,
            api_key=self.endpoint.api_key.get_secret_value(),
            timeout=self.endpoint.timeout_s,
            max_retries=0,  # tenacity does it, with settings of ours
        )

    def _ask(self, messages: list[dict[str, str]], rubric: Rubric) -> str:
        """The model's text, with response format and parameters negotiated.

        Raises:
            EndpointError: the endpoint refused, or every try failed.
        """
        import openai

        key = (self.endpoint.base_url, self.endpoint.model)
        mode, dropped = _negotiated.get(key, (MODES[0], frozenset()))
        while True:
            try:
                completion: ChatCompletion | None = self._try(messages, rubric, mode, dropped)
                break
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if error.param in {"temperature", "seed"} - dropped:
                    dropped |= {error.param}
                elif mode != MODES[-1]:
                    mode = MODES[MODES.index(mode) + 1]
                else:
                    raise EndpointError(self._describe(error)) from None
            except openai.OpenAIError as error:
                raise EndpointError(self._describe(error)) from None
            except ValueError:  # not even JSON
                completion = None
                break
        # The client does not validate what it is sent.
        choices = getattr(completion, "choices", None)
        message = getattr(choices[0], "message", None) if choices else None
        if completion is None or message is None:
            raise EndpointError(f"{self.endpoint.base_url} does not answer with a chat completion")
        _negotiated[key] = mode, dropped
        self._count(completion)
        return message.content or ""

    def _try(
        self, messages: list[dict[str, str]], rubric: Rubric, mode: Mode, dropped: frozenset[str]
    ) -> ChatCompletion:
        parameters: dict[str, Any] = {"temperature": 0, "seed": self.endpoint.seed}
        parameters = {name: value for name, value in parameters.items() if name not in dropped}
        if mode == "json_schema":
            schema = {"name": "ratings", "strict": True, "schema": reply_type(rubric).model_json_schema()}
            parameters["response_format"] = {"type": "json_schema", "json_schema": schema}
        elif mode == "json_object":
            parameters["response_format"] = {"type": "json_object"}
        retrying = Retrying(
            stop=stop_after_attempt(self.endpoint.tries),
            wait=self._wait,
            retry=retry_if_exception(_passes),
            reraise=True,
        )
        return retrying(
            self._client.chat.completions.create, model=self.endpoint.model, messages=messages, **parameters
        )

    @cached_property
    def _backoff(self) -> wait_exponential_jitter:
        return wait_exponential_jitter(
            multiplier=self.endpoint.backoff_s, max=60, jitter=self.endpoint.backoff_jitter_s
        )

    def _wait(self, state: RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        after = _retry_after_s(error)
        if after is not None:
            return after
        return self._backoff(state)

    def _count(self, completion: ChatCompletion) -> None:
        counts = {"requests": 1}
        if completion.usage is not None:
            counts["prompt_tokens"] = completion.usage.prompt_tokens or 0
            counts["completion_tokens"] = completion.usage.completion_tokens or 0
        for name, count in counts.items():
            self.usage[name] = self.usage.get(name, 0) + count

    def _describe(self, error: openai.OpenAIError) -> str:
        import openai

        where = f"{self.endpoint.base_url} (model {self.endpoint.model!r})"
        if isinstance(error, openai.APIStatusError):
            return f"{where} answered {error.status_code} {type(error).__name__}"
        if isinstance(error, openai.APITimeoutError):
            return f"{where} did not answer within {self.endpoint.timeout_s:g} s"
        return f"{where}: {type(error).__name__}"


def _rating(
    competency: str, given: dict[str, Any] | None, index: Index, words: Sequence[AnyWord], answer_id: str
) -> Rating:
    """A given rating with its evidence; not scorable when there is no evidence."""
    level = given["level"] if given else None
    quotes = [index.find(quote) for quote in given["quotes"]] if given else []
    evidence = [q.evidence(words, answer_id) for q in dict.fromkeys(q for q in quotes if q is not None)]
    if level is not None and evidence:
        return Rating(
            competency=competency,
            level=level,
            uncertainty=UNCERTAINTY_LEVELS,
            reason=given["reason"] if given else "",
            evidence=evidence,
        )
    if given is None:
        reason = "the model gave no rating"
    elif level is None:
        reason = given["reason"] or "the model found nothing to rate"
    else:
        reason = "the model gave no quote that stands in the transcript"
    return Rating(competency=competency, level=None, uncertainty=None, reason=reason, evidence=[])


def _json_in(text: str) -> Any:
    """The first JSON object in a text: models put it into fences or talk around it."""
    start = text.find("{")
    if start < 0:
        raise ValueError(f"no object in {text[:80]!r}")
    return json.JSONDecoder().raw_decode(text, start)[0]


def _passes(error: BaseException) -> bool:
    """Whether trouble of this kind usually passes."""
    import openai

    if isinstance(error, openai.APIConnectionError):
        return True
    if not isinstance(error, openai.APIStatusError):
        return False
    passing = error.status_code in (408, 409, 429) or error.status_code >= 500
    return passing and (_retry_after_s(error) or 0) <= MAX_RETRY_AFTER_S


def _retry_after_s(error: BaseException | None) -> float | None:
    """What the server asks to wait (RFC 9110, 10.2.3: seconds or a date)."""
    response = getattr(error, "response", None)
    value = response.headers.get("retry-after") if response is not None else None
    if value is None:
        return None
    try:
        return max(0.0, float(value))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
