"""Tensors of a PyTorch checkpoint, read without PyTorch and without running anything in it.

A checkpoint (`torch.save`, zip format) is a pickle beside one raw little-endian file per
storage. Only the few names a plain checkpoint needs are resolved; every other object in
the pickle becomes an empty stand-in, so no code of the file's choice ever runs.
"""

from __future__ import annotations

import collections
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np

_STORAGES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}


class _Opaque:
    """Whatever else was pickled along with the tensors."""

    def __init__(self, *_: object, **__: object) -> None: ...

    def __setstate__(self, _: object) -> None: ...


def tensors(path: Path) -> dict[str, np.ndarray]:
    """The state dict of a checkpoint: at the top of the file, or under `state_dict`."""
    with zipfile.ZipFile(path) as archive:
        found = _Reader(archive).load()
    return dict(found.get("state_dict", found))


class _Reader(pickle.Unpickler):
    def __init__(self, archive: zipfile.ZipFile) -> None:
        index = next(name for name in archive.namelist() if name.endswith("data.pkl"))
        super().__init__(archive.open(index))
        self._archive, self._folder = archive, index.removesuffix("data.pkl") + "data/"

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("collections", "OrderedDict"):
            return collections.OrderedDict
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return _tensor
        return _STORAGES.get(name, _Opaque) if module == "torch" else _Opaque

    def persistent_load(self, pid: Any) -> np.ndarray:
        _, dtype, key, *_ = pid
        return np.frombuffer(self._archive.read(self._folder + key), dtype)


def _tensor(
    storage: np.ndarray, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object
) -> np.ndarray:
    """What `torch._utils._rebuild_tensor_v2` makes: a view of a storage, strides in elements."""
    view = np.lib.stride_tricks.as_strided(
        storage[offset:], shape, [stride * storage.itemsize for stride in strides], writeable=False
    )
    return np.ascontiguousarray(view)
