# SPDX-License-Identifier: Apache-2.0
"""Values as users have them, as arrays: numbers as float32, labels as names or class numbers.

Everything that takes data goes through here: Dataset, write_netcdf, and a lone Sequence that meets a network. What
cannot be converted is a DataError that names the element.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from numbers import Number
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.masked import refuse_masked
from rnnlib_py.data.text import decode

_SHOWN = 60  # characters of an element in a message
_EXACT = 2**53  # whole numbers up to here are exact as float64


def as_numbers(values: Any, what: str) -> NDArray[np.float32]:
    """Real numbers of any type as float32, C-contiguous and aligned, in their shape; `what` begins the message of a
    DataError."""
    refuse_masked(values, what, "a number")
    values, array = _as_array(values, what, "numbers")
    if array.dtype.kind in "mM":
        raise DataError(f"{what} holds dates or times ({array.dtype}), expected numbers")
    if array.dtype.kind not in "biuf":
        array = _as_objects(values, array)
        _check_elements(array, what, _is_number, "a number")
        array = _as_floats(array, what)
    with np.errstate(over="ignore"):
        return np.require(array, np.float32, ["C", "A"])


def as_labels(values: Any, what: str) -> NDArray[Any]:
    """Labels in their shape: either names (dtype str) or class numbers (int64, or the type of integer they had)."""
    refuse_masked(values, what, "a class number or a label")
    values, array = _as_array(values, what, "labels")
    kind = array.dtype.kind
    if kind == "b":
        return array.astype(np.int32)
    if kind in "iu" or (kind == "U" and isinstance(values, np.ndarray)):
        return array
    if array.size == 0:
        return array.astype(np.int32)
    if kind in "mM":
        raise DataError(f"{what} holds dates or times ({array.dtype}), expected class numbers or labels")
    if kind == "f":
        return _whole_numbers(array, what)
    return _labels_of_objects(_as_objects(values, array), what)


def label_names(labels: Iterable[Any]) -> list[str]:
    """A list of label names from names, bytes or numbers. DataError for a set, whose order is not always the same."""
    if isinstance(labels, (set, frozenset)):
        raise DataError("labels are a set, whose order differs from run to run; give a list, such as sorted(labels)")
    names = list(labels)
    for i, name in enumerate(names):
        if not isinstance(name, (str, bytes)) and not _is_class_number(name):
            raise DataError(f"labels: element {i} is {_shown(name)}, expected a name")
    return [_name(name) for name in names]


def _name(label: Any) -> str:
    if isinstance(label, bytes):
        return decode(label)
    # str.__str__: what a member of an enumeration is worth, not what it is called.
    return str.__str__(label) if isinstance(label, str) else str(label)


def _as_array(values: Any, what: str, meaning: str) -> tuple[Any, NDArray[Any]]:
    """The values, and the same as NumPy sees them; generators and the like become lists first."""
    if isinstance(values, (Mapping, set, frozenset)):
        raise DataError(f"{what} is a {type(values).__name__}, expected an array of {meaning}")
    if isinstance(values, memoryview):
        values = np.asarray(values)
    if not isinstance(values, (str, bytes, list, tuple)) and not hasattr(values, "__array__"):
        values = list(values) if isinstance(values, Iterable) else values
    try:
        return values, np.asarray(values)
    except ValueError as error:
        raise DataError(f"{what} is not an array of {meaning}: {error}") from None


def _as_objects(values: Any, array: NDArray[Any]) -> NDArray[np.object_]:
    """The elements as they were given: in a list of several types NumPy makes all of them the most general one."""
    if isinstance(values, (list, tuple)) and array.dtype.kind in "USc":
        return np.array(values, dtype=object)
    return array.astype(object)


def _as_floats(array: NDArray[np.object_], what: str) -> NDArray[np.float64]:
    try:
        return array.astype(np.float64)
    except (OverflowError, ValueError, TypeError) as error:  # an integer of thousands of bits
        raise DataError(f"{what} is not an array of numbers: {error}") from None


def _is_number(value: object) -> bool:
    return isinstance(value, (Number, np.bool_)) and not isinstance(value, (complex, np.complexfloating))


def _is_class_number(value: Any) -> bool:
    return _is_number(value) and -_EXACT < value < _EXACT and int(value) == value


def _is_label(value: object) -> bool:
    return isinstance(value, (str, bytes)) or _is_class_number(value)


def _whole_numbers(array: NDArray[Any], what: str) -> NDArray[np.int64]:
    with np.errstate(invalid="ignore"):
        good = (np.floor(array) == array) & (np.abs(array.astype(np.float64)) < _EXACT)
    if not good.all():
        _check_elements(array, what, _is_label, "a class number or a label")
    return array.astype(np.int64)


def _labels_of_objects(array: NDArray[np.object_], what: str) -> NDArray[Any]:
    _check_elements(array, what, _is_label, "a class number or a label")
    flat = array.reshape(-1).tolist()
    if isinstance(flat[0], (str, bytes)):
        _check_elements(array, what, lambda value: isinstance(value, (str, bytes)), "a label name like the others")
        names = [_name(name) for name in flat]
        return np.array(names, dtype=np.str_).reshape(array.shape)
    _check_elements(array, what, _is_class_number, "a class number like the others")
    return np.array([int(value) for value in flat], dtype=np.int64).reshape(array.shape)


def _check_elements(array: NDArray[Any], what: str, fits: Callable[[Any], bool], expected: str) -> None:
    """DataError naming the first element that does not fit."""
    for place, value in enumerate(array.reshape(-1).tolist()):
        if not fits(value):
            index = [int(i) for i in np.unravel_index(place, array.shape)]
            where = f"element {tuple(index) if len(index) > 1 else index[0]} " if index else ""
            raise DataError(f"{what}: {where or 'it '}is {_shown(value)}, expected {expected}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}… ({type(value).__name__})"
