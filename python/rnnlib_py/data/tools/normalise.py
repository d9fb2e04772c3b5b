# SPDX-License-Identifier: Apache-2.0
"""Brings a variable of data files to mean 0 and standard deviation 1 per column, in place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from collections.abc import Sequence as _Seq
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.config import Config
from rnnlib_py.data.column_statistics import ColumnStatistics, ColumnSums
from rnnlib_py.data.masked import mask_of
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.netcdf.library import LibraryFile, LibraryVariable, is_numeric
from rnnlib_py.data.netcdf.packing import packing_of
from rnnlib_py.data.normalisation import Scale, read_scale, stored_names
from rnnlib_py.data.own_normalisation import read_from_save
from rnnlib_py.data.tools.netcdf_copy import (
    copy_values,
    create_dimensions,
    create_unpacked,
    create_variable,
    new_file,
    numbers,
    open_raw,
)
from rnnlib_py.data.tools.sequence_rows import SequenceRows
from rnnlib_py.system.files import is_netcdf, path_list, replacing

PathLike = str | os.PathLike[str]


@dataclass(frozen=True, eq=False)
class Normalised:
    """What normalise() has done.

    Attributes
    ----------
    scale : Scale
        What the values were brought to.
    source : str
        The file (or save) it is of.
    changed : list of str
        Files written.
    unchanged : list of str
        Files that were already normalised so.
    constant : list of int
        Columns without variance, which became 0.
    """

    scale: Scale
    source: str
    changed: list[str]
    unchanged: list[str]
    constant: list[int]


def normalise(
    files: PathLike | _Seq[PathLike],
    variable: str = "inputs",
    like: PathLike | None = None,
    to_range: tuple[float, float] | None = None,
) -> Normalised:
    """Brings a variable of data files to mean 0 and standard deviation 1 per column, in place.

    Files are read and written in chunks, all beside the old ones before the first is replaced.

    Parameters
    ----------
    files
        value -> (value - mean) / std, with the means and stds of the first. They are stored in every file, as
        inputMeans and inputStds, or <variable>Means and <variable>Stds. A column without variance has std 1.
    variable
        "inputs", "targetPatterns", or another one of numbers.
    like
        A data file or a save: the means and stds that are stored there are taken.
    to_range
        Brings each column's least and largest value of the first file to these two instead.

    Raises
    ------
    DataError
        A variable that is missing or not made of numbers, other columns, NaN, a file that was normalised otherwise. All
        files are then as they were, as after the errors below.
    ConfigError
        No files, or both `like` and `to_range`.
    IoError, FormatError
        What cannot be read or written.
    """
    if not files:
        raise ConfigError("no files were given")
    if like is not None and to_range is not None:
        raise ConfigError("a range and a file to be like cannot be had together")
    paths = path_list(files)
    constant: list[int] = []
    source = os.fspath(like if like is not None else paths[0])
    scale = _stored(Path(source), variable)
    if scale is None:
        if like is not None:
            raise DataError(f"{source}: holds no means and standard deviations of '{variable}'")
        statistics = _statistics(paths[0], variable)
        constant = statistics.constant_columns
        scale = _scale_of(statistics, to_range)
    elif to_range is not None:
        raise DataError(f"{source}: is normalised already")
    todo = [path for path in paths if not _is_done(path, variable, scale, source)]
    with ExitStack() as stack:  # nothing is replaced before everything is written
        for path in todo:
            stack.enter_context(_rewritten(path, variable, scale))
    return Normalised(scale, source, [str(p) for p in todo], [str(p) for p in paths if p not in todo], constant)


def _stored(path: Path, variable: str) -> Scale | None:
    if is_netcdf(path):
        file = NetcdfFile(path)
        try:
            return read_scale(file, variable)
        finally:
            file.close()
    config = Config.read(path)
    if config.save is None:
        raise ConfigError(f"{path}: neither a data file nor a save")
    return read_from_save(config.save, str(path)).get(variable)


def _is_done(path: Path, variable: str, scale: Scale, source: str) -> bool:
    """True when the file holds this very normalisation; DataError when it holds another."""
    found = _stored(path, variable)
    if found is None:
        with open_raw(path) as file:
            columns = _columns(file, path, variable)
        if columns != len(scale.means):
            raise DataError(f"{path}: '{variable}' has {columns} columns, those of {source} are {len(scale.means)}")
        return False
    if found != scale:
        raise DataError(f"{path}: is normalised already, otherwise than {source}")
    return True


def _columns(file: LibraryFile, path: Path, variable: str) -> int:
    found = file.variables.get(variable)
    if found is None:
        raise DataError(f"{path}: no variable '{variable}'; there are {', '.join(file.variables) or 'none'}")
    if not is_numeric(found.dtype) or found.ndim not in (1, 2):
        raise DataError(f"{path}: variable '{variable}' is not made of rows of numbers")
    if 0 in found.shape:
        raise DataError(f"{path}: variable '{variable}' holds no numbers, its shape is {list(found.shape)}")
    return int(found.shape[1]) if found.ndim == 2 else 1


def _statistics(path: Path, variable: str) -> ColumnStatistics:
    with open_raw(path) as file:
        sums = ColumnSums(_columns(file, path, variable))
        for rows, block in numbers(file.variables[variable], path):
            _check_complete(block, rows, file.variables[variable], path)
            sums.add(block)
    found = sums.result()
    if found.non_finite.any():
        raise DataError(f"{path}: '{variable}' has NaN or infinite values in columns {found.non_finite_columns}")
    if not found.count.all():
        raise DataError(f"{path}: '{variable}' has no values")
    return found


def _scale_of(statistics: ColumnStatistics, to_range: tuple[float, float] | None) -> Scale:
    """As floats, since files hold them so: what is stored is what was done."""
    means, stds = statistics.mean, statistics.std
    if to_range is not None:
        low, high = to_range
        if not low < high:
            raise ConfigError(f"range {low},{high}: the first number must be less than the second")
        stds = (statistics.max - statistics.min) / (high - low)
        means = statistics.min - low * np.where(stds == 0, 1, stds)
    stds = np.where(stds == 0, 1, stds)
    return Scale(means.astype(np.float32).astype(np.float64), stds.astype(np.float32).astype(np.float64))


@contextmanager
def _rewritten(path: Path, variable: str, scale: Scale) -> Iterator[None]:
    """On entry the new file is written beside the old one, at the end (without an error) it replaces it."""
    with replacing(path) as temporary:
        with open_raw(path) as source, new_file(temporary, source) as target:
            _write(source, target, path, variable, scale)
        yield


def _write(source: LibraryFile, target: LibraryFile, path: Path, variable: str, scale: Scale) -> None:
    create_dimensions(target, source)
    for name, values in source.variables.items():
        if name != variable:
            copy_values(values, create_variable(target, values))
            continue
        copy = create_unpacked(target, values, values.dtype if values.dtype.kind == "f" else "f4")
        for rows, found in numbers(values, path):
            _check_complete(found, rows, values, path)
            block = found.astype(np.float64)
            if not np.isfinite(block).all():
                raise DataError(f"{path}: '{variable}' has NaN or infinite values")
            copy[rows] = ((block.reshape(len(block), -1) - scale.means) / scale.divisors).reshape(block.shape)
    _store(target, variable, scale)


def _check_complete(block: NDArray[Any], rows: slice, variable: LibraryVariable, path: Path) -> None:
    """DataError naming sequence and point when a value is missing."""
    mask = mask_of(block)
    if mask is None:
        return
    row = rows.start + int(np.argwhere(mask)[0][0])
    offsets = SequenceRows(path).offsets(variable)
    where = f"row {row}"
    if offsets is not None:
        i = int(np.searchsorted(offsets, row, side="right")) - 1
        where = f"sequence {i}, point {row - offsets[i]}"
    marks = packing_of(variable, str(path)).marks
    raise DataError(f"{path}: '{variable.name}' of {where} is missing; the variable marks missing values by {marks}")


def _store(file: LibraryFile, variable: str, scale: Scale) -> None:
    values = file.variables[variable]
    dimension = values.dimensions[1] if values.ndim == 2 else f"{variable}Columns"
    if dimension not in file.dimensions:
        file.create_dimension(dimension, len(scale.means))
    for name, column in zip(stored_names(variable)[0], (scale.means, scale.stds), strict=True):
        file.create_variable(name, "f4", (dimension,))[:] = column
