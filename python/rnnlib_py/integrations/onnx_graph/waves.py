# SPDX-License-Identifier: Apache-2.0
"""The order of points in waves: a wave holds the points whose coordinates, counted along a direction, have one sum.

All that a point reads one step back lies in the wave before. A wave is an array over the dimensions after the first,
so that a point at the place (p_1, …, p_D-1) of wave w has the first coordinate w - p_1 - … - p_D-1. Where that is no
coordinate of the grid, the place is empty.
"""

from __future__ import annotations

from rnnlib_py.integrations.onnx_graph.builder import Value
from rnnlib_py.integrations.onnx_graph.grid import Grid


class Waves:
    """Index tensors (int64) for a grid of at least two dimensions, and several directions at once.

    Attributes
    ----------
    places
        [1]: R, the places of a wave.
    points
        [waves, directions, R]: which point of the grid, row by row, stands there; any one for empty places.
    is_full
        bool [waves, 1, R]
    found
        [points, directions]: where in [waves * directions * R] each point of the grid is.
    inner
        Per dimension after the first, [1]: the places that one step along it leads over.
    """

    def __init__(self, grid: Grid, directions: list[list[int]]) -> None:
        b, self._grid = grid.builder, grid
        first, *rest = grid.lengths
        self.inner = [b.total("Mul", rest[d + 1 :] or [b.ints(1)]) for d in range(len(rest))]
        self.places = b.op("Mul", rest[0], self.inner[0])
        count = b.op("Sub", b.total("Add", grid.lengths), b.ints(grid.num_dims - 1))
        forwards, _ = self._places([1] * len(rest))
        at = b.op("Sub", b.op("Unsqueeze", b.range(count), b.ints(1)), forwards)
        last = b.op("Sub", first, b.ints(1))
        inside = b.op("And", b.op("Less", b.ints(-1), at), b.op("Less", at, first))
        self.is_full = b.op("Unsqueeze", inside, b.ints(1))
        at = b.op("Max", b.op("Min", at, last), b.ints(0))
        along = b.op("Unsqueeze", b.range(first), b.ints(1))
        points, found = [], []
        for k, (first_direction, *others) in enumerate(directions):
            turned = first_direction < 0
            sums, flat = self._places(others)
            rows = b.op("Mul", b.op("Sub", last, at) if turned else at, self.places)
            points.append(b.op("Unsqueeze", b.op("Add", rows, flat), b.ints(1)))
            wave = b.op("Add", b.op("Sub", last, along) if turned else along, sums)
            row = b.op("Add", b.op("Mul", wave, b.ints(len(directions))), b.ints(k))
            place = b.op("Add", b.op("Mul", row, self.places), flat)
            found.append(b.reshape(place, b.ints(-1, 1)))
        self.points = b.concat(points, axis=1)
        self.found = b.concat(found, axis=1)

    def _places(self, directions: list[int]) -> tuple[Value, Value]:
        """Of each place, row by row, [R]: the sum of its coordinates counted along these directions, and the place that
        has these coordinates."""
        b, rest = self._grid.builder, self._grid.lengths[1:]
        sums, flats = [], []
        for d, (length, direction) in enumerate(zip(rest, directions, strict=True)):
            at = b.range(length)
            if direction < 0:
                at = b.op("Sub", b.op("Sub", length, b.ints(1)), at)
            sums.append(b.along(at, d, len(rest)))
            flats.append(b.along(b.op("Mul", at, self.inner[d]), d, len(rest)))
        flat = b.ints(-1)
        return b.reshape(b.total("Add", sums), flat), b.reshape(b.total("Add", flats), flat)
