"""Ports: free ones are found, taken ones are named."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator

import pytest

from mulakat.interviews.settings import Settings
from mulakat.schema.errors import SetupError
from mulakat.stack import plan, ports
from mulakat.stack.ports import PortRequest


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which this process listens."""
    with socket.create_server((ports.HOST, 0)) as server:
        yield server.getsockname()[1]


def test_each_program_gets_its_own_free_port() -> None:
    chosen, notes = ports.choose({name: PortRequest(None) for name in "abcdefgh"})
    assert len(set(chosen.values())) == 8
    assert notes == []
    for port in chosen.values():
        socket.create_server((ports.HOST, port)).close()


def test_a_taken_well_known_port_is_replaced_and_that_is_said(taken: int) -> None:
    chosen, notes = ports.choose({"airflow": PortRequest(taken, setting="MULAKAT_PORT_AIRFLOW")})
    assert chosen["airflow"] != taken
    (note,) = notes
    assert f"port {taken} is in use by" in note
    assert f"process {os.getpid()}" in note
    assert str(chosen["airflow"]) in note
    assert "MULAKAT_PORT_AIRFLOW" in note


def test_a_taken_port_that_was_asked_for_is_an_error_naming_port_process_and_setting(taken: int) -> None:
    with pytest.raises(SetupError) as caught:
        ports.choose({"review": PortRequest(taken, firm=True, setting="MULAKAT_PORT_REVIEW")})
    for part in (str(taken), f"process {os.getpid()}", "MULAKAT_PORT_REVIEW"):
        assert part in str(caught.value)


def test_a_port_taken_on_all_addresses_counts_as_taken() -> None:
    with socket.create_server(("0.0.0.0", 0)) as server:
        assert not ports.is_free(server.getsockname()[1])


def test_two_programs_never_get_the_same_wished_port() -> None:
    wished = ports.choose({"x": PortRequest(None)})[0]["x"]
    chosen, _ = ports.choose({"a": PortRequest(wished), "b": PortRequest(wished, firm=True)})
    assert chosen["b"] == wished
    assert chosen["a"] != wished


def test_ports_from_the_environment_are_firm_and_those_of_earlier_starts_are_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MULAKAT_PORT_REVIEW", "9123")
    monkeypatch.setenv("MULAKAT_REDIS_URL", "redis://elsewhere")
    wanted = plan.wishes(Settings(), {"mongo": 5555, "airflow": 1})
    assert wanted == {
        "airflow": PortRequest(8080, firm=False, setting="MULAKAT_PORT_AIRFLOW"),
        "review": PortRequest(9123, firm=True, setting="MULAKAT_PORT_REVIEW"),
        "postgres": PortRequest(None),
        "mongo": PortRequest(5555),
    }
