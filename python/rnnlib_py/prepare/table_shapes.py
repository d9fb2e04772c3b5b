# SPDX-License-Identifier: Apache-2.0
"""Sequences of a table: in long form a row is a point in time, in wide form a whole series."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_cells import Cells, cells_of, numbers_of, texts_of, times_of
from rnnlib_py.prepare.table_frame import Frame

PATTERN = r"(?P<channel>.*?)[ _.-]?(?P<step>\d+)"
_TIMES = "\0times"  # a column for times as texts, which no file can have
_WIDE = 8  # columns of one series from which on a table is wide, unless something else is said


@dataclass(frozen=True, eq=False)
class RawTable:
    """A table as its file has it.

    Attributes
    ----------
    path : str
        For messages.
    name : str
        What its sequences are called by.
    columns : dict
        Name -> cells.
    numbers : ndarray
        int64. Of its rows in the file, for messages.
    """

    path: str
    name: str
    columns: dict[str, Cells]
    numbers: NDArray[np.int64]

    def column(self, name: str) -> Cells:
        """ConfigError when there is none."""
        if name not in self.columns:
            raise ConfigError(f"{self.path}: has no column '{name}' (its columns are {', '.join(self.columns)})")
        return self.columns[name]

    def only(self, kept: NDArray[np.bool_]) -> RawTable:
        return RawTable(
            self.path, self.name, {name: cells[kept] for name, cells in self.columns.items()}, self.numbers[kept]
        )


@dataclass(frozen=True)
class Shape:
    """How sequences lie in a table.

    Attributes
    ----------
    form : str
        "long" or "wide".
    id, time : str
        Columns; "" for none.
    pattern : str
        What the names of a series' columns look like, in wide form.
    decimal : str
        "." or ",".
    """

    form: str = "long"
    id: str = ""
    time: str = ""
    pattern: str = PATTERN
    decimal: str = "."

    def check(self) -> None:
        """ConfigError for a pattern that is none."""
        try:
            groups = re.compile(self.pattern).groupindex
        except re.error as error:
            raise ConfigError(f"pattern {self.pattern!r} is no regular expression: {error}") from None
        if "step" not in groups:
            raise ConfigError(f"pattern {self.pattern!r}: expected a part (?P<step>...), and maybe (?P<channel>...)")


def frame_of_columns(columns: Mapping[str, Any], shape: Shape, notes: Notes) -> Frame:
    """Sequences of columns that are in memory.

    Parameters
    ----------
    columns
        Name -> values, all of the same length; also a DataFrame.
    shape
        How sequences lie in them.
    notes
        Takes rows without an id or a time.

    Raises
    ------
    DataError
        Columns of different lengths or none; errors of long_frame().
    """
    cells = {str(name): cells_of(columns[name], f"column '{name}'") for name in columns.keys()}  # noqa: SIM118
    lengths = {name: len(values) for name, values in cells.items()}
    if not cells or not min(lengths.values()) or len(set(lengths.values())) > 1:
        raise DataError(f"columns have the lengths {lengths}, expected equal ones above 0")
    table = RawTable("the table", "table", cells, np.arange(1, max(lengths.values()) + 1))
    return (wide_frame if shape.form == "wide" else long_frame)(table, shape, notes, are_many=False)


def long_frame(table: RawTable, shape: Shape, notes: Notes, are_many: bool) -> Frame:
    """Rows with the same id are a sequence, in their order or in that of time; without an id all rows are one.

    Parameters
    ----------
    table
        Of a file.
    shape
        With form "long".
    notes
        Takes rows without an id or a time.
    are_many
        There are other files, so that names of sequences begin with the file's.

    Raises
    ------
    ConfigError
        Columns that are not there.
    DataError
        Times that are none.
    """
    if shape.time:
        found = np.array(texts_of(table.column(shape.time)), dtype=object)
        times = times_of(table.column(shape.time), shape.decimal, f"{table.path}: column '{shape.time}'")
        table = RawTable(table.path, table.name, {**table.columns, shape.time: times, _TIMES: found}, table.numbers)
        table = _with(table, ~np.isnan(times), shape.time, notes)
    if shape.id:
        ids = np.array(texts_of(table.column(shape.id)), dtype=object)
        table = _with(table, ids != "", shape.id, notes)
        ids = ids[ids != ""]
        number_of = {name: i for i, name in enumerate(dict.fromkeys(ids))}
        numbers = np.array([number_of[name] for name in ids], np.int64)
        tags = [f"{table.name}/{name}" if are_many else str(name) for name in number_of]
    else:
        numbers = np.zeros(len(table.numbers), np.int64)
        tags = [table.name] if len(numbers) else []
    order = np.lexsort((table.columns[shape.time], numbers)) if shape.time else np.argsort(numbers, kind="stable")
    if shape.time:
        _note_doubles(table, numbers[order], table.columns[shape.time][order], notes)
    starts = np.concatenate([[0], np.cumsum(np.bincount(numbers, minlength=len(tags)))]).astype(np.int64)
    columns = {name: cells[order] for name, cells in table.columns.items() if name != shape.id}
    return Frame(tags, starts, columns, {}, table.path, columns.pop(_TIMES, None))


def _with(table: RawTable, kept: NDArray[np.bool_], name: str, notes: Notes) -> RawTable:
    for number in table.numbers[~kept]:
        notes.skip(f"{table.path}, row {number}", f"has nothing in column '{name}'")
    return table.only(kept)


def _note_doubles(table: RawTable, numbers: NDArray[np.int64], times: Cells, notes: Notes) -> None:
    same = int(((np.diff(numbers) == 0) & (np.diff(times) == 0)).sum())
    if same:
        notes.change(table.path, [f"{same:,} rows have the time of the row before: they stay in the file's order"])


def looks_wide(table: RawTable, shape: Shape) -> bool:
    """Whether there are at least 8 columns with the numbers 0, 1, 2, ... (or 1, 2, ...) of one series, and neither a
    time nor an id that stands in several rows."""
    if shape.time:
        return False
    if shape.id:
        ids = texts_of(table.column(shape.id))
        if len(set(ids)) < len(ids):
            return False
    return any(
        len(steps) >= _WIDE and list(steps) == list(range(min(steps), min(steps) + len(steps)))
        for steps in _series_columns(table, PATTERN).values()
    )


def wide_frame(table: RawTable, shape: Shape, notes: Notes, are_many: bool) -> Frame:
    """A row is a sequence: columns with numbers at the end of their names are its points in time.

    A sequence ends where all its channels have nothing any more. Other columns are entries of the whole sequence.

    Parameters, errors
        As long_frame(); DataError also without such columns, or channels of different lengths.
    """
    found = _series_columns(table, shape.pattern)
    taken = {shape.id} if shape.id else set()
    found = {channel: {s: c for s, c in steps.items() if c not in taken} for channel, steps in found.items()}
    if not found or not any(found.values()):
        raise DataError(
            f"{table.path}: no columns are those of a series, such as t0, t1, t2 (its columns are "
            f"{', '.join(list(table.columns)[:20])}); --form long reads a table with a row for each point in time"
        )
    width = max(len(steps) for steps in found.values())
    uneven = next((channel for channel, steps in found.items() if len(steps) != width), None)
    if uneven is not None:
        raise DataError(
            f"{table.path}: channel '{uneven}' has {len(found[uneven])} columns, another one {width}: expected as many"
        )
    values = {channel: _cells_of(table, steps.values(), shape, notes) for channel, steps in found.items()}
    lengths = np.max([_lengths(cells) for cells in values.values()], axis=0)
    tags = _wide_tags(table, shape, are_many)
    for i in np.flatnonzero(lengths == 0):
        notes.skip(tags[i], "has no values")
    kept = np.flatnonzero(lengths)
    lengths = lengths[kept]
    inside = np.arange(width) < lengths[:, np.newaxis]
    used = {column for steps in found.values() for column in steps.values()} | taken
    return Frame(
        [tags[i] for i in kept],
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        {channel or "value": cells[kept][inside] for channel, cells in values.items()},
        {name: cells[kept] for name, cells in table.columns.items() if name not in used},
        table.path,
    )


def _series_columns(table: RawTable, pattern: str) -> dict[str, dict[int, str]]:
    """Channel -> step -> column, by steps."""
    expression = re.compile(pattern)
    found: dict[str, dict[int, str]] = {}
    for name in table.columns:
        match = expression.fullmatch(name)
        if match is not None and match["step"].isdecimal():
            channel = match.groupdict().get("channel") or ""
            found.setdefault(channel, {})[int(match["step"])] = name
    return {channel: dict(sorted(steps.items())) for channel, steps in found.items()}


def _cells_of(table: RawTable, names: Iterable[str], shape: Shape, notes: Notes) -> Cells:
    """float64 (rows, steps)."""
    columns = []
    for name in names:
        found = numbers_of(table.columns[name], shape.decimal, f"column '{name}'")
        if found is None:
            if any(texts_of(table.columns[name])):
                raise DataError(f"{table.path}: column '{name}' of a series holds no numbers")
            columns.append(np.full(len(table.numbers), np.nan))
            continue
        notes.change(table.path, found.changes)
        columns.append(found.values)
    return np.stack(columns, axis=1)


def _lengths(cells: Cells) -> NDArray[np.int64]:
    """Up to the last number of each row."""
    known = ~np.isnan(cells)
    last = cells.shape[1] - np.argmax(known[:, ::-1], axis=1)
    return np.where(known.any(axis=1), last, 0).astype(np.int64)


def _wide_tags(table: RawTable, shape: Shape, are_many: bool) -> list[str]:
    if not shape.id:
        return [f"{table.name}/{number}" for number in table.numbers]
    ids = texts_of(table.column(shape.id))
    ids = [name or f"row {number}" for name, number in zip(ids, table.numbers, strict=True)]
    return [f"{table.name}/{name}" for name in ids] if are_many else ids
