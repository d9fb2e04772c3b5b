# SPDX-License-Identifier: Apache-2.0
"""Variables with a row per point: read range by range, or held in memory after load()."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.data.netcdf_file import NetcdfFile


class Rows:
    """A variable of numbers as float32 [rows, columns]."""

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
        with np.errstate(over="ignore"):  # too large for float32 becomes infinite, which is found when it is used
            values = np.ascontiguousarray(self._file.read(self.name, start, stop), dtype=np.float32)
        return values.reshape(stop - start, self._columns)
