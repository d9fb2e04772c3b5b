# SPDX-License-Identifier: Apache-2.0
"""Where each sequence of a netCDF file lies: sizes and first points, from seqDims or its relatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.masked import mask_of
from rnnlib_py.data.netcdf.file import NetcdfFile

NameSequence = Callable[[int], str]


@dataclass
class Layout:
    """`shapes`: int64 [n, num_dims] in the network's order; `offsets`: int64 [n + 1], each sequence's first point."""

    shapes: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Points of all sequences together."""
        return int(self.offsets[-1])

    def shape(self, i: int) -> tuple[int, ...]:
        return tuple(self.shapes[i].tolist())

    def owner(self, point: int) -> int:
        """The sequence that a point of the file belongs to."""
        return int(np.searchsorted(self.offsets, point, side="right")) - 1


def layout_of(shapes: NDArray[np.int64]) -> Layout:
    """The layout of sequences that lie one after another."""
    offsets = np.zeros(len(shapes) + 1, dtype=np.int64)
    np.cumsum(shapes.prod(axis=1), out=offsets[1:])
    return Layout(shapes, offsets)


def read_layout(file: NetcdfFile, task: str, num_seqs: int, num_dims: int, name_sequence: NameSequence) -> Layout:
    """The input layout of all sequences; DataError when the sizes are not positive or do not add up to numTimesteps."""
    points = file.dimension("numTimesteps", task)
    if num_dims == 0:
        if points != num_seqs:
            raise DataError(
                f"{file.path}: numTimesteps is {points}, expected numSeqs = {num_seqs}: "
                "with numDims = 0 a sequence is one point"
            )
        return layout_of(np.empty((num_seqs, 0), dtype=np.int64))
    name = "seqDims"
    if num_dims == 1 and not file.has(name) and file.has("seqLengths"):
        name = "seqLengths"
    file.require(name, task)
    layout = read_sizes(file, name, num_seqs, num_dims, points, name_sequence)
    if layout.total != points:
        raise DataError(
            f"{file.path}: the sizes in '{name}' add up to {layout.total} points, expected numTimesteps = {points}"
        )
    return layout


def read_sizes(
    file: NetcdfFile, name: str, num_seqs: int, num_dims: int, most: int, name_sequence: NameSequence
) -> Layout:
    """Sizes from a variable like seqDims, all positive, no sequence larger than `most` points."""
    if name == "seqLengths":
        file.check_shape(name, "integer", (num_seqs,), "[numSeqs]")
    else:
        file.check_shape(name, "integer", (num_seqs, num_dims), "[numSeqs, numDims]")
    read = file.read_integers(name)
    missing = mask_of(read)
    stored = np.ma.filled(read, 0).astype(np.int64).reshape(num_seqs, num_dims)
    too_large = stored.prod(axis=1, dtype=np.float64) > most  # in float64, where wrong sizes cannot overflow
    bad = np.flatnonzero((stored < 1).any(axis=1) | too_large)
    if len(bad):
        i = int(bad[0])
        reason = "expected sizes of at least 1" if (stored[i] < 1).any() else f"more than the {most} points there are"
        if missing is not None and missing.reshape(num_seqs, num_dims)[i].any():
            raise DataError(f"{file.path}: {name_sequence(i)} has no size in '{name}': {file.missing_text(name)}")
        raise DataError(f"{file.path}: {name_sequence(i)} has sizes {stored[i].tolist()} in '{name}': {reason}")
    return layout_of(np.ascontiguousarray(stored[:, ::-1]))
