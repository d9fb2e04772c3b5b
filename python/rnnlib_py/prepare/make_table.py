# SPDX-License-Identifier: Apache-2.0
"""Tables and time series: their files become data files and a config to train with."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence as _Seq
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
from rnnlib_py.prepare.split_options import REPORT_NAME, SplitOptions
from rnnlib_py.prepare.table_config import TableStatistics, table_config
from rnnlib_py.prepare.table_files import TableReading, find_tables, read_tables
from rnnlib_py.prepare.table_frame import Frame
from rnnlib_py.prepare.table_inputs import inputs_of
from rnnlib_py.prepare.table_options import TableChoice, TableOptions
from rnnlib_py.prepare.table_pieces import Piece, deal_pieces, make_pieces, sequence_of, window_rows
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_report import table_lines
from rnnlib_py.prepare.table_roles import choose_roles
from rnnlib_py.prepare.table_scales import with_scales
from rnnlib_py.prepare.table_shapes import PATTERN, Shape
from rnnlib_py.prepare.table_targets import Targets, targets_of
from rnnlib_py.prepare.write_sets import write_sets
from rnnlib_py.system.files import check_writable, make_folder, path_list, write_atomically

PathLike = str | os.PathLike[str]
Names = str | _Seq[str]
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


def table(
    files: PathLike | _Seq[PathLike],
    output: PathLike = ".",
    *,
    task: str = "auto",
    inputs: Names = (),
    targets: Names = (),
    id: str = "",  # noqa: A002
    time: str = "",
    elapsed: bool = False,
    ahead: int = 0,
    form: str = "auto",
    pattern: str = PATTERN,
    delimiter: str | None = None,
    decimal: str = ".",
    missing: str = "skip",
    scale: str = "auto",
    units: str = "words",
    window: int | None = None,
    by_time: bool | None = None,
    fractions: _Seq[float] = (0.8, 0.1, 0.1),
    by_group: str | None = None,
    seed: int = 1,
    strict: bool = False,
    force: bool = False,
    progress: TextIO | None = None,
) -> PreparedTable:
    """Makes data files of tables or time series, and a config to train with (docs/time-series.md).

    Parameters
    ----------
    files
        CSV, TSV, Parquet or .ts files, or folders of them.
    output
        A folder for train.nc, val.nc, test.nc, table.config and report.txt.
    task
        As the config key has it; "auto": by what the targets are.
    inputs
        Columns, or patterns of their names such as "sensor*"; none: all that have no other use.
    targets
        Columns; none: one called target, class, label or y. With `ahead`: all inputs that are numbers.
    id
        The column that names the sequence of a row; "": all rows of a file are one.
    time
        The column of numbers or dates by which rows are sorted; "": they stay in their order.
    elapsed
        The time since the first row (of dates in seconds) is an input, too.
    ahead
        Targets are those of so many rows later: the network forecasts.
    form
        "long": a row is a point in time; "wide": a row is a series, with a column for each of its points; "auto": wide
        where at least 8 columns are called t0, t1, ....
    pattern
        A regular expression for the names of a series' columns, with the parts `step` and, for several channels,
        `channel`.
    delimiter
        Between columns of texts; None: the one of , ; | and tab that the first row has most of.
    decimal
        What stands before a number's fraction: "." or ",".
    missing
        What becomes of missing cells among the inputs: "skip" leaves out the sequence, "drop" the row; "zero", "mean",
        "previous" and "interpolate" fill them.
    scale
        "log" replaces input numbers by their logarithms, sign(x) log(1 + |x|), "linear" does not; "auto": those that
        are never negative and whose standard deviation is more than twice their mean.
    units
        What the labels of a text are: "words" or "characters".
    window
        Sequences with a target in each row are cut into windows of at most so many rows; 0: they are not; None: where
        they are few and long.
    by_time
        Each sequence is divided between the files, the first rows for training; None: where there are fewer sequences
        than files.
    fractions
        Shares of the sequences that train.nc, val.nc and test.nc get.
    by_group
        Sequences of one group stay in one file: "folder", "column:NAME", or a regular expression that finds the group
        in a sequence's name.
    seed
        The same seed, the same split.
    strict
        What would be left out is an error.
    force
        Replaces data files that are there.
    progress
        A stream for a progress bar.

    Raises
    ------
    ConfigError
        Options that cannot be; columns that are not there.
    DataError
        No sequence is left, or, with `strict`, one is left out. Nothing is written then, as after the errors below.
    IoError
        What cannot be read or written.
    """
    options = TableOptions(
        path_list(files),
        TableReading(Shape(form, id, time, pattern, decimal), delimiter),
        SplitOptions(Path(output), tuple(fractions), by_group, seed, strict, force),
        TableChoice(task, _names(inputs), _names(targets), ahead, elapsed, missing, units, scale),
        window,
        by_time,
    )
    options.check()
    return _Preparation(options, progress).run()


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) and names else tuple(names)


class _Preparation:
    """A run of table()."""

    def __init__(self, options: TableOptions, progress: TextIO | None) -> None:
        self._options = options
        self._progress = progress
        self._notes = Notes(options.split.strict)

    def run(self) -> PreparedTable:
        options, notes = self._options, self._notes
        frame, shape = read_tables(find_tables(options.files), options.reading, notes, self._progress)
        rule = options.split.by_group or ""
        group = rule[len(_COLUMN) :] if rule.startswith(_COLUMN) else ""
        recipe = choose_roles(frame, shape, options.choice, group, notes)
        targets = targets_of(frame, recipe, notes)
        pieces = make_pieces(frame, inputs_of(frame, recipe, notes), targets, recipe, notes)
        if not pieces:
            raise DataError(notes.nothing_left("sequence"))
        if group:
            pieces = _with_group(pieces, frame, group)
        window = window_rows(pieces, recipe, options.window)
        by_time = self._is_by_time(pieces, recipe)
        made, parts = deal_pieces(pieces, options.split, window, by_time)
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
        self._notes.change(str(split.output), [f"{found}: its rows were divided by time ({shared}), the first first"])
        return True

    def _write(
        self, pieces: list[Piece], parts: dict[str, list[int]], recipe: TableRecipe, targets: Targets
    ) -> PreparedTable:
        split = self._options.split
        make_folder(split.output)
        check_writable(split.output)
        form = FileForm(recipe.task, DataOptions(dims=1), recipe=recipe.to_json())
        write_sets([sequence_of(piece, recipe) for piece in pieces], parts, split.files, targets.labels, form)
        training = [pieces[i] for i in parts["train"]]
        statistics = TableStatistics(
            recipe.task,
            np.array([len(piece.inputs) for piece in training], np.int64),
            len(recipe.columns),
            len(recipe.targets) if targets.labels is None else len(targets.labels),
            recipe.ahead,
        )
        text = table_config(statistics, {name: path.name for name, path in split.files.items() if name != "test"})
        write_atomically(split.output / CONFIG_NAME, text)
        labels = _label_counts(pieces, targets.labels)
        made = PreparedTable(
            split.files,
            {name: len(part) for name, part in parts.items()},
            split.output / CONFIG_NAME,
            self._notes.found,
            self._notes.lines(),
            recipe,
            labels,
            table_lines(recipe, labels),
        )
        report = [*self._notes.lines(None), *made.lines]
        write_atomically(split.output / REPORT_NAME, "".join(f"{line}\n" for line in report))
        return made


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
