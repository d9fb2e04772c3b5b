# SPDX-License-Identifier: Apache-2.0
"""The hidden layers of a level (docs/behaviour.md, "Layers"): operators of ONNX in one dimension, a scan over waves in
more, and neither where no point waits for another."""

from __future__ import annotations

import numpy as np

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell, Step
from rnnlib_py.integrations.onnx_graph.cells.registry import find_cell
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights, sweep_weights
from rnnlib_py.integrations.onnx_graph.wave_scan import scan_level


def add_hidden(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of all hidden layers of a level at once, with the first of them."""
    if graph.has(layer.name):
        return
    layers = graph.level(layer.level, layer.kind)
    cell = find_cell(layer.type, layer.name)
    dims = len(layer.directions)
    weights = [sweep_weights(graph, one, cell.gates(dims)) for one in layers]
    if not dims or not (cell.has_state or weights[0].recurrent):
        _add_points(graph, layers, cell, weights)
    elif dims == 1:
        for one, own in zip(layers, weights, strict=True):
            _add_operator(graph, one, cell, own)
    else:
        scan_level(graph, layers, cell, weights)


def _add_points(graph: NetworkGraph, layers: list[LayerInfo], cell: Cell, weights: list[SweepWeights]) -> None:
    """Each point by itself. Of several layers the cell has one gate, so that their columns are side by side."""
    b = graph.builder
    rows = graph.rows(layers[0].sources[0])
    net = b.op("MatMul", rows.tensor, b.weights(np.concatenate([one.input for one in weights], axis=1), "weights"))
    net = b.op("Add", net, b.weights(np.concatenate([one.bias for one in weights]), "bias"))
    output, _ = cell.step(b, Step(net, [], layers[0].size, weights[0].peepholes))
    size = sum(one.size for one in layers)
    graph.put_side_by_side([one.name for one in layers], Rows(output, rows.grid, size))


def _add_operator(graph: NetworkGraph, layer: LayerInfo, cell: Cell, weights: SweepWeights) -> None:
    """A sequence of one dimension in one direction."""
    b = graph.builder
    rows = graph.rows(layer.sources[0])
    cache = rows.grid.cache
    key = ("points first", rows.tensor)
    if key not in cache:
        cache[key] = b.transpose(rows.tensor, 1, 0, 2)
    with b.layer(layer.name):
        direction = "forward" if layer.directions[0] > 0 else "reverse"
        output = cell.node(b, cache[key], rows.grid.sequence_lengths, weights, direction)
        tensor = b.transpose(b.op("Squeeze", output, b.ints(1)), 1, 0, 2)
    graph.put(layer.name, Rows(tensor, rows.grid, layer.size))
