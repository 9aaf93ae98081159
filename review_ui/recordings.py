"""Recordings for the player: short-lived signed addresses, byte ranges, nothing without a signature."""

from __future__ import annotations

import hmac
import os
import re
import secrets
import time
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from mulakat.interviews.settings import settings
from mulakat.interviews.store import DatabaseError, Store
from mulakat.schema.errors import BadInput, MulakatError

LIFETIME_S = 3600
CHUNK_BYTES = 1024 * 1024
# Not kept, not guessed to be something that runs, not embedded by another site.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

# First bytes → media type; the store keeps content, not file names.
_KINDS = (
    (re.compile(rb"....ftyp(M4A|M4B)", re.DOTALL), "audio/mp4"),
    (re.compile(rb"....ftyp", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1aE\xdf\xa3"), "video/webm"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"ID3|\xff[\xe0-\xff]"), "audio/mpeg"),
    (re.compile(rb"\x00\x00\x01[\xb3\xba]"), "video/mpeg"),
)
_RANGE = re.compile(r"bytes=(\d*)-(\d*)")


class NotShownError(Exception):
    """The recording is not one that this app may or can show."""


@cache
def _key() -> bytes:
    """The key of the settings; else one of this process, whose addresses end with it."""
    key = settings().signing_key
    return key.get_secret_value().encode() if key else secrets.token_bytes(32)


def _signature(interview_id: str, answer_id: str, expires: int) -> str:
    return hmac.digest(_key(), f"recording\n{interview_id}\n{answer_id}\n{expires}".encode(), "sha256").hex()


def address(interview_id: str, answer_id: str, *, at: float | None = None) -> str:
    """A signed address of an answer's recording, good for `LIFETIME_S` seconds."""
    expires = int(time.time() if at is None else at) + LIFETIME_S
    return (
        f"/recording/{interview_id}/{answer_id}"
        f"?expires={expires}&signature={_signature(interview_id, answer_id, expires)}"
    )


def is_signed(interview_id: str, answer_id: str, expires: str, signature: str) -> bool:
    """Whether `address` made this and it is still good."""
    if not re.fullmatch(r"[0-9]{1,12}", expires) or int(expires) < time.time():
        return False
    expected = _signature(interview_id, answer_id, int(expires))
    return hmac.compare_digest(expected.encode(), signature.encode())


def can_show(media_uri: str) -> bool:
    """Whether the recording is in the media store or in a folder this app may read."""
    try:
        return media_uri.startswith("media:") or _local(media_uri).is_file()
    except NotShownError:
        return False


def _local(media_uri: str) -> Path:
    """A file path or `file://` address inside `file_roots`. Raises NotShownError."""
    if "://" in media_uri:
        parts = urlsplit(media_uri)
        if parts.scheme != "file":
            raise NotShownError(media_uri)
        media_uri = unquote(parts.path)
    path = Path(media_uri).resolve()
    if not any(path.is_relative_to(root.resolve()) for root in settings().file_roots):
        raise NotShownError(media_uri)
    return path


def _open(store: Store, media_uri: str) -> BinaryIO:
    if media_uri.startswith("media:"):
        return store.media.open(media_uri)
    return _local(media_uri).open("rb")


def media_type(head: bytes) -> str:
    """Media type by the first bytes of a file; never one that a browser would run."""
    return next((kind for pattern, kind in _KINDS if pattern.match(head)), "application/octet-stream")


def byte_range(header: str | None, size: int) -> tuple[int, int] | None:
    """The bytes a Range header asks for, first to just before last; None for the whole file.

    Several ranges at once are answered with the whole file, which HTTP allows.

    Raises:
        ValueError: the range lies outside the file.
    """
    match = _RANGE.fullmatch(header.strip()) if header else None
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(0, size - int(last)), size
    else:
        start, end = int(first), min(int(last) + 1 if last else size, size)
    if start >= end:
        raise ValueError(header)
    return start, end


def _chunks(file: BinaryIO, count: int) -> Iterator[bytes]:
    with file:
        while count > 0 and (chunk := file.read(min(CHUNK_BYTES, count))):
            count -= len(chunk)
            yield chunk


def serve(request: Request) -> Response:
    """An answer's recording, or the part of it that was asked for."""
    interview_id, answer_id = request.path_params["interview_id"], request.path_params["answer_id"]
    query = request.query_params
    if not is_signed(interview_id, answer_id, query.get("expires", ""), query.get("signature", "")):
        return PlainTextResponse("This address is not signed or has expired; open the interview again.", 403)
    # Streamlit's caches want its runtime, which is not there yet when this module is imported.
    from review_ui import backend

    try:
        store = backend.store()
        file = _open(store, store.interview(interview_id).answer(answer_id).uri)
    except (BadInput, NotShownError, OSError):
        return PlainTextResponse("This recording cannot be shown here.", 404)
    except (DatabaseError, MulakatError):
        return PlainTextResponse("The database or the media store does not answer.", 503)
    kind = media_type(file.read(16))
    size = file.seek(0, os.SEEK_END)
    try:
        part = byte_range(request.headers.get("range"), size)
    except ValueError:
        file.close()
        return PlainTextResponse("No such range.", 416, headers={"Content-Range": f"bytes */{size}"})
    start, end = part or (0, size)
    file.seek(start)
    headers = HEADERS | {"Content-Length": str(end - start)}
    if part:
        headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(_chunks(file, end - start), 206 if part else 200, headers=headers, media_type=kind)


ROUTE = Route("/recording/{interview_id}/{answer_id}", serve, methods=["GET"])
