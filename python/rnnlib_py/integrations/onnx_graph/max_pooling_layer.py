# SPDX-License-Identifier: Apache-2.0
"""Max pooling layers: of each unit the largest number at the points of a block (docs/behaviour.md, "Layers")."""

from __future__ import annotations

import numpy as np

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.block_layer import points_of_blocks
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_max_pooling(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of all max pooling layers of a level at once, with the first of them."""
    if graph.has(layer.name):
        return
    layers = graph.level(layer.level, layer.kind)
    rows = graph.side_by_side([one.sources[0] for one in layers])
    dims = len(layer.block)
    points = points_of_blocks(graph, graph.masked(rows, -np.inf), layer.block, -np.inf)
    largest = graph.builder.reduce("ReduceMax", points, [1 + dims + d for d in range(dims)])
    # A block without a single point of the sequence has no largest number.
    pooled = graph.masked(Rows(largest, rows.grid.blocked(layer.block), rows.size))
    graph.put_side_by_side([one.name for one in layers], pooled)
