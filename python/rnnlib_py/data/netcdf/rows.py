# SPDX-License-Identifier: Apache-2.0
"""Variables with a row per point: read range by range, or held in memory after load()."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.column_statistics import BLOCK
from rnnlib_py.data.netcdf.file import NetcdfFile


class Rows:
    """A variable of numbers as float32 [rows, columns]; as a masked array where some are missing."""

    def __init__(self, file: NetcdfFile, name: str, count: int, columns: int) -> None:
        """`count`: the rows in use, from the first."""
        self.name = name
        self._file = file
        self._count = count
        self._columns = columns
        self._values: NDArray[np.float32] | None = None

    @property
    def num_bytes(self) -> int:
        return self._count * self._columns * 4

    def load(self) -> None:
        """Reads all rows, so that the file is not needed any more."""
        self._values = self._read(0, self._count)

    def unload(self) -> None:
        """Gives the memory back; get() reads from the file again."""
        self._values = None

    def get(self, start: int, stop: int) -> NDArray[np.float32]:
        values = self._values  # which another thread may set or give back
        return self._read(start, stop) if values is None else values[start:stop]

    def _read(self, start: int, stop: int) -> NDArray[np.float32]:
        """In chunks: stored and unpacked numbers may take more memory than those that are kept."""
        step = max(1, BLOCK // max(1, self._columns))
        if stop - start <= step:
            return self._read_chunk(start, stop)
        values = np.empty((stop - start, self._columns), dtype=np.float32)
        mask: NDArray[np.bool_] | None = None
        for at in range(0, stop - start, step):
            chunk = self._read_chunk(start + at, min(start + at + step, stop))
            values[at : at + step] = np.ma.getdata(chunk)
            if isinstance(chunk, np.ma.MaskedArray):
                mask = np.zeros(values.shape, dtype=bool) if mask is None else mask
                mask[at : at + step] = chunk.mask
        return values if mask is None else np.ma.MaskedArray(values, mask)

    def _read_chunk(self, start: int, stop: int) -> NDArray[np.float32]:
        with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which is found when it is used
            found = self._file.read(self.name, start, stop).astype(np.float32, order="C", copy=False)
        return found.reshape(stop - start, self._columns)
