# SPDX-License-Identifier: Apache-2.0
"""The inputs of a table's sequences: numbers and categories of their columns, without missing cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_cells import Numbers, numbers_of, texts_of
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_roles import cells_by_row
from rnnlib_py.system.units import count_text

_FILLED = {
    "zero": "taken as 0",
    "mean": "taken as the mean",
    "previous": "filled with what stood before",
    "interpolate": "filled between their neighbours",
    "drop": "their rows are left out",
}


@dataclass(frozen=True, eq=False)
class Inputs:
    """Of all rows of a frame.

    Attributes
    ----------
    values : ndarray
        float64 (rows, inputs), not normalised; NaN where the mean is to stand.
    kept : ndarray
        bool (rows,). Rows that are not left out.
    usable : ndarray
        bool (sequences,). False for those that are left out.
    """

    values: Numbers
    kept: NDArray[np.bool_]
    usable: NDArray[np.bool_]


def inputs_of(frame: Frame, recipe: TableRecipe, notes: Notes) -> Inputs:
    """The inputs as the recipe describes them.

    Parameters
    ----------
    frame
        The sequences.
    recipe
        Its means and standard deviations are not looked at.
    notes
        Takes sequences that are left out, and what was done about missing cells and unknown categories.

    Raises
    ------
    DataError
        A column that is to hold numbers and does not.
    ConfigError
        A column that is not there.
    """
    values = np.empty((int(frame.starts[-1]), len(recipe.columns)), np.float64)
    for name in dict.fromkeys(recipe.columns):
        places = [i for i, column in enumerate(recipe.columns) if column == name]
        if recipe.categories[places[0]]:
            values[:, places] = _categories(frame, name, [recipe.categories[i] for i in places], notes)
        else:
            values[:, places[0]] = _numbers(frame, name, recipe, notes)
    kept: NDArray[np.bool_] = np.ones(len(values), bool)
    usable: NDArray[np.bool_] = np.ones(len(frame), bool)
    missing = np.isnan(values)
    if not missing.any():
        return Inputs(values, kept, usable)
    if recipe.missing == "skip":
        for i, tag in enumerate(frame.tags):
            usable[i] = not bool(missing[frame.rows(i)].any())
            if not usable[i]:
                notes.skip(tag, "has missing cells (--missing says what else is to become of them)")
        return Inputs(values, kept, usable)
    _note_missing(frame, missing, recipe, notes)
    if recipe.missing == "drop":
        kept[np.any(missing, axis=1)] = False
    elif recipe.missing == "zero":
        values[missing] = 0.0
    elif recipe.missing in ("previous", "interpolate"):
        fill = _previous if recipe.missing == "previous" else _interpolated
        for i in range(len(frame)):
            rows = frame.rows(i)
            if missing[rows].any():
                values[rows] = fill(values[rows])
    return Inputs(values, kept, usable)


def _numbers(frame: Frame, name: str, recipe: TableRecipe, notes: Notes) -> Numbers:
    found = numbers_of(cells_by_row(frame, name), recipe.decimal, f"column '{name}'")
    if found is None:
        raise DataError(f"{frame.source}: column '{name}' holds texts, expected numbers")
    notes.change(frame.source, found.changes)
    if name != recipe.time:
        return found.values
    elapsed: Numbers = found.values - np.repeat(found.values[frame.starts[:-1]], frame.lengths)
    return elapsed


def _categories(frame: Frame, name: str, categories: list[str], notes: Notes) -> Numbers:
    """1 in the column of each row's category; all 0 for an unknown one, NaN for none."""
    texts = texts_of(cells_by_row(frame, name))
    number_of = {category: i for i, category in enumerate(categories)}
    numbers = np.array([number_of.get(text, -1) for text in texts], np.int64)
    made: Numbers = (numbers[:, np.newaxis] == np.arange(len(categories))).astype(np.float64)
    made[[not text for text in texts]] = np.nan
    unknown = sorted(set(texts) - number_of.keys() - {""})
    if unknown:
        shown = f"'{unknown[0]}'" + (f" and {count_text(len(unknown) - 1, 'other')}" if len(unknown) > 1 else "")
        notes.change(frame.source, [f"column '{name}' holds {shown}, unknown to the network: taken as none of its own"])
    return made


def _note_missing(frame: Frame, missing: NDArray[np.bool_], recipe: TableRecipe, notes: Notes) -> None:
    for name in dict.fromkeys(recipe.columns):
        rows = missing[:, recipe.columns.index(name)]
        if rows.any():
            sequences = len(np.unique(np.searchsorted(frame.starts, np.flatnonzero(rows), side="right")))
            count = f"{count_text(int(rows.sum()), 'missing cell')} in {count_text(sequences, 'sequence')}"
            notes.change(frame.source, [f"column '{name}' has {count}: {_FILLED[recipe.missing]}"])


def _previous(values: Numbers) -> Numbers:
    """The last number that stood before; NaN where none did."""
    places = np.where(np.isnan(values), -1, np.arange(len(values))[:, np.newaxis])
    last = np.maximum.accumulate(places, axis=0)
    made: Numbers = np.take_along_axis(values, np.maximum(last, 0), axis=0)
    made[last < 0] = np.nan
    return made


def _interpolated(values: Numbers) -> Numbers:
    """On a line between the neighbours; the nearest at the ends, NaN where there is none."""
    made = values.copy()
    places = np.arange(len(values))
    for column in range(values.shape[1]):
        known = ~np.isnan(values[:, column])
        if known.any():
            made[:, column] = np.interp(places, places[known], values[known, column])
    return made
