"""Ask a language model behind any OpenAI-compatible endpoint.

Servers differ in what they understand of structured output: JSON Schema, any JSON
object, or nothing of it; and some models refuse `temperature` or `seed`, not all of them by
name. What works is found out once per endpoint and model, one thing left out after the
other, and remembered on this machine.

The OpenAI client tries again by itself what usually passes (408, 409, 429, 5xx, lost connections),
with growing waits, or as long as the server asks, up to two minutes; also where a gateway answers 200
with an error in the body, or calls a passing trouble a bad request. Ours is what it has no notion
of: this negotiation, slots that all processes of a machine share and that are free while it waits,
and an end to replies that grow or trickle without one.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, ValidatorFunctionWrapHandler, WrapValidator

from analyzers.language import machine_state
from analyzers.language.endpoint import Endpoint, EndpointError
from mulakat.schema.language import Usage

if TYPE_CHECKING:
    import httpx2
    import openai

Mode = Literal["json_schema", "json_object", "plain"]
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "plain")
MAX_REPLY_BYTES = 2_000_000

Message = dict[str, str]


class _Understood(BaseModel):
    """What an endpoint understands of a request."""

    mode: Mode = MODES[0]
    dropped: frozenset[str] = frozenset()


def _or_none(value: object, handler: ValidatorFunctionWrapHandler) -> Any:
    try:
        return handler(value)
    except ValidationError:
        return None


class _Tokens(BaseModel):
    prompt_tokens: int = Field(ge=0)
    completion_tokens: int = Field(ge=0)


def _joined(content: object) -> object:
    """A text given in parts, as one."""
    if not isinstance(content, list):
        return content
    parts = [part.get("text") if isinstance(part, dict) else part for part in content]
    return "".join(part for part in parts if isinstance(part, str))


class _Message(BaseModel):
    content: Annotated[str | None, BeforeValidator(_joined)] = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    """The parts of a chat completion that are read; the client itself does not validate what it is sent."""

    choices: list[_Choice] = Field(min_length=1)
    usage: Annotated[_Tokens | None, WrapValidator(_or_none)] = None


@dataclass(frozen=True)
class Reply:
    """What the model said. `trouble`: why it may not be whole, in words; None when nothing is known."""

    text: str
    trouble: str | None


class Chat:
    """Asks one endpoint. Safe to share between threads; a context manager that closes the connection."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._spent: list[_Tokens | None] = []
        self._negotiating = threading.Lock()
        self._name = f"{endpoint.base_url}\n{endpoint.model}"
        self._client = self._connect()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def usage(self) -> Usage | None:
        """Over all replies so far; None when there was none."""
        spent = list(self._spent)
        if not spent:
            return None
        known = [tokens for tokens in spent if tokens is not None]
        told = len(known) == len(spent)
        sent, received = sum(t.prompt_tokens for t in known), sum(t.completion_tokens for t in known)
        cost = None
        if told and self.endpoint.input_price is not None and self.endpoint.output_price is not None:
            cost = round((sent * self.endpoint.input_price + received * self.endpoint.output_price) / 1e6, 9)
        return Usage(
            requests=len(spent),
            prompt_tokens=sent if told else None,
            completion_tokens=received if told else None,
            cost=cost,
            currency=self.endpoint.currency if cost is not None else None,
        )

    def ask(self, messages: list[Message], schema: dict[str, Any]) -> Reply:
        """The model's reply, asked for as JSON of this schema; whether it is, must be checked.

        Raises:
            EndpointError: the endpoint refused, or every try failed.
        """
        understood = self._recall()
        if understood is None:
            with self._negotiating:  # threads that start together wait for the first to find out
                completion = self._negotiate(messages, schema, self._recall() or _Understood())
        else:
            completion = self._negotiate(messages, schema, understood)
        self._spent.append(completion.usage)
        choice = completion.choices[0]
        text = choice.message.content or ""
        key = self.endpoint.api_key.get_secret_value()
        if len(key) >= 8:
            text = text.replace(key, "***")  # an endpoint that tells the key would have it stored
        return Reply(text, _trouble(choice))

    def _recall(self) -> _Understood | None:
        try:
            return _Understood.model_validate(machine_state.recall(self._name))
        except ValidationError:
            return None

    def _negotiate(self, messages: list[Message], schema: dict[str, Any], understood: _Understood) -> _Completion:
        import openai

        now, tried, refused = understood, [understood], frozenset[str]()
        while True:
            try:
                completion = self._send(messages, schema, now)
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                refused |= _named(error)
                easier = next((each for each in _EASIER if each not in tried and each.dropped >= refused), None)
                if easier is None or _NO_USE.search(f"{error.code} {error.type} {error.message}"):
                    raise EndpointError(self._describe(error)) from None
                now = easier
                tried.append(now)
            except openai.OpenAIError as error:
                raise EndpointError(self._describe(error)) from None
            except ValueError:
                raise EndpointError(f"{self.endpoint.base_url} does not answer with a chat completion") from None
            else:
                if now != understood or self._recall() is None:
                    machine_state.remember(self._name, now.model_dump(mode="json"))
                return completion

    def _send(self, messages: list[Message], schema: dict[str, Any], understood: _Understood) -> _Completion:
        parameters: dict[str, Any] = {"temperature": 0, "seed": self.endpoint.seed}
        parameters = {name: value for name, value in parameters.items() if name not in understood.dropped}
        if understood.mode == "json_schema":
            described = {"name": "ratings", "strict": True, "schema": schema}
            parameters["response_format"] = {"type": "json_schema", "json_schema": described}
        elif understood.mode == "json_object":
            parameters["response_format"] = {"type": "json_object"}
        create: Any = self._client.chat.completions.with_raw_response.create
        raw = create(model=self.endpoint.model, messages=messages, **parameters)
        return _Completion.model_validate_json(raw.content)

    # --- the wire -----------------------------------------------------------------

    def _connect(self) -> openai.OpenAI:
        import openai

        endpoint = self.endpoint

        class InSlots(openai.DefaultHttpxClient):
            """Holds a slot for each request, from sending it to the end of its reply, not while the client waits."""

            def send(self, request: httpx2.Request, **options: Any) -> httpx2.Response:
                with machine_state.slot(endpoint.base_url, endpoint.concurrency):
                    request.extensions["started"] = time.monotonic()
                    response = super().send(request, **options)
                if response.status_code in (200, 400, 403, 404, 422):
                    response.status_code = _meant(response.content) or response.status_code
                return response

        return openai.OpenAI(
            base_url=self.endpoint.base_url,
            api_key=self.endpoint.api_key.get_secret_value(),
            timeout=self.endpoint.timeout_s,
            max_retries=self.endpoint.retries,
            http_client=InSlots(
                follow_redirects=False,  # the transcript goes where the settings say, nowhere else
                event_hooks={"response": [self._bounded]},
            ),
        )

    def _bounded(self, response: httpx2.Response) -> None:
        """The client's timeout is one for each read, and a server may send blanks while it thinks: bound the whole."""
        import httpx2

        stream, request = response.stream, response.request
        deadline = request.extensions["started"] + self.endpoint.timeout_s

        class Bounded(httpx2.SyncByteStream):
            def __iter__(self) -> Iterator[bytes]:
                size = 0
                for chunk in stream:  # type: ignore[union-attr]
                    size += len(chunk)
                    if time.monotonic() > deadline:
                        raise httpx2.ReadTimeout("the reply takes too long", request=request)
                    if size > MAX_REPLY_BYTES:
                        raise httpx2.ReadError("the reply is too long", request=request)
                    yield chunk

            def close(self) -> None:
                stream.close()  # type: ignore[union-attr]

        response.stream = Bounded()

    def _describe(self, error: openai.OpenAIError) -> str:
        """Without the server's own words: they may hold the key, or the transcript."""
        import openai

        where = f"{self.endpoint.base_url} (model {self.endpoint.model!r})"
        if isinstance(error, openai.APIStatusError):
            names = [str(name) for name in (error.code, error.type) if re.fullmatch(r"[a-z_]{3,40}", str(name or ""))]
            code = f" ({names[0]})" if names and names[0] != "error" else ""
            advice = _ADVICE.get(error.status_code)
            return f"{where} answered {error.status_code}{code}{f'; {advice}' if advice else ''}"
        if isinstance(error, openai.APITimeoutError):
            return f"{where} did not answer within {self.endpoint.timeout_s:g} s"
        return f"{where} cannot be reached, or broke off its answer"


_ADVICE = {
    401: "check OPENAI_API_KEY",
    403: "check what OPENAI_API_KEY may use",
    404: "check OPENAI_BASE_URL and OPENAI_MODEL",
    429: "too many requests, or nothing left to spend",
}


_OPTIONAL = ("seed", "temperature")
_EASIER = [
    _Understood(mode=mode, dropped=frozenset(dropped))
    for count in range(len(_OPTIONAL) + 1)
    for dropped in combinations(_OPTIONAL, count)
    for mode in MODES
]
"""What to ask for when something is refused, in this order: as little left out as can be."""
_NO_USE = re.compile(r"context.?(length|size|window)|content.?filter|model_not_found", re.IGNORECASE)
"""What leaving something out of the request does not mend."""
_PASSING = re.compile(
    r"overload|unavailable|rate.?limit|too many|time.?out|timed out|capacity|busy|loading|try again|temporar"
    r"|server.?error|server had an error|gateway|upstream|disconnect|connection",
    re.IGNORECASE,
)


def _named(error: openai.APIStatusError) -> frozenset[str]:
    """Which of the optional parameters an error is about."""
    said = f"{error.param} {error.message}"
    return frozenset(name for name in _OPTIONAL if re.search(rf"\b{name}\b", said))


def _meant(content: bytes) -> int | None:
    """The status that the error in a reply's body stands for; None when there is none, or it is not known.

    Gateways answer 200 with an error in place of choices or in one, and some servers call a passing trouble a bad
    request, in the body too: what passes is told by the words before the number.
    """
    try:
        error = _error_in(json.loads(content))
    except ValueError:
        return None
    if not error:
        return None
    told = error if isinstance(error, dict) else {"message": str(error)}
    number = re.fullmatch("[45][0-9][0-9]", str(told.get("code") or told.get("status")))
    code = int(number[0]) if number else None
    if code is not None and (code in (408, 409, 429) or code >= 500):
        return code
    said = " ".join(str(told.get(name) or "") for name in ("code", "type", "status", "message"))
    if _PASSING.search(said):
        return 503
    refused = re.search("invalid|not.?supported|unsupported|unknown|context_length", said, re.IGNORECASE)
    return code or (400 if refused else None)


def _error_in(reply: object) -> Any:
    """The error in a reply's body, wherever servers put it; None when there is none."""
    if not isinstance(reply, dict):
        return None
    choices = reply.get("choices")
    if choices:
        first = choices[0] if isinstance(choices, list) else None
        return first.get("error") if isinstance(first, dict) else None
    if reply.get("object") == "error":
        return reply
    return next((reply[name] for name in ("error", "errors", "detail") if reply.get(name)), None)


def _trouble(choice: _Choice) -> str | None:
    if choice.message.refusal:
        return f"the model refused: {choice.message.refusal[:200]!r}"
    if choice.finish_reason == "length":
        return "the reply was cut off at the longest the endpoint allows"
    if choice.finish_reason == "content_filter":
        return "the endpoint's content filter took the reply away"
    return None if choice.message.content else "the reply was empty"
