"""Recordings for the player: short-lived signed addresses, byte ranges, nothing without a signature."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote, urlsplit

from itsdangerous import BadSignature, TimestampSigner
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from mulakat.interviews.settings import settings
from mulakat.interviews.store import DatabaseError, Store
from mulakat.schema.errors import BadInput, MulakatError

LIFETIME_S = 3600
CHUNK_BYTES = 1024 * 1024
HEAD_BYTES = 16
# Not kept, not guessed to be something that runs, not embedded by another site.
HEADERS = {
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
_RANGE = re.compile(r"bytes=([0-9]{1,18})-([0-9]{0,18})")


class NotShownError(Exception):
    """The recording is not one that this app may or can show."""


@cache
def _signer() -> TimestampSigner:
    """HMAC-SHA256 by the key of the settings; else by one of this process, whose addresses end with it."""
    key = settings().signing_key
    return TimestampSigner(
        key.get_secret_value() if key else secrets.token_bytes(32), salt="recording", digest_method=hashlib.sha256
    )


def address(interview_id: str, answer_id: str) -> str:
    """A signed address of an answer's recording, good for `LIFETIME_S` seconds."""
    return f"/recording/{_signer().sign(f'{interview_id}/{answer_id}').decode()}"


def signed_for(signed: str) -> tuple[str, str]:
    """The interview and the answer whose recording an address is for.

    Raises:
        BadSignature: `address` did not make it, or it has expired.
    """
    interview_id, answer_id = _signer().unsign(signed, max_age=LIFETIME_S).decode().split("/")
    return interview_id, answer_id


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


def _file(store: Store, media_uri: str) -> Path | BinaryIO:
    """A recording on this machine by its path, one in a store elsewhere opened."""
    if media_uri.startswith("media:"):
        return store.media.local_path(media_uri) or store.media.open(media_uri)
    path = _local(media_uri)
    if not path.is_file():
        raise NotShownError(media_uri)
    return path


def media_type(head: bytes) -> str:
    """Media type by the first bytes of a file; never one that a browser would run."""
    return next((kind for pattern, kind in _KINDS if pattern.match(head)), "application/octet-stream")


def serve(request: Request) -> Response:
    """An answer's recording, or the part of it that was asked for."""
    try:
        interview_id, answer_id = signed_for(request.path_params["signed"])
    except BadSignature:
        return PlainTextResponse("This address is not signed or has expired; open the interview again.", 403)
    # Streamlit's caches want its runtime, which is not there yet when this module is imported.
    from review_ui import backend

    try:
        store = backend.store()
        file = _file(store, store.interviews.get(interview_id).answer(answer_id).uri)
        if not isinstance(file, Path):
            return _streamed(file, request.headers.get("range"))
        with file.open("rb") as head:
            kind = media_type(head.read(HEAD_BYTES))
    except (BadInput, NotShownError, OSError):
        return PlainTextResponse("This recording cannot be shown here.", 404)
    except (DatabaseError, MulakatError):
        return PlainTextResponse("The database or the media store does not answer.", 503)
    return FileResponse(file, headers=HEADERS, media_type=kind)


def _streamed(file: BinaryIO, header: str | None) -> Response:
    """A recording from a media store elsewhere, read as far as the player asks for it.

    Starlette's `FileResponse` serves paths only, and a copy on this machine would outlive
    the recording's erasure. So this serves what players ask for, `bytes=first-` and
    `bytes=first-last`; any other range is answered with the whole file, which HTTP allows.
    """
    kind = media_type(file.read(HEAD_BYTES))
    size = file.seek(0, os.SEEK_END)
    match = _RANGE.fullmatch(header) if header else None
    start = int(match[1]) if match else 0
    end = min(int(match[2]) + 1 if match and match[2] else size, size)
    headers = HEADERS | {"Accept-Ranges": "bytes", "Content-Length": str(end - start)}
    if match is None:
        return StreamingResponse(_chunks(file, 0, size), headers=headers, media_type=kind)
    if start >= end:
        file.close()
        return PlainTextResponse("No such range.", 416, headers={"Content-Range": f"bytes */{size}"})
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{size}"
    return StreamingResponse(_chunks(file, start, end), 206, headers=headers, media_type=kind)


def _chunks(file: BinaryIO, start: int, end: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while start < end and (chunk := file.read(min(CHUNK_BYTES, end - start))):
            start += len(chunk)
            yield chunk


ROUTE = Route("/recording/{signed:path}", serve, methods=["GET"])
