# SPDX-License-Identifier: Apache-2.0
"""X in all forms that users have, as one array per sequence: arrays, lists of arrays, DataFrames."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import issparse
from sklearn.utils import check_array

from rnnlib_py.integrations.estimators import frames
from rnnlib_py.integrations.estimators.case import Array, InputForm, case_array, check_all_finite


@dataclass(frozen=True, eq=False)
class Inputs:
    """Sequences, and what is known of the form in which they came.

    Attributes
    ----------
    arrays : list of ndarray
        One per sequence, (*shape, inputs of a point).
    table_columns : int or None
        Columns of a table that has a series of one input in each row; None: X was no such table. Lists of numbers that
        are equally long are one, too.
    is_array : bool
        X was one array, so that all sequences have the same shape.
    rows : list of ndarray or None
        Of a long DataFrame, int64: the rows of each sequence. None: X was none.
    ids : list or None
        Of a long DataFrame: what its sequences are called.
    named : object
        What scikit-learn takes the names of features from; None: they have no names.
    """

    arrays: list[Array]
    table_columns: int | None = None
    is_array: bool = False
    rows: list[NDArray[np.int64]] | None = None
    ids: list[Any] | None = None
    named: Any = None

    def __len__(self) -> int:
        return len(self.arrays)

    @property
    def size(self) -> int:
        """Inputs of a point."""
        return int(self.arrays[0].shape[-1])


def read_inputs(X: Any, form: InputForm) -> Inputs:
    """X as arrays that were checked.

    Parameters
    ----------
    X
        A list of arrays, one array with an entry per sequence, or a DataFrame.
    form
        How it is meant.

    Raises
    ------
    ValueError
        What cannot be used, with the sequence, the point or the row.
    TypeError
        A sparse matrix.
    """
    form.check()
    if issparse(X):
        raise TypeError("X is a sparse matrix, expected sequences of numbers; X.toarray() makes it dense")
    if frames.is_frame(X):
        return _from_frame(X, form)
    if form.id_column is not None or form.time_column is not None:
        raise ValueError(f"id_column and time_column are for a long DataFrame, X is {type(X).__name__}")
    array = _whole_array(X)
    if array is not None:
        return _from_array(array, form)
    cases = list(X) if not isinstance(X, (str, bytes, dict)) and hasattr(X, "__iter__") else None
    if cases is None:
        raise ValueError(f"X is {type(X).__name__}, expected a list of arrays, an array or a DataFrame")
    if not cases:
        raise ValueError("X is empty: expected at least 1 sequence, found 0")
    arrays = [case_array(values, i, form) for i, values in enumerate(cases)]
    _check_sizes(arrays)
    is_table = form.dims == 1 and all(isinstance(values, (list, tuple)) and np.ndim(values[0]) == 0 for values in cases)
    lengths = {len(array) for array in arrays}
    return Inputs(arrays, lengths.pop() if is_table and len(lengths) == 1 else None)


def _whole_array(X: Any) -> NDArray[Any] | None:
    """X as an array where it is one with an entry per sequence, and None where its entries are arrays of their own."""
    if isinstance(X, (list, tuple)) or not hasattr(X, "__array__"):
        return None
    array = np.asarray(X)
    has_cases = array.ndim == 1 and array.dtype == object and len(array) > 0 and np.ndim(array[0]) > 0
    return None if has_cases else array


def _from_array(array: NDArray[Any], form: InputForm) -> Inputs:
    if array.ndim >= 2 and array.dtype.kind in "fiub":
        check_all_finite(array, "X")  # says where; the next call only says that
    array = check_array(array, allow_nd=True, dtype=[np.float64, np.float32], input_name="X")
    expected = (form.dims + 1, form.dims + 2)
    if array.ndim not in expected:
        raise ValueError(
            f"X has shape {array.shape}; with dims={form.dims} expected {expected[0]} axes (sequences, then their "
            f"dimensions) or {expected[1]} (and the inputs of a point)"
        )
    if array.size == 0:
        raise ValueError(f"X has shape {array.shape}: no size may be 0")
    table = array.shape[1] if array.ndim == 2 and form.dims == 1 else None
    return Inputs([case_array(values, i, form) for i, values in enumerate(array)], table, is_array=True)


def _from_frame(frame: Any, form: InputForm) -> Inputs:
    if len(frame) == 0 or frame.shape[1] == 0:
        raise ValueError(f"X is a DataFrame of shape {frame.shape}: expected at least 1 row and 1 column")
    if form.dims != 1:
        raise ValueError(f"a DataFrame holds sequences of one dimension, dims is {form.dims}; give a list of arrays")
    if frames.is_long(frame, form):
        long = frames.long_arrays(frame, form)
        return Inputs(long.arrays, rows=long.rows, ids=long.ids, named=long.channels)
    if frames.is_nested(frame):
        return Inputs(frames.nested_arrays(frame), named=frame)
    arrays = frames.wide_arrays(frame)
    return Inputs(arrays, frame.shape[1], is_array=True, named=frame)


def _check_sizes(arrays: list[Array]) -> None:
    """ValueError unless all sequences have the same number of inputs."""
    size = arrays[0].shape[-1]
    for i, array in enumerate(arrays):
        if array.shape[-1] != size:
            raise ValueError(f"sequence {i} of X has {array.shape[-1]} inputs per point, sequence 0 has {size}")
