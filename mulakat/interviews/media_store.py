"""Recordings and reports as files named by their hash: a folder, S3, or what else fsspec knows."""

from __future__ import annotations

import hashlib
import re
import shutil
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from mulakat.runtime import files
from mulakat.schema.codes import Code
from mulakat.schema.errors import BadInput, MulakatError, SetupError, TemporaryError

_URI = re.compile(r"media://([0-9a-f]{64})")
_BLOCK_BYTES = 1 << 20


class MediaStore:
    """Content-addressed files below `base`, an fsspec URL such as `/var/media` or `s3://bucket/media`.

    Raises:
        SetupError: `base` cannot be used: unknown protocol, or its package is not installed.
    """

    def __init__(self, base: str, **storage_options: Any) -> None:
        from fsspec.core import url_to_fs

        self.name = base.rsplit("@", 1)[-1]  # without a user and password
        self._verified: set[str] = set()
        try:
            self._fs, self._root = url_to_fs(base, **storage_options)
        except (ImportError, ValueError) as error:
            raise SetupError(f"media store {self.name!r} cannot be used: {_line(error)}") from error

    def put(self, path: Path) -> str:
        """Store a file and return its URI, `media://<sha256>`. Storing it again changes nothing.

        The file appears under its name only when it is complete.

        Raises:
            TemporaryError: the store did not answer. SetupError: it may not be written to.
        """
        return self._put(files.sha256(path), path.stat().st_size, lambda part: self._fs.put_file(str(path), part))

    def put_bytes(self, data: bytes) -> str:
        """As `put`, for what is in memory."""
        return self._put(hashlib.sha256(data).hexdigest(), len(data), lambda part: self._fs.pipe_file(part, data))

    def _put(self, sha256: str, size_bytes: int, write: Callable[[str], object]) -> str:
        uri = f"media://{sha256}"
        place = self._place(sha256)
        with self._trouble(uri):
            if not (self._fs.exists(place) and self._fs.size(place) == size_bytes):
                part = f"{place}.{uuid.uuid4().hex}.part"
                self._fs.makedirs(place.rpartition("/")[0], exist_ok=True)
                try:
                    write(part)
                    self._fs.mv(part, place)
                finally:
                    if self._fs.exists(part):
                        self._fs.rm_file(part)
        return uri

    def fetch(self, uri: str, target: Path) -> None:
        """Copy a stored file to `target`, which is removed again when the copy is not what was stored.

        Raises:
            BadInput: no such file, or its content is no longer what it was.
            TemporaryError: the store did not answer.
        """
        try:
            with self._trouble(uri), self._fs.open(self._place(_sha256(uri)), "rb") as file, target.open("wb") as copy:
                shutil.copyfileobj(file, copy, _BLOCK_BYTES)
            with target.open("rb") as copy:
                self._verify(uri, copy)
        except BaseException:
            target.unlink(missing_ok=True)
            raise

    def open(self, uri: str) -> BinaryIO:
        """A stored file for reading, seekable. Close it.

        Its digest is verified when this object opens it for the first time; a player
        that asks for hundreds of ranges does not read the file hundreds of times.

        Raises:
            BadInput, TemporaryError: as `fetch`.
        """
        with self._trouble(uri):
            file: BinaryIO = self._fs.open(self._place(_sha256(uri)), "rb")
            if uri not in self._verified:
                try:
                    self._verify(uri, file)
                except BaseException:
                    file.close()
                    raise
                file.seek(0)
                self._verified.add(uri)
        return file

    def local_path(self, uri: str) -> Path | None:
        """Where a stored file is on this machine; None when the store is elsewhere. Verified as by `open`.

        Raises:
            BadInput, TemporaryError: as `fetch`.
        """
        from fsspec.implementations.local import LocalFileSystem

        if not isinstance(self._fs, LocalFileSystem):
            return None
        self.open(uri).close()
        return Path(self._place(_sha256(uri)))

    def exists(self, uri: str) -> bool:
        """Whether the file is there. Raises BadInput, TemporaryError."""
        with self._trouble(uri):
            return bool(self._fs.exists(self._place(_sha256(uri))))

    def delete(self, uri: str) -> None:
        """Remove a file; one that is not there is no error. Raises BadInput, TemporaryError."""
        with self._trouble(uri):
            place = self._place(_sha256(uri))
            if self._fs.exists(place):
                self._fs.rm_file(place)

    def _place(self, sha256: str) -> str:
        return f"{self._root.rstrip('/')}/{sha256[:2]}/{sha256}"

    def _verify(self, uri: str, file: Any) -> None:
        digest = hashlib.sha256()
        while block := file.read(_BLOCK_BYTES):
            digest.update(block)
        if digest.hexdigest() != _sha256(uri):
            raise BadInput(
                f"{uri} in the media store {self.name!r} is damaged (sha256 differs); store it again",
                Code.RECORDING_CHANGED,
            )

    @contextmanager
    def _trouble(self, uri: str) -> Iterator[None]:
        """Turn what a backend raises into our errors."""
        try:
            yield
        except MulakatError:
            raise
        except FileNotFoundError as error:
            raise BadInput(
                f"{uri} is not in the media store {self.name!r}; store the recording again", Code.RECORDING_MISSING
            ) from error
        except PermissionError as error:
            raise SetupError(f"no permission to use the media store {self.name!r}; check its credentials") from error
        except Exception as error:  # each fsspec backend has exceptions of its own
            raise TemporaryError(f"media store {self.name!r} failed on {uri}: {_line(error)}") from error


def _sha256(uri: str) -> str:
    match = _URI.fullmatch(uri)
    if match is None:
        raise BadInput(f"{uri!r} is no media URI; it is media:// and 64 hexadecimal digits")
    return match[1]


def _line(error: Exception) -> str:
    return " ".join(str(error).split()) or type(error).__name__
