"""Recordings reach a browser only with a fresh signature, and only those this app may show."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from itsdangerous import BadSignature, TimestampSigner
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mulakat.interviews.documents import Answer
from mulakat.interviews.media_store import MediaStore
from mulakat.interviews.registration import register
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from review_ui import recordings
from review_ui.recordings import LIFETIME_S, address, can_show, media_type, signed_for
from tests.support import review_data

CONTENT = b"\0\0\0\x20ftypisom" + bytes(range(256)) * 5000


def signed(interview_id: str, answer_id: str) -> str:
    """What of an address is signed, with its signature."""
    return address(interview_id, answer_id).removeprefix("/recording/")


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Lets so many seconds pass."""

    def wait(seconds: int) -> None:
        now = TimestampSigner.get_timestamp
        monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda self: now(self) + seconds)

    return wait


def test_an_address_is_good_for_its_recording_until_it_expires(later: Callable[[int], None]) -> None:
    text = signed("iv", "a1")
    assert signed_for(text) == ("iv", "a1")
    later(LIFETIME_S - 5)
    assert signed_for(text) == ("iv", "a1")
    later(10)
    with pytest.raises(BadSignature):
        signed_for(text)


def test_a_changed_address_is_good_for_nothing(later: Callable[[int], None]) -> None:
    text = signed("iv", "a1")
    ids, moment, signature = text.split(".")
    other = signature[:-2] + ("0" if signature[-2] != "0" else "1") + signature[-1]
    later(60)
    moment_after = signed("iv", "a1").split(".")[1]
    for forged in (
        ids,
        f"{ids}.{moment}",
        f"iv/a2.{moment}.{signature}",
        f"other/a1.{moment}.{signature}",
        f"{ids}.{moment_after}.{signature}",
        f"{ids}.AAAAAQ.{signature}",
        f"{ids}..{signature}",
        f"{ids}.ü.{signature}",
        f"{ids}.{moment}.{other}",
        f"{ids}.{moment}.",
        f"{text}.{signature}",
        "",
        "..",
    ):
        with pytest.raises(BadSignature):
            signed_for(forged)


def test_an_address_signed_for_something_else_is_good_for_nothing() -> None:
    other = TimestampSigner("for tests", salt="something else", digest_method=hashlib.sha256)
    with pytest.raises(BadSignature):
        signed_for(other.sign("iv/a1").decode())


def test_media_types_are_those_of_the_content(samples: Path) -> None:
    with (samples / "introduction.mp4").open("rb") as file:
        assert media_type(file.read(16)) == "video/mp4"
    assert media_type(b"<!doctype html><script>") == "application/octet-stream"
    assert media_type(b"") == "application/octet-stream"


@pytest.fixture
def roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that recordings may be read from."""
    folder = tmp_path / "recordings"
    folder.mkdir()
    monkeypatch.setenv("MULAKAT_FILE_ROOTS", f'["{folder}"]')
    settings.cache_clear()
    return folder


@pytest.fixture
def client(store: Store) -> TestClient:
    return TestClient(Starlette(routes=[recordings.ROUTE]))


@pytest.fixture
def elsewhere(review_place: review_data.Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """As `store`, its recordings in a media store that is no folder of this machine."""
    url = f"memory://{uuid4().hex}"
    monkeypatch.setenv("MULAKAT_MEDIA_STORE", url)
    settings.cache_clear()
    store = Store.connect(review_place.mongo_uri, review_place.database, MediaStore(url))
    yield store
    store.close()


def add(store: Store, media_uri: str) -> str:
    """An interview with one such recording; its signed address."""
    register(store, review_data.spec("iv", [Answer(answer_id="a1", media_uri=media_uri)]))
    return address("iv", "a1")


@pytest.mark.parametrize("where", ["store", "elsewhere"])
def test_a_stored_recording_is_served_whole_and_in_parts(
    where: str, request: pytest.FixtureRequest, client: TestClient
) -> None:
    store: Store = request.getfixturevalue(where)
    size = len(CONTENT)
    assert size > recordings.CHUNK_BYTES
    signed = add(store, store.media.put_bytes(CONTENT))
    whole = client.get(signed)
    assert whole.status_code == 200
    assert whole.content == CONTENT
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "video/mp4"
    assert recordings.HEADERS.items() <= {name.title(): value for name, value in whole.headers.items()}.items()
    for header, (start, end) in {
        "bytes=1000-1001": (1000, 1002),
        "bytes=0-": (0, size),
        f"bytes={size - 10}-{size + 100}": (size - 10, size),
        "bytes=5-1200000": (5, 1200001),
    }.items():
        part = client.get(signed, headers={"Range": header})
        assert part.status_code == 206, header
        assert part.content == CONTENT[start:end]
        assert part.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert recordings.HEADERS.items() <= {name.title(): value for name, value in part.headers.items()}.items()
    outside = client.get(signed, headers={"Range": f"bytes={size}-"})
    assert outside.status_code == 416
    assert outside.headers["content-range"] == f"bytes */{size}"


@pytest.mark.parametrize(
    "header", ["bytes=-5", "bytes=0-1,5-6", "items=0-9", "bytes=", "bytes=٣-", "bytes=0-" + "9" * 30]
)
def test_an_odd_range_of_a_recording_elsewhere_gives_the_whole(
    elsewhere: Store, client: TestClient, header: str
) -> None:
    signed = add(elsewhere, elsewhere.media.put_bytes(CONTENT))
    whole = client.get(signed, headers={b"Range": header.encode()})
    assert (whole.status_code, whole.content) == (200, CONTENT)


@pytest.mark.parametrize("where", ["store", "elsewhere"])
def test_a_damaged_recording_is_not_served(where: str, request: pytest.FixtureRequest, client: TestClient) -> None:
    store: Store = request.getfixturevalue(where)
    uri = store.media.put_bytes(CONTENT)
    store.media._fs.pipe_file(store.media._place(uri.removeprefix("media://")), b"something else")
    assert client.get(add(store, uri)).status_code == 404


def test_without_a_signature_nothing_is_served(store: Store, client: TestClient, later: Callable[[int], None]) -> None:
    signed = add(store, store.media.put_bytes(CONTENT))
    for wrong in (signed.split(".")[0], signed[:-1], signed.replace("/a1", "/a2")):
        assert client.get(wrong).status_code == 403
    assert client.get(signed).status_code == 200
    later(LIFETIME_S + 5)
    assert client.get(signed).status_code == 403


def test_a_file_in_an_allowed_folder_is_served(store: Store, client: TestClient, roots: Path) -> None:
    path = roots / "Görüşme #1 (50%).mp4"
    path.write_bytes(CONTENT)
    assert can_show(str(path))
    assert client.get(add(store, str(path))).content == CONTENT
    assert client.get(add(store, path.as_uri())).content == CONTENT


def test_files_elsewhere_are_not_served(store: Store, client: TestClient, roots: Path, tmp_path: Path) -> None:
    outside = tmp_path / "secret.mp4"
    outside.write_bytes(CONTENT)
    link = roots / "link.mp4"
    link.symlink_to(outside)
    for uri in (
        str(outside),
        str(link),
        f"{roots}/../secret.mp4",
        outside.as_uri(),
        f"file://{roots}/%2e%2e/secret.mp4",
        "https://example.org/a.mp4",
        "media://" + "0" * 64,
        "media://../../secret.mp4",
        str(roots / "missing.mp4"),
    ):
        assert client.get(add(store, uri)).status_code == 404, uri
        assert uri.startswith("media:") or not can_show(uri), uri


def test_an_interview_that_is_not_there(store: Store, client: TestClient) -> None:
    assert client.get(address("nobody", "a1")).status_code == 404


def test_a_process_without_a_key_signs_with_one_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MULAKAT_SIGNING_KEY", raising=False)
    review_data.forget()
    try:
        text = signed("iv", "a1")
        assert signed_for(text) == ("iv", "a1")
        recordings._signer.cache_clear()
        with pytest.raises(BadSignature):
            signed_for(text)
    finally:
        review_data.forget()
