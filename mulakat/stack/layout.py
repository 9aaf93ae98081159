"""Where the embedded stack keeps its things, and the secrets it makes once.

.mulakat/
├── stack.json        addresses and settings of the running stack (mode 0600)
├── secrets.json      passwords and keys, made once (mode 0600)
├── ports.json        the ports of the last start, taken again when free
├── prepared.json     what Airflow's database has been prepared for
├── lock              held by `up` and `down` while they work
├── data/             postgres, valkey, mongo
├── airflow/          AIRFLOW_HOME
├── logs/             one file per program
├── media/  scratch/  recordings and reports; scratch files of running analyses
└── run/              working folder of every program: this is how `down` knows them
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import secrets
import tempfile
from dataclasses import asdict, dataclass, fields
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from mulakat.runtime.files import write_private
from mulakat.schema.errors import SetupError

_LONGEST_SOCKET_PATH = 90  # the kernel allows 107 bytes; supervisord adds its process id while it binds


def folder_of(package: str) -> Path:
    """Folder of an installed package of ours, which is not imported."""
    spec = find_spec(package)
    assert spec is not None and spec.origin is not None
    return Path(spec.origin).parent


@dataclass(frozen=True)
class Layout:
    """The folders of one embedded stack."""

    home: Path

    @classmethod
    def at(cls, home: Path) -> Layout:
        """The layout in `home`; nothing is created yet."""
        home = home.expanduser().resolve()
        if re.search(r"%|\n|\s[;#]", str(home)):
            # supervisord's configuration file takes these for placeholders and comments.
            raise SetupError(
                f"the state folder {str(home)!r} must not have '%', ' ;' or ' #' in its path: set MULAKAT_HOME"
            )
        return cls(home)

    @property
    def run(self) -> Path:
        return self.home / "run"

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def logs(self) -> Path:
        return self.home / "logs"

    @property
    def airflow(self) -> Path:
        return self.home / "airflow"

    @property
    def stack_file(self) -> Path:
        return self.home / "stack.json"

    @property
    def ports_file(self) -> Path:
        return self.home / "ports.json"

    @property
    def prepared_file(self) -> Path:
        return self.home / "prepared.json"

    @property
    def lock_file(self) -> Path:
        return self.home / "lock"

    @property
    def supervisor_conf(self) -> Path:
        return self.run / "supervisord.conf"

    @property
    def supervisor_socket(self) -> Path:
        """The socket supervisord listens on; in the temporary folder when this path is too long for one."""
        path = self.run / "supervisor.sock"
        if len(os.fsencode(path)) <= _LONGEST_SOCKET_PATH:
            return path
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"mulakat-{digest}.sock"

    def log(self, program: str) -> Path:
        """Log file of a program."""
        return self.logs / f"{program}.log"

    def create(self) -> None:
        """Makes the folders; only their owner can look inside.

        Raises:
            SetupError: the folder cannot be written.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            self.home.chmod(0o700)
            for folder in (self.run, self.data, self.logs, self.airflow):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise SetupError(
                f"cannot use the state folder {str(self.home)!r} ({error.strerror}): set MULAKAT_HOME to another folder"
            ) from error


@dataclass(frozen=True)
class Secrets:
    """Passwords and keys of one embedded stack."""

    airflow_password: str
    postgres_password: str
    valkey_password: str
    mongo_password: str
    mongo_keyfile: str
    jwt_secret: str
    api_secret_key: str
    fernet_key: str
    signing_key: str

    @classmethod
    def load_or_create(cls, layout: Layout) -> Secrets:
        """The secrets of this state folder, made at the first call."""
        path = layout.home / "secrets.json"
        known: dict[str, str] = read_json(path)
        # Hexadecimal: a secret that begins with "-" would be taken for an option of the program that gets it.
        made = {field.name: secrets.token_hex(16) for field in fields(cls)}
        made |= {name: secrets.token_hex(64) for name in ("jwt_secret", "api_secret_key")}  # SHA-512 wants 64 bytes
        made["fernet_key"] = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()
        made["mongo_keyfile"] = secrets.token_hex(32)
        result = cls(**{name: known.get(name, value) for name, value in made.items()})
        if asdict(result) != known:
            write_private(path, json.dumps(asdict(result), indent=1))
        return result


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file; empty when there is no such file."""
    try:
        return dict(json.loads(path.read_text()))
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise SetupError(f"{str(path)!r} is damaged ({error}): delete it and try again") from error
