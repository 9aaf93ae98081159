"""Where a recording or a written answer comes from: a file, a web address or the media store.

Each is a `MediaSource` of `mulakat.schema.contract`: a `uri` that is safe to show, a cheap
`revision()` and `fetch(target)`, which leaves nothing behind when it fails.
"""

from __future__ import annotations

import hashlib
import logging
import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import unquote, urlsplit, urlunsplit

from mulakat.interviews.media_store import MediaStore
from mulakat.schema.codes import Code
from mulakat.schema.contract import MediaSource
from mulakat.schema.errors import BadInput, MulakatError, SetupError, TemporaryError

if TYPE_CHECKING:
    import httpx

# httpx logs whole addresses, with the keys that signed ones carry.
logging.getLogger("httpx").setLevel(logging.WARNING)
logging.getLogger("httpcore").setLevel(logging.WARNING)

MAX_BYTES = 4 * 1024**3
MAX_REDIRECTS = 5
TIMEOUT_S = 30.0
_BLOCK_BYTES = 1 << 20
_PASSES = {408, 425, 429}  # besides 5xx: worth another try


def source(
    uri: str, *, roots: Sequence[Path] = (), store: MediaStore | None = None, max_bytes: int = MAX_BYTES
) -> MediaSource:
    """The source that `uri` names.

    Args:
        uri: an absolute path (taken literally), `file:`, `https:`, `http:` or `media://<sha256>`.
        roots: folders that files may come from; none means that files are refused.
        store: where `media:` URIs lead.
        max_bytes: larger recordings are refused.

    Raises:
        BadInput: not one of these, or a file outside `roots`.
        SetupError: a `media:` URI, but no store.
    """
    if uri.startswith("/"):
        return FileSource(Path(uri), roots, max_bytes)
    try:
        scheme = urlsplit(uri).scheme
    except ValueError as error:
        raise BadInput(f"{uri!r} is no valid address: {error}") from error
    if scheme == "file":
        return FileSource(_path_of(uri), roots, max_bytes)
    if scheme in ("http", "https"):
        return WebSource(uri, max_bytes)
    if scheme == "media":
        if store is None:
            raise SetupError(f"{uri} needs a media store, and none is set up")
        return StoredSource(uri, store)
    raise BadInput(
        f"{_safe(uri)!r} cannot be fetched; give an absolute path or a file:, https:, http: or media: address"
    )


class RefusedSource:
    """One that cannot be had: said to whoever asks for it, since stored results do without."""

    def __init__(self, uri: str, error: MulakatError) -> None:
        self.uri = _safe(uri)
        self._error = error

    def revision(self) -> str:
        raise self._error

    def fetch(self, target: Path) -> None:
        raise self._error


class FileSource:
    """A file below one of `roots`; symbolic links and `..` are followed before that is checked."""

    def __init__(self, path: Path, roots: Sequence[Path], max_bytes: int = MAX_BYTES) -> None:
        self.uri = str(path)
        self._max_bytes = max_bytes
        self._roots = [root.resolve() for root in roots]
        try:
            self._path = path.resolve()
        except (OSError, ValueError, RuntimeError) as error:
            raise BadInput(f"{self.uri!r} is no usable path: {error}") from error
        if not any(self._path.is_relative_to(root) for root in self._roots):
            allowed = ", ".join(map(str, self._roots)) or "none"
            raise BadInput(f"{self.uri!r} is outside the folders recordings may come from ({allowed}); move it there")

    def revision(self) -> str:
        """Size and modification time."""
        with self._opened() as file:
            status = os.fstat(file.fileno())
        return f"{status.st_size}-{status.st_mtime_ns}"

    def fetch(self, target: Path) -> None:
        with self._opened() as file, _kept_if_complete(target), target.open("wb") as copy:
            shutil.copyfileobj(file, copy, _BLOCK_BYTES)

    @contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        """The plain file; a link put in its place since is not followed."""
        flags = os.O_NONBLOCK | os.O_NOFOLLOW  # a named pipe would be waited for
        try:
            file = open(self._path, "rb", opener=lambda path, mode: os.open(path, mode | flags))  # noqa: SIM115 - closed below
        except FileNotFoundError as error:
            raise BadInput(f"{self.uri!r} does not exist; check the path", Code.RECORDING_MISSING) from error
        except IsADirectoryError as error:
            raise BadInput(f"{self.uri!r} is a folder; name a file in it", Code.RECORDING_MISSING) from error
        except OSError as error:
            raise BadInput(
                f"{self.uri!r} cannot be opened: {error.strerror}; check the path", Code.RECORDING_MISSING
            ) from error
        with file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise BadInput(f"{self.uri!r} is not a plain file; name one", Code.RECORDING_MISSING)
            if status.st_size > self._max_bytes:
                raise _too_large(repr(self.uri), self._max_bytes)
            yield file


class StoredSource:
    """A recording in the media store; its name is its hash."""

    def __init__(self, uri: str, store: MediaStore) -> None:
        self.uri = uri
        self._store = store

    def revision(self) -> str:
        """The hash. Raises BadInput when the store does not hold it."""
        if not self._store.exists(self.uri):
            raise BadInput(
                f"{self.uri} is not in the media store {self._store.name!r}; store the recording again",
                Code.RECORDING_MISSING,
            )
        return self.uri.removeprefix("media://")

    def fetch(self, target: Path) -> None:
        self._store.fetch(self.uri, target)


class WebSource:
    """A recording at an `http:` or `https:` address; user, password and query never show in `uri`."""

    def __init__(self, url: str, max_bytes: int = MAX_BYTES, timeout_s: float = TIMEOUT_S) -> None:
        self.uri = _safe(url)
        self._url = url
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s

    def revision(self) -> str:
        """Hash of the address and what the server says of its version; of the content when it says nothing."""
        digest = hashlib.sha256(self._url.encode())
        version = self._version()
        if version is not None:
            digest.update(version.encode())
        else:
            with self._response("GET") as response:
                for block in self._blocks(response):
                    digest.update(block)
        return digest.hexdigest()

    def fetch(self, target: Path) -> None:
        with _kept_if_complete(target), target.open("wb") as copy, self._response("GET") as response:
            for block in self._blocks(response):
                copy.write(block)

    def _version(self) -> str | None:
        """`ETag`, `Last-Modified` and length by HEAD; None when the server refuses that or names no version."""
        try:
            with self._response("HEAD") as response:
                headers = [response.headers.get(name, "") for name in ("etag", "last-modified", "content-length")]
        except (BadInput, TemporaryError):
            return None  # signed addresses are often good for GET only; GET says what is wrong
        return "\n".join(headers) if headers[0] or headers[1] else None

    def _blocks(self, response: httpx.Response) -> Iterator[bytes]:
        count = 0
        for block in response.iter_bytes(_BLOCK_BYTES):
            count += len(block)
            if count > self._max_bytes:
                raise _too_large(self.uri, self._max_bytes)
            yield block

    @contextmanager
    def _response(self, method: str) -> Iterator[httpx.Response]:
        """A successful response, redirects followed. Raises BadInput, TemporaryError."""
        import httpx

        try:
            with (
                httpx.Client(
                    follow_redirects=True,
                    max_redirects=MAX_REDIRECTS,
                    timeout=self._timeout_s,
                    headers={"accept-encoding": "identity", "user-agent": "mulakat"},
                ) as client,
                client.stream(method, self._url) as response,
            ):
                self._check(response)
                yield response
        except httpx.TooManyRedirects as error:
            raise BadInput(
                f"{self.uri} redirects more than {MAX_REDIRECTS} times; give the final address",
                Code.RECORDING_NOT_FETCHED,
            ) from error
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            raise BadInput(
                f"{self.uri} is, or leads to, no usable web address; check it", Code.RECORDING_NOT_FETCHED
            ) from error
        except httpx.TimeoutException as error:
            raise TemporaryError(f"{self.uri} did not answer within {self._timeout_s:g} s") from error
        except httpx.RequestError as error:
            raise TemporaryError(f"{self.uri} could not be fetched: {type(error).__name__}") from error

    def _check(self, response: httpx.Response) -> None:
        status = f"{response.status_code} {response.reason_phrase}".strip()
        if response.status_code >= 500 or response.status_code in _PASSES:
            raise TemporaryError(f"{self.uri} answered {status}; it is tried again later")
        if not response.is_success:
            raise BadInput(
                f"{self.uri} answered {status}; check the address and who may read it", Code.RECORDING_NOT_FETCHED
            )
        length = response.headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_bytes:
            raise _too_large(self.uri, self._max_bytes)


@contextmanager
def _kept_if_complete(target: Path) -> Iterator[None]:
    """Remove `target` when writing it fails."""
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _path_of(uri: str) -> Path:
    """The path of a `file:` URI (RFC 8089)."""
    parts = urlsplit(uri)
    path = unquote(parts.path)
    if parts.netloc not in ("", "localhost") or not path.startswith("/") or parts.query or parts.fragment:
        raise BadInput(f"{uri!r} is no local file; write file:///folder/name, with %23 for # and %3F for ?")
    return Path(path)


def _safe(url: str) -> str:
    """An address without user, password, query and fragment."""
    parts = urlsplit(url)
    host = parts.netloc.rsplit("@", 1)[-1]
    return urlunsplit((parts.scheme, host, parts.path, "…" if parts.query else "", ""))


def _too_large(what: str, max_bytes: int) -> BadInput:
    return BadInput(
        f"{what} is larger than the limit of {max_bytes} bytes; send a smaller one", Code.RECORDING_TOO_LARGE
    )
