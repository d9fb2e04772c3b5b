# SPDX-License-Identifier: Apache-2.0
"""Which rows of a data file's variables belong to which sequence (docs/data-format.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, OutOfMemoryError
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.layout import layout_of, read_layout, read_sizes
from rnnlib_py.data.netcdf.library import LibraryFile

Offsets = NDArray[np.int64]
_OF_TARGETS = ("targetPatterns", "targetClasses", "importance")


class SequenceRows:
    """`num_seqs`; `points`: int64 [num_seqs + 1], the first point of each sequence; `target_points`: likewise of the
    targets that have a row per point."""

    def __init__(self, path: Path) -> None:
        """Raises what NetcdfFile does, and DataError for sizes that are not right."""
        file = NetcdfFile(path)
        try:
            self.num_seqs = file.dimension("numSeqs", "of any kind")
            num_dims = file.find_dimension("numDims")
            dims = 1 if num_dims is None else num_dims
            layout = read_layout(file, "of any kind", self.num_seqs, dims, "sequence {}".format)
            self.points = self.target_points = layout.offsets
            if file.has("targetSeqDims") and dims:
                most = max((file.shape(name, "number")[0] for name in _OF_TARGETS if file.has(name)), default=2**40)
                found = read_sizes(file, "targetSeqDims", self.num_seqs, dims, most, "sequence {}".format)
                self.target_points = layout_of(found.shapes).offsets
            self._each: Offsets = np.arange(self.num_seqs + 1, dtype=np.int64)
        except MemoryError as error:
            raise OutOfMemoryError(f"{path}: there is not enough memory to read it ({error})") from error
        finally:
            file.close()
        self._path = path

    def offsets(self, variable: Any) -> Offsets | None:
        """The first row of each sequence in a netCDF variable [num_seqs + 1]; None when it is not about sequences."""
        if not variable.ndim:
            return None
        dimension, size = variable.dimensions[0], variable.shape[0]
        if dimension == "numSeqs":
            return self._each
        if variable.name in _OF_TARGETS:
            for offsets in (self.target_points, self._each, self.points):
                if size == offsets[-1]:
                    return offsets
            raise DataError(
                f"{self._path}: variable '{variable.name}' has {size} rows, expected {self.target_points[-1]}, "
                f"one per target point, or {self.num_seqs}, one per sequence"
            )
        return self.points if dimension == "numTimesteps" else None


def sequence_dimensions(file: LibraryFile, rows: SequenceRows) -> dict[str, Offsets]:
    """Dimension -> first rows of the sequences, for those along which sequences lie one after another."""
    found: dict[str, Offsets] = {}
    for variable in file.variables.values():
        offsets = rows.offsets(variable)
        if offsets is not None:
            found[variable.dimensions[0]] = offsets
    return found
