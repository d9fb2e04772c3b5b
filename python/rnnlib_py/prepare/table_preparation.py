# SPDX-License-Identifier: Apache-2.0
"""From tables to data files: a run of table()."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.netcdf.writer import FileForm
from rnnlib_py.data.options import DataOptions
from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.notes import Notes
from rnnlib_py.prepare.prepared import Prepared
from rnnlib_py.prepare.table_config import TableStatistics, table_config
from rnnlib_py.prepare.table_files import find_tables, read_tables
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_inputs import inputs_of
from rnnlib_py.prepare.table_options import TableOptions
from rnnlib_py.prepare.table_pieces import Piece, deal_pieces, make_pieces, sequence_of, window_rows
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_report import table_lines
from rnnlib_py.prepare.table_roles import choose_roles
from rnnlib_py.prepare.table_scales import with_scales
from rnnlib_py.prepare.table_targets import Targets, targets_of
from rnnlib_py.prepare.write_sets import write_sets

CONFIG_NAME = "table.config"
_COLUMN = "column:"


@dataclass(frozen=True)
class PreparedTable(Prepared):
    """What table() made.

    Attributes
    ----------
    recipe : TableRecipe
        Task, inputs and targets, and how they were treated.
    labels : dict
        Label -> occurrences in all sets; empty for regression.
    lines : list of str
        Sentences about what was taken for what.
    """

    recipe: TableRecipe
    labels: dict[str, int]
    lines: list[str]


class TablePreparation:
    """A run of table()."""

    def __init__(self, options: TableOptions, progress: TextIO | bool | None) -> None:
        self._options = options
        self._progress = progress
        self._notes = Notes(options.split.strict)

    def run(self) -> PreparedTable:
        options, notes = self._options, self._notes
        frame, shape = read_tables(find_tables(options.files), options.reading, notes, self._progress)
        rule = options.split.by_group or ""
        group = rule[len(_COLUMN) :] if rule.startswith(_COLUMN) else ""
        recipe = options.like or choose_roles(frame, shape, options.choice, group, notes)
        targets = targets_of(frame, recipe, notes, options.labels)
        pieces = make_pieces(frame, inputs_of(frame, recipe, notes), targets, recipe, notes)
        if not pieces:
            raise DataError(notes.nothing_left("sequence"))
        if group:
            pieces = _with_group(pieces, frame, group)
        window = window_rows(pieces, recipe, options.window)
        by_time = self._is_by_time(pieces, recipe)
        made, parts = deal_pieces(pieces, options.split, window, by_time)
        if options.like is None:
            recipe = with_scales(recipe, [made[i] for i in parts["train"]], options.choice.scale)
        return self._write(made, parts, recipe, targets)

    def _is_by_time(self, pieces: list[Piece], recipe: TableRecipe) -> bool:
        """Whether sequences are divided by their rows."""
        split, asked = self._options.split, self._options.by_time
        per_point = find_task(recipe.task).per_point
        if asked and not per_point:
            raise ConfigError(f"--by-time (by_time=True) is for targets in each row, the task is {recipe.task}")
        if asked is not None or not per_point or len(pieces) >= len(split.fractions):
            return bool(asked)
        found = "there is one sequence" if len(pieces) == 1 else f"there are {len(pieces)} sequences"
        shared = ", ".join(split.files)
        whose = "its" if len(pieces) == 1 else "their"
        self._notes.change(str(split.output), [f"{found}: {whose} rows were divided in the order of time ({shared})"])
        return True

    def _write(
        self, pieces: list[Piece], parts: dict[str, list[int]], recipe: TableRecipe, targets: Targets
    ) -> PreparedTable:
        split = self._options.split
        split.make_output()
        form = FileForm(recipe.task, DataOptions(dims=1), recipe=recipe.to_json())
        write_sets([sequence_of(piece, recipe) for piece in pieces], parts, split.files, targets.labels, form)
        training = [pieces[i] for i in parts.get("train", [])]
        labels = _label_counts(pieces, targets.labels)
        made = PreparedTable(
            split.files,
            {name: len(part) for name, part in parts.items()},
            None if self._options.like is not None else self._write_config(training, recipe, targets),
            self._notes.found,
            self._notes.lines(),
            recipe,
            labels,
            table_lines(recipe, labels),
        )
        split.write_report(self._notes, made.lines)
        return made

    def _write_config(self, training: list[Piece], recipe: TableRecipe, targets: Targets) -> Path:
        split = self._options.split
        statistics = TableStatistics(
            recipe.task,
            np.array([len(piece.inputs) for piece in training], np.int64),
            len(recipe.columns),
            len(recipe.targets) if targets.labels is None else len(targets.labels),
            recipe.ahead,
        )
        return split.write(CONFIG_NAME, table_config(statistics, split.config_files))


def _with_group(pieces: list[Piece], frame: Frame, group: str) -> list[Piece]:
    if group not in frame.columns and group not in frame.entries:
        names = ", ".join([*frame.columns, *frame.entries][:30])
        raise ConfigError(f"--by-group {_COLUMN}{group}: no table has a column '{group}' (its columns are {names})")
    entry_of = dict(zip(frame.tags, frame.entry(group), strict=True))
    return [replace(piece, columns={group: entry_of[piece.tag]}) for piece in pieces]


def _label_counts(pieces: list[Piece], labels: list[str] | None) -> dict[str, int]:
    if labels is None:
        return {}
    counts: Counter[str] = Counter()
    for piece in pieces:
        if isinstance(piece.target, list):
            counts.update(piece.target)
        else:
            counts.update(labels[i] for i in np.atleast_1d(piece.target).tolist() if i >= 0)
    return {label: counts[label] for label in labels}
