# SPDX-License-Identifier: Apache-2.0
"""Join layers: the points of a column become one point (docs/behaviour.md, "Layers")."""

from __future__ import annotations

import numpy as np

from rnnlib_py._core import ConfigError, LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_join(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of a join layer."""
    b = graph.builder
    below = graph.rows(layer.sources[0])
    dims = _dims_above(graph, layer)
    grid = below.grid.first_dims(dims)
    ending = [1 + d for d in range(dims, below.grid.num_dims)]
    how = layer.type.split()[-1]
    if how == "sum":
        tensor = b.reduce("ReduceSum", graph.masked(below).tensor, ending)
    elif how == "max":
        largest = b.reduce("ReduceMax", graph.masked(below, -np.inf).tensor, ending)
        graph.put(layer.name, graph.masked(Rows(largest, grid, layer.size)))
        return
    elif how == "concat":
        # The shape is an error where a column does not have the points that joinHeight says.
        tensor = b.reshape(graph.masked(below).tensor, grid.shape(b.ints(layer.size)))
    else:
        raise ConfigError(f"layer {layer.name}: the type {layer.type!r} cannot be exported to ONNX")
    graph.put(layer.name, Rows(tensor, grid, layer.size, is_masked=True))


def _dims_above(graph: NetworkGraph, layer: LayerInfo) -> int:
    """Dimensions of the points that it hands on: those of the level that reads it."""
    reader = graph.readers(layer.name)[0]
    return len(reader.directions or reader.kernel)
