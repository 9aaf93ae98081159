"""Calling an endpoint: negotiation, trying again, limits, cost; against a server that speaks the protocol."""

from __future__ import annotations

import itertools
import logging
import os
import socket
import subprocess
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from analyzers.language import Options, machine_state
from analyzers.language.chat import Chat
from analyzers.language.endpoint import Endpoint, EndpointError
from analyzers.language.evidence import sentences
from analyzers.language.llm import Rater
from mulakat.rubrics.packs import pack
from mulakat.schema.errors import BadInput, SetupError
from mulakat.schema.language import Usage
from mulakat.schema.rubric import Rubric
from mulakat.scoring.usage import total
from tests.support.known import known
from tests.support.language_samples import words
from tests.support.openai_server import Body, ChatServer, Reply, fails, says, without_usage

pytestmark = pytest.mark.usefixtures("endpoint_memory")

KEY = "sk-secret-0123456789"
HELLO = [{"role": "user", "content": "hello"}]
SCHEMA: dict[str, object] = {"type": "object"}
DONE = says("done")


def endpoint(server: ChatServer, **more: object) -> Endpoint:
    return Endpoint(base_url=server.base_url, model=server.model, api_key=SecretStr(KEY), **more)


def ask(server: ChatServer, **more: object) -> str:
    with Chat(endpoint(server, **more)) as chat:
        return chat.ask(HELLO, SCHEMA).text


def gaps_s(server: ChatServer) -> list[float]:
    times = [r.at_s for r in server.requests]
    return [b - a for a, b in itertools.pairwise(times)]


# --- negotiation -----------------------------------------------------------------


@pytest.mark.parametrize("known", ["json_object", "plain"])
def test_the_response_format_is_negotiated_once_and_remembered(known: str) -> None:
    def only_known(body: Body) -> Reply:
        kind = body.get("response_format", {}).get("type", "plain")
        refused = kind == "json_schema" or kind != known
        return fails(400, f"response_format {kind} is not supported") if refused else DONE

    with ChatServer(only_known) as server:
        ask(server)
        tried = len(server.requests)
        ask(server)
    formats = [r.format for r in server.requests]
    assert formats[:tried] == ["json_schema", "json_object", None][: 2 if known == "json_object" else 3]
    assert formats[tried:] == [None if known == "plain" else known]


@pytest.mark.long
def test_other_processes_remember_too() -> None:
    """Airflow runs each task in a process of its own."""
    script = """
import sys
from analyzers.language.chat import Chat
from analyzers.language.endpoint import Endpoint
with Chat(Endpoint(base_url=sys.argv[1], model=sys.argv[2])) as chat:
    chat.ask([{"role": "user", "content": "hello"}], {})
"""

    def no_schema(body: Body) -> Reply:
        return fails(400) if body.get("response_format", {}).get("type") == "json_schema" else DONE

    with ChatServer(no_schema) as server:
        for _ in range(2):
            environment = {**os.environ, "TMPDIR": str(machine_state.folder().parent)}
            subprocess.run([sys.executable, "-c", script, server.base_url, server.model], env=environment, check=True)
    assert [r.format for r in server.requests] == ["json_schema", "json_object", "json_object"]


def test_threads_that_start_together_negotiate_once() -> None:
    def no_schema(body: Body) -> Reply:
        return fails(400) if body.get("response_format", {}).get("type") == "json_schema" else DONE

    with ChatServer(no_schema) as server, Chat(endpoint(server)) as chat, ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: chat.ask(HELLO, SCHEMA), range(8)))
    assert [r.format for r in server.requests].count("json_schema") == 1


def test_another_model_of_the_same_endpoint_is_negotiated_on_its_own() -> None:
    def by_model(body: Body) -> Reply:
        return fails(400) if body["model"] == "old" and "response_format" in body else DONE

    with ChatServer(by_model) as server:
        for model in ("old", "new", "old"):
            with Chat(endpoint(server).model_copy(update={"model": model})) as chat:
                chat.ask(HELLO, SCHEMA)
    assert [r.format for r in server.requests] == ["json_schema", "json_object", None, "json_schema", None]


def test_parameters_a_model_refuses_are_left_out() -> None:
    def picky(body: Body) -> Reply:
        for name in ("temperature", "seed"):
            if name in body:
                return fails(400, f"{name} is not supported with this model", param=name)
        return DONE

    with ChatServer(picky) as server:
        assert ask(server) == "done"
    assert server.requests[-1].format == "json_schema"


@pytest.mark.parametrize("refused", ["temperature", "seed", "temperature and seed"])
@pytest.mark.parametrize("status", [400, 422])
def test_parameters_that_are_refused_without_a_name_are_found_out(refused: str, status: int) -> None:
    """One thing is left out after the other; the response format, which is understood, stays."""

    def silent(body: Body) -> Reply:
        return fails(status, "bad request") if any(name in body for name in refused.split(" and ")) else DONE

    with ChatServer(silent) as server:
        assert ask(server) == "done"
        last = server.requests[-1]
        assert last.format == "json_schema"
        assert {"temperature", "seed"} - last.body.keys() == set(refused.split(" and "))
        tried = len(server.requests)
        ask(server)
    assert len(server.requests) == tried + 1


def test_a_parameter_named_in_the_message_alone_is_left_out_at_once() -> None:
    def picky(body: Body) -> Reply:
        return fails(400, "Unrecognized request argument supplied: seed") if "seed" in body else DONE

    with ChatServer(picky) as server:
        assert ask(server) == "done"
    assert [("seed" in r.body, r.format) for r in server.requests] == [(True, "json_schema"), (False, "json_schema")]


def test_a_text_in_parts_is_one_text() -> None:
    parts = [{"type": "text", "text": "do"}, {"type": "text", "text": "ne"}, {"type": "image_url"}]
    with ChatServer(Reply(body={"choices": [{"message": {"content": parts}}]})) as server:
        assert ask(server) == "done"


@pytest.mark.parametrize(
    "dress",
    [
        Reply(body={"error": {"message": "overloaded"}}),
        Reply(body={"error": {"message": "Upstream error", "code": 502}}),
        Reply(body={"error": {"message": "slow down", "code": "rate_limit_exceeded"}, "choices": None}),
        Reply(body={"error": "Service unavailable"}),
        fails(400, "The model is overloaded, please try again later"),
        fails(404, "model is loading"),
        fails(403, "no", code="rate_limit_exceeded"),
        fails(400, "overloaded, try again", code="400"),
        Reply(body={"error": {"message": "Internal server error"}}),
        Reply(body={"error": {"message": "The server had an error", "type": "server_error"}}),
        Reply(body={"choices": [{"error": {"code": 502, "message": "gone"}, "message": {"content": ""}}]}),
        Reply(body={"object": "error", "message": "engine busy", "code": 503}),
        Reply(body={"detail": "upstream timed out"}),
        Reply(body={"errors": [{"message": "overloaded"}]}),
    ],
    ids=[
        "text",
        "number",
        "code",
        "bare text",
        "bad request",
        "loading",
        "forbidden",
        "bad request in the body",
        "internal",
        "type",
        "in a choice",
        "an object",
        "a detail",
        "a list",
    ],
)
def test_trouble_that_passes_is_tried_again_whatever_it_is_called(dress: Reply) -> None:
    soon = replace(dress, headers={"retry-after-ms": "1"})
    with ChatServer(soon, soon, DONE) as server:
        assert ask(server) == "done"
    assert {r.format for r in server.requests} == {"json_schema"}


def test_a_parameter_refused_in_a_200_is_left_out() -> None:
    def gateway(body: Body) -> Reply:
        return Reply(body={"error": {"message": "'seed' is not supported"}}) if "seed" in body else DONE

    with ChatServer(gateway) as server:
        assert ask(server) == "done"


def test_a_server_that_refuses_everything_is_not_remembered() -> None:
    with ChatServer(fails(400)) as server:
        with pytest.raises(EndpointError, match="answered 400"):
            ask(server)
        asked = [(r.format, "seed" in r.body, "temperature" in r.body) for r in server.requests]
        assert len(set(asked)) == len(asked) == 12
        server.replies = [DONE]
        ask(server)
    assert server.requests[-1].format == "json_schema"


# --- trying again ------------------------------------------------------------------


def test_trouble_that_passes_is_waited_for_as_long_as_the_server_asks() -> None:
    with ChatServer(fails(429, retry_after="0.2"), fails(503, retry_after_ms="300"), DONE) as server:
        assert ask(server) == "done"
    assert [waited >= least for waited, least in zip(gaps_s(server), (0.2, 0.3), strict=True)] == [True, True]


def test_a_call_that_waits_leaves_its_place_to_others() -> None:
    tried = threading.Event()

    def busy(_: Body) -> Reply:
        tried.set()
        return fails(429, retry_after="1")

    with ChatServer(busy, DONE) as server, Chat(endpoint(server, concurrency=1)) as chat, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(chat.ask, [{"role": "user", "content": "first"}], SCHEMA)
        tried.wait()
        with Chat(endpoint(server, concurrency=1)) as other:
            other.ask([{"role": "user", "content": "second"}], SCHEMA)
        waiting.result()
    assert [request.text for request in server.requests] == ["first", "second", "first"]


@pytest.mark.parametrize(
    ("reply", "said", "asked"),
    [
        (fails(500, retry_after_ms="1"), "answered 500", 3),
        (fails(502, retry_after_ms="1"), "answered 502", 3),
        (fails(429, retry_after="86400"), "answered 429; too many requests", 1),
        (fails(429, code="insufficient_quota", retry_after_ms="1"), r"answered 429 \(insufficient_quota\)", 3),
        (fails(401, f"Incorrect API key provided: {KEY}"), "answered 401; check OPENAI_API_KEY", 1),
        (fails(403), "answered 403; check what OPENAI_API_KEY may use", 1),
        (fails(404, "no such model"), "answered 404; check OPENAI_BASE_URL and OPENAI_MODEL", 1),
        (Reply(status=307, headers={"location": "http://127.0.0.1:9/v1/chat/completions"}), "answered 307", 1),
        (Reply(body=DONE.body, cut=True), "cannot be reached, or broke off its answer", 3),
        (Reply(body="<html>"), "does not answer with a chat completion", 1),
        (Reply(body="<html>", headers={"content-type": "text/html"}), "does not answer with a chat completion", 1),
        (Reply(body="x" * 2_100_000), "cannot be reached, or broke off its answer", 3),
        (Reply(body={"choices": []}), "does not answer with a chat completion", 1),
        (Reply(body={"choices": [{}]}), "does not answer with a chat completion", 1),
        (Reply(body={"choices": "done"}), "does not answer with a chat completion", 1),
        (Reply(body={"choices": [{"message": {"content": 7}}]}), "not answer with a chat completion", 1),
        (Reply(body={"error": {"message": "overloaded"}}, headers={"retry-after-ms": "1"}), "answered 503", 3),
        (fails(400, code="context_length_exceeded"), r"answered 400 \(context_length_exceeded\)", 1),
        # As llama.cpp's server says it.
        (
            Reply(status=400, body={"error": {"code": 400, "type": "exceed_context_size_error", "message": "931"}}),
            r"answered 400 \(exceed_context_size_error\)",
            1,
        ),
        (Reply(body="[1]"), "does not answer with a chat completion", 1),
    ],
    ids=[
        "broken", "bad gateway", "a day's wait", "no money", "wrong key", "forbidden", "no model", "moved",
        "cut connection", "no JSON", "a web page", "endless", "no choices", "no message", "choices a text",
        "content a number", "error in a 200", "too long", "too long for llama.cpp", "a list",
    ],
)  # fmt: skip
def test_an_endpoint_that_fails_says_so_in_one_line_without_the_key(reply: Reply, said: str, asked: int) -> None:
    with ChatServer(reply) as server, pytest.raises(EndpointError, match=said) as caught:
        ask(server, retries=2)
    assert len(server.requests) == asked
    assert "\n" not in str(caught.value)
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_server_that_does_not_answer_in_time_or_at_all() -> None:
    with ChatServer(Reply(delay_s=0.5)) as server, pytest.raises(EndpointError, match=r"not answer within 0\.1 s"):
        ask(server, timeout_s=0.1, retries=1)
    assert len(server.requests) == 2
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
        unreachable = Endpoint(base_url=url, model="m", retries=1)
        with Chat(unreachable) as chat, pytest.raises(EndpointError, match="cannot be reached"):
            chat.ask(HELLO, SCHEMA)


def test_blanks_sent_while_a_server_thinks_do_not_stretch_the_time() -> None:
    slow = Reply(body=DONE.body, blank_s=2.0)
    with ChatServer(slow) as server, pytest.raises(EndpointError, match=r"not answer within 0\.3 s"):
        ask(server, timeout_s=0.3, retries=0)
    with ChatServer(Reply(body=DONE.body, blank_s=0.2)) as server:
        assert ask(server) == "done"


# --- how many at once ----------------------------------------------------------------


@pytest.mark.parametrize("concurrency", [1, 3])
def test_no_more_requests_at_once_than_set(concurrency: int) -> None:
    slow = Reply(body=DONE.body, delay_s=0.05)
    with (
        ChatServer(slow) as server,
        Chat(endpoint(server, concurrency=concurrency)) as chat,
        ThreadPoolExecutor(12) as pool,
    ):
        chat.ask(HELLO, SCHEMA)
        list(pool.map(lambda _: chat.ask(HELLO, SCHEMA), range(12)))
    assert server.most_at_once == concurrency
    assert chat.usage == Usage(requests=13, prompt_tokens=1300, completion_tokens=260)


@pytest.mark.long
def test_processes_share_the_places() -> None:
    script = """
import sys
from concurrent.futures import ThreadPoolExecutor
from analyzers.language.chat import Chat
from analyzers.language.endpoint import Endpoint
with Chat(Endpoint(base_url=sys.argv[1], model=sys.argv[2], concurrency=2)) as chat, ThreadPoolExecutor(4) as pool:
    list(pool.map(lambda _: chat.ask([{"role": "user", "content": "hello"}], {}), range(6)))
"""
    environment = {**os.environ, "TMPDIR": str(machine_state.folder().parent)}
    with ChatServer(Reply(body=DONE.body, delay_s=0.1)) as server:
        command = [sys.executable, "-c", script, server.base_url, server.model]
        running = [subprocess.Popen(command, env=environment) for _ in range(2)]
        assert [process.wait() for process in running] == [0, 0]
    assert len(server.requests) == 12
    assert server.most_at_once == 2


def test_a_place_is_free_again_after_a_failure() -> None:
    with ChatServer(fails(500, retry_after_ms="1")) as server:
        for _ in range(3):
            with pytest.raises(EndpointError):
                ask(server, concurrency=1, retries=1)
    assert len(server.requests) == 6


def test_a_folder_of_somebody_elses_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"mulakat-llm-{os.getuid()}").symlink_to(elsewhere)
    with pytest.raises(SetupError, match="belongs to somebody else"), machine_state.slot("x", 1):
        pass


def test_one_rater_may_rate_several_variants_at_once() -> None:
    from tests.support.openai_server import ratings

    rubric = pack(Rubric, "general-en")

    def answer(body: Body) -> Reply:
        number = next(n for n in range(10, 18) if f"{n} parcels" in body["messages"][1]["content"])
        quote = f"I carried {number} parcels"
        return says(ratings(**{c.id: (number % 5 + 1, [quote]) for c in rubric.competencies}))

    def level(number: int) -> set[float | None]:
        spoken = words(f"I carried {number} parcels to the office and I wrote down where each of them came from.")
        return {r.level for r in rater.rate(sentences(spoken), spoken, rubric, None, "a")}

    with ChatServer(answer) as server, Rater(endpoint(server)) as rater, ThreadPoolExecutor(8) as pool:
        found = list(pool.map(level, range(10, 18)))
    assert found == [{n % 5 + 1} for n in range(10, 18)]
    assert rater.usage == Usage(requests=8, prompt_tokens=800, completion_tokens=160)
    assert server.most_at_once <= 5


# --- tokens and cost -----------------------------------------------------------------


def test_the_cost_follows_from_tokens_and_prices() -> None:
    with ChatServer(DONE) as server, Chat(endpoint(server, input_price=3, output_price=15, currency="EUR")) as chat:
        assert chat.usage is None
        chat.ask(HELLO, SCHEMA)
        chat.ask(HELLO, SCHEMA)
    assert chat.usage == Usage(
        requests=2, prompt_tokens=200, completion_tokens=40, cost=(200 * 3 + 40 * 15) / 1e6, currency="EUR"
    )


@pytest.mark.parametrize("usage", [None, {}, {"prompt_tokens": "many", "completion_tokens": 1}, "none"])
def test_tokens_that_are_not_told_are_not_made_up(usage: object) -> None:
    reply = without_usage(DONE)
    if usage is not None:
        assert isinstance(reply.body, dict)
        reply = Reply(body={**reply.body, "usage": usage})
    with ChatServer(DONE, reply) as server, Chat(endpoint(server, input_price=3, output_price=15)) as chat:
        chat.ask(HELLO, SCHEMA)
        chat.ask(HELLO, SCHEMA)
    assert chat.usage == Usage(requests=2, prompt_tokens=None, completion_tokens=None)


def test_usage_adds_up_over_answers() -> None:
    one = Usage(requests=1, prompt_tokens=10, completion_tokens=2, cost=0.25, currency="USD")
    unknown = Usage(requests=2, prompt_tokens=None, completion_tokens=3)
    assert total([]) is None
    assert total([None, None]) is None
    assert total([one, None, one]) == Usage(requests=2, prompt_tokens=20, completion_tokens=4, cost=0.5, currency="USD")
    assert total([one, unknown]) == Usage(requests=3, prompt_tokens=None, completion_tokens=5)
    euro = one.model_copy(update={"currency": "EUR"})
    assert total([one, euro]) == Usage(requests=2, prompt_tokens=20, completion_tokens=4)


# --- the key, and the environment ------------------------------------------------------


def test_the_key_is_in_no_dump_no_text_and_no_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with ChatServer(fails(500, retry_after_ms="1"), says(f"your key is {KEY}")) as server:
        options = Options(endpoint=endpoint(server))
        text = ask(server)
    assert text == "your key is ***"
    for shown in (str(options.model_dump(mode="json")), options.model_dump_json(), repr(options), str(options)):
        assert KEY not in shown
    assert KEY not in caplog.text


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """No setting of a language model but an address and a key."""
    for name in [n for n in os.environ if n.startswith(("MULAKAT_LLM_", "OPENAI_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://llm.internal:8000/v1/")
    monkeypatch.setenv("OPENAI_API_KEY", f"{KEY}\n")
    return monkeypatch


def test_the_environment_is_read_only_when_asked(environment: pytest.MonkeyPatch) -> None:
    assert Options().endpoint is None
    assert Options.from_environment().endpoint is None
    found = Options.from_environment(model="small").endpoint
    assert found is not None
    assert (found.base_url, found.model) == ("http://llm.internal:8000/v1", "small")
    assert found.api_key.get_secret_value() == KEY
    environment.setenv("OPENAI_MODEL", "other")
    assert known(Options.from_environment().endpoint).model == "other"


def test_every_setting_reaches_the_endpoint(environment: pytest.MonkeyPatch) -> None:
    values = {
        "concurrency": 2, "timeout_s": 9.5, "retries": 1, "seed": 11,
        "input_price": 0.5, "output_price": 1.5, "currency": "TRY",
    }  # fmt: skip
    for name, value in values.items():
        environment.setenv(f"MULAKAT_LLM_{name.upper()}", str(value))
    found = Options.from_environment(model="m").endpoint
    assert {name: getattr(found, name) for name in values} == values
    environment.setenv("MULAKAT_LLM_SEED", "")  # as compose hands on what is left empty
    assert known(Options.from_environment(model="m").endpoint).seed == 7


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("MULAKAT_LLM_CONCURRENCY", "0", r"MULAKAT_LLM_CONCURRENCY: .*greater than or equal to 1, got '0'"),
        ("MULAKAT_LLM_TIMEOUT_S", "fast", r"MULAKAT_LLM_TIMEOUT_S: .*'fast'"),
        ("MULAKAT_LLM_INPUT_PRICE", "3", "both prices"),
        ("OPENAI_BASE_URL", "llm.internal", r"OPENAI_BASE_URL.*http.*llm\.internal"),
        ("OPENAI_API_KEY", f"{KEY}ü", "OPENAI_API_KEY: a key has letters, digits and signs only"),
        ("OPENAI_BASE_URL", f"https://me:{KEY}@host/v1", "OPENAI_BASE_URL: put the key into OPENAI_API_KEY"),
        ("OPENAI_BASE_URL", f"https://host/v1?key={KEY}", "OPENAI_BASE_URL: put the key into OPENAI_API_KEY"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(
    environment: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    environment.setenv(name, value)
    with pytest.raises(BadInput, match=said) as caught:
        Options.from_environment(model="m")
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_an_address_must_be_one(environment: pytest.MonkeyPatch) -> None:
    for url in ("ftp://x", "llm.internal", f"https://me:{KEY}@host/v1"):
        with pytest.raises(ValidationError):
            Endpoint(base_url=url, model="m")
    environment.delenv("OPENAI_BASE_URL")
    environment.delenv("OPENAI_API_KEY")
    with pytest.raises(BadInput, match="neither OPENAI_BASE_URL nor OPENAI_API_KEY"):
        Options.from_environment(model="m")
