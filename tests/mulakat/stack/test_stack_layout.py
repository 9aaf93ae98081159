"""The state folder and its secrets."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import asdict
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from mulakat.schema.errors import SetupError
from mulakat.stack.layout import Layout, Secrets


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    layout = Layout.at(tmp_path / ".mulakat")
    layout.create()
    return layout


def test_only_the_owner_can_look_inside(layout: Layout) -> None:
    Secrets.load_or_create(layout)
    assert stat.S_IMODE(layout.home.stat().st_mode) == 0o700
    assert stat.S_IMODE((layout.home / "secrets.json").stat().st_mode) == 0o600


def test_secrets_are_made_once(layout: Layout, tmp_path: Path) -> None:
    first = Secrets.load_or_create(layout)
    assert Secrets.load_or_create(layout) == first
    assert len(set(asdict(first).values())) == len(asdict(first))
    Fernet(first.fernet_key)
    other = Layout.at(tmp_path / "other")
    other.create()
    assert Secrets.load_or_create(other) != first


def test_a_new_kind_of_secret_is_added_and_the_others_stay(layout: Layout) -> None:
    first = Secrets.load_or_create(layout)
    path = layout.home / "secrets.json"
    kept = {name: value for name, value in asdict(first).items() if name != "signing_key"}
    path.write_text(json.dumps(kept))
    second = Secrets.load_or_create(layout)
    assert {name: getattr(second, name) for name in kept} == kept
    assert second.signing_key != first.signing_key


def test_a_damaged_file_is_named(layout: Layout) -> None:
    path = layout.home / "secrets.json"
    path.write_text("{")
    with pytest.raises(SetupError, match="damaged") as caught:
        Secrets.load_or_create(layout)
    assert str(path) in str(caught.value)


def test_the_socket_of_a_deep_folder_is_short_enough_to_bind(tmp_path: Path) -> None:
    deep = Layout.at(tmp_path / ("x" * 90))
    assert len(os.fsencode(deep.supervisor_socket)) < 100
    assert deep.supervisor_socket != Layout.at(tmp_path / ("y" * 90)).supervisor_socket
    assert Layout.at(Path("/s")).supervisor_socket == Path("/s/run/supervisor.sock")


@pytest.mark.parametrize("name", ["a ;b", "a #b", "50%"])
def test_a_folder_supervisord_could_not_name_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(SetupError, match="MULAKAT_HOME"):
        Layout.at(tmp_path / name)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SetupError, match="MULAKAT_HOME") as caught:
        Layout.at(tmp_path / "file" / "state").create()
    assert str(tmp_path / "file" / "state") in str(caught.value)
