"""Where recordings come from: files, a real web server on this machine, the media store."""

from __future__ import annotations

import hashlib
import logging
import os
import resource
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.sources import WebSource, source
from mulakat.schema.errors import BadInput, MulakatError, SetupError, TemporaryError

BODY = bytes(range(256)) * 5000  # 1.3 MB


class Server(ThreadingHTTPServer):
    """Serves what tests put into it; counts requests."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self.body = BODY
        self.headers: dict[str, str] = {}
        self.requests: list[str] = []
        self.release = threading.Event()


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def log_message(self, *arguments: object) -> None:
        pass

    def do_GET(self) -> None:
        self._answer(self.server.body)

    def do_HEAD(self) -> None:
        if self.path.startswith("/get-only"):
            self._status(403)
        else:
            self._answer(b"")

    def _answer(self, body: bytes) -> None:
        self.server.requests.append(f"{self.command} {self.path}")
        path = self.path.split("?")[0].strip("/")
        if path.isdecimal():
            self._status(int(path))
        elif path == "redirect":
            self._status(302, {"Location": "/recording"})
        elif path == "loop":
            self._status(302, {"Location": "/loop"})
        elif path == "to-file":
            self._status(302, {"Location": "file:///etc/hostname"})
        elif path == "short":
            self._status(200, {"Content-Length": str(len(self.server.body) + 1)}, body)
        elif path == "slow":
            self._status(200, {"Content-Length": str(len(self.server.body))}, body[:1000])
            self.server.release.wait()
        elif path == "endless":
            self._status(200, {"Connection": "close"}, body)
        else:
            self._status(200, {"Content-Length": str(len(self.server.body)), **self.server.headers}, body)

    def _status(self, code: int, headers: dict[str, str] | None = None, body: bytes = b"") -> None:
        self.send_response(code)
        for name, value in (headers or {"Content-Length": "0"}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _refused(kind: type[MulakatError], uri: str, folder: Path, **options: Any) -> str:
    """The message with which fetching `uri` fails; nothing is left in `folder`."""
    target = folder / "recording"
    before = sorted(folder.iterdir())
    with pytest.raises(kind) as error:
        source(uri, **options).fetch(target)
    assert sorted(folder.iterdir()) == before
    message = str(error.value)
    assert "\n" not in message
    return message


# --- the web -----------------------------------------------------------------


@pytest.mark.parametrize("path", ["recording", "redirect", "endless", "recording?key=1"])
def test_web(server: Server, tmp_path: Path, path: str) -> None:
    source(f"{server.url}/{path}").fetch(tmp_path / "recording")
    assert (tmp_path / "recording").read_bytes() == BODY


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_web_says_no(server: Server, tmp_path: Path, status: int) -> None:
    message = _refused(BadInput, f"{server.url}/{status}", tmp_path)
    assert f"{server.url}/{status} answered {status} " in message
    with pytest.raises(BadInput, match=str(status)):
        source(f"{server.url}/{status}").revision()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_web_says_later(server: Server, tmp_path: Path, status: int) -> None:
    assert f"answered {status}" in _refused(TemporaryError, f"{server.url}/{status}", tmp_path)
    with pytest.raises(TemporaryError, match=str(status)):
        source(f"{server.url}/{status}").revision()


def test_web_body_too_short(server: Server, tmp_path: Path) -> None:
    assert "could not be fetched" in _refused(TemporaryError, f"{server.url}/short", tmp_path)


def test_web_body_too_slow(server: Server, tmp_path: Path) -> None:
    with pytest.raises(TemporaryError, match=r"did not answer within 0\.2 s"):
        WebSource(f"{server.url}/slow", timeout_s=0.2).fetch(tmp_path / "recording")
    assert not list(tmp_path.iterdir())


def test_web_nobody_listens(server: Server, tmp_path: Path) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as closed:
        address = f"http://127.0.0.1:{closed.server_port}/a"
    assert address in _refused(TemporaryError, address, tmp_path)


def test_web_redirects(server: Server, tmp_path: Path) -> None:
    assert "redirects more than 5 times" in _refused(BadInput, f"{server.url}/loop", tmp_path)
    assert "no usable web address" in _refused(BadInput, f"{server.url}/to-file", tmp_path)


@pytest.mark.parametrize("uri", ["http://", "http:///recording", "http://[::1", "https://host:port/"])
def test_web_address_that_is_none(tmp_path: Path, uri: str) -> None:
    _refused(BadInput, uri, tmp_path)


@pytest.mark.parametrize("path", ["recording", "endless"], ids=["announced", "not announced"])
def test_web_too_large(server: Server, tmp_path: Path, path: str) -> None:
    message = _refused(BadInput, f"{server.url}/{path}", tmp_path, max_bytes=1_000_000)
    assert "larger than the limit of 1000000 bytes" in message


def test_web_revision_from_headers(server: Server) -> None:
    for name, first, second in [
        ("ETag", '"a"', '"b"'),
        ("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT", "Tue, 02 Jan 2024 00:00:00 GMT"),
    ]:
        server.headers = {name: first}
        one = source(f"{server.url}/recording").revision()
        assert source(f"{server.url}/recording").revision() == one
        assert source(f"{server.url}/recording?id=2").revision() != one
        server.headers = {name: second}
        assert source(f"{server.url}/recording").revision() != one
    assert not any(request.startswith("GET") for request in server.requests)


@pytest.mark.parametrize("path", ["recording", "get-only"])
def test_web_revision_from_content_where_the_server_names_no_version(server: Server, path: str) -> None:
    one = source(f"{server.url}/{path}").revision()
    assert source(f"{server.url}/{path}").revision() == one
    server.body = BODY[:-1] + b"x"
    assert source(f"{server.url}/{path}").revision() != one


def test_web_credentials_never_show(server: Server, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    host = server.url.removeprefix("http://")
    for path in ("404", "500", "recording", "loop"):
        recording = source(f"http://candidate:hunter2@{host}/{path}?signature=s3cret")
        assert recording.uri == f"http://{host}/{path}?…"
        try:
            recording.revision()
            recording.fetch(tmp_path / "recording")
        except MulakatError as error:
            caplog.handler.emit(logging.makeLogRecord({"msg": str(error)}))
    assert "answered 404" in caplog.text
    for secret in ("hunter2", "s3cret"):
        assert secret not in caplog.text


# --- files -------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["a b.mp4", "Görüşme – Ayşe's #1 (50%).mp4", "100%25.mp4", "-i.mp4", "what?.mp4", 'say "x".mp4', "a;b.mp4"]
)
def test_file_by_path_and_by_uri(tmp_path: Path, name: str) -> None:
    recording = tmp_path / "in" / name
    recording.parent.mkdir()
    recording.write_bytes(BODY)
    for uri in (str(recording), recording.as_uri(), recording.as_uri().replace("file://", "file://localhost")):
        source(uri, roots=[tmp_path / "in"]).fetch(tmp_path / "copy")
        assert (tmp_path / "copy").read_bytes() == BODY


def test_file_outside_its_folder(tmp_path: Path) -> None:
    root, outside = tmp_path / "in", tmp_path / "secret.mp4"
    root.mkdir()
    outside.write_bytes(BODY)
    (root / "link.mp4").symlink_to(outside)
    (root / "folder").symlink_to(tmp_path)
    (tmp_path / "in-too").mkdir()
    (tmp_path / "in-too" / "a.mp4").write_bytes(BODY)
    for uri in [
        str(outside),
        f"{root}/../secret.mp4",
        f"{root}/link.mp4",
        f"{root}/folder/secret.mp4",
        f"{tmp_path}/in-too/a.mp4",  # a name that only begins like the folder's
        f"file://{root}/../secret.mp4",
        f"file://{root}/%2e%2e/secret.mp4",
        f"file://{root}/..%2fsecret.mp4",
        "/etc/hostname",
    ]:
        assert "outside the folders" in _refused(BadInput, uri, tmp_path, roots=[root]), uri
    assert "outside the folders" in _refused(BadInput, str(outside), tmp_path)  # no folder is allowed


def test_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.mp4").write_bytes(BODY)
    (tmp_path / "link.mp4").symlink_to("a.mp4")
    source(str(tmp_path / "link.mp4"), roots=[tmp_path]).fetch(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == BODY


def test_link_put_in_place_after_the_check(tmp_path: Path) -> None:
    root, outside = tmp_path / "in", tmp_path / "secret.mp4"
    root.mkdir()
    outside.write_bytes(BODY)
    (root / "a.mp4").write_bytes(b"harmless")
    recording = source(str(root / "a.mp4"), roots=[root])
    (root / "a.mp4").unlink()
    (root / "a.mp4").symlink_to(outside)
    with pytest.raises(BadInput, match="cannot be opened"):
        recording.fetch(tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_file_that_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(bytes(11))
    options = {"roots": [tmp_path], "max_bytes": 10}
    assert "does not exist" in _refused(BadInput, f"{tmp_path}/none.mp4", tmp_path, **options)
    assert "is a folder" in _refused(BadInput, str(tmp_path), tmp_path, **options)
    assert "not a plain file" in _refused(BadInput, f"{tmp_path}/pipe", tmp_path, **options)
    assert "limit of 10 bytes" in _refused(BadInput, f"{tmp_path}/large", tmp_path, **options)
    assert "no usable path" in _refused(BadInput, f"{tmp_path}/a\0b", tmp_path, **options)


def test_file_revision_changes_with_the_file(tmp_path: Path) -> None:
    recording = tmp_path / "a.mp4"
    recording.write_bytes(BODY)
    one = source(str(recording), roots=[tmp_path]).revision()
    assert source(str(recording), roots=[tmp_path]).revision() == one
    os.utime(recording, ns=(0, 1))
    assert source(str(recording), roots=[tmp_path]).revision() != one
    recording.unlink()
    with pytest.raises(BadInput, match="does not exist"):
        source(str(recording), roots=[tmp_path]).revision()


@pytest.mark.parametrize(
    "uri",
    ["", "a.mp4", "../a.mp4", "ftp://user:pass@host/a.mp4", "s3://bucket/a", "C:\\a.mp4", "file:a.mp4",
     "file://host/a.mp4", "file:///a.mp4#t=1", "file:///a.mp4?x", "concat:/a|/b", "data:,x", "-"],
)  # fmt: skip
def test_addresses_of_no_known_kind(tmp_path: Path, uri: str) -> None:
    message = _refused(BadInput, uri, tmp_path, roots=[Path("/")])
    assert "pass" not in message
    assert repr(uri.rpartition("@")[2])[1:-1].lower() in message.lower()


# --- the media store ---------------------------------------------------------


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    if request.param == "folder":
        return MediaStore(str(tmp_path / "store"))
    return MediaStore(f"memory://{tmp_path}")


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "Ayşe #1.mp4"
    path.write_bytes(BODY)
    return path


def test_store_and_fetch(store: MediaStore, recording: Path, tmp_path: Path) -> None:
    uri = store.put(recording)
    assert uri == f"media://{hashlib.sha256(BODY).hexdigest()}"
    assert store.exists(uri)
    stored = source(uri, store=store)
    assert stored.revision() == uri.removeprefix("media://")
    stored.fetch(tmp_path / "copy")
    assert (tmp_path / "copy").read_bytes() == BODY
    for _ in range(2):
        with store.open(uri) as file:
            file.seek(1000)
            assert file.read(10) == BODY[1000:1010]


def test_store_twice_writes_once(tmp_path: Path, recording: Path) -> None:
    folder = tmp_path / "store"
    store = MediaStore(str(folder))
    uri = store.put(recording)
    [file] = [path for path in folder.rglob("*") if path.is_file()]
    before = file.stat()
    assert store.put(recording) == uri == store.put_bytes(BODY)
    assert (file.stat().st_ino, file.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [path for path in folder.rglob("*") if path.is_file()] == [file]


def test_store_by_many_at_once(tmp_path: Path, recording: Path) -> None:
    folder = tmp_path / "store"
    uris: list[str] = []
    threads = [threading.Thread(target=lambda: uris.append(MediaStore(str(folder)).put(recording))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(uris) == 8
    assert len(set(uris)) == 1
    assert [path.name for path in folder.rglob("*") if path.is_file()] == [uris[0].removeprefix("media://")]


def test_half_written_file_is_replaced(tmp_path: Path, recording: Path) -> None:
    store = MediaStore(str(tmp_path / "store"))
    uri = store.put(recording)
    [file] = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    file.write_bytes(BODY[:1000])
    store.put(recording)
    with store.open(uri) as stored:
        assert stored.read() == BODY


@contextmanager
def disk_full() -> Iterator[None]:
    """No file may grow beyond 100 kB, as on a disk that is full. Not even a log: keep it short."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def test_failed_write_to_the_store_leaves_nothing(tmp_path: Path) -> None:
    parts = tmp_path / "a.mp4"
    with parts.open("wb") as file:
        file.truncate(50_000)
    store = MediaStore(str(tmp_path / "store"))
    store.put(parts)
    with pytest.raises(TemporaryError, match="File too large"), disk_full():
        store.put_bytes(BODY)
    assert len([path for path in (tmp_path / "store").rglob("*") if path.is_file()]) == 1


def test_failed_copy_leaves_nothing(server: Server, tmp_path: Path) -> None:
    """Trouble of this machine is no error of the recording: it is raised as it is."""
    with pytest.raises(OSError, match="File too large"), disk_full():
        source(f"{server.url}/recording").fetch(tmp_path / "copy")
    assert not list(tmp_path.iterdir())


def test_damaged_file_is_noticed(tmp_path: Path, recording: Path) -> None:
    store = MediaStore(str(tmp_path / "store"))
    uri = store.put(recording)
    [file] = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    file.write_bytes(b"x" + BODY[1:])
    with pytest.raises(BadInput, match="is damaged"):
        store.open(uri)
    with pytest.raises(BadInput, match="is damaged"):
        store.fetch(uri, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_missing_and_deleted(store: MediaStore, recording: Path, tmp_path: Path) -> None:
    uri = store.put(recording)
    store.delete(uri)
    store.delete(uri)
    assert not store.exists(uri)
    with pytest.raises(BadInput, match="is not in the media store"):
        store.open(uri)
    with pytest.raises(BadInput, match="is not in the media store"):
        source(uri, store=store).revision()
    _refused(BadInput, uri, tmp_path, store=store)


@pytest.mark.parametrize("uri", ["media://", "media://../../etc/passwd", "media://" + "A" * 64, "media://" + "0" * 65])
def test_media_uri_that_leaves_its_folder(store: MediaStore, tmp_path: Path, uri: str) -> None:
    assert "is no media URI" in _refused(BadInput, uri, tmp_path, store=store)
    with pytest.raises(BadInput):
        store.delete(uri)


def test_store_that_cannot_be_used(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="needs a media store"):
        source("media://" + "0" * 64)
    with pytest.raises(SetupError) as error:
        MediaStore("nosuch://key:hunter2@bucket/media")
    assert "hunter2" not in str(error.value)
