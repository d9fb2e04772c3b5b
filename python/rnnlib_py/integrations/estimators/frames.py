# SPDX-License-Identifier: Apache-2.0
"""DataFrames as one array per sequence: wide, nested and long ones."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.integrations.estimators.case import Array, InputForm, check_all_finite, numbers


def _pandas() -> Any:
    """The package, where the program has imported it: without it there are no DataFrames."""
    return sys.modules.get("pandas")


def is_frame(X: Any) -> bool:
    """True for a DataFrame of pandas."""
    pandas = _pandas()
    return pandas is not None and isinstance(X, pandas.DataFrame)


def is_long(frame: Any, form: InputForm) -> bool:
    """True where a row is a point: id_column is named, or the index has the levels sequence and time."""
    return form.id_column is not None or frame.index.nlevels == 2


def is_nested(frame: Any) -> bool:
    """True where a cell is a series."""
    return any(frame[column].dtype == object and np.ndim(frame[column].iloc[0]) == 1 for column in frame.columns)


def wide_arrays(frame: Any) -> list[Array]:
    """A row is a series, with a column for each of its points."""
    return [row[:, np.newaxis] for row in _numbers_of(frame, frame.columns)]


def nested_arrays(frame: Any) -> list[Array]:
    """A row is a sequence, with a column for each input; a cell is a series. ValueError for ragged ones."""
    columns = list(frame.columns)
    arrays = []
    for i, row in enumerate(frame.itertuples(index=False, name=None)):
        cells = []
        for column, cell in zip(columns, row, strict=True):
            name = f"sequence {i} of X, column {column!r}"
            if np.ndim(cell) != 1:
                raise ValueError(f"{name} is {cell!r}, expected a series: a missing one must be filled or left out")
            cells.append(numbers(cell, name))
            check_all_finite(cells[-1], name)
        lengths = [len(cell) for cell in cells]
        odd = next((k for k, length in enumerate(lengths) if length != lengths[0]), None)
        if odd is not None:
            raise ValueError(
                f"sequence {i} of X has {lengths[0]} points in column {columns[0]!r}, but {lengths[odd]} in column "
                f"{columns[odd]!r}; all its inputs need the same points"
            )
        if not lengths[0]:
            raise ValueError(f"sequence {i} of X is empty: its series have no points")
        arrays.append(np.stack(cells, axis=-1))
    return arrays


@dataclass(frozen=True, eq=False)
class LongArrays:
    """Sequences of a long DataFrame in the order in which they first appear; `channels`: its columns of inputs."""

    arrays: list[Array]
    rows: list[NDArray[np.int64]]
    ids: list[Any]
    channels: Any


def long_arrays(frame: Any, form: InputForm) -> LongArrays:
    """A row is a point.

    Parameters
    ----------
    frame
        The rows of all sequences; those of one stand in the order of time, others may stand between them.
    form
        Names the columns of the sequence and of the time; without names they are the levels of the index.

    Raises
    ------
    ValueError
        Missing values, columns that are no numbers, and times that do not increase within a sequence.
    """
    ids, times, channels = _parts(frame, form)
    pandas = _pandas()
    missing = np.flatnonzero(pandas.isna(ids))
    if len(missing):
        raise ValueError(f"row {missing[0]} of X does not say which sequence it belongs to: its name is missing")
    codes, names = pandas.factorize(ids)
    order = np.argsort(codes, kind="stable")
    rows = np.split(order, np.flatnonzero(np.diff(codes[order])) + 1)
    if times is not None:
        for name, of_one in zip(names, rows, strict=True):
            _check_times(times, of_one, name, form)
    values = _numbers_of(channels, channels.columns)
    return LongArrays([values[of_one] for of_one in rows], rows, list(names), channels)


def _parts(frame: Any, form: InputForm) -> tuple[Any, Any, Any]:
    """Sequences, times (None: there are none) and the columns of inputs."""
    if form.id_column is None:
        levels = [frame.index.get_level_values(i) for i in range(2)]
        return levels[0], levels[1].to_series().reset_index(drop=True), frame
    named = [form.id_column] if form.time_column is None else [form.id_column, form.time_column]
    for parameter, column in zip(("id_column", "time_column"), named, strict=False):
        if column not in frame.columns:
            raise ValueError(f"{parameter} is {column!r}, but X has the columns {', '.join(map(repr, frame.columns))}")
    channels = frame.drop(columns=named)
    if channels.shape[1] == 0:
        raise ValueError(f"X has no columns but {', '.join(map(repr, named))}: expected at least one of numbers")
    times = None if form.time_column is None else frame[form.time_column].reset_index(drop=True)
    return frame[form.id_column], times, channels


def _check_times(times: Any, rows: NDArray[np.int64], name: Any, form: InputForm) -> None:
    """ValueError unless the times of a sequence's rows increase."""
    found = times.iloc[rows]
    missing = np.flatnonzero(found.isna())
    if len(missing):
        raise ValueError(f"sequence {name!r} of X: the time is missing in row {rows[missing[0]]}")
    try:
        wrong = np.flatnonzero(~(found.to_numpy()[1:] > found.to_numpy()[:-1]))
    except TypeError:
        raise ValueError(f"sequence {name!r} of X: its times cannot be compared: they are of several types") from None
    if len(wrong):
        at = int(wrong[0])
        keys = (
            "X.sort_index()" if form.id_column is None else f"X.sort_values([{form.id_column!r}, {form.time_column!r}])"
        )
        raise ValueError(
            f"sequence {name!r} of X: row {rows[at + 1]} has the time {found.iloc[at + 1]}, which does not come after "
            f"{found.iloc[at]} in row {rows[at]}; {keys} sorts them, and a time may occur once"
        )


def _numbers_of(frame: Any, columns: Any) -> NDArray[np.float64]:
    """Columns as numbers (rows, columns). ValueError for texts, dates and what is missing, with column and row."""
    made = np.empty((len(frame), len(columns)))
    for k, column in enumerate(columns):
        values = frame[column]
        if values.ndim != 1:
            raise ValueError(f"X has several columns called {column!r}")
        missing = np.flatnonzero(values.isna())
        if len(missing):
            raise ValueError(
                f"X has missing values: NaN in column {column!r}, row {frame.index[missing[0]]!r}, and {len(missing)} "
                "in this column; fill them (X.interpolate()), or leave their sequences out"
            )
        made[:, k] = numbers(values.to_numpy(), f"column {column!r} of X")
        check_all_finite(made[:, k], f"column {column!r} of X")
    return made
