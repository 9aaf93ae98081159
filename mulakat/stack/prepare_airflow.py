"""Prepares Airflow's database: `python -m mulakat.stack.prepare_airflow`.

Runs the Airflow commands a person would run, one after the other in this one process,
because importing Airflow takes longer than the commands themselves, and because a
password in an argument list could be read by everybody on the machine.
"""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

from mulakat.workflow.queues import pools


def main() -> None:
    """Migrates the tables, then imports pools and makes the user (a no-op when there is one)."""
    from airflow.cli import cli_parser

    def run(*arguments: str) -> None:
        parsed = cli_parser.get_parser().parse_args(arguments)
        parsed.func(parsed)

    run("db", "migrate")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "pools.json")
        file.write_text(json.dumps({name: pool._asdict() for name, pool in pools().items()}))
        run("pools", "import", str(file))
    run(
        "users", "create", "--role", "Admin", "--firstname", "Airflow", "--lastname", "Admin",
        "--username", os.environ["MULAKAT_AIRFLOW_USERNAME"], "--email", "admin@example.com",
        "--password", os.environ["MULAKAT_AIRFLOW_PASSWORD"],
    )  # fmt: skip


if __name__ == "__main__":
    main()
