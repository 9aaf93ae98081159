"""A whole analysis opens no connection: it runs under a filter that kills whoever tries.

The filter (`seccomp`) is inherited by every thread and process that `mulakat analyze`
starts, so nothing in it can try unseen: neither a model library nor a child process.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from mulakat.pipeline.stages import STAGES

MULAKAT = Path(sys.executable).with_name("mulakat")
ROOT = Path(__file__).parents[2]

# As on a server: some libraries keep quiet where variables say that tests are running (`CI` and others).
ENVIRONMENT = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}

# Start a program that is killed by SIGSYS, with all it has started, when it addresses anybody.
UNDER_WATCH = """
import os, sys
from mulakat.runtime.seccomp import forbid
forbid(("connect", "sendto", "sendmsg", "sendmmsg", "io_uring_setup"), then="kill")
os.execv(sys.argv[1], sys.argv[1:])
"""


def watched(*command: str | Path) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-c", UNDER_WATCH, *map(str, command))
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT)


CALLS = {
    "connect": "socket.create_connection(('127.0.0.1', 9))",
    "connect to a path": "socket.socket(socket.AF_UNIX).connect('/nowhere')",
    "look up a name": "socket.getaddrinfo('example.invalid', 80)",
    "sendto": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'', ('127.0.0.1', 9))",
    "sendmsg": "socket.socket(type=socket.SOCK_DGRAM).sendmsg([b''], [], 0, ('127.0.0.1', 9))",
    "in a thread": "threading.Thread(target=socket.create_connection, args=[('127.0.0.1', 9)]).start()",
}


@pytest.mark.parametrize("name", CALLS)
def test_the_watch_kills_whoever_tries(name: str) -> None:
    done = watched(sys.executable, "-c", f"import socket, threading\n{CALLS[name]}")
    assert done.returncode == -signal.SIGSYS


def test_the_watch_reaches_children(tmp_path: Path) -> None:
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"
    parent = f"import subprocess, sys; sys.exit(-subprocess.run([sys.executable, '-c', {code!r}]).returncode)"
    assert watched(sys.executable, "-c", parent).returncode == signal.SIGSYS


def test_the_watch_lets_the_rest_run() -> None:
    with socket.create_server(("127.0.0.1", 0)):
        done = watched(sys.executable, "-c", "import socket; socket.socket(); print('fine')")
    assert (done.returncode, done.stdout) == (0, "fine\n")


@pytest.fixture
def policy_for_all(tmp_path: Path) -> Path:
    """A policy that switches on every stage there is."""
    policy = yaml.safe_load((ROOT / "mulakat/rubrics/shipped/policy/multimodal.yaml").read_text(encoding="utf-8"))
    policy["analyse"] = sorted({stage.modality for stage in STAGES if stage.modality})
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(policy), encoding="utf-8")
    return path


@pytest.mark.long
def test_a_whole_analysis_opens_no_connection(samples: Path, policy_for_all: Path) -> None:
    done = watched(
        MULAKAT, "analyze", samples / "introduction.mp4", samples / "problem_solving.mp4", "--json",
        "--policy", policy_for_all, "--question", "Which problem did you solve?",
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    face, sound = (json.loads(line) for line in done.stdout.splitlines())
    for analysis in (face, sound):
        assert [stage for stage in analysis["stages"] if stage["status"] == "failed"] == []
    # All of it was really done, in one of the two recordings.
    assert {stage["name"] for stage in face["stages"] if stage["status"] == "ok"} == {stage.name for stage in STAGES}
    assert face["transcript"]["words"]
    assert sound["transcript"]["words"]
    assert face["face"]["visible_ratio"] > 0.5
    assert sound["language"]["rater"] == "local"
