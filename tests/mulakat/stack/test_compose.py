"""The compose file says the same as the code, and Docker Compose itself accepts it.

Read through the real `docker-compose` (a wheel among the development tools), which
checks the file against the Compose schema and resolves anchors, variables and
overrides. No Docker engine is needed for that.
"""

from __future__ import annotations

import itertools
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mulakat.cli.main import app
from mulakat.interviews.settings import Settings
from mulakat.runtime.llm_settings import ModelSettings
from mulakat.stack import plan, prepare_airflow
from mulakat.stack.airflow import WORKERS, mongo_connection
from mulakat.stack.layout import Layout
from mulakat.workflow.queues import QUEUES
from tests.support.known import known

ROOT = Path(__file__).parents[3]
FILES = (ROOT / "docker-compose.yml", ROOT / "docker-compose.gpu.yml")
VARIABLE = re.compile(r"(?<!\$)\$\{([A-Z_]+)")
HANDED_ON = re.compile(r"^ +([A-Z_]+):$", re.MULTILINE)

OFFICIAL = {
    "postgres", "redis", "airflow-apiserver", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer",
    "airflow-init", "airflow-cli", "flower",
}  # fmt: skip
OURS = {"mongo", "worker-cpu", "worker-gpu", "review"}

Model = dict[str, Any]


@pytest.fixture(scope="module")
def env_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A .env, made as .env.example says."""
    command = re.search(r"^#   (awk .*)$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert command is not None
    folder = tmp_path_factory.mktemp("compose")
    shutil.copy(ROOT / ".env.example", folder)
    subprocess.run(command[1], shell=True, cwd=folder, check=True)  # noqa: S602
    return folder / ".env"


def config(env_file: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """`docker compose config`."""
    compose = shutil.which("docker-compose", path=str(Path(sys.executable).parent))
    if compose is None:
        pytest.skip("COMPOSE FILE NOT CHECKED: there is no docker-compose wheel for this platform")
    return subprocess.run(
        [compose, "--project-directory", str(ROOT), "--env-file", str(env_file), *arguments,
         "config", "--format", "json"],
        env={"PATH": os.defpath, "HOME": str(env_file.parent), **variables},
        capture_output=True,
        text=True,
    )  # fmt: skip


def model(env_file: Path, *arguments: str, **variables: str) -> Model:
    """The resolved compose model."""
    done = config(env_file, *arguments, **variables)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return dict(json.loads(done.stdout))


@pytest.fixture(scope="module")
def stack(env_file: Path) -> Model:
    """What `docker compose up` starts."""
    return model(env_file, "-f", str(FILES[0]))


@pytest.fixture(scope="module")
def everything(env_file: Path) -> Model:
    """All services of all profiles."""
    return model(env_file, "-f", str(FILES[0]), "--profile", "*")


@pytest.fixture(scope="module")
def with_gpu(env_file: Path) -> Model:
    return model(env_file, "-f", str(FILES[0]), "-f", str(FILES[1]))


def test_services_have_their_official_names(stack: Model, everything: Model) -> None:
    assert set(everything["services"]) == OFFICIAL | OURS
    assert set(everything["services"]) - set(stack["services"]) == {"airflow-cli", "flower"}


def test_without_passwords_nothing_starts(tmp_path: Path, env_file: Path) -> None:
    empty = tmp_path / ".env"
    empty.touch()
    refused = config(empty, "-f", str(FILES[0]))
    assert refused.returncode != 0
    secrets = re.findall(r"^(\w+)=generate$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert len(secrets) >= 8
    for secret in secrets:
        assert f"required variable {secret} is missing a value: set it in .env" in refused.stderr
    values = dict(line.split("=", 1) for line in env_file.read_text().splitlines() if re.match(r"\w", line))
    assert len({values[secret] for secret in secrets}) == len(secrets)
    assert all(len(values[secret]) >= 40 for secret in secrets)


def test_the_keys_made_are_keys_airflow_takes(stack: Model) -> None:
    from cryptography.fernet import Fernet

    Fernet(stack["services"]["airflow-scheduler"]["environment"]["AIRFLOW__CORE__FERNET_KEY"])


def test_every_queue_is_served_without_a_gpu(stack: Model) -> None:
    served = {name: queues(service) for name, service in stack["services"].items() if name.startswith("worker-")}
    assert sorted(itertools.chain(*served.values())) == sorted(QUEUES)
    assert served == {worker.name: list(worker.queues) for worker in WORKERS}
    assert "deploy" not in stack["services"]["worker-gpu"]


def test_workers_run_as_many_tasks_as_in_the_embedded_stack(stack: Model) -> None:
    for worker in WORKERS:
        assert option(stack["services"][worker.name], "--concurrency") == str(worker.concurrency)


def test_init_makes_the_indexes_and_pools_of_the_code(stack: Model) -> None:
    init = stack["services"]["airflow-init"]
    assert init["command"] == ["bash", "-c", f"mulakat indexes && exec python -m {prepare_airflow.__name__}"]
    assert "indexes" in [command.name or known(command.callback).__name__ for command in app.registered_commands]
    assert init["depends_on"]["mongo"]["condition"] == "service_healthy"
    assert init["restart"] == "no"
    for name in OFFICIAL - {"postgres", "redis", "airflow-init", "airflow-cli", "flower"}:
        waits_for = stack["services"][name]["depends_on"]["airflow-init"]
        assert waits_for["condition"] == "service_completed_successfully"


@pytest.mark.long
def test_airflow_knows_the_commands(everything: Model, tmp_path: Path) -> None:
    services = everything["services"].values()
    commands = [service["command"] for service in services if service["image"].startswith("mulakat:")]
    commands = [command for command in commands if command[0] not in ("python", "bash", "streamlit")]
    checks = [service["healthcheck"]["test"][1] for service in services if "healthcheck" in service]
    commands += [shlex.split(check)[1:] for check in checks if check.startswith("airflow ")]
    assert len(commands) == 9
    program = (
        "import json, sys; from airflow.cli import cli_parser\n"
        "for command in json.loads(sys.argv[1]): cli_parser.get_parser().parse_args(command)"
    )
    environment = os.environ | {
        "AIRFLOW_HOME": str(tmp_path),
        "AIRFLOW__CORE__EXECUTOR": "CeleryExecutor",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": "postgresql+psycopg2://nobody@127.0.0.1:9/none",  # never asked
    }
    parsed = subprocess.run(
        [sys.executable, "-c", program, json.dumps(commands)], env=environment, capture_output=True, text=True
    )
    assert parsed.returncode == 0, parsed.stderr


def test_the_gpu_is_lent_on_request(with_gpu: Model) -> None:
    worker = with_gpu["services"]["worker-gpu"]
    (device,) = worker["deploy"]["resources"]["reservations"]["devices"]
    assert (device["driver"], device["capabilities"]) == ("nvidia", ["gpu"])
    assert worker["build"]["target"] == "gpu"
    others = {service["build"]["target"] for service in with_gpu["services"].values() if "build" in service}
    assert others == {"cpu", "gpu"}
    assert worker["image"] not in {s["image"] for n, s in with_gpu["services"].items() if n != "worker-gpu"}


def test_only_pages_for_people_have_ports_and_only_on_this_machine(everything: Model) -> None:
    ports = {name: service["ports"] for name, service in everything["services"].items() if "ports" in service}
    assert set(ports) == {"airflow-apiserver", "review", "flower"}
    defaults = Settings.model_fields
    for name, port in (("airflow-apiserver", "port_airflow"), ("review", "port_review")):
        assert ports[name][0]["published"] == str(defaults[port].default)
    assert {port["host_ip"] for published in ports.values() for port in published} == {"127.0.0.1"}


def test_image_has_the_airflow_and_python_of_the_project() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    base = re.search(r"^FROM apache/airflow:slim-(.+)-python(.+) AS base$", dockerfile, re.MULTILINE)
    airflow = re.search(r"^apache-airflow==(\S+)", lock, re.MULTILINE)
    assert base is not None
    assert airflow is not None
    assert base[1] == airflow[1]
    assert base[2] == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_images_that_do_not_exist_elsewhere_are_built(everything: Model) -> None:
    for name, service in everything["services"].items():
        assert ("build" in service) == service["image"].startswith("mulakat:"), name


def test_every_setting_reaches_the_workers(stack: Model) -> None:
    embedded_only = {"home", "database_url", "port_airflow", "port_review"}
    for_commands = {"airflow_username", "airflow_password"}
    for_review = {"signing_key"}
    given = settings_in(stack["services"]["worker-gpu"])
    of_the_model = {f"llm_{name}" for name in ModelSettings.model_fields}
    assert given == set(Settings.model_fields) - embedded_only - for_commands - for_review | of_the_model
    assert {"OPENAI_MODEL", "OPENAI_BASE_URL", "OPENAI_API_KEY"} <= set(stack["services"]["worker-cpu"]["environment"])
    assert "MULAKAT_LLM_CONCURRENCY" in stack["services"]["airflow-init"]["environment"]  # it makes the pool
    assert for_commands <= settings_in(stack["services"]["airflow-init"])
    review = settings_in(stack["services"]["review"])
    assert for_review <= review
    assert not for_commands & review
    assert not any(name.startswith("AIRFLOW__") for name in stack["services"]["review"]["environment"])


@pytest.mark.parametrize("service", ["worker-cpu", "review", "airflow-cli"])
def test_settings_are_valid(everything: Model, service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("MULAKAT_")]:
        monkeypatch.delenv(name)
    mounted = {volume["target"] for volume in everything["services"][service]["volumes"]}
    for name, value in everything["services"][service]["environment"].items():
        if value is not None:
            monkeypatch.setenv(name, value)
    conf = Settings()
    assert {str(root) for root in conf.file_roots} <= mounted
    assert conf.media_store in mounted
    assert conf.scratch_dir is None or str(conf.scratch_dir) in mounted


def test_optional_settings_are_handed_on(env_file: Path) -> None:
    variables = {"OPENAI_MODEL": "some-model", "OPENAI_API_KEY": "k", "MULAKAT_RETRIES": "5", "MULAKAT_LLM_SEED": "2"}
    worker = model(env_file, "-f", str(FILES[0]), **variables)["services"]["worker-cpu"]
    assert variables.items() <= worker["environment"].items()


def test_airflow_runs_as_in_the_embedded_stack(stack: Model, tmp_path: Path) -> None:
    """Same Airflow options; only addresses, folders and secrets differ."""
    layout = Layout.at(tmp_path)
    layout.create()
    embedded = airflow_options(plan.make(Settings(home=tmp_path), layout).airflow.environment())
    compose = airflow_options(stack["services"]["airflow-scheduler"]["environment"])
    elsewhere = {
        "CORE__DAGS_FOLDER": "Dockerfile",
        "CORE__HOSTNAME_CALLABLE": "the default is right between containers",
        "API__HOST": "the default, all addresses of the container",
        "API__PORT": "the default",
        "API__WORKERS": "the default",
        "LOGGING__BASE_LOG_FOLDER": "the default, a volume",
        "LOGGING__LOGGING_LEVEL": "the default",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "the default: files in an image do not change",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "the default",
        "DAG_PROCESSOR__PARSING_PROCESSES": "the default",
        "FAB__CONFIG_FILE": "the default",
    }
    assert set(embedded) - set(compose) <= set(elsewhere)
    assert set(compose) <= set(embedded)
    own = {
        "CORE__EXECUTION_API_SERVER_URL", "CORE__FERNET_KEY", "API__BASE_URL", "API__SECRET_KEY",
        "API_AUTH__JWT_SECRET", "DATABASE__SQL_ALCHEMY_CONN", "CELERY__BROKER_URL", "CELERY__RESULT_BACKEND",
        "SCHEDULER__ENABLE_HEALTH_CHECK",
    }  # fmt: skip
    assert {name: compose[name] for name in set(compose) - own} == {name: embedded[name] for name in set(compose) - own}


def test_the_mongo_connection_is_the_mongo_uri(stack: Model) -> None:
    environment = stack["services"]["worker-cpu"]["environment"]
    connection = mongo_connection(environment["MULAKAT_MONGO_URI"], environment["MULAKAT_MONGO_DATABASE"])
    assert json.loads(environment["AIRFLOW_CONN_MULAKAT_MONGO"]) == json.loads(connection)


def test_services_agree_on_passwords(stack: Model, env_file: Path) -> None:
    """What a server is started with is what its clients use."""
    services = stack["services"]
    client = services["worker-cpu"]["environment"]
    redis = services["redis"]
    assert f":{redis['environment']['REDISCLI_AUTH']}@" in client["AIRFLOW__CELERY__BROKER_URL"]
    assert redis["command"][-1] == redis["environment"]["REDISCLI_AUTH"]
    assert (
        f":{services['postgres']['environment']['POSTGRES_PASSWORD']}@" in client["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
    )
    mongo = services["mongo"]["environment"]
    assert client["MULAKAT_MONGO_URI"].startswith(
        f"mongodb://{mongo['MONGO_INITDB_ROOT_USERNAME']}:{mongo['MONGO_INITDB_ROOT_PASSWORD']}@mongo:27017/"
    )


def test_every_variable_is_in_the_example_and_the_other_way_round() -> None:
    text = "".join(file.read_text(encoding="utf-8") for file in FILES)
    # Volumes look like variables that are handed on, but are written in small letters.
    used = set(VARIABLE.findall(text)) | set(HANDED_ON.findall(text))
    documented = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert used - {"HOSTNAME"} == documented


def test_defaults_in_the_example_are_the_defaults(env_file: Path, tmp_path: Path, stack: Model) -> None:
    """Leaving the optional lines out changes nothing."""
    required = tmp_path / ".env"
    generated = set(re.findall(r"^(\w+)=generate$", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    lines = [line for line in env_file.read_text().splitlines() if line.split("=")[0] in generated]
    required.write_text("\n".join(lines))
    assert model(required, "-f", str(FILES[0])) == stack


def test_nothing_secret_can_get_into_the_image() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]
    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert not any(name.startswith(".") for name in allowed)
    for needed in ("analyzers", "dags", "mulakat", "plugins", "review_ui", "requirements.lock", "setup.py"):
        assert needed in allowed


def queues(service: Model) -> list[str]:
    """The queues a worker service listens to."""
    return option(service, "--queues").split(",")


def option(service: Model, name: str) -> str:
    """The value of a command-line option."""
    command: list[str] = service["command"]
    return command[command.index(name) + 1]


def settings_in(service: Model) -> set[str]:
    """Fields of `Settings` that a service's environment sets or hands on."""
    return {name.removeprefix("MULAKAT_").lower() for name in service["environment"] if name.startswith("MULAKAT_")}


def airflow_options(environment: dict[str, str]) -> dict[str, str]:
    """`AIRFLOW__SECTION__NAME` variables by `SECTION__NAME`."""
    return {
        name.removeprefix("AIRFLOW__"): value for name, value in environment.items() if name.startswith("AIRFLOW__")
    }
