"""Write a small network as ONNX, layer by layer: how published weights become files that ship."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx  # noqa: TID253
from onnx import TensorProto, helper, numpy_helper  # noqa: TID253


class Graph:
    """Nodes and constants of a network that maps `face` [n, channels, side, side] to `probabilities` [n, classes]."""

    def __init__(self) -> None:
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def constant(self, value: np.ndarray) -> str:
        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def int8(self, weights: np.ndarray) -> str:
        """Weights kept as 8-bit integers, with a scale for each of the first axis; floats when the model runs."""
        axes = tuple(range(1, weights.ndim))
        scale = (np.abs(weights).max(axis=axes) / 127).astype(np.float32)
        whole = np.rint(weights / scale.reshape(-1, *(1,) * len(axes))).astype(np.int8)
        zero = self.constant(np.zeros(len(scale), np.int8))
        return self.add("DequantizeLinear", self.constant(whole), self.constant(scale), zero, axis=0)

    def add(self, operator: str, *inputs: str, **attributes: Any) -> str:
        name = f"value_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [name], **attributes))
        return name

    def convolution(self, x: str, weights: str, *bias: str, stride: int = 1, groups: int = 1, same: bool = True) -> str:
        """TensorFlow's padding: more at the end when it cannot be even."""
        padding = "SAME_UPPER" if same else "VALID"
        return self.add("Conv", x, weights, *bias, strides=[stride] * 2, group=groups, auto_pad=padding)

    def model(self, name: str, channels: int, side: int, classes: int) -> onnx.ModelProto:
        """The graph, ending in the last node that was added."""
        self._nodes[-1].output[0] = "probabilities"
        graph = helper.make_graph(
            self._nodes,
            name,
            [helper.make_tensor_value_info("face", TensorProto.FLOAT, ["n", channels, side, side])],
            [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["n", classes])],
            self._constants,
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model, full_check=True)
        return model
