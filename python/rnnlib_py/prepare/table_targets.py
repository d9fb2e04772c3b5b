# SPDX-License-Identifier: Apache-2.0
"""The targets of a table's sequences: a class or numbers, for each row or for the whole sequence, or a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.data.tasks import find_task
from rnnlib_py.data.text import SPACE, characters, split_words
from rnnlib_py.prepare.line_texts import clean_text
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.table_cells import Numbers, numbers_of, texts_of
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_roles import cells_by_row


@dataclass(frozen=True, eq=False)
class Targets:
    """Of all sequences of a frame.

    Attributes
    ----------
    values : ndarray or list
        Per row: int64 (rows,), -1 for none, or float64 (rows, targets), NaN for none. Per sequence: int64
        (sequences,) or float64 (sequences, targets), likewise; transcription: a list of lists of labels.
    labels : list of str or None
        Label names; None for numbers.
    """

    values: NDArray[Any] | list[list[str]]
    labels: list[str] | None


def targets_of(frame: Frame, recipe: TableRecipe, notes: Notes, labels: list[str] | None = None) -> Targets:
    """The targets as the recipe describes them, those of a regression in the units of the table.

    Parameters
    ----------
    frame
        The sequences.
    recipe
        Task and columns.
    notes
        Takes what was done to cells.
    labels
        Those that a network knows, others are no targets; None: all that there are.

    Raises
    ------
    DataError
        Numbers that are none, several entries where a sequence is to have one.
    """
    task = find_task(recipe.task)
    if task.transcribes:
        return _texts(frame, recipe, labels, notes)
    if not task.has_labels:
        columns = [_numbers(frame, name, recipe, task.per_point, notes) for name in recipe.targets]
        return Targets(np.stack(columns, axis=1), None)
    name = recipe.targets[0]
    texts = texts_of(cells_by_row(frame, name)) if task.per_point else frame.entry(name)
    names = {text: label_of(text) for text in set(texts) - {""}}
    if labels is None:
        labels = sorted(set(names.values()), key=_order)
    _note_unknown(set(names.values()) - set(labels), frame, recipe, notes)
    number_of = {label: i for i, label in enumerate(labels)}
    numbers = {text: number_of.get(label, -1) for text, label in names.items()}
    return Targets(np.array([numbers.get(text, -1) for text in texts], np.int64), labels)


def label_of(text: str) -> str:
    """A class as a label, which holds no white space."""
    return SPACE.join(text.split())


def class_of(label: str) -> str:
    """The class of a label."""
    return label.replace(SPACE, " ")


def _numbers(frame: Frame, name: str, recipe: TableRecipe, per_point: bool, notes: Notes) -> Numbers:
    cells = cells_by_row(frame, name) if per_point else np.array(frame.entry(name), dtype=object)
    found = numbers_of(cells, recipe.decimal, f"column '{name}'")
    if found is None:
        raise DataError(f"{frame.source}: column '{name}' holds texts, expected numbers for task {recipe.task}")
    notes.change(frame.source, found.changes)
    return found.values


def _note_unknown(unknown: set[str], frame: Frame, recipe: TableRecipe, notes: Notes) -> None:
    if unknown:
        shown = ", ".join(f"'{label}'" for label in sorted(unknown)[:3])
        what = (
            f"column '{recipe.targets[0]}' holds {shown}{', ...' if len(unknown) > 3 else ''}, unknown to the network"
        )
        notes.change(frame.source, [f"{what}: taken as no target"])


def _texts(frame: Frame, recipe: TableRecipe, labels: list[str] | None, notes: Notes) -> Targets:
    cleaned = [clean_text(text, "NFC").text for text in frame.entry(recipe.targets[0])]
    split = characters if recipe.units == "characters" else split_words
    texts = [list(split(text)) for text in cleaned]
    found = {label for text in texts for label in text}
    if labels is None:
        return Targets(texts, sorted(found, key=_order))
    _note_unknown(found - set(labels), frame, recipe, notes)
    return Targets([text if set(text) <= set(labels) else [] for text in texts], labels)


def _order(label: str) -> tuple[bool, float, str]:
    """Numbers by size, then texts."""
    try:
        return False, float(label), label
    except ValueError:
        return True, 0.0, label
