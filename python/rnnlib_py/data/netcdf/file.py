# SPDX-License-Identifier: Apache-2.0
"""A netCDF file, opened and read; errors name what is wrong with it."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError, FormatError, IoError
from rnnlib_py.data.masked import refuse_masked
from rnnlib_py.data.netcdf.classic_size import expected_size
from rnnlib_py.data.netcdf.file_identity import check_unchanged, file_identity
from rnnlib_py.data.netcdf.file_locks import cannot_be_locked
from rnnlib_py.data.netcdf.library import LibraryFile, LibraryVariable, type_name
from rnnlib_py.data.netcdf.lock import LOCK
from rnnlib_py.data.netcdf.open_files import OPEN_FILES
from rnnlib_py.data.netcdf.packing import Packing, packing_of
from rnnlib_py.data.text import text_rows
from rnnlib_py.system.file_kind import HEAD, is_image, kind_of
from rnnlib_py.system.files import open_to_read

_CLASSIC = (b"CDF\x01", b"CDF\x02", b"CDF\x05")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_KINDS = {"number": "iuf", "integer": "iu", "text": "S"}
_USUAL_LENGTH = 1024  # of a string, where a length decides how much is read at a time
_LARGE = 2**26  # numbers that are always believed to be in a file, and more only
_COMPRESSION = 2**14  # when it has a byte for so many; zlib gets down to one for 1030 bytes
_ROUNDING = 1e-3  # of integers that were packed
_MEANING = {"number": "numbers", "integer": "integers", "text": "text (char or string)"}


def _check_file(path: str) -> None:
    """IoError or FormatError when there is no whole netCDF file at `path`."""
    try:
        with open_to_read(Path(path), "a netCDF file") as file:
            _check_contents(path, file)
    except IoError:
        raise
    except OSError as error:
        raise IoError(f"{path}: cannot be read: {error.strerror}") from error


def _check_contents(path: str, file: BinaryIO) -> None:
    size = file.seek(0, os.SEEK_END)
    if size == 0:
        raise FormatError(f"{path}: the file is empty, expected a netCDF file")
    file.seek(0)
    head = file.read(HEAD)
    magic = head[:8]
    file.seek(0)
    if magic[:4] not in _CLASSIC:
        if magic != _HDF5[: len(magic)]:
            advice = " (rnnlib_py.write_netcdf makes one of images)" if is_image(head) else ""
            raise FormatError(f"{path}: is {kind_of(head)}, expected a netCDF file{advice}")
        return  # the netCDF library itself finds out when such a file is cut short
    try:
        expected = expected_size(file)
    except (EOFError, LookupError, OverflowError) as error:
        raise FormatError(f"{path}: the netCDF header is cut short or damaged") from error
    if size < expected:
        raise FormatError(f"{path}: cut short: its header promises {expected} bytes, it has {size}")


def open_netcdf(path: str) -> LibraryFile:
    """Opens a file to read. Raises IoError (missing, unreadable, locked), FormatError (not a whole netCDF file)."""
    _check_file(path)
    try:
        return LibraryFile(Path(path), shown=path)
    except FormatError as error:
        if not cannot_be_locked(path):
            raise
        raise IoError(
            f"{path}: cannot be opened: it may be open for writing elsewhere, or cannot be locked "
            "(HDF5_USE_FILE_LOCKING=FALSE)"
        ) from error


class NetcdfFile:
    """Opens the file when something is read; it may be closed between reads. Safe to use from several threads."""

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = os.fspath(path)
        self._key = OPEN_FILES.new_key()
        self._packings: dict[str, Packing] = {}
        self.identity = file_identity(self.path)
        with LOCK:
            self._open()

    def _open(self) -> LibraryFile:
        """The open file, which stays open for as long as the caller holds the lock. DataError when another file has
        taken its place, or somebody wrote to it."""
        check_unchanged(self.path, self.identity)
        return OPEN_FILES.get(self._key, lambda: open_netcdf(self.path))

    def close(self) -> None:
        """Gives the file back to the system; a later read opens it again."""
        with LOCK:
            OPEN_FILES.close(self._key)

    def __del__(self) -> None:
        if hasattr(self, "_key"):
            OPEN_FILES.close_later(self._key)

    def find_dimension(self, name: str) -> int | None:
        """Size of a dimension, or None when the file has none of that name."""
        with LOCK:
            return self._open().dimensions.get(name)

    def dimension(self, name: str, task: str, least: int = 1) -> int:
        """Size of a dimension the task cannot do without; DataError when it is missing or less than `least`."""
        size = self.find_dimension(name)
        if size is None:
            raise DataError(f"{self.path}: dimension '{name}' is missing; task {task} needs it")
        if size > _LARGE and size > _COMPRESSION * Path(self.path).stat().st_size:
            raise FormatError(f"{self.path}: damaged: dimension '{name}' promises a size of {size}")
        if size < least:
            raise DataError(f"{self.path}: {name} is {size}, expected at least {least}")
        return size

    def attribute(self, name: str) -> Any:
        """A global attribute; None when the file has none of that name."""
        with LOCK:
            return self._open().attributes().get(name)

    def has(self, name: str) -> bool:
        with LOCK:
            return name in self._open().variables

    def require(self, name: str, task: str) -> None:
        """DataError when the variable is missing."""
        if not self.has(name):
            raise DataError(f"{self.path}: variable '{name}' is missing; task {task} needs it")

    def shape(self, name: str, kind: str) -> tuple[int, ...]:
        """The variable's shape, after its type was checked; kind: "number", "integer" or "text". Text has the length of
        its rows as last size; netCDF-4's strings, which have none, are given a usual one."""
        with LOCK:
            variable = self._open().variables[name]
            dtype, shape = variable.dtype, variable.shape
        if kind == "text" and dtype is str:
            return (*shape, _USUAL_LENGTH)
        if not isinstance(dtype, np.dtype) or dtype.kind not in _KINDS[kind]:
            raise DataError(
                f"{self.path}: variable '{name}' should hold {_MEANING[kind]}, its type is {type_name(dtype)}"
            )
        return shape

    def check_shape(self, name: str, kind: str, expected: tuple[int | None, ...], meaning: str) -> tuple[int, ...]:
        """The variable's shape; DataError when it is not as expected (None = any size); `meaning` names the sizes."""
        found = self.shape(name, kind)
        sizes = zip(found, expected, strict=False)
        if len(found) != len(expected) or any(e is not None and e != f for f, e in sizes):
            wanted = ", ".join("any" if size is None else str(size) for size in expected)
            raise DataError(f"{self.path}: variable '{name}' has shape {list(found)}, expected {meaning} = [{wanted}]")
        return found

    def read(self, name: str, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Rows start to stop (all, when not given) of a variable: numbers unpacked, as a masked array where some are
        missing; text as rows of bytes (uint8)."""
        with LOCK:
            variable = self._open().variables[name]
            if variable.ndim:
                self._check_plausible(variable, start, stop)
                values = variable[start:stop]
            else:
                values = variable[...]
        if stop is not None and len(values) != stop - start:
            raise FormatError(f"{self.path}: variable '{name}' ended early; was the file changed while it was in use?")
        return self.packing(name).unpack(values) if values.dtype.kind in "iuf" else text_rows(values)

    def _check_plausible(self, variable: LibraryVariable, start: int, stop: int | None) -> None:
        """FormatError when a small file promises numbers that no compression makes so small. They would be made from
        nothing, and take more memory than there is."""
        rows, *row = variable.shape
        size = math.prod([(rows if stop is None else min(stop, rows)) - start, *row])
        if size > _LARGE and size > _COMPRESSION * Path(self.path).stat().st_size:
            raise FormatError(f"{self.path}: damaged: variable '{variable.name}' promises {size} numbers")

    def packing(self, name: str) -> Packing:
        """How a variable of numbers is packed."""
        found = self._packings.get(name)
        if found is None:
            with LOCK:
                found = self._packings[name] = packing_of(self._open().variables[name], self.path)
        return found

    def read_integers(self, name: str, start: int = 0, stop: int | None = None) -> NDArray[Any]:
        """Like read, but DataError when unpacked numbers are not whole."""
        values = self.read(name, start, stop)
        if values.dtype.kind != "f":
            return values
        whole = np.ma.MaskedArray(np.rint(np.ma.getdata(values)), np.ma.getmaskarray(values))
        wrong = np.abs(values - whole) > _ROUNDING
        if np.ma.filled(wrong, False).any():
            wrong_value = np.ma.compressed(values[np.ma.filled(wrong, False)])[0]
            raise DataError(
                f"{self.path}: variable '{name}' should hold integers, but holds {wrong_value} when it is unpacked "
                "with its scale_factor and add_offset"
            )
        whole = np.ma.MaskedArray(np.ma.filled(whole, 0).astype(np.int64), whole.mask)
        return whole if whole.mask.any() else whole.data

    def read_complete(self, name: str) -> NDArray[Any]:
        """The whole variable; DataError when values are missing."""
        values = self.read(name)
        refuse_masked(values, f"{self.path}: variable '{name}'", f"a number ({self.missing_text(name)})")
        return np.ma.getdata(values)

    def missing_text(self, name: str) -> str:
        """For messages: what marks missing values."""
        return f"the variable marks missing values by {self.packing(name).marks}"
