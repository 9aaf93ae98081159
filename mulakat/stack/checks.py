"""`mulakat doctor`: what is missing on this machine for the embedded stack and the analyzers."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psutil

from mulakat.interviews.settings import Settings
from mulakat.schema.errors import SetupError
from mulakat.stack import given
from mulakat.stack.layout import Layout, read_json
from mulakat.stack.ports import is_free, owner
from mulakat.stack.servers import MONGOD, POSTGRES, VALKEY, Binary

DISK_GB = 3
MEMORY_GB = 4

# Shared library → who needs it, and the Debian/Ubuntu package that has it.
LIBRARIES = {
    "libEGL.so.1": ("mediapipe (face)", "libegl1"),
    "libGLESv2.so.2": ("mediapipe (face)", "libgles2"),
    "libcurl.so.4": ("the embedded MongoDB", "libcurl4"),
}


@dataclass(frozen=True)
class Finding:
    """One thing looked at.

    Attributes:
        found: what is there.
        remedy: what to do, None when it is fine.
    """

    name: str
    ok: bool
    found: str
    remedy: str | None = None


def examine(conf: Settings) -> list[Finding]:
    """Everything that is looked at, in the order in which one would repair it."""
    return [
        _python(),
        *(_library(name, *facts) for name, facts in LIBRARIES.items()),
        *_servers(conf),
        _packages(),
        _disk(Layout.at(conf.home).home),
        _memory(conf),
        *_ports(conf),
    ]


def _python() -> Finding:
    found = f"Python {platform.python_version()} on {sys.platform}/{platform.machine()}"
    if sys.version_info[:2] == (3, 11):
        return Finding("python", True, found)
    return Finding("python", False, found, "use Python 3.11: the lock file is made for it")


def _library(name: str, user: str, package: str) -> Finding:
    if sys.platform != "linux":
        return Finding(name, True, f"not needed on {sys.platform}")
    try:
        ctypes.CDLL(name)
    except OSError:
        return Finding(name, False, f"missing; {user} needs it", f"Debian, Ubuntu: apt-get install {package}")
    return Finding(name, True, f"found, for {user}")


def _servers(conf: Settings) -> Iterator[Finding]:
    addresses = ((POSTGRES, conf.database_url), (VALKEY, conf.redis_url), (MONGOD, conf.mongo_uri))
    for binary, address in addresses:
        yield _given(binary, address) if address else _binary(binary)
    if os.geteuid() == 0 and not conf.database_url and shutil.which("setpriv") is None:
        yield Finding(
            "setpriv",
            False,
            "missing; PostgreSQL needs it when you are root",
            "install util-linux, or run as an ordinary user, or set MULAKAT_DATABASE_URL",
        )


def _given(binary: Binary, address: str) -> Finding:
    try:
        given.check(binary.setting, address)
    except SetupError as error:
        return Finding(binary.server, False, "does not answer", str(error))
    return Finding(binary.server, True, f"yours, at {given.without_password(address)}")


def _binary(binary: Binary) -> Finding:
    try:
        return Finding(binary.server, True, str(binary.find()))
    except SetupError as error:
        return Finding(binary.server, False, "missing", str(error))


def _packages() -> Finding:
    try:
        airflow, celery = version("apache-airflow"), version("celery")
    except PackageNotFoundError as error:
        return Finding("Airflow", False, f"{error.name} is not installed", "install Mülakat again, with what it needs")
    return Finding("Airflow", True, f"Airflow {airflow}, Celery {celery}")


def _disk(home: Path) -> Finding:
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    free_gb = shutil.disk_usage(there).free / 1e9
    found = f"{free_gb:.1f} GB free in {there}"
    if not os.access(there, os.W_OK):
        return Finding("disk", False, f"{there} cannot be written", "set MULAKAT_HOME to a folder of yours")
    if free_gb < DISK_GB:
        return Finding("disk", False, found, f"free {DISK_GB} GB, or set MULAKAT_HOME to a folder on another disk")
    return Finding("disk", True, found)


def _memory(conf: Settings) -> Finding:
    available_gb = psutil.virtual_memory().available / 1e9
    found = f"{available_gb:.1f} GB available"
    if available_gb < MEMORY_GB and not read_json(Layout.at(conf.home).stack_file):
        return Finding("memory", False, found, f"the stack wants {MEMORY_GB} GB: close other programs")
    return Finding("memory", True, found)


def _ports(conf: Settings) -> Iterator[Finding]:
    ours = read_json(Layout.at(conf.home).stack_file).get("ports", {})
    for name, port in (("airflow", conf.port_airflow), ("review", conf.port_review)):
        setting = f"MULAKAT_PORT_{name.upper()}"
        if ours.get(name) == port:
            yield Finding(f"port {port}", True, f"ours, for {name}")
        elif is_free(port):
            yield Finding(f"port {port}", True, f"free, for {name}")
        elif f"port_{name}" in conf.model_fields_set:
            yield Finding(f"port {port}", False, f"in use by {owner(port)}", f"set {setting} to another port")
        else:
            yield Finding(
                f"port {port}", True, f"in use by {owner(port)}; {name} will take another ({setting} sets it)"
            )
