"""What a stack will be: which servers are our own, on which ports, with which environment."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr

from mulakat.interviews.settings import Settings
from mulakat.stack import given
from mulakat.stack.airflow import LONG_AGO, AirflowPrograms
from mulakat.stack.layout import Layout, Secrets, folder_of, read_json
from mulakat.stack.ports import HOST, PortRequest, choose
from mulakat.stack.program import Program, http
from mulakat.stack.servers import Mongo, Postgres, Valkey

REVIEW_APP = folder_of("review_ui") / "app.py"
SAMPLES = folder_of("mulakat_samples")


@dataclass(frozen=True)
class Plan:
    """Everything needed to start a stack.

    Attributes:
        postgres, valkey, mongo: our own servers; None where a setting names another.
        settings: `MULAKAT_*` variables for Airflow's programs, the review app and the commands.
        notes: what a person should know, e.g. that a port is not the usual one.
    """

    layout: Layout
    ports: dict[str, int]
    postgres: Postgres | None
    valkey: Valkey | None
    mongo: Mongo | None
    airflow: AirflowPrograms
    settings: dict[str, str]
    notes: list[str]

    def groups(self, since: datetime = LONG_AGO) -> dict[str, list[Program]]:
        """The programs by group, in the order in which groups start."""
        servers = [server.program() for server in (self.postgres, self.valkey, self.mongo) if server]
        groups = {
            "servers": servers,
            "review": [self._review()],
            "workers": list(self.airflow.workers()),
            "airflow": list(self.airflow.programs(since)),
        }
        return {name: programs for name, programs in groups.items() if programs}

    def _review(self) -> Program:
        url = self.settings["MULAKAT_REVIEW_URL"]
        options = {
            "server.address": HOST,
            "server.port": self.ports["review"],
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
        }
        arguments = [f"--{name}={value}" for name, value in options.items()]
        command = (sys.executable, "-m", "streamlit", "run", str(REVIEW_APP), *arguments)
        return Program("review", command, lambda: _ok(f"{url}/_stcore/health"), address=url)


def make(conf: Settings, layout: Layout) -> Plan:
    """Plans a stack; its folders must exist.

    Raises:
        SetupError: a port that was asked for is taken.
    """
    secrets = Secrets.load_or_create(layout)
    ports, notes = choose(wishes(conf, read_json(layout.ports_file)))
    return with_ports(conf, layout, secrets, ports, notes)


def check_given(conf: Settings) -> None:
    """Connects to the servers that settings name.

    Raises:
        SetupError: one does not answer.
    """
    for name in ("mongo_uri", "redis_url", "database_url"):
        if (url := getattr(conf, name)) is not None:
            given.check(f"MULAKAT_{name.upper()}", url)


def wishes(conf: Settings, earlier: dict[str, Any]) -> dict[str, PortRequest]:
    """The ports we would like: well-known ones for people, the earlier ones for servers."""
    wanted = {
        name: PortRequest(getattr(conf, field), firm=field in conf.model_fields_set, setting=f"MULAKAT_{field.upper()}")
        for name, field in (("airflow", "port_airflow"), ("review", "port_review"))
    }
    servers = {"postgres": conf.database_url, "valkey": conf.redis_url, "mongo": conf.mongo_uri}
    return wanted | {name: PortRequest(earlier.get(name)) for name, url in servers.items() if url is None}


def with_ports(conf: Settings, layout: Layout, secrets: Secrets, ports: dict[str, int], notes: list[str]) -> Plan:
    """The plan for these ports; a server without one is not ours."""
    data = layout.data
    postgres = (
        Postgres(data / "postgres", ports["postgres"], secrets.postgres_password) if "postgres" in ports else None
    )
    valkey = Valkey(data / "valkey", ports["valkey"], secrets.valkey_password) if "valkey" in ports else None
    mongo = (
        Mongo(data / "mongo", ports["mongo"], secrets.mongo_password, secrets.mongo_keyfile)
        if "mongo" in ports
        else None
    )
    password = conf.airflow_password.get_secret_value() if conf.airflow_password else secrets.airflow_password
    signing_key = conf.signing_key.get_secret_value() if conf.signing_key else secrets.signing_key
    database_url = postgres.uri if postgres else given.database_url(conf.database_url) if conf.database_url else ""
    redis_url = valkey.uri if valkey else conf.redis_url or ""
    mongo_uri = mongo.uri if mongo else conf.mongo_uri or ""
    settings = _variables(conf) | {
        "MULAKAT_HOME": str(layout.home),
        "MULAKAT_MONGO_URI": mongo_uri,
        "MULAKAT_REDIS_URL": redis_url,
        "MULAKAT_MEDIA_STORE": conf.media_store_url,
        "MULAKAT_SCRATCH_DIR": str(conf.scratch_path),
        "MULAKAT_FILE_ROOTS": json.dumps([str(root.absolute()) for root in conf.file_roots or [SAMPLES]]),
        "MULAKAT_AIRFLOW_URL": f"http://{HOST}:{ports['airflow']}",
        "MULAKAT_AIRFLOW_PASSWORD": password,
        "MULAKAT_REVIEW_URL": f"http://{HOST}:{ports['review']}",
        "MULAKAT_SIGNING_KEY": signing_key,
    }
    airflow = AirflowPrograms(
        layout=layout,
        secrets=secrets,
        port=ports["airflow"],
        database_url=database_url,
        redis_url=redis_url,
        mongo_uri=mongo_uri,
        mongo_database=conf.mongo_database,
        username=conf.airflow_username,
        password=password,
        mulakat=settings,
    )
    return Plan(layout, ports, postgres, valkey, mongo, airflow, settings, notes)


def digest(conf: Settings) -> str:
    """A digest of the settings, to see whether a running stack has others."""
    variables = {name: value for name, value in _plain(conf).items() if name != "home"}
    return hashlib.sha256(json.dumps([sys.prefix, variables], sort_keys=True).encode()).hexdigest()


def _variables(conf: Settings) -> dict[str, str]:
    """What is set of the settings, as environment variables; not what only the stack itself needs."""
    own = ("database_url", "port_airflow", "port_review")
    return {
        f"MULAKAT_{name.upper()}": value if isinstance(value, str) else json.dumps(value)
        for name, value in _plain(conf).items()
        if value is not None and name not in own
    }


def _plain(conf: Settings) -> dict[str, Any]:
    """The settings as plain JSON values, secrets included."""
    secrets = {name: value for name, value in conf if isinstance(value, SecretStr)}
    return conf.model_dump(mode="json") | {name: value.get_secret_value() for name, value in secrets.items()}


def _ok(url: str) -> None:
    http().get(url).raise_for_status()
