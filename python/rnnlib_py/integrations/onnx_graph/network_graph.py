# SPDX-License-Identifier: Apache-2.0
"""A network's layers, connections and weights, and the values in the graph that stand for what layers hand on."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import Connection, LayerInfo
from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.grid import Grid
from rnnlib_py.model.network import Network

Matrix = NDArray[np.float64]


@dataclass(frozen=True)
class Rows:
    """What a layer hands on: `tensor` is float32 [batch, *points, units]."""

    tensor: Value
    grid: Grid
    size: int  # units
    is_masked: bool = False  # zeros at the points that are padding


class NetworkGraph:
    """Where the function of a layer finds what the layers below handed on, and leaves the layer's own rows."""

    def __init__(self, network: Network, builder: Builder, given: Rows) -> None:
        self.builder = builder
        self.given = given  # the rows of the input layer
        self.layers: list[LayerInfo] = list(network.graph.layers)
        self.num_output_dims = len(network.output_step)
        self.has_labels = bool(network.header.labels)
        self._connections: list[Connection] = list(network.graph.connections)
        self._weights = network.weights
        self._rows: dict[str, Rows] = {}
        self._parts: dict[str, tuple[Rows, int, int]] = {}  # layer -> rows that hold its own, first and last unit
        self._joined: dict[tuple[str, ...], Rows] = {}
        self._masked: dict[Value, Value] = {}

    # --- rows ---

    def put(self, name: str, rows: Rows) -> None:
        """The rows of a layer."""
        self._rows[name] = rows

    def put_side_by_side(self, names: _Seq[str], rows: Rows) -> None:
        """The rows of several layers of the same size, one after another in each row."""
        self._joined[tuple(names)] = rows
        size = rows.size // len(names)
        for i, name in enumerate(names):
            self._parts[name] = (rows, i * size, (i + 1) * size)

    def has(self, name: str) -> bool:
        """Whether the rows of a layer are there."""
        return name in self._rows or name in self._parts

    def rows(self, name: str) -> Rows:
        """Those of a layer."""
        if name not in self._rows:
            whole, begin, end = self._parts[name]
            with self.builder.layer(name):
                own = self.builder.slice(whole.tensor, -1, begin, end)
            self._rows[name] = Rows(own, whole.grid, end - begin, whole.is_masked)
        return self._rows[name]

    def side_by_side(self, names: _Seq[str]) -> Rows:
        """Those of several layers, one after another in each row."""
        if len(names) == 1:
            return self.rows(names[0])
        key = tuple(names)
        if key not in self._joined:
            parts = [self.rows(name) for name in names]
            tensor = self.builder.concat([part.tensor for part in parts], axis=-1)
            size = sum(part.size for part in parts)
            self._joined[key] = Rows(tensor, parts[0].grid, size, all(part.is_masked for part in parts))
        return self._joined[key]

    def masked(self, rows: Rows, outside: float = 0.0) -> Rows:
        """The same with another number at the points that are padding."""
        if rows.grid.num_dims == 0 or (rows.is_masked and outside == 0):
            return rows
        b = self.builder
        if outside != 0:
            other = b.op("Where", rows.grid.mask, rows.tensor, b.constant(outside, np.float32))
            return Rows(other, rows.grid, rows.size)
        if rows.tensor not in self._masked:
            zero = b.constant(0.0, np.float32)
            self._masked[rows.tensor] = b.op("Where", rows.grid.mask, rows.tensor, zero, stem="masked")
        return Rows(self._masked[rows.tensor], rows.grid, rows.size, is_masked=True)

    # --- layers and connections ---

    def readers(self, name: str) -> list[LayerInfo]:
        """The layers that read a layer."""
        return [layer for layer in self.layers if name in layer.sources]

    def level(self, number: int, kind: str) -> list[LayerInfo]:
        """The layers of a kind that belong to a level."""
        return [layer for layer in self.layers if layer.level == number and layer.kind == kind]

    def connections(self, target: str, kind: str) -> list[Connection]:
        """Those that lead to a layer."""
        return [c for c in self._connections if c.target == target and c.kind == kind]

    def numbers(self, connection: Connection) -> Matrix:
        """The weights that a connection uses: [rows, cols]."""
        return self._weights[connection.owner].reshape(connection.rows, connection.cols)

    def full(self, sources: _Seq[str], target: str) -> Matrix:
        """The weights from layers whose units lie side by side: [units of the sources, units of the target]."""
        by_source = {c.source: self.numbers(c).T for c in self.connections(target, "full")}
        return np.concatenate([by_source[source] for source in sources])

    def bias(self, target: str) -> Matrix | None:
        """[units of the target's input]; None where it has none."""
        found = self.connections(target, "bias")
        return self.numbers(found[0])[:, 0] if found else None
