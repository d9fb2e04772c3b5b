# SPDX-License-Identifier: Apache-2.0
"""Block layers: the points of a block become one point with all their units (docs/behaviour.md, "Layers")."""

from __future__ import annotations

import numpy as np

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.builder import Value
from rnnlib_py.integrations.onnx_graph.network_graph import NetworkGraph, Rows


def add_block(graph: NetworkGraph, layer: LayerInfo) -> None:
    """Adds the nodes of a block layer."""
    rows = graph.masked(graph.rows(layer.sources[0]))
    grid = rows.grid.blocked(layer.block)
    points = points_of_blocks(graph, rows, layer.block)
    tensor = graph.builder.reshape(points, grid.shape(graph.builder.ints(layer.size)))
    graph.put(layer.name, Rows(tensor, grid, layer.size, is_masked=True))


def points_of_blocks(graph: NetworkGraph, rows: Rows, block: list[int], outside: float = 0.0) -> Value:
    """The points of each block, the last dimension fastest: [batch, *blocks, *points of a block, units], with a number
    of the caller's at points that are in no sequence."""
    b, dims = graph.builder, len(block)
    grid = rows.grid.blocked(block)
    if not dims:
        return rows.tensor
    missing = [
        b.op("Sub", b.op("Mul", blocks, b.ints(n)), length)
        for blocks, length, n in zip(grid.lengths, rows.grid.lengths, block, strict=True)
    ]
    pads = b.concat([b.ints(*[0] * (dims + 3)), *missing, b.ints(0)], axis=0)
    padded = b.op("Pad", rows.tensor, pads, b.constant(outside, np.float32))
    pairs = [length for pair in zip(grid.lengths, map(b.ints, block), strict=True) for length in pair]
    split = b.reshape(padded, b.concat([grid.batch, *pairs, b.ints(rows.size)], axis=0))
    blocks_first = [1 + 2 * d for d in range(dims)] + [2 + 2 * d for d in range(dims)]
    return b.transpose(split, 0, *blocks_first, 2 * dims + 1)
