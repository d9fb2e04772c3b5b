# SPDX-License-Identifier: Apache-2.0
"""Tables and time series: their files become data files and a config to train with."""

from __future__ import annotations

import os
from collections.abc import Sequence as _Seq
from pathlib import Path
from typing import TextIO

from rnnlib_py.data.tasks import find_task
from rnnlib_py.prepare.split_options import USUAL_FRACTIONS, SplitOptions
from rnnlib_py.prepare.stored_recipe import stored_labels, stored_recipe
from rnnlib_py.prepare.table_files import TableReading
from rnnlib_py.prepare.table_options import TableChoice, TableOptions
from rnnlib_py.prepare.table_preparation import PreparedTable, TablePreparation
from rnnlib_py.prepare.table_recipe import TableRecipe
from rnnlib_py.prepare.table_shapes import PATTERN, Shape
from rnnlib_py.system.files import path_list

PathLike = str | os.PathLike[str]
Names = str | _Seq[str]


def table(
    files: PathLike | _Seq[PathLike],
    output: PathLike = ".",
    *,
    like: PathLike | None = None,
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
    fractions: _Seq[float] = USUAL_FRACTIONS,
    by_group: str | None = None,
    seed: int = 1,
    strict: bool = False,
    force: bool = False,
    progress: TextIO | bool | None = None,
) -> PreparedTable:
    """Makes data files of tables or time series, and a config to train with (docs/time-series.md).

    Parameters
    ----------
    files
        CSV, TSV, Parquet or .ts files, or folders of them.
    output
        A folder for train.nc, val.nc, test.nc, table.config and report.txt.
    like
        A save or a data file: tables are treated as its own were, whatever else is said here, and go into test.nc.
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
        A stream for a progress bar; True is the standard error, or a bar in a notebook.

    Raises
    ------
    ConfigError
        Options that cannot be; columns that are not there.
    DataError
        No sequence is left, or, with `strict`, one is left out. Nothing is written then, as after the errors below.
    IoError
        What cannot be read or written.
    """
    known = None if like is None else stored_recipe(like, TableRecipe)
    split = SplitOptions(Path(output), tuple(fractions), by_group, seed, strict, force)
    shape = Shape(form, id, time, pattern, decimal)
    if known is not None:
        split = split.all_for_test()
        shape, window, by_time = known.shape, 0, False
    options = TableOptions(
        path_list(files),
        TableReading(shape, delimiter),
        split,
        TableChoice(task, _names(inputs), _names(targets), ahead, elapsed, missing, units, scale),
        window,
        by_time,
        known,
        _known_labels(like, known),
    )
    options.check()
    return TablePreparation(options, progress).run()


def _known_labels(like: PathLike | None, recipe: TableRecipe | None) -> list[str] | None:
    if like is None or recipe is None or not find_task(recipe.task).has_labels:
        return None
    return stored_labels(like, recipe.task)


def _names(names: Names) -> tuple[str, ...]:
    return (names,) if isinstance(names, str) and names else tuple(names)
