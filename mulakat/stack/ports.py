"""Choosing ports on 127.0.0.1, and saying who has one that is taken."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from dataclasses import dataclass

import psutil

from mulakat.schema.errors import SetupError

HOST = "127.0.0.1"


@dataclass(frozen=True)
class PortRequest:
    """The port a program would like.

    Attributes:
        port: wished port, None for any free one.
        firm: whether only this port will do, as the person has asked for it.
        setting: the setting that changes it, for messages.
    """

    port: int | None
    firm: bool = False
    setting: str | None = None


def choose(wishes: Mapping[str, PortRequest]) -> tuple[dict[str, int], list[str]]:
    """Finds a free port for each program.

    Returns:
        The port of each program, and a line to say for each wish that could not be met.

    Raises:
        SetupError: a port that was asked for by a setting is taken.
    """
    ports: dict[str, int] = {}
    notes: list[str] = []
    held: list[socket.socket] = []  # until all are chosen, so that no two programs get the same one
    try:
        for name, wish in sorted(wishes.items(), key=lambda item: not item[1].firm):
            probe = _bind(wish.port) if wish.port else None
            if probe is None and wish.firm:
                raise SetupError(
                    f"port {wish.port} for {name} is in use by {owner(wish.port or 0)}: "
                    f"stop that program, or set {wish.setting} to another port"
                )
            if probe is None:
                probe = _bind(0)
                assert probe is not None
                if wish.port and wish.setting:
                    notes.append(
                        f"port {wish.port} is in use by {owner(wish.port)}, so {name} gets port "
                        f"{probe.getsockname()[1]} ({wish.setting} sets it)"
                    )
            held.append(probe)
            ports[name] = probe.getsockname()[1]
    finally:
        for probe in held:
            probe.close()
    return ports, notes


def owner(port: int) -> str:
    """The program that listens on a port, as far as this user may know: "nginx (process 812)"."""
    try:
        connections = psutil.net_connections("tcp")
    except psutil.AccessDenied:
        connections = []
    for connection in connections:
        if connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN:
            if connection.pid is None:
                break
            try:
                return f"{psutil.Process(connection.pid).name()} (process {connection.pid})"
            except psutil.Error:
                break
    return "another program"


def is_free(port: int) -> bool:
    """Whether a server could take the port."""
    probe = _bind(port)
    if probe is not None:
        probe.close()
    return probe is not None


def _bind(port: int) -> socket.socket | None:
    """A socket bound to the port, or None when it is taken."""
    probe = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        # As servers do: a port whose last connections are still closing counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((HOST, port))
        probe.listen(1)
    except OSError:
        probe.close()
        return None
    return probe
