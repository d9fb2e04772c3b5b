# SPDX-License-Identifier: Apache-2.0
"""The points of a batch above some layer: the array that all sequences lie in, and how much of it is each one's own."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np

from rnnlib_py.integrations.onnx_graph.builder import Builder, Value


class Grid:
    """Points [batch, n_0, …, n_D-1]. A sequence has its own points at the beginning of each dimension; the others are
    padding.

    Parameters
    ----------
    builder
        Of the graph.
    batch, lengths
        int64 [1] each: the number of sequences, and n_d.
    sizes
        int64 [batch, D]: the sequences' own sizes.
    """

    def __init__(self, builder: Builder, batch: Value, lengths: list[Value], sizes: Value) -> None:
        self.builder = builder
        self.batch = batch
        self.lengths = lengths
        self.sizes = sizes
        self.cache: dict[object, Any] = {}  # what layers compute from the grid alone
        self._others: dict[object, Grid] = {}

    @property
    def num_dims(self) -> int:
        return len(self.lengths)

    def shape(self, *last: Value) -> Value:
        """[batch, n_0, …, n_D-1, last …], int64; each of `last` has the shape [1]."""
        return self.builder.concat([self.batch, *self.lengths, *last], axis=0)

    @cached_property
    def mask(self) -> Value:
        """bool [batch, n_0, …, n_D-1, 1]: whether a point is the sequence's own. Only where there are dimensions."""
        b, axes = self.builder, self.num_dims + 2
        parts = []
        for d, length in enumerate(self.lengths):
            places = b.along(b.range(length), d + 1, axes)
            own = b.along(self._size(d), 0, axes)
            parts.append(b.op("Less", places, own))
        return b.total("And", parts)

    @cached_property
    def sequence_lengths(self) -> Value:
        """int32 [batch], of a grid of one dimension."""
        return self.builder.cast(self._size(0), np.int32)

    def blocked(self, block: list[int]) -> Grid:
        """The points of blocks of points."""
        key = ("blocked", tuple(block))
        if key not in self._others:
            b = self.builder

            def divide(sizes: Value, by: list[int]) -> Value:
                less = b.ints(*(n - 1 for n in by))
                return b.op("Div", b.op("Add", sizes, less), b.ints(*by))

            lengths = [divide(length, [n]) for length, n in zip(self.lengths, block, strict=True)]
            self._others[key] = Grid(b, self.batch, lengths, divide(self.sizes, block))
        return self._others[key]

    def first_dims(self, count: int) -> Grid:
        """The points of the first dimensions alone."""
        if count == self.num_dims:
            return self
        key = ("first", count)
        if key not in self._others:
            sizes = self.builder.slice(self.sizes, 1, 0, count)
            self._others[key] = Grid(self.builder, self.batch, self.lengths[:count], sizes)
        return self._others[key]

    def _size(self, dim: int) -> Value:
        column = self.builder.slice(self.sizes, 1, dim, dim + 1)
        return self.builder.op("Squeeze", column, self.builder.ints(1))
