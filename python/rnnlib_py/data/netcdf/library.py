# SPDX-License-Identifier: Apache-2.0
"""netCDF4-python, called under the package's lock. No other file of the package imports it.

Values are those that are stored: unpacking and missing values are in packing.py.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

import netCDF4
import numpy as np

from rnnlib_py._core import Error, FormatError, OutOfMemoryError
from rnnlib_py.data.netcdf.lock import LOCK, run_waiting, run_when_free

_NO_MEMORY = "Memory allocation"  # in the library's message for its error NC_ENOMEM


def library_version() -> str:
    """The version of netCDF4-python."""
    return str(netCDF4.__version__)


def default_fill_value(dtype: np.dtype[Any]) -> Any:
    """What the library fills unwritten numbers of a type with."""
    return dtype.type(netCDF4.default_fillvals[dtype.str[1:]])


def is_numeric(dtype: Any) -> bool:
    """True for a variable's type of integers or real numbers; others may be characters, str or the file's own types."""
    return isinstance(dtype, np.dtype) and dtype.kind in "iuf"


def type_name(dtype: Any) -> str:
    """As messages call a variable's type."""
    if dtype is str:
        return "string"
    if not isinstance(dtype, np.dtype):
        return "one that the file defines"
    return "char" if dtype == "S1" else str(dtype)


@contextmanager
def enough_memory(path: str) -> Iterator[None]:
    """A MemoryError of NumPy or of compiled code becomes an OutOfMemoryError that names the file."""
    try:
        yield
    except Error:
        raise
    except MemoryError as error:
        raise OutOfMemoryError(f"{path}: there is not enough memory to read it ({error})") from error


@contextmanager
def reading(path: str, what: str = "") -> Iterator[None]:
    """Holds the lock. Whatever netCDF4 raises becomes a FormatError, or an OutOfMemoryError.

    Damaged files make it raise exceptions of every kind: RuntimeError, AttributeError, IndexError, UnicodeDecodeError.
    `what`: the part of the file that is read, for messages.
    """
    where = f"{path}: {what} is" if what else f"{path}:"
    with LOCK:
        run_waiting()
        try:
            yield
        except Error:
            raise
        except Exception as error:
            if isinstance(error, MemoryError) or _NO_MEMORY in str(error):
                raise OutOfMemoryError(
                    f"{path}: there is not enough memory to read {what or 'it'} ({error})"
                ) from error
            raise FormatError(f"{where} damaged or cut short ({error})") from error


def _lack_of_descriptors() -> OSError | None:
    """The library says "permission denied" when the process may open no more files."""
    opened = []
    try:
        for _ in range(4):  # at least as many as the library opens for a file
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return OSError(error.errno, error.strerror)
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return None


@contextmanager
def _writing() -> Iterator[None]:
    """Holds the lock. Errors become RuntimeError or stay OSError, for the one who knows the file's final name."""
    with LOCK:
        run_waiting()
        try:
            yield
        except (Error, RuntimeError):
            raise
        except OSError as error:
            raise (_lack_of_descriptors() or error) from error
        except MemoryError as error:
            raise OutOfMemoryError(f"there is not enough memory to write a netCDF file ({error})") from error
        except Exception as error:  # netCDF4 raises many kinds, for instance for a name that may not be written
            raise RuntimeError(str(error)) from error


def _type_of(variable: Any) -> Any:
    """NumPy's type, or str, or an object for a type that the file itself defines (enumerations count as integers)."""
    defined = variable.datatype
    is_simple = isinstance(defined, np.dtype) or variable.dtype is str or isinstance(defined, netCDF4.EnumType)
    return variable.dtype if is_simple else defined


class LibraryVariable:
    """A variable of an open file. `dtype`: see `_type_of`."""

    def __init__(self, file: LibraryFile, variable: Any) -> None:
        self._file = file
        self._variable = variable
        self.name: str = variable.name
        self.dtype = _type_of(variable)
        self.dimensions: tuple[str, ...] = variable.dimensions
        self.ndim = len(self.dimensions)
        self._shape: tuple[int, ...] | None = None

    def _call(self) -> contextlib.AbstractContextManager[None]:
        return self._file.call(f"variable '{self.name}'")

    @property
    def shape(self) -> tuple[int, ...]:
        if self._shape is None or not self._file.is_read:
            with self._call():
                self._shape = tuple(int(size) for size in self._variable.shape)
        return self._shape

    def __getitem__(self, key: Any) -> Any:
        with self._call():
            return np.asarray(self._variable[key])

    def __setitem__(self, key: Any, values: Any) -> None:
        with self._call():
            self._variable[key] = values

    def attributes(self) -> dict[str, Any]:
        with self._call():
            return {name: self._variable.getncattr(name) for name in self._variable.ncattrs()}

    def set_attributes(self, attributes: dict[str, Any]) -> None:
        """Texts in a list are stored as strings."""
        with self._call():
            for name, value in attributes.items():
                is_texts = isinstance(value, list) and all(isinstance(text, str) for text in value)
                (self._variable.setncattr_string if is_texts else self._variable.setncattr)(name, value)

    def is_filled(self) -> bool:
        """True when the library fills what nobody writes (also when it does not report it)."""
        find = getattr(self._variable, "get_fill_value", None)  # not in every version
        with self._call():
            return find is None or find() is not None

    def compression(self) -> dict[str, Any]:
        """The arguments of create_variable that give another variable the same compression."""
        with self._call():
            filters = self._variable.filters() or {}
        if not filters.get("zlib"):
            return {}
        return {"compression": "zlib", "complevel": filters["complevel"], "shuffle": filters["shuffle"]}


def _name_of(path: Path) -> dict[str, Any]:
    """The file's name as netCDF4 takes it: it encodes names strictly, and so refuses those that hold other bytes. In
    Latin-1 every byte is a character, so that any name comes through."""
    if os.name == "nt":
        return {"filename": str(path.absolute())}
    return {"filename": os.fsencode(path.absolute()).decode("latin-1"), "encoding": "latin-1"}


class LibraryFile:
    """An open netCDF file, to read (mode "r") or newly made (mode "w"); usable as a context manager."""

    def __init__(self, path: Path, mode: Literal["r", "w"] = "r", variant: Any = "NETCDF4", shown: str = "") -> None:
        """`shown`: how messages call the file. Errors: see `reading`; of files that are written, the library's own."""
        self.path = shown or str(path)
        self.is_read = mode == "r"
        self._dataset: Any = None
        with self.call():
            self._dataset = netCDF4.Dataset(**_name_of(path), mode=mode, format=variant)
            self._dataset.set_auto_maskandscale(False)
            self._dataset.set_auto_chartostring(False)
            self._variables = {name: LibraryVariable(self, v) for name, v in self._dataset.variables.items()}

    def call(self, what: str = "") -> contextlib.AbstractContextManager[None]:
        """What every call into the library is made in."""
        return reading(self.path, what) if self.is_read else _writing()

    def close(self) -> None:
        with self.call():
            dataset, self._dataset = self._dataset, None
            if dataset is not None:
                dataset.close()

    def __del__(self) -> None:
        dataset = getattr(self, "_dataset", None)
        if dataset is not None:
            run_when_free(lambda: _close_quietly(dataset))

    def __enter__(self) -> LibraryFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def variant(self) -> str:
        """The netCDF format, as create calls it."""
        with self.call():
            return str(self._dataset.data_model)

    @property
    def dimensions(self) -> dict[str, int]:
        """Name -> size."""
        with self.call():
            return {name: len(dimension) for name, dimension in self._dataset.dimensions.items()}

    @property
    def unlimited(self) -> set[str]:
        """The names of the dimensions that can grow."""
        with self.call():
            return {name for name, dimension in self._dataset.dimensions.items() if dimension.isunlimited()}

    @property
    def variables(self) -> dict[str, LibraryVariable]:
        return self._variables

    @property
    def groups(self) -> list[str]:
        with self.call():
            return list(self._dataset.groups)

    def attributes(self) -> dict[str, Any]:
        with self.call():
            return {name: self._dataset.getncattr(name) for name in self._dataset.ncattrs()}

    def set_attributes(self, attributes: dict[str, Any]) -> None:
        with self.call():
            self._dataset.setncatts(attributes)

    def set_text_attribute(self, name: str, text: str) -> None:
        with self.call():
            self._dataset.setncattr_string(name, text)

    def set_fill_off(self) -> None:
        """Nothing is written where nobody writes."""
        with self.call():
            self._dataset.set_fill_off()

    def create_dimension(self, name: str, size: int | None) -> None:
        """`size`: None makes it unlimited."""
        with self.call():
            self._dataset.createDimension(name, size)

    def create_variable(self, name: str, dtype: Any, dimensions: tuple[str, ...], **options: Any) -> LibraryVariable:
        """options: netCDF4's."""
        with self.call():
            made = self._dataset.createVariable(name, dtype, dimensions, **options)
            made.set_auto_maskandscale(False)
            made.set_auto_chartostring(False)
            self._variables[name] = LibraryVariable(self, made)
        return self._variables[name]


def _close_quietly(dataset: Any) -> None:
    with contextlib.suppress(Exception):
        if dataset.isopen():
            dataset.close()
