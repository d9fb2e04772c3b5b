# SPDX-License-Identifier: Apache-2.0
"""Copying netCDF files in pieces, so that none has to fit into memory; formats, attributes and compression stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.data.column_statistics import BLOCK
from rnnlib_py.data.netcdf_file import open_netcdf
from rnnlib_py.data.netcdf_library import LibraryFile, LibraryVariable


@contextmanager
def open_raw(path: Path) -> Iterator[LibraryFile]:
    """A file to read, whole and with its values as they are stored. Raises IoError, FormatError, DataError (groups)."""
    with open_netcdf(str(path)) as file:
        if file.groups:
            raise DataError(f"{path}: holds netCDF groups, which data files do not have")
        yield file


@contextmanager
def new_file(path: Path, like: LibraryFile) -> Iterator[LibraryFile]:
    """An empty file in the format of `like` and with its attributes."""
    with LibraryFile(path, "w", like.variant) as file:
        file.set_fill_off()
        file.set_attributes(like.attributes())
        yield file


def create_dimensions(file: LibraryFile, like: LibraryFile, sizes: dict[str, int] | None = None) -> None:
    """Those of `like`, with other sizes where `sizes` says so."""
    unlimited = like.unlimited
    for name, size in like.dimensions.items():
        file.create_dimension(name, None if name in unlimited else (sizes or {}).get(name, size))


def create_variable(file: LibraryFile, like: LibraryVariable, kind: Any = None) -> LibraryVariable:
    """An empty variable with the name, dimensions, attributes and compression of `like`; `kind`: another type."""
    options = like.compression()
    attributes = like.attributes()
    fill = attributes.pop("_FillValue", None)
    dtype = like.dtype if kind is None else kind
    if fill is not None:
        options["fill_value"] = np.asarray(fill).astype(dtype)
    variable = file.create_variable(like.name, dtype, like.dimensions, **options)
    variable.set_attributes(attributes)
    return variable


def pieces(variable: LibraryVariable, first: int = 0, last: int | None = None) -> Iterator[slice]:
    """Slices of the first dimension, first to last, of at most BLOCK numbers each."""
    last = variable.shape[0] if last is None else last
    row = int(np.prod(variable.shape[1:])) or 1
    step = max(1, BLOCK // row)
    for start in range(first, last, step):
        yield slice(start, min(start + step, last))


def copy_values(source: LibraryVariable, target: LibraryVariable) -> None:
    """All values of a variable."""
    if source.ndim == 0:
        target[...] = source[...]
        return
    for rows in pieces(source):
        target[rows] = source[rows]
