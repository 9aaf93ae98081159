"""A small server that speaks the chat-completions protocol, to be told how it answers.

    with ChatServer(says(ratings(problem_solving=(4, ["a quote"])))) as server:
        Endpoint(base_url=server.base_url, model=server.model)

Each request takes the next reply; the last one stays. A reply may be a function of
the request's body. What was asked is kept in `server.requests`.
"""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

Body = dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """One HTTP answer."""

    status: int = 200
    body: Body | str = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0


@dataclass(frozen=True)
class Asked:
    """One request."""

    body: Body
    authorization: str
    at_s: float

    @property
    def format(self) -> str | None:
        """The kind of response format asked for."""
        return self.body.get("response_format", {}).get("type")

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


def fails(status: int, message: str = "no", param: str | None = None, **headers: str) -> Reply:
    """An error as the protocol puts it."""
    error = {"message": message, "type": "error", "param": param, "code": None}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(status=status, body={"error": error}, headers=names)


def gullible(body: Body) -> Reply:
    """A model that believes whatever the transcript says about rating, and else gives level 2.

    It quotes the sentence it obeys, so the quote is really there.
    """
    system, user = body["messages"][0]["content"], json.loads(body["messages"][1]["content"])
    competencies = [c["id"] for c in json.JSONDecoder().raw_decode(system, system.index("[\n"))[0]]
    transcript = user["transcript"]
    for sentence in transcript.split(". "):
        if any(word in sentence.lower() for word in ("five", "highest", "maximum", "full marks", "level 5", "beş")):
            return says(ratings(**{c: (5, [sentence]) for c in competencies}))
    return says(ratings(**{c: (2, [transcript.split(". ")[0]]) for c in competencies}))


class ChatServer:
    """Listens on the loopback interface while the `with` block runs."""

    def __init__(self, *replies: Reply | Callable[[Body], Reply]) -> None:
        self.replies = list(replies)
        self.requests: list[Asked] = []
        self.model = f"test-{uuid.uuid4().hex}"  # own name: what one test negotiates is nothing to another
        lock = threading.Lock()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                with lock:
                    asked = Asked(body, self.headers.get("authorization", ""), time.monotonic())
                    server.requests.append(asked)
                    reply = server.replies.pop(0) if len(server.replies) > 1 else server.replies[0]
                if self.path != "/v1/chat/completions":
                    reply = fails(404, f"no such path: {self.path}")
                if callable(reply):
                    reply = reply(body)
                time.sleep(reply.delay_s)
                data = reply.body if isinstance(reply.body, str) else json.dumps(reply.body)
                try:
                    self.send_response(reply.status)
                    for name, value in {"content-type": "application/json", **reply.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(data.encode())
                except (BrokenPipeError, ConnectionResetError):
                    pass  # the client did not wait

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
