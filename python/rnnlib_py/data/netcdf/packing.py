# SPDX-License-Identifier: Apache-2.0
"""Packed and missing numbers of netCDF variables, by the conventions of Unidata's "NetCDF Users Guide".

Stored numbers are unpacked with `_Unsigned`, `scale_factor` and `add_offset`. Missing are those equal to `_FillValue`
(or, without this attribute, to the default fill value of a type of two bytes and more), to one of `missing_value`, or
outside of `valid_min`, `valid_max`, `valid_range`; these attributes are about stored numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.netcdf.library import LibraryVariable, default_fill_value

ATTRIBUTES = (
    "scale_factor", "add_offset", "_Unsigned", "_FillValue", "missing_value", "valid_min", "valid_max", "valid_range",
)  # fmt: skip


@dataclass(frozen=True)
class Packing:
    """Of one variable. `dtype`: of stored numbers, after `_Unsigned`; `missing`, `low`, `high`: of this type.

    `factor`, `offset`: NumPy scalars; None where there is none. `marks`: the values that mark a missing number, for
    messages.
    """

    dtype: np.dtype[Any]
    missing: tuple[Any, ...] = ()
    low: Any = None
    high: Any = None
    factor: Any = None
    offset: Any = None
    marks: str = ""

    @property
    def unpacked_dtype(self) -> np.dtype[Any]:
        return self.unpack(np.zeros(1, self.dtype)).dtype

    def unpack(self, stored: NDArray[Any]) -> NDArray[Any]:
        """The numbers in the type that the attributes give them; a masked array where some are missing."""
        if stored.dtype.kind != self.dtype.kind:
            stored = stored.view(_with_kind(stored.dtype, self.dtype.kind))
        mask = self._mask(stored)
        values = stored
        with np.errstate(all="ignore"):  # overflow is found where finite numbers are expected
            if self.factor is not None:
                values = np.multiply(values, self.factor, dtype=np.result_type(values.dtype, self.factor.dtype))
            if self.offset is not None:
                values = np.add(values, self.offset, dtype=np.result_type(values.dtype, self.offset.dtype))
        return values if mask is None else np.ma.MaskedArray(values, mask)

    def _mask(self, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
        masks = [np.isnan(stored) if np.isnan(value) else stored == value for value in self.missing]
        masks += [] if self.low is None else [stored < self.low]
        masks += [] if self.high is None else [stored > self.high]
        found = [mask for mask in masks if mask.any()]
        return np.logical_or.reduce(found) if found else None


def packing_of(variable: LibraryVariable, path: str) -> Packing:
    """The packing of a variable of numbers; DataError naming an attribute that cannot be used."""
    attributes = variable.attributes()
    where = f"{path}: variable '{variable.name}'"
    stored = np.dtype(variable.dtype)
    dtype = _signedness(stored, attributes.get("_Unsigned"))
    missing, marks = _missing(attributes, stored, dtype, variable, where)
    low, high = _valid_range(attributes, stored, dtype, where)
    marks += [f"{name} {attributes[name]}" for name in ("valid_min", "valid_max", "valid_range") if name in attributes]
    factor, offset = (_scale(attributes, name, where) for name in ("scale_factor", "add_offset"))
    return Packing(dtype, missing, low, high, factor, offset, ", ".join(marks))


def _signedness(dtype: np.dtype[Any], unsigned: Any) -> np.dtype[Any]:
    """The attribute is the text "true" or "false"; the classic formats have no unsigned types."""
    says = str(unsigned).lower()
    if (dtype.kind, says) in (("i", "true"), ("u", "false")):
        return _with_kind(dtype, "u" if dtype.kind == "i" else "i")
    return dtype


def _with_kind(dtype: np.dtype[Any], kind: str) -> np.dtype[Any]:
    return np.dtype(f"{dtype.byteorder}{kind}{dtype.itemsize}")


def _numbers(value: Any, name: str, where: str, counts: tuple[int, ...] = ()) -> NDArray[Any]:
    array = np.atleast_1d(np.asarray(value))
    if array.dtype.kind not in "iuf" or array.ndim != 1 or (counts and len(array) not in counts):
        expected = " or ".join(map(str, counts)) + " number" if counts else "numbers"
        raise DataError(f"{where}: attribute {name} is {value!r}, expected {expected}{'s' if counts == (2,) else ''}")
    return array


def _scale(attributes: Mapping[str, Any], name: str, where: str) -> Any:
    if name not in attributes:
        return None
    value = _numbers(attributes[name], name, where, (1,))[0]
    if not np.isfinite(value):
        raise DataError(f"{where}: attribute {name} is {value}, expected a finite number")
    return value if value.dtype.kind == "f" else np.float64(value)  # whole numbers could overflow the stored type


def _as_stored(value: Any, stored: np.dtype[Any], dtype: np.dtype[Any]) -> Any:
    """An attribute's number as the variable would store it; None when it cannot: then no number is equal to it."""
    if stored.kind == "f":
        with np.errstate(over="ignore"):
            return stored.type(value)
    if dtype != stored and value.dtype.kind in "iu" and value.dtype.itemsize == stored.itemsize:
        return np.array([value]).view(_with_kind(value.dtype, dtype.kind))[0]  # the same bits with another sign
    number = float(value) if value.dtype.kind == "f" else int(value)
    bounds = np.iinfo(dtype)
    return dtype.type(int(number)) if bounds.min <= number <= bounds.max and number == int(number) else None


def _missing(
    attributes: Mapping[str, Any], stored: np.dtype[Any], dtype: np.dtype[Any], variable: LibraryVariable, where: str
) -> tuple[tuple[Any, ...], list[str]]:
    """The numbers that mean "missing", and how messages call them."""
    found, marks = [], []
    for name, counts in (("_FillValue", (1,)), ("missing_value", ())):
        if name in attributes:
            numbers = _numbers(attributes[name], name, where, counts)
            found += [_as_stored(number, stored, dtype) for number in numbers]
            marks.append(f"{name} {', '.join(map(str, numbers))}")
    if "_FillValue" not in attributes and stored.itemsize > 1 and variable.is_filled():
        fill = default_fill_value(stored)
        found.append(_as_stored(fill, stored, dtype))
        marks.append(f"netCDF's default fill value {fill!s} of type {stored.name}")
    return tuple(number for number in found if number is not None), marks


def _valid_range(
    attributes: Mapping[str, Any], stored: np.dtype[Any], dtype: np.dtype[Any], where: str
) -> tuple[Any, Any]:
    low = high = None
    if "valid_range" in attributes:
        low, high = _numbers(attributes["valid_range"], "valid_range", where, (2,))
    if "valid_min" in attributes:
        low = _numbers(attributes["valid_min"], "valid_min", where, (1,))[0]
    if "valid_max" in attributes:
        high = _numbers(attributes["valid_max"], "valid_max", where, (1,))[0]
    return tuple(None if bound is None else _bound(bound, stored, dtype) for bound in (low, high))  # type: ignore[return-value]


def _bound(bound: Any, stored: np.dtype[Any], dtype: np.dtype[Any]) -> Any:
    """A bound of another type than the variable stays as it is: the comparison is right anyway."""
    found = _as_stored(bound, stored, dtype)
    return bound if found is None else found
