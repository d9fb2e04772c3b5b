# SPDX-License-Identifier: Apache-2.0
"""The collapse layer: sums over points (docs/behaviour.md, "Layers"). Being linear, it comes before the product."""

from __future__ import annotations

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_collapse(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of a collapse layer with its connections."""
    b = graph.builder
    rows = graph.masked(graph.side_by_side(layer.sources))
    ending = [1 + d for d in range(graph.num_output_dims, rows.grid.num_dims)]
    sums = b.reduce("ReduceSum", rows.tensor, ending)
    net = b.op("MatMul", sums, b.weights(graph.full(layer.sources, layer.name), "weights"))
    graph.put(layer.name, Rows(net, rows.grid.first_dims(graph.num_output_dims), layer.size, is_masked=True))
