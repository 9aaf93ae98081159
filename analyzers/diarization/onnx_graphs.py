"""The two networks, written as ONNX graphs around the published weights.

Their publishers give PyTorch checkpoints only. PyTorch is far too heavy to ship for 13 million
weights, so the graphs are put together here, once on a machine, and ONNX Runtime runs them.
Tests compare both with the reference implementations in PyTorch.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING, Any

import numpy as np

from analyzers.diarization import torch_file
from mulakat.runtime import models

if TYPE_CHECKING:
    from onnx import ModelProto

OPSET, IR_VERSION = 17, 8


def load(model: str, build: Callable[[Path], bytes]) -> Any:
    """A session of `build`'s graph around the weights of a registered model; built once, kept in the model cache.

    Raises:
        SetupError: the model is missing or not the expected one.
    """
    return session(models.derived(model, f"{build.__name__} {_source()}", build))


@cache
def _source() -> str:
    """Digest of the code that builds graphs: changed code builds them again."""
    modules = (Path(__file__), Path(torch_file.__file__))
    return hashlib.sha256(b"".join(module.read_bytes() for module in modules)).hexdigest()


def segmentation(path: Path) -> bytes:
    """PyanNet of pyannote.audio: `pyannote/segmentation-3.0` (Plaquet & Bredin, Interspeech 2023; Bredin, ibid.).

    SincNet (Ravanelli & Bengio, 2018), four bidirectional LSTM layers, two dense layers.

    Input `audio` (windows, 1, samples): 16 kHz, 10 s in training.
    Output `classes` (frames, windows, 7): logits of nobody, 1, 2, 3, 1+2, 1+3, 2+3; one frame per 270 samples.
    """
    graph = _Graph(torch_file.tensors(path))
    x = graph.instance_norm("audio", "sincnet.wav_norm1d")
    for index in range(3):
        name = f"sincnet.conv1d.{index}"
        if index == 0:
            x = graph.op("Abs", graph.op("Conv", x, graph.constant(_sinc_filters(graph.weights, name)), strides=[10]))
        else:
            x = graph.op("Conv", x, graph.weight(f"{name}.weight"), graph.weight(f"{name}.bias"))
        x = graph.op("MaxPool", x, kernel_shape=[3], strides=[3])
        x = graph.op("LeakyRelu", graph.instance_norm(x, f"sincnet.norm1d.{index}"))
    x = graph.op("Transpose", x, perm=[2, 0, 1])
    for layer in range(4):
        x = graph.lstm(x, f"lstm.%s_l{layer}")
    for name in ("linear.0", "linear.1"):
        x = graph.op("LeakyRelu", graph.dense(x, name))
    return graph.model("audio", ["windows", 1, "samples"], graph.dense(x, "classifier"), "classes")


def embedding(path: Path) -> bytes:
    """CAM++ of 3D-Speaker: `speech_campplus_sv_zh_en_16k-common_advanced` (Wang et al., Interspeech 2023).

    Input `features` (pieces, frames, 80): Kaldi filter banks less their mean over time, at most 200 frames of
    10 ms: the network's context is pooled over stretches of 2 s, which is then the whole piece.
    Output `embeddings` (pieces, 192).
    """
    graph = _Graph(torch_file.tensors(path))
    x = graph.op("Unsqueeze", graph.op("Transpose", "features", perm=[0, 2, 1]), graph.integers(1))
    x = graph.conv2d_norm(x, "head.conv1", "head.bn1")
    for stage in ("head.layer1", "head.layer2"):
        x = graph.residual(x, f"{stage}.0", stride=2)
        x = graph.residual(x, f"{stage}.1", stride=1)
    x = graph.conv2d_norm(x, "head.conv2", "head.bn2", stride=2)
    x = graph.op("Reshape", x, graph.integers(0, 320, -1))
    x = graph.conv1d(x, "xvector.tdnn.linear", strides=[2], pads=[2, 2])
    x = graph.op("Relu", graph.batch_norm(x, "xvector.tdnn.nonlinear.batchnorm"))
    for block, (layers, dilation) in enumerate(((12, 1), (24, 2), (16, 2)), 1):
        for layer in range(1, layers + 1):
            new = graph.context_aware(x, f"xvector.block{block}.tdnnd{layer}", dilation)
            x = graph.op("Concat", x, new, axis=1)
        x = graph.op("Relu", graph.batch_norm(x, f"xvector.transit{block}.nonlinear.batchnorm"))
        x = graph.conv1d(x, f"xvector.transit{block}.linear")
    x = graph.op("Relu", graph.batch_norm(x, "xvector.out_nonlinear.batchnorm"))
    x = graph.conv1d(graph.mean_and_deviation(x), "xvector.dense.linear")
    x = graph.op("Squeeze", graph.batch_norm(x, "xvector.dense.nonlinear.batchnorm"), graph.integers(2))
    return graph.model("features", ["pieces", "frames", 80], x, "embeddings")


def session(model: bytes) -> Any:
    """An ONNX Runtime session on one core: a second one saves a tenth of the time, Whisper uses it better."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    # Inputs of many sizes: an arena would keep the largest of everything.
    options.enable_cpu_mem_arena = False
    with NamedTemporaryFile(suffix=".onnx") as file:  # of bytes, a session keeps a copy as long as it lives
        file.write(model)
        file.flush()
        return onnxruntime.InferenceSession(file.name, options, providers=["CPUExecutionProvider"])


def _sinc_filters(weights: dict[str, np.ndarray], name: str) -> np.ndarray:
    """The band-pass filters, 40 even and 40 odd, shape (80, 1, 251), as `ParamSincFB` of asteroid-filterbanks."""
    low_hz, band_hz, times, window = (
        weights[f"{name}.filterbank.{part}"].astype(np.float64) for part in ("low_hz_", "band_hz_", "n_", "window_")
    )
    low = 50 + np.abs(low_hz)
    high = np.clip(low + 50 + np.abs(band_hz), 50, 8000)
    width = high - low
    even = (np.sin(high * times) - np.sin(low * times)) / (times / 2) * window
    odd = (np.cos(low * times) - np.cos(high * times)) / (times / 2) * window
    filters = np.concatenate(
        (
            np.hstack((even, 2 * width, even[:, ::-1])) / (2 * width),
            np.hstack((odd, 0 * width, -odd[:, ::-1])) / (2 * width),
        )
    )
    return filters[:, None].astype(np.float32)


class _Graph:
    """An ONNX graph under construction; every method adds nodes and gives the name of what they compute."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        self.weights = weights
        self._nodes: list[Any] = []
        self._constants: dict[str, Any] = {}

    def op(self, kind: str, *inputs: str, **attributes: Any) -> str:
        from onnx import helper

        name = f"{kind}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, list(inputs), [name], **attributes))
        return name

    def constant(self, value: np.ndarray, name: str | None = None) -> str:
        from onnx import numpy_helper

        name = name or f"constant_{len(self._constants)}"
        self._constants[name] = numpy_helper.from_array(np.ascontiguousarray(value), name)
        return name

    def integers(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def weight(self, name: str) -> str:
        return self.constant(self.weights[name], name)

    def dense(self, x: str, name: str) -> str:
        product = self.op("MatMul", x, self.constant(self.weights[f"{name}.weight"].T))
        return self.op("Add", product, self.weight(f"{name}.bias"))

    def conv1d(self, x: str, name: str, **attributes: Any) -> str:
        bias = [self.weight(f"{name}.bias")] if f"{name}.bias" in self.weights else []
        return self.op("Conv", x, self.weight(f"{name}.weight"), *bias, **attributes)

    def batch_norm(self, x: str, name: str) -> str:
        mean, variance = self.weights[f"{name}.running_mean"], self.weights[f"{name}.running_var"]
        scale = self.weights.get(f"{name}.weight", np.ones_like(mean))
        bias = self.weights.get(f"{name}.bias", np.zeros_like(mean))
        return self.op("BatchNormalization", x, *map(self.constant, (scale, bias, mean, variance)))

    def instance_norm(self, x: str, name: str) -> str:
        return self.op("InstanceNormalization", x, self.weight(f"{name}.weight"), self.weight(f"{name}.bias"))

    def lstm(self, x: str, pattern: str) -> str:
        """Both directions of a layer; PyTorch's gates are in the order i, f, c, o, those of ONNX i, o, f, c."""

        def gates(part: str) -> np.ndarray:
            both = [self.weights[pattern % part + direction] for direction in ("", "_reverse")]
            return np.stack([np.concatenate([np.split(one, 4)[gate] for gate in (0, 3, 1, 2)]) for one in both])

        inputs, states = self.constant(gates("weight_ih")), self.constant(gates("weight_hh"))
        biases = self.constant(np.concatenate((gates("bias_ih"), gates("bias_hh")), axis=1))
        hidden = self.weights[pattern % "weight_hh"].shape[1]
        out = self.op("LSTM", x, inputs, states, biases, hidden_size=hidden, direction="bidirectional")
        return self.op("Reshape", self.op("Transpose", out, perm=[0, 2, 1, 3]), self.integers(0, 0, -1))

    def conv2d_norm(self, x: str, conv: str, norm: str, *, stride: int = 1, relu: bool = True) -> str:
        weight = self.weights[f"{conv}.weight"]
        pad = weight.shape[-1] // 2
        x = self.op("Conv", x, self.weight(f"{conv}.weight"), strides=[stride, 1], pads=[pad] * 4)
        x = self.batch_norm(x, norm)
        return self.op("Relu", x) if relu else x

    def residual(self, x: str, name: str, *, stride: int) -> str:
        inner = self.conv2d_norm(x, f"{name}.conv1", f"{name}.bn1", stride=stride)
        inner = self.conv2d_norm(inner, f"{name}.conv2", f"{name}.bn2", relu=False)
        if stride != 1:
            x = self.conv2d_norm(x, f"{name}.shortcut.0", f"{name}.shortcut.1", stride=stride, relu=False)
        return self.op("Relu", self.op("Add", inner, x))

    def context_aware(self, x: str, name: str, dilation: int) -> str:
        """A dense layer masked by what the piece as a whole is like."""
        x = self.op("Relu", self.batch_norm(x, f"{name}.nonlinear1.batchnorm"))
        x = self.conv1d(x, f"{name}.linear1")
        x = self.op("Relu", self.batch_norm(x, f"{name}.nonlinear2.batchnorm"))
        local = self.conv1d(x, f"{name}.cam_layer.linear_local", dilations=[dilation], pads=[dilation] * 2)
        mean = self.op("ReduceMean", x, axes=[2])  # over the piece, and again over its one stretch of 2 s
        context = self.op("Relu", self.conv1d(self.op("Add", mean, mean), f"{name}.cam_layer.linear1"))
        return self.op("Mul", local, self.op("Sigmoid", self.conv1d(context, f"{name}.cam_layer.linear2")))

    def mean_and_deviation(self, x: str) -> str:
        """Mean and sample standard deviation over time, one below the other."""
        mean = self.op("ReduceMean", x, axes=[2])
        apart = self.op("Sub", x, mean)
        squares = self.op("ReduceSum", self.op("Mul", apart, apart), self.integers(2))
        frames = self.op("Cast", self.op("Shape", x, start=2), to=1)
        others = self.op("Sub", frames, self.constant(np.ones(1, np.float32)))
        return self.op("Concat", mean, self.op("Sqrt", self.op("Div", squares, others)), axis=1)

    def model(self, source: str, shape: list[int | str], result: str, name: str) -> bytes:
        from onnx import TensorProto, helper

        self._nodes.append(helper.make_node("Identity", [result], [name]))
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info(source, TensorProto.FLOAT, shape)],
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)],
            list(self._constants.values()),
        )
        opsets = [helper.make_opsetid("", OPSET)]
        model: ModelProto = helper.make_model(graph, opset_imports=opsets, ir_version=IR_VERSION)
        return bytes(model.SerializeToString())
