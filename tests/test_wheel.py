"""What is handed out: the wheel holds every file of our packages and nothing else, built from the sdist."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[1]
PLACES = {
    "analyzers": "analyzers",
    "mulakat": "mulakat",
    "review_ui": "review_ui",
    "plugins/mulakat_airflow": "mulakat_airflow",
    "dags": "mulakat_dags",
    "samples": "mulakat_samples",
}
"""Folder of the repository → package in the wheel."""


def repository_files() -> list[str]:
    """The files that are, or would be, in the repository."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [name for name in set(listed.split("\0")) if (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an sdist of the repository's files, and the wheel built from that sdist."""
    tree, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("dist")
    for name in repository_files():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, tree / name)
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(built), str(tree)]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return built


def test_the_wheel_holds_our_packages_files_and_nothing_else(dist: Path) -> None:
    expected = {
        f"{package}/{name.removeprefix(folder + '/')}": ROOT / name
        for name in repository_files()
        for folder, package in PLACES.items()
        if name.startswith(folder + "/")
    }
    [path] = dist.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        names = {name for name in wheel.namelist() if not name.partition("/")[0].endswith(".dist-info")}
        assert names == set(expected)
        for name, source in expected.items():
            assert wheel.read(name) == source.read_bytes()


def test_the_sdist_holds_no_tests_and_no_benchmarks(dist: Path) -> None:
    [path] = dist.glob("*.tar.gz")
    with tarfile.open(path) as sdist:
        folders = {name.split("/")[1] for name in sdist.getnames() if name.count("/") > 1}
    assert folders == {*(folder.partition("/")[0] for folder in PLACES), "mulakat.egg-info"}


def test_licence_and_notices_are_in_the_wheel(dist: Path) -> None:
    [path] = dist.glob("*.whl")
    with zipfile.ZipFile(path) as wheel:
        assert {Path(name).name for name in wheel.namelist() if "/licenses/" in name} == {"LICENSE", "NOTICE"}
