# SPDX-License-Identifier: Apache-2.0
"""Sequences with inputs and targets, whole or cut into windows, and which data file each goes to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.sequence import Sequence
from rnnlib_py.data.target_use import label_steps
from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.groups import groups_of
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.split_options import SplitOptions
from rnnlib_py.prepare.table_cells import Numbers
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_inputs import Inputs
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_targets import Targets

_LONG = 200  # rows from which on a sequence is cut where there are few of them,
_FEW = 100  # into windows, so that there are about so many


@dataclass(frozen=True, eq=False)
class Piece:
    """A sequence, or a part of one, as yet in the units of the table.

    Attributes
    ----------
    tag : str
    inputs : ndarray
        float64 (rows, inputs).
    target
        As in Targets: of its rows or of the sequence.
    columns : dict
        What groups are made of.
    text, page : str
        Empty: what else groups of other kinds of files are made of.
    """

    tag: str
    inputs: Numbers
    target: Any
    columns: dict[str, str] = field(default_factory=dict)
    text: str = ""
    page: str = ""

    def rows(self, part: slice) -> Piece:
        """Some of its rows, of a task with a target for each."""
        return Piece(f"{self.tag}/{part.start}", self.inputs[part], self.target[part], self.columns)


def make_pieces(frame: Frame, inputs: Inputs, targets: Targets, recipe: TableRecipe, notes: Notes) -> list[Piece]:
    """A piece for each sequence that can be used.

    Parameters
    ----------
    frame, inputs, targets
        Of the same sequences.
    recipe
        What they are.
    notes
        Takes those that cannot be used.
    """
    task = find_task(recipe.task)
    made = []
    for i, tag in enumerate(frame.tags):
        if not inputs.usable[i]:
            continue
        rows = frame.rows(i)
        kept = inputs.kept[rows]
        values = inputs.values[rows][kept]
        target: Any = targets.values[rows][kept] if task.per_point else targets.values[i]
        if recipe.ahead:
            values, target = values[: -recipe.ahead], target[recipe.ahead :]
        trouble = _trouble(values, target, recipe)
        if trouble:
            notes.skip(tag, trouble)
            continue
        made.append(Piece(tag, values, target))
    return made


def _trouble(values: Numbers, target: Any, recipe: TableRecipe) -> str:
    """Why a sequence cannot be used; "" where it can."""
    if not len(values):
        return f"has no more than {recipe.ahead} rows" if recipe.ahead else "has no rows left"
    if find_task(recipe.task).transcribes:
        if not target:
            return "its text is empty"
        steps = label_steps(target)
        return f"has {len(values):,} rows, but its text needs {steps:,}" if steps > len(values) else ""
    known = target >= 0 if find_task(recipe.task).has_labels else ~np.isnan(target)
    enough = np.any(known) if find_task(recipe.task).per_point else np.all(known)
    return "" if enough else "has no target"


def window_rows(pieces: list[Piece], recipe: TableRecipe, window: int | None) -> int:
    """Of how many rows windows are; 0: sequences stay whole.

    Parameters
    ----------
    pieces
        All sequences.
    recipe
        Their task.
    window
        What was asked for; None: few long sequences with a target in each row are cut.

    Raises
    ------
    ConfigError
        Windows of sequences with one target.
    """
    per_point = find_task(recipe.task).per_point
    if window and not per_point:
        raise ConfigError(f"--window (window={window}) is for targets in each row, the task is {recipe.task}")
    if window is not None or not per_point or len(pieces) >= _FEW:
        return window or 0
    lengths = [len(piece.inputs) for piece in pieces]
    if max(lengths) <= _LONG:
        return 0
    return max(50, 2 * recipe.ahead, min(_LONG, sum(lengths) // _FEW))


def cut_pieces(pieces: list[Piece], window: int) -> Iterator[tuple[int, Piece]]:
    """Parts of nearly equal lengths of at most so many rows, each with the number of its sequence. Parts in which no
    row has a target are left out."""
    for number, piece in enumerate(pieces):
        rows = len(piece.inputs)
        if not window or rows <= window:
            yield number, piece
            continue
        edges = np.linspace(0, rows, math.ceil(rows / window) + 1).round().astype(int)
        parts = (piece.rows(slice(int(start), int(end))) for start, end in pairwise(edges))
        yield from ((number, part) for part in parts if _is_known(part.target))


def deal_pieces(
    pieces: list[Piece], split: SplitOptions, window: int, by_time: bool
) -> tuple[list[Piece], dict[str, list[int]]]:
    """The sequences or their windows, and the numbers of those of each file.

    Parameters
    ----------
    pieces
        All sequences.
    split
        How they are divided.
    window
        Rows of a window; 0: none.
    by_time
        Each sequence is divided by its rows; else whole sequences, or groups of them, are dealt out.

    Raises
    ------
    DataError
        Too few for the files.
    """
    if not by_time:
        dealt = split.deal(groups_of(pieces, split.by_group), "sequences")
        set_of = {number: name for name, numbers in dealt.items() for number in numbers}
        parts = [(set_of[number], piece) for number, piece in cut_pieces(pieces, window)]
    else:
        parts = [part for piece in pieces for part in _by_time(piece, split, window)]
    made: dict[str, list[int]] = {name: [] for name in split.files}
    for i, (name, _) in enumerate(parts):
        made[name].append(i)
    empty = next((name for name, numbers in made.items() if not numbers), None)
    if empty is not None:
        raise DataError(f"{split.output}: the sequences have too few rows, so that {empty}.nc would be empty")
    return [piece for _, piece in parts], made


def _by_time(piece: Piece, split: SplitOptions, window: int) -> Iterator[tuple[str, Piece]]:
    """The first rows of a sequence for the first file, and so on."""
    edges = np.concatenate([[0], np.cumsum(split.fractions)]) * len(piece.inputs)
    places = edges.round().astype(int)
    for name, (start, end) in zip(split.files, pairwise(places), strict=True):
        if end > start:
            part = piece.rows(slice(int(start), int(end)))
            if _is_known(part.target):
                yield from ((name, cut) for _, cut in cut_pieces([part], window))


def _is_known(target: NDArray[Any]) -> bool:
    return bool(np.any(~np.isnan(target) if target.dtype == np.float64 else target >= 0))


def sequence_of(piece: Piece, recipe: TableRecipe) -> Sequence:
    """A piece as it is written: normalised, and rows without a target marked."""
    task = find_task(recipe.task)
    inputs, target, importance = recipe.normalised(piece.inputs), piece.target, None
    if not task.has_labels:
        known = ~np.isnan(target)
        if task.per_point and not known.all():
            importance = known.all(axis=-1).astype(np.float32)
        target = np.nan_to_num(recipe.normalised_targets(target), nan=0.0)
    elif not task.transcribes:
        target = target.astype(np.int32) if task.per_point else int(target)
    return Sequence(inputs, target, piece.tag, importance=importance)
