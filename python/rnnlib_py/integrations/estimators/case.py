# SPDX-License-Identifier: Apache-2.0
"""One sequence of X as an array of numbers, and how users say what its axes are."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]  # float32 or float64
_MOST_DIMS = 8  # as the engine has


@dataclass(frozen=True)
class InputForm:
    """How X is meant.

    Attributes
    ----------
    dims : int
        Dimensions of a sequence.
    channels_first : bool
        The inputs of a point come before its dimensions, as aeon has it.
    id_column, time_column : object
        Columns of a long DataFrame.
    """

    dims: int = 1
    channels_first: bool = False
    id_column: Any = None
    time_column: Any = None

    def check(self) -> None:
        """ValueError for what cannot be."""
        if isinstance(self.dims, bool) or not isinstance(self.dims, (int, np.integer)):
            raise ValueError(f"dims is {self.dims!r}, expected a whole number")
        if not 1 <= self.dims <= _MOST_DIMS:
            raise ValueError(f"dims is {self.dims}, expected 1 to {_MOST_DIMS}")
        if self.time_column is not None and self.id_column is None:
            raise ValueError("time_column needs id_column: the column that says which sequence a row belongs to")


def case_array(values: Any, number: int, form: InputForm) -> Array:
    """A sequence as an array (*shape, inputs of a point).

    Parameters
    ----------
    values
        An array, or what becomes one.
    number
        Of the sequence, for messages.
    form
        What its axes are.

    Raises
    ------
    ValueError
        Other axes, no points, texts, NaN or infinite numbers.
    """
    name = f"sequence {number} of X"
    array = numbers(values, name)
    if array.ndim == form.dims:
        array = array[..., np.newaxis]
    elif array.ndim == form.dims + 1:
        array = np.moveaxis(array, 0, -1) if form.channels_first else array
    else:
        raise ValueError(
            f"{name} has shape {array.shape}; with dims={form.dims} expected {form.dims} axes, or {form.dims + 1} when "
            "a point has several inputs"
        )
    if array.size == 0:
        raise ValueError(f"{name} is empty: its shape is {array.shape[:-1]}, with {array.shape[-1]} inputs per point")
    check_all_finite(array, name)
    return array


def numbers(values: Any, name: str) -> Array:
    """Values as floats. ValueError, which begins with `name`, for what are none."""
    if isinstance(values, np.ma.MaskedArray) and np.ma.is_masked(values):
        raise ValueError(f"{name} has masked numbers, expected complete ones")
    try:
        array = np.asarray(values)
        if array.dtype.kind not in "OUSmMcV":
            return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)
        if array.dtype.kind == "O":
            return array.astype(np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} is not an array of numbers: {error}") from None
    raise ValueError(f"{name} holds {array.dtype}, expected real numbers")


def check_all_finite(array: Array, name: str) -> None:
    """ValueError that names the first number that is NaN or infinite."""
    if np.isfinite(array.sum(dtype=np.float64)):
        return
    wrong = ~np.isfinite(array)
    if wrong.any():
        place = tuple(np.argwhere(wrong)[0].tolist())
        found = "NaN" if np.isnan(array[place]) else "infinity"
        raise ValueError(
            f"{name} contains {found} at {place}; {int(wrong.sum())} of its {array.size} numbers are not finite: fill "
            "them, or leave their sequences out"
        )
