"""A small server that speaks the chat-completions protocol, to be told how it answers.

    with ChatServer(says(ratings(problem_solving=(4, ["a quote"])))) as server:
        Endpoint(base_url=server.base_url, model=server.model)

Each request takes the next reply; the last one stays. A reply may be a function of
the request's body. What was asked is kept in `server.requests`.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self, cast

from mulakat.schema.text import plain

Body = dict[str, Any]
BLANK_EVERY_S = 0.05


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int = 200
    body: Body | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    cut: bool = False  # the connection breaks in the middle of the body
    blank_s: float = 0.0  # blanks are sent for so long before the body, as some servers do while they think


@dataclass(frozen=True)
class Asked:
    """One request."""

    body: Body
    headers: dict[str, str]
    at_s: float

    @property
    def authorization(self) -> str:
        """The header of this name."""
        return self.headers.get("authorization", "")

    @property
    def format(self) -> str | None:
        """The kind of response format asked for."""
        kind: str | None = self.body.get("response_format", {}).get("type")
        return kind

    @property
    def text(self) -> str:
        """All messages."""
        return "\n".join(m["content"] for m in self.body["messages"])


def ratings(**given: tuple[int | None, list[str]]) -> Body:
    """A model's answer: competency → (level, quotes)."""
    return {
        "ratings": [
            {"competency": name, "level": level, "reason": f"why {name}", "quotes": quotes}
            for name, (level, quotes) in given.items()
        ]
    }


def says(content: Body | str, finish_reason: str = "stop") -> Reply:
    """A completion with this content."""
    text = content if isinstance(content, str) else json.dumps(content)
    return Reply(
        body={
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 0,
            "model": "test",
            "choices": [
                {"index": 0, "finish_reason": finish_reason, "message": {"role": "assistant", "content": text}}
            ],
            "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120},
        }
    )


def refuses(reason: str) -> Reply:
    """A completion in which the model declines."""
    reply = says("")
    message = {"role": "assistant", "content": None, "refusal": reason}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    return replace(reply, body={**cast("Body", reply.body), "choices": [choice]})


def without_usage(reply: Reply) -> Reply:
    """A completion that does not tell how many tokens it took."""
    body = cast("Body", reply.body)
    return replace(reply, body={name: value for name, value in body.items() if name != "usage"})


def fails(status: int, message: str = "no", param: str | None = None, code: str | None = None, **headers: str) -> Reply:
    """An error as the protocol puts it."""
    error = {"message": message, "type": "error", "param": param, "code": code}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body={"error": error}, headers=names)


def gullible(orders: Iterable[str]) -> Callable[[Body], Reply]:
    """A model that obeys any of these orders as soon as it stands in the transcript, and else gives level 2.

    An order is a stretch of words; case, punctuation and what stands around it do not matter. The model
    quotes what it obeys, so the quote is really there.
    """
    known = [(order, f" {plain(order)} ") for order in orders]

    def answer(body: Body) -> Reply:
        system, user = body["messages"][0]["content"], json.loads(body["messages"][1]["content"])
        competencies = [c["id"] for c in json.JSONDecoder().raw_decode(system, system.index("[\n"))[0]]
        heard = f" {plain(user['transcript'])} "
        obeyed = next((order for order, said in known if said in heard), None)
        if obeyed is not None:
            return says(ratings(**{c: (5, [obeyed]) for c in competencies}))
        longest = max(user["transcript"].split(". "), key=len)
        return says(ratings(**{c: (2, [longest]) for c in competencies}))

    return answer


class ChatServer:
    """Listens on the loopback interface while the `with` block runs."""

    def __init__(self, *replies: Reply | Callable[[Body], Reply]) -> None:
        self.replies = list(replies)
        self.requests: list[Asked] = []
        self.busy = 0
        self.most_at_once = 0
        self.model = f"test-{uuid.uuid4().hex}"  # own name: what one test negotiates is nothing to another
        lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    headers = {name.lower(): value for name, value in self.headers.items()}
                    asked = Asked(body, headers, time.monotonic())
                    server.requests.append(asked)
                    server.busy += 1
                    server.most_at_once = max(server.most_at_once, server.busy)
                    reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                if self.path != "/v1/chat/completions":
                    reply = fails(404, f"no such path: {self.path}")
                if callable(reply):
                    reply = reply(body)
                time.sleep(reply.delay_s)
                data = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
                with lock:
                    server.busy -= 1  # before the client can know, so that its next request is not counted twice
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):  # the client did not wait
                    self.send(reply, data)

            def send(self, reply: Reply, data: bytes) -> None:
                blanks = round(reply.blank_s / BLANK_EVERY_S)
                headers = {"content-type": "application/json", "content-length": str(blanks + len(data))}
                self.send_response(reply.status)
                for name, value in (headers | reply.headers).items():
                    self.send_header(name, value)
                self.end_headers()
                for _ in range(blanks):
                    self.wfile.write(b" ")
                    time.sleep(BLANK_EVERY_S)
                self.wfile.write(data[: len(data) // 2] if reply.cut else data)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = False  # close waits for answers under way
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})

    @property
    def base_url(self) -> str:
        """Address to give to a client."""
        return f"http://127.0.0.1:{self._http.server_port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
