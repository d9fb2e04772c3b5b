# SPDX-License-Identifier: Apache-2.0
"""The hidden layers of a level in two dimensions and more: a Scan over waves, all directions side by side.

In the loop arrays are [directions, R * batch, units]: a wave's places (see `waves`), and at each all sequences. Points
that are padding have zeros as outputs and states, as if they lay beyond the border.
"""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper

from rnnlib_py._core import LayerInfo
from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell, Step
from rnnlib_py.integrations.onnx_graph.grid import Grid
from rnnlib_py.integrations.onnx_graph.network_graph import Matrix, NetworkGraph, Rows
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights
from rnnlib_py.integrations.onnx_graph.waves import Waves

# From so many weights of a direction on, one product for each direction is quicker than one for all: onnxruntime then
# packs the weights once and not in each wave. Below it what an operator costs matters more.
_LARGE = 2**15


def scan_level(graph: NetworkGraph, layers: list[LayerInfo], cell: Cell, weights: list[SweepWeights]) -> None:
    """Adds the nodes of a level's hidden layers."""
    b = graph.builder
    rows = graph.rows(layers[0].sources[0])
    waves = _waves(rows.grid, [layer.directions for layer in layers])
    hidden, directions = layers[0].size, len(layers)
    inputs = _by_wave(b, b.op("Gather", _points_first(b, rows, rows.tensor, rows.size), waves.points))
    body = _Body(b, rows.grid, waves, cell, weights, hidden)
    rows_of_wave = b.op("Mul", waves.places, rows.grid.batch)
    zeros = b.zeros(b.concat([b.ints(directions), rows_of_wave, b.ints(hidden)], axis=0))
    scanned = [inputs, _own_points(b, rows, waves)]
    outputs = b.ops(
        "Scan",
        len(body.states) + 1,
        *[zeros] * len(body.states),
        *scanned,
        body=body.graph(rows.size),
        num_scan_inputs=len(scanned),
    )
    placed = b.reshape(outputs[-1], b.concat([b.ints(-1), rows.grid.batch, b.ints(hidden)], axis=0))
    found = b.transpose(b.op("Gather", placed, waves.found), 2, 0, 1, 3)
    size = directions * hidden
    joined = b.reshape(found, rows.grid.shape(b.ints(size)))
    graph.put_side_by_side([layer.name for layer in layers], Rows(joined, rows.grid, size, is_masked=True))


def _waves(grid: Grid, directions: list[list[int]]) -> Waves:
    key = ("waves", str(directions))
    if key not in grid.cache:
        grid.cache[key] = Waves(grid, directions)
    waves: Waves = grid.cache[key]
    return waves


def _points_first(b: Builder, rows: Rows, tensor: Value, size: int) -> Value:
    """[batch, n_0, …, size] as [points, batch, size]."""
    flat = b.reshape(tensor, b.concat([rows.grid.batch, b.ints(-1, size)], axis=0))
    return b.transpose(flat, 1, 0, 2)


def _by_wave(b: Builder, gathered: Value) -> Value:
    """[waves, directions, R, batch, size] as [waves, directions, R * batch, size]."""
    shape = b.op("Shape", gathered)
    first, last = b.slice(shape, 0, 0, 2), b.slice(shape, 0, 4, 5)
    return b.reshape(gathered, b.concat([first, b.ints(-1), last], axis=0))


def _own_points(b: Builder, rows: Rows, waves: Waves) -> Value:
    """bool [waves, directions, R * batch, 1]: whether there is a point of the sequence."""
    own = b.op("Gather", _points_first(b, rows, rows.grid.mask, 1), waves.points)
    return _by_wave(b, b.op("And", own, b.op("Unsqueeze", waves.is_full, b.ints(3, 4))))


def _stack(matrices: list[Matrix]) -> Matrix:
    """Per direction a row [n] as [directions, 1, n]."""
    return np.stack(matrices)[:, None]


class _Body:
    """What is done for a wave. `states`: what it hands on to the next, by name."""

    def __init__(
        self, builder: Builder, grid: Grid, waves: Waves, cell: Cell, weights: list[SweepWeights], hidden: int
    ) -> None:
        self._outer, self._builder = builder, builder.body()
        self._grid, self._waves = grid, waves
        self._cell, self._weights, self._hidden = cell, weights, hidden
        self._recurs = bool(weights[0].recurrent)
        self.states = ["output"] if self._recurs or cell.state_is_output else []
        self.states += [] if cell.state_is_output else ["state"]

    def graph(self, input_size: int) -> onnx.GraphProto:
        """The body of the Scan: states, inputs, whether points are there -> new states, outputs."""
        b, dims = self._builder, self._grid.num_dims
        names = {name: b.new_name(f"{name}_before") for name in self.states}
        inputs, is_own = b.new_name("inputs"), b.new_name("is_own")
        before = {name: [self._one_back(value, d) for d in range(dims)] for name, value in names.items()}
        net = self._net_inputs(inputs, before.get("output", []) if self._recurs else [])
        kept = before["output" if self._cell.state_is_output else "state"]
        first = self._weights[0]
        peepholes = {gate: _stack([one.peepholes[gate] for one in self._weights]) for gate in first.peepholes}
        output, state = self._cell.step(b, Step(net, kept, self._hidden, peepholes))
        zero = b.constant(0.0, np.float32)
        new = {"output": b.op("Where", is_own, output, zero)}
        if "state" in self.states:
            new["state"] = b.op("Where", is_own, state, zero)
        results = [new[name] for name in self.states] + [b.op("Identity", new["output"])]
        given = [self._info(name, self._hidden) for name in names.values()]
        given += [self._info(inputs, input_size), self._info(is_own, 1, TensorProto.BOOL)]
        return helper.make_graph(
            b.nodes, b.new_name("wave"), given, [self._info(name, self._hidden) for name in results]
        )

    def _info(self, name: Value, size: int, kind: int = TensorProto.FLOAT) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(name, kind, [len(self._weights), "places", size])

    def _net_inputs(self, inputs: Value, before: list[Value]) -> Value:
        b = self._builder
        matrices = np.stack([np.concatenate([one.input, *one.recurrent]) for one in self._weights])
        read = b.concat([inputs, *before], axis=-1)
        if matrices[0].size < _LARGE:
            product = b.op("MatMul", read, b.weights(matrices, "weights"))
        else:
            parts = zip(b.split(read, [1] * len(matrices), axis=0), matrices, strict=True)
            product = b.concat([b.op("MatMul", part, b.weights(one, "weights")) for part, one in parts], axis=0)
        return b.op("Add", product, b.weights(_stack([one.bias for one in self._weights]), "bias"))

    def _one_back(self, value: Value, dim: int) -> Value:
        """What the wave before holds one step back along a dimension: along the first one at the same places."""
        if dim == 0:
            return value
        b = self._builder
        border, but_last, lines = self._shift(dim)
        rows = value if dim == 1 else b.reshape(value, lines)  # in the first of them a line is the whole wave
        kept = b.op("Slice", rows, b.ints(0), but_last, b.ints(1))
        moved = b.op("Concat", border, kept, axis=1)
        return moved if dim == 1 else b.reshape(moved, b.ints(len(self._weights), -1, self._hidden))

    def _shift(self, dim: int) -> tuple[Value, Value, Value]:
        """What moves lines of places by one, computed once, before the loop: zeros that come first, where what is kept
        ends, and the shape in which a line is a row."""
        b, grid = self._outer, self._grid
        key = ("shift", dim, len(self._weights), self._hidden)
        if key not in grid.cache:
            step = b.op("Mul", self._waves.inner[dim - 1], grid.batch)
            lines = b.total("Mul", [b.ints(len(self._weights)), *grid.lengths[1:dim]])
            line = b.op("Mul", step, grid.lengths[dim])
            units = b.ints(self._hidden)
            border = b.zeros(b.concat([lines, step, units], axis=0))
            grid.cache[key] = (border, b.op("Neg", step), b.concat([lines, line, units], axis=0))
        shift: tuple[Value, Value, Value] = grid.cache[key]
        return shift
