"""Recordings reach a browser only with a fresh signature, and only those this app may show."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from mulakat.interviews.documents import Answer
from mulakat.interviews.settings import settings
from mulakat.interviews.store import Store
from review_ui import recordings
from review_ui.recordings import LIFETIME_S, address, byte_range, can_show, is_signed, media_type
from support import review_data

CONTENT = bytes(range(256)) * 5000


def parts(signed: str) -> tuple[str, str, str, str]:
    path, query = signed.split("?")
    _, _, interview_id, answer_id = path.split("/")
    fields = dict(field.split("=") for field in query.split("&"))
    return interview_id, answer_id, fields["expires"], fields["signature"]


def test_a_signature_is_good_for_its_recording_until_it_expires():
    interview_id, answer_id, expires, signature = parts(address("iv", "a1"))
    assert is_signed(interview_id, answer_id, expires, signature)
    assert not is_signed(interview_id, "a2", expires, signature)
    assert not is_signed("other", answer_id, expires, signature)
    assert not is_signed(interview_id, answer_id, str(int(expires) + 1), signature)
    assert not is_signed(interview_id, answer_id, expires, signature[:-1] + ("0" if signature[-1] != "0" else "1"))
    assert not is_signed(*parts(address("iv", "a1", at=time.time() - LIFETIME_S - 1)))


@pytest.mark.parametrize("expires", ["", "-1", "9" * 40, "1e12", "٣", "x"])
def test_a_strange_expiry_is_no_signature(expires: str):
    assert not is_signed("iv", "a1", expires, "00")


def test_ids_cannot_be_shifted_between_the_parts_of_an_address():
    assert parts(address("a", "b-c"))[3] != parts(address("a-b", "c"))[3]


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("bytes=0-", (0, 100)),
        ("bytes=0-9", (0, 10)),
        ("bytes=90-200", (90, 100)),
        ("bytes=-10", (90, 100)),
        ("bytes=-1000", (0, 100)),
        ("bytes=0-9,20-29", None),
        ("items=0-9", None),
        ("bytes=-", None),
    ],
)
def test_ranges(header: str | None, expected: tuple[int, int] | None):
    assert byte_range(header, 100) == expected


@pytest.mark.parametrize("header", ["bytes=100-", "bytes=9-3", "bytes=-0"])
def test_ranges_outside_the_file(header: str):
    with pytest.raises(ValueError, match="bytes"):
        byte_range(header, 100)


def test_media_types_are_those_of_the_content(samples: Path):
    with (samples / "introduction.mp4").open("rb") as file:
        assert media_type(file.read(16)) == "video/mp4"
    assert media_type(b"<!doctype html><script>") == "application/octet-stream"
    assert media_type(b"") == "application/octet-stream"


@pytest.fixture
def store(review_place: review_data.Place) -> Iterator[Store]:
    store = review_place.store()
    yield store
    store.close()


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


def register(store: Store, media_uri: str) -> str:
    """An interview with one such recording; its signed address."""
    store.register(review_data.spec("iv", [Answer(answer_id="a1", media_uri=media_uri)]))
    return address("iv", "a1")


def test_a_stored_recording_is_served_whole_and_in_parts(store: Store, client: TestClient):
    signed = register(store, store.media.put_bytes(CONTENT))
    whole = client.get(signed)
    assert whole.status_code == 200
    assert whole.content == CONTENT
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "application/octet-stream"
    part = client.get(signed, headers={"Range": "bytes=1000-1001"})
    assert part.status_code == 206
    assert part.content == CONTENT[1000:1002]
    assert part.headers["content-range"] == f"bytes 1000-1001/{len(CONTENT)}"
    outside = client.get(signed, headers={"Range": f"bytes={len(CONTENT)}-"})
    assert outside.status_code == 416
    assert outside.headers["content-range"] == f"bytes */{len(CONTENT)}"


def test_without_a_signature_nothing_is_served(store: Store, client: TestClient):
    signed = register(store, store.media.put_bytes(CONTENT))
    for wrong in (signed.split("?")[0], signed[:-1], signed.replace("/a1", "/a2"), address("iv", "a1", at=0)):
        assert client.get(wrong).status_code == 403
    assert client.get(signed).status_code == 200


def test_a_file_in_an_allowed_folder_is_served(store: Store, client: TestClient, roots: Path):
    path = roots / "Görüşme #1 (50%).mp4"
    path.write_bytes(CONTENT)
    assert can_show(str(path))
    assert client.get(register(store, str(path))).content == CONTENT
    assert client.get(register(store, path.as_uri())).content == CONTENT


def test_files_elsewhere_are_not_served(store: Store, client: TestClient, roots: Path, tmp_path: Path):
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
        assert client.get(register(store, uri)).status_code == 404, uri
        assert uri.startswith("media:") or not can_show(uri), uri


def test_an_interview_that_is_not_there(store: Store, client: TestClient):
    assert client.get(address("nobody", "a1")).status_code == 404


def test_a_process_without_a_key_signs_with_one_of_its_own(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("MULAKAT_SIGNING_KEY", raising=False)
    settings.cache_clear()
    recordings._key.cache_clear()
    try:
        assert len(recordings._key()) >= 32
        assert is_signed(*parts(address("iv", "a1")))
    finally:
        recordings._key.cache_clear()
        settings.cache_clear()
