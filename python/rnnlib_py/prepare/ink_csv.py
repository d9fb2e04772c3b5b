# SPDX-License-Identifier: Apache-2.0
"""Strokes in tables: a row for each point, with the columns x and y and, where there are more strokes or more inks than
one, what tells them apart."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.prepare.ink_items import Ink, InkItem
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.page_files import number
from rnnlib_py.prepare.text_table import TEXT_NAMES, TextTable

# What a column is -> what it usually is called.
COLUMN_NAMES = {
    "x": ("x",),
    "y": ("y",),
    "stroke": ("stroke", "stroke_id", "stroke_number"),
    "pen": ("pen", "pen_down", "down"),
    "pen_up": ("pen_up", "up"),
    "end": ("end", "end_of_stroke", "eos"),
    "time": ("time", "t", "timestamp", "seconds", "time_ms", "t_ms", "ms", "milliseconds"),
    "id": ("id", "ink", "ink_id", "sample", "sample_id", "sequence"),
    "text": ("class", *TEXT_NAMES),
}
_MILLISECONDS = ("time_ms", "t_ms", "ms", "milliseconds")


def csv_items(
    path: Path, name: str, notes: Notes, columns: dict[str, str] | None = None, is_y_down: bool = True
) -> Iterator[InkItem]:
    """The inks of a table.

    Parameters
    ----------
    path
        The table.
    name
        What its inks are called by; those of a table with a column `id` have it behind the name.
    notes
        Takes rows that are not complete.
    columns
        Keys of COLUMN_NAMES -> names of the columns, where they are called otherwise than usual.
    is_y_down
        Whether y grows downwards.

    Raises
    ------
    IoError, DataError
        A table that cannot be read or is empty.
    ConfigError
        Columns that are not there.
    """
    table = TextTable(path, notes)
    found = _find_columns(table, columns or {}, path)
    rows: dict[str, _Rows] = {}
    of_points = {found[what] for what in found if what not in ("id", "text")}
    others = [i for i in range(len(table.names)) if i not in of_points]
    for _, row in table.rows():
        key = row[found["id"]].strip() if "id" in found else ""
        if key not in rows:
            rows[key] = _Rows({table.names[i]: row[i] for i in others})
        rows[key].add(row, found)
    factor = 1e-3 if "time" in found and table.names[found["time"]].lower() in _MILLISECONDS else 1.0
    for key, ink in rows.items():
        tag = f"{name}/{key}" if key else name
        if ink.is_labelled_twice:
            notes.change(tag, ["its rows have different texts: the first is used"])
        yield InkItem(tag, ink.text, ink.make(found, -1.0 if is_y_down else 1.0, factor), ink.columns)


def _find_columns(table: TextTable, wanted: dict[str, str], path: Path) -> dict[str, int]:
    """What each column is -> its number."""
    unknown = sorted(wanted.keys() - COLUMN_NAMES.keys())
    if unknown:
        raise ConfigError(f"column '{unknown[0]}': expected one of {', '.join(COLUMN_NAMES)}")
    found = {}
    for what, usual in COLUMN_NAMES.items():
        if what in wanted:
            found[what] = table.find(wanted[what], usual, f"{what} of the points")
        elif usual_name := table.find_usual(usual):
            found[what] = usual_name
    for what in ("x", "y"):
        if what not in found:
            raise DataError(
                f"{path}: has no column {what}, expected a table of points with the columns x and y; its columns are "
                f"{', '.join(table.names[:20])}"
            )
    return {what: table.names.index(name) for what, name in found.items()}


@dataclass
class _Rows:
    """The rows of one ink."""

    columns: dict[str, str]
    text: str | None = None
    is_labelled_twice: bool = False
    x: list[float] = field(default_factory=list)
    y: list[float] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    strokes: list[str] = field(default_factory=list)  # the entry that tells strokes apart

    def add(self, row: list[str], found: dict[str, int]) -> None:
        self.x.append(number(row[found["x"]]))
        self.y.append(number(row[found["y"]]))
        self.times.append(number(row[found["time"]]) if "time" in found else math.nan)
        what = _divider(found)
        self.strokes.append(row[found[what]].strip() if what else "")
        text = row[found["text"]] if "text" in found else ""
        if text.strip():
            self.is_labelled_twice |= self.text is not None and text != self.text
            self.text = text if self.text is None else self.text

    def make(self, found: dict[str, int], y_factor: float, time_factor: float) -> Ink:
        """Points that the pen did not draw are left out."""
        points = np.column_stack([self.x, np.array(self.y) * y_factor, np.array(self.times) * time_factor])
        numbers, drawn = _strokes(self.strokes, _divider(found))
        return Ink(points[drawn], numbers[drawn])


def _divider(found: dict[str, int]) -> str:
    """Which column tells strokes apart; "" for none."""
    return next((what for what in ("stroke", "pen", "pen_up", "end") if what in found), "")


def _strokes(entries: list[str], what: str) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """The number of each point's stroke, and whether the pen drew it."""
    drawn = np.ones(len(entries), bool)
    begins = np.zeros(len(entries), bool)
    if what == "stroke":
        begins[1:] = [a != b for a, b in zip(entries[1:], entries[:-1], strict=True)]
    elif what:
        is_set = np.array([number(entry) != 0 and entry.lower() not in ("", "false", "no") for entry in entries])
        if what == "end":
            begins[1:] = is_set[:-1]
        else:
            drawn = is_set if what == "pen" else ~is_set
            begins[1:] = drawn[1:] & ~drawn[:-1]
    return np.cumsum(begins), drawn
