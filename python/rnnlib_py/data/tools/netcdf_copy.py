# SPDX-License-Identifier: Apache-2.0
"""Copying netCDF files in chunks, so that none has to fit into memory; formats, attributes and compression stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.column_statistics import BLOCK
from rnnlib_py.data.netcdf.file import open_netcdf
from rnnlib_py.data.netcdf.library import LibraryFile, LibraryVariable, enough_memory, is_numeric
from rnnlib_py.data.netcdf.packing import ATTRIBUTES, packing_of


@contextmanager
def open_raw(path: Path) -> Iterator[LibraryFile]:
    """A file to read, whole and with its values as they are stored. Raises IoError, FormatError, DataError (groups)."""
    with open_netcdf(str(path)) as file, enough_memory(str(path)):
        if file.groups:
            raise DataError(f"{path}: holds netCDF groups, which data files do not have")
        yield file


@contextmanager
def new_file(path: Path, like: LibraryFile) -> Iterator[LibraryFile]:
    """An empty file in the format of `like` and with its attributes."""
    with LibraryFile(path, "w", like.variant) as file:
        if not like.variant.startswith("NETCDF4"):
            file.set_fill_off()  # here it is no property of a variable, only a matter of speed
        file.set_attributes(like.attributes())
        yield file


def create_dimensions(file: LibraryFile, like: LibraryFile, sizes: dict[str, int] | None = None) -> None:
    """Those of `like`, with other sizes where `sizes` says so."""
    unlimited = like.unlimited
    for name, size in like.dimensions.items():
        file.create_dimension(name, None if name in unlimited else (sizes or {}).get(name, size))


def create_variable(file: LibraryFile, like: LibraryVariable) -> LibraryVariable:
    """An empty variable with the name, type, dimensions, attributes and compression of `like`."""
    if not isinstance(like.dtype, np.dtype) and like.dtype is not str:
        raise DataError(f"variable '{like.name}' has a type that its file defines; such variables cannot be copied")
    options = {} if like.dtype is str else like.compression()
    attributes = like.attributes()
    if "_FillValue" in attributes:
        options["fill_value"] = attributes.pop("_FillValue")
    elif is_numeric(like.dtype) and not like.is_filled():
        options["fill_value"] = False
    variable = file.create_variable(like.name, like.dtype, like.dimensions, **options)
    variable.set_attributes(attributes)
    return variable


def create_unpacked(file: LibraryFile, like: LibraryVariable, dtype: Any, fill: Any = False) -> LibraryVariable:
    """The same for numbers of type `dtype` that are not packed as those of `like`. `fill`: marks missing values;
    False: there are none."""
    variable = file.create_variable(like.name, dtype, like.dimensions, fill_value=fill, **like.compression())
    variable.set_attributes({name: value for name, value in like.attributes().items() if name not in ATTRIBUTES})
    return variable


def numbers(variable: LibraryVariable, path: Path) -> Iterator[tuple[slice, NDArray[Any]]]:
    """A variable's numbers in chunks, unpacked, masked where they are missing, each with the rows it is from."""
    packing = packing_of(variable, str(path))
    for rows in chunks(variable):
        yield rows, packing.unpack(variable[rows])


def chunks(variable: LibraryVariable, first: int = 0, last: int | None = None) -> Iterator[slice]:
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
    for rows in chunks(source):
        target[rows] = source[rows]
