# SPDX-License-Identifier: Apache-2.0
"""Copying netCDF files in pieces, so that none has to fit into memory; formats, attributes and compression stay."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np

from rnnlib_py._core import DataError, FormatError
from rnnlib_py.data.column_statistics import BLOCK
from rnnlib_py.data.netcdf_file import NetcdfFile


@contextmanager
def open_raw(path: Path) -> Iterator[netCDF4.Dataset]:
    """A file to read, whole and with its values as they are stored. Raises IoError, FormatError, DataError (groups)."""
    NetcdfFile(path).close()  # its errors say what is wrong with a file
    try:
        with netCDF4.Dataset(path.absolute()) as file:
            file.set_auto_maskandscale(False)
            file.set_auto_chartostring(False)
            if file.groups:
                raise DataError(f"{path}: holds netCDF groups, which data files do not have")
            yield file
    except RuntimeError as error:
        raise FormatError(f"{path}: damaged or cut short ({error})") from error


@contextmanager
def new_file(path: Path, like: netCDF4.Dataset) -> Iterator[netCDF4.Dataset]:
    """An empty file in the format of `like` and with its attributes."""
    with netCDF4.Dataset(path.absolute(), "w", format=like.data_model) as file:
        file.set_auto_maskandscale(False)
        file.set_fill_off()
        file.setncatts({name: like.getncattr(name) for name in like.ncattrs()})
        yield file


def create_dimensions(file: netCDF4.Dataset, like: netCDF4.Dataset, sizes: dict[str, int] | None = None) -> None:
    """Those of `like`, with other sizes where `sizes` says so."""
    for name, dimension in like.dimensions.items():
        size = (sizes or {}).get(name, len(dimension))
        file.createDimension(name, None if dimension.isunlimited() else size)


def create_variable(file: netCDF4.Dataset, like: Any, kind: Any = None) -> Any:
    """An empty variable with the name, dimensions, attributes and compression of `like`; `kind`: another type."""
    filters = like.filters() or {}
    options: dict[str, Any] = {}
    if filters.get("zlib"):
        options = {"compression": "zlib", "complevel": filters["complevel"], "shuffle": filters["shuffle"]}
    attributes = {name: like.getncattr(name) for name in like.ncattrs()}
    fill = attributes.pop("_FillValue", None)
    dtype = like.dtype if kind is None else kind
    if fill is not None:
        options["fill_value"] = np.asarray(fill).astype(dtype)
    variable = file.createVariable(like.name, dtype, like.dimensions, **options)
    variable.setncatts(attributes)
    return variable


def pieces(variable: Any, first: int = 0, last: int | None = None) -> Iterator[slice]:
    """Slices of the first dimension, first to last, of at most BLOCK numbers each."""
    last = variable.shape[0] if last is None else last
    row = int(np.prod(variable.shape[1:])) or 1
    step = max(1, BLOCK // row)
    for start in range(first, last, step):
        yield slice(start, min(start + step, last))


def copy_values(source: Any, target: Any) -> None:
    """All values of a variable."""
    if source.ndim == 0:
        target[...] = source[...]
        return
    for rows in pieces(source):
        target[rows] = source[rows]
