# SPDX-License-Identifier: Apache-2.0
"""Convolutions (docs/behaviour.md, "Convolution"). ONNX wants the units before the points."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.activations import find_activation
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_convolution(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of a convolution."""
    b = graph.builder
    rows = graph.masked(graph.rows(layer.sources[0]))
    dims = len(layer.kernel)
    (connection,) = graph.connections(layer.name, "convolution")
    weights = graph.numbers(connection).reshape(layer.size, *layer.kernel, rows.size)
    bias = graph.bias(layer.name)
    assert bias is not None
    if dims == 0:
        net = b.op("MatMul", rows.tensor, b.weights(weights.T, "weights"))
        net = b.op("Add", net, b.weights(bias, "bias"))
    else:
        points = range(1, dims + 1)
        net = b.op(
            "Conv",
            b.transpose(rows.tensor, 0, dims + 1, *points),
            b.weights(weights.transpose(0, dims + 1, *points), "weights"),
            b.weights(bias, "bias"),
            kernel_shape=list(layer.kernel),
            pads=[(n - 1) // 2 for n in layer.kernel] + [n // 2 for n in layer.kernel],
        )
        net = b.transpose(net, 0, *range(2, dims + 2), 1)
    activation = find_activation(layer.type.split()[-1], layer.name)
    graph.put(layer.name, Rows(activation.apply(b, net), rows.grid, layer.size))
