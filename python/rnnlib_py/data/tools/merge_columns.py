# SPDX-License-Identifier: Apache-2.0
"""How files store a variable that has rows for each sequence, and how one file can store the rows of them all."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.netcdf.library import LibraryFile, LibraryVariable, default_fill_value, is_numeric
from rnnlib_py.data.netcdf.packing import Packing, packing_of
from rnnlib_py.data.text import decode, row_bytes, text_rows
from rnnlib_py.data.tools.netcdf_copy import chunks, create_unpacked, create_variable


@dataclass(frozen=True)
class Column:
    """In one file. `packing`: of numbers, else None; `width`: of text, the longest string or the row of characters."""

    dtype: Any
    packing: Packing | None
    width: int

    @property
    def is_text(self) -> bool:
        return self.dtype is str or self.dtype == "S1"


def column_of(variable: LibraryVariable, path: Path) -> Column:
    """Reads the lengths of strings. DataError for a type that is neither numbers nor text."""
    if is_numeric(variable.dtype):
        return Column(variable.dtype, packing_of(variable, str(path)), 0)
    if variable.dtype is str and variable.ndim == 1:
        widths = [text_rows(variable[rows]).shape[1] for rows in chunks(variable)]
        return Column(str, None, max(widths, default=1))
    if variable.dtype == "S1" and variable.ndim == 2:
        return Column(variable.dtype, None, variable.shape[1])
    raise DataError(f"{path}: variable '{variable.name}' holds neither numbers nor text, so it cannot be merged")


def check_alike(name: str, path: Path, column: Column, first_path: Path, first: Column) -> None:
    """DataError when a variable holds text in one file and numbers in the other."""
    if column.is_text != first.is_text:
        text, other = (path, first_path) if column.is_text else (first_path, path)
        raise DataError(f"variable '{name}' holds text in {text}, but numbers in {other}")


class MergedColumn:
    """A variable of the merged file: as it is in the files when they agree, else unpacked, of a type that holds all."""

    def __init__(self, name: str, columns: _Seq[Column]) -> None:
        """`columns`: of the files that have the variable."""
        self.name = name
        self.is_text = columns[0].is_text
        self.width = max(column.width for column in columns)
        first = columns[0]
        self._stored = all(column.dtype == first.dtype and column.packing == first.packing for column in columns)
        self._dtype = first.dtype
        if name == "targetClasses":  # whose numbers change with the label list
            self._stored, self._dtype = False, np.dtype(np.int32)
        elif self.is_text:
            self._dtype = str if all(column.dtype is str for column in columns) else np.dtype("S1")
        elif not self._stored:
            unpacked = [column.packing.unpacked_dtype for column in columns if column.packing]
            self._dtype = np.result_type(*unpacked)

    def create(self, target: LibraryFile, rows: str, like: LibraryVariable | None) -> LibraryVariable:
        """`rows`: the dimension of its rows. `like`: the variable in the first file, if it has it."""
        if self.is_text:
            return self._create_text(target, rows, like)
        assert like is not None
        if self._stored:
            return create_variable(target, like)
        if not target.variant.startswith("NETCDF4") and self._dtype.kind in "iu" and self._dtype.itemsize == 8:
            self._dtype = np.dtype(np.float64)  # classic files have no larger integers
        fill = False if self.name == "targetClasses" else default_fill_value(self._dtype)
        return create_unpacked(target, like, self._dtype, fill)

    def _create_text(self, target: LibraryFile, rows: str, like: LibraryVariable | None) -> LibraryVariable:
        if like is not None and like.dtype == self._dtype:
            return create_variable(target, like)  # its dimension for lengths has been made large enough
        if self._dtype is str:
            return target.create_variable(self.name, str, (rows,))
        dimension = f"max{self.name[0].upper()}{self.name[1:]}Length"
        target.create_dimension(dimension, self.width)
        return target.create_variable(self.name, "S1", (rows, dimension))

    def rows(self, stored: NDArray[Any], packing: Packing | None, width: int) -> NDArray[Any]:
        """Rows as one file stores them -> as the merged file does. `width`: of its rows of characters."""
        if self.is_text:
            return self.text(text_rows(stored), width)
        if self._stored or packing is None:
            return stored
        values = packing.unpack(stored)
        if self._dtype.kind in "iu":
            values = np.rint(values)
        fill = -1 if self.name == "targetClasses" else default_fill_value(self._dtype)
        return np.ma.filled(values.astype(self._dtype), fill)

    def text(self, rows: NDArray[np.uint8], width: int) -> NDArray[Any]:
        """Rows of bytes as the merged file stores them."""
        if self._dtype is str:
            return np.array([decode(row_bytes(row)) for row in rows], dtype=object)
        wide = np.zeros((len(rows), width), dtype=np.uint8)
        wide[:, : rows.shape[1]] = rows
        return wide.view("S1")
