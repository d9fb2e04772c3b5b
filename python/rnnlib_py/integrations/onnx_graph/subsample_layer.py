# SPDX-License-Identifier: Apache-2.0
"""Subsample layers: a product with the rows of the layers below, and an activation (docs/behaviour.md, "Layers")."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.activations import find_activation
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_subsample(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of a subsample layer."""
    b = graph.builder
    rows = graph.side_by_side(layer.sources)
    net = b.op("MatMul", rows.tensor, b.weights(graph.full(layer.sources, layer.name), "weights"))
    bias = graph.bias(layer.name)
    if bias is not None:
        net = b.op("Add", net, b.weights(bias, "bias"))
    activation = find_activation(layer.type.split()[-1], layer.name)
    is_masked = rows.is_masked and bias is None and activation.keeps_zeros
    graph.put(layer.name, Rows(activation.apply(b, net), rows.grid, layer.size, is_masked))
