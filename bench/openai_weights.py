"""openai-whisper's weights, rebuilt from the CTranslate2 file, which holds the same tensors.

OpenAI's own `base.pt` is in no package registry. CTranslate2's converter renames and joins
tensors and keeps them as float16, the precision of the published weights; here they get their
old names and shapes back (https://opennmt.net/CTranslate2/model_spec.html).

    python -m bench.openai_weights base.pt
"""

from __future__ import annotations

import struct
import sys
from pathlib import Path
from typing import BinaryIO

import numpy as np

TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}


def rebuild(binary: Path, checkpoint: Path) -> None:
    """Write a checkpoint that `whisper.load_model(path)` takes.

    Args:
        binary: `model.bin` of a multilingual Whisper model, not quantised.
        checkpoint: file to write, float16.
    """
    import torch

    stored = read(binary)
    weights = {name: torch.from_numpy(array.copy()) for name, array in _state(stored).items()}
    torch.save({"dims": _dimensions(stored), "model_state_dict": weights}, checkpoint)


def read(binary: Path) -> dict[str, np.ndarray]:
    """The tensors of a CTranslate2 model file, by name."""
    with binary.open("rb") as file:
        _number(file, "I")  # version of the format
        _text(file)  # name of the specification
        _number(file, "I")  # its revision
        return dict(_tensor(file) for _ in range(_number(file, "I")))


def _tensor(file: BinaryIO) -> tuple[str, np.ndarray]:
    name = _text(file)
    shape = [_number(file, "I") for _ in range(_number(file, "B"))]
    kind = TYPES[_number(file, "B")]
    return name, np.frombuffer(file.read(_number(file, "I")), dtype=kind).reshape(shape)


def _number(file: BinaryIO, kind: str) -> int:
    return int(struct.unpack("<" + kind, file.read(struct.calcsize(kind)))[0])


def _text(file: BinaryIO) -> str:
    return file.read(_number(file, "H")).rstrip(b"\0").decode()


def _dimensions(stored: dict[str, np.ndarray]) -> dict[str, int]:
    sides = {"audio": "encoder", "text": "decoder"}
    sizes = {
        "n_mels": stored["encoder/conv1/weight"].shape[1],
        "n_vocab": stored["decoder/embeddings/weight"].shape[0],
    }
    for side, part in sides.items():
        sizes[f"n_{side}_ctx"], sizes[f"n_{side}_state"] = stored[f"{part}/position_encodings/encodings"].shape
        sizes[f"n_{side}_head"] = int(stored[f"{part}/num_heads"])
        sizes[f"n_{side}_layer"] = _layers(stored, part)
    return sizes


def _layers(stored: dict[str, np.ndarray], part: str) -> int:
    return len({name.split("/")[1] for name in stored if name.startswith(f"{part}/layer_") and name.count("/") > 2})


def _state(stored: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    state = {
        "decoder.token_embedding.weight": stored["decoder/embeddings/weight"],
        "decoder.positional_embedding": stored["decoder/position_encodings/encodings"],
        "encoder.positional_embedding": stored["encoder/position_encodings/encodings"],
    }
    for conv in ("conv1", "conv2"):
        for kind in ("weight", "bias"):
            state[f"encoder.{conv}.{kind}"] = stored[f"encoder/{conv}/{kind}"]
    state |= _norm(stored, "encoder/layer_norm", "encoder.ln_post")
    state |= _norm(stored, "decoder/layer_norm", "decoder.ln")
    for part in ("encoder", "decoder"):
        for layer in range(_layers(stored, part)):
            state |= _block(stored, f"{part}/layer_{layer}", f"{part}.blocks.{layer}")
    return state


def _block(stored: dict[str, np.ndarray], source: str, target: str) -> dict[str, np.ndarray]:
    """One layer; self-attention keeps query, key and value in one matrix, cross-attention key and value."""
    state: dict[str, np.ndarray] = {}
    attention, parts = f"{source}/self_attention", ("query", "key", "value")
    state |= _split(stored, f"{attention}/linear_0", f"{target}.attn", parts)
    state |= _split(stored, f"{attention}/linear_1", f"{target}.attn", ("out",))
    state |= _norm(stored, f"{attention}/layer_norm", f"{target}.attn_ln")
    if f"{source}/attention/linear_0/weight" in stored:
        cross = f"{source}/attention"
        state |= _split(stored, f"{cross}/linear_0", f"{target}.cross_attn", ("query",))
        state |= _split(stored, f"{cross}/linear_1", f"{target}.cross_attn", ("key", "value"))
        state |= _split(stored, f"{cross}/linear_2", f"{target}.cross_attn", ("out",))
        state |= _norm(stored, f"{cross}/layer_norm", f"{target}.cross_attn_ln")
    state |= _split(stored, f"{source}/ffn/linear_0", target, ("mlp.0",))
    state |= _split(stored, f"{source}/ffn/linear_1", target, ("mlp.2",))
    state |= _norm(stored, f"{source}/ffn/layer_norm", f"{target}.mlp_ln")
    return state


def _split(stored: dict[str, np.ndarray], source: str, target: str, parts: tuple[str, ...]) -> dict[str, np.ndarray]:
    state = {}
    for kind in ("weight", "bias"):
        for part, values in zip(parts, np.split(stored[f"{source}/{kind}"], len(parts)), strict=True):
            if (part, kind) != ("key", "bias"):  # Whisper's keys have none; CTranslate2 stores zeros
                state[f"{target}.{part}.{kind}"] = values
    return state


def _norm(stored: dict[str, np.ndarray], source: str, target: str) -> dict[str, np.ndarray]:
    return {f"{target}.weight": stored[f"{source}/gamma"], f"{target}.bias": stored[f"{source}/beta"]}


if __name__ == "__main__":
    from mulakat.runtime import models

    rebuild(models.locate("whisper-base") / "model.bin", Path(sys.argv[1]))
