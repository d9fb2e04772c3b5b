# SPDX-License-Identifier: Apache-2.0
"""The output layer: probabilities of labels, or numbers (docs/behaviour.md, "Errors")."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_output(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of the output layer."""
    b = graph.builder
    rows = graph.side_by_side(layer.sources)
    net = rows.tensor
    if graph.connections(layer.name, "full"):  # else a collapse layer has them
        net = b.op("MatMul", net, b.weights(graph.full(layer.sources, layer.name), "weights"))
    bias = graph.bias(layer.name)
    assert bias is not None
    net = b.op("Add", net, b.weights(bias, "bias"))
    if graph.has_labels:
        net = b.op("Sigmoid", net) if layer.size == 1 else b.op("Softmax", net, axis=-1)
    graph.put(layer.name, Rows(net, rows.grid, layer.size))
