# SPDX-License-Identifier: Apache-2.0
"""Pen strokes: files of ink become data files and a config to train with."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence as _Seq
from pathlib import Path
from typing import TextIO

from rnnlib_py.prepare.ink_options import InkOptions, RecipeChoice
from rnnlib_py.prepare.ink_preparation import InkPreparation, PreparedInk
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.split_options import USUAL_FRACTIONS, SplitOptions
from rnnlib_py.prepare.stored_recipe import stored_recipe
from rnnlib_py.system.files import path_list

PathLike = str | os.PathLike[str]
Paths = PathLike | _Seq[PathLike]


def ink(
    files: Paths = (),
    output: PathLike = ".",
    *,
    tsv: Paths = (),
    like: PathLike | None = None,
    labels: str = "auto",
    features: str = "both",
    dt: bool = False,
    size: str | None = None,
    slope: bool | None = None,
    slant: bool | None = None,
    resample: str = InkRecipe.resample,
    step: float | None = None,
    y_axis: str = InkRecipe.y_axis,
    level: str = "outer",
    columns: Mapping[str, str] | None = None,
    form: str = InkRecipe.form,
    picture: int = 0,
    fractions: _Seq[float] = USUAL_FRACTIONS,
    by_group: str | None = None,
    seed: int = 1,
    strict: bool = False,
    force: bool = False,
    progress: TextIO | bool | None = None,
) -> PreparedInk:
    """Makes data files of pen strokes, and a config to train with (docs/pen-strokes.md).

    Parameters
    ----------
    files
        InkML, UNIPEN, IAM-OnDB XML or CSV files, or folders of them.
    output
        A folder for train.nc, val.nc, test.nc, ink.config and report.txt.
    tsv
        Tables of names of files or inks and of their texts.
    like
        A save or a data file: inks are treated as its own were, which decides about all options from `labels` to
        `picture`; they all go into test.nc.
    labels
        "characters" or "words" of a text, or the "class" of a whole ink; "auto": the class where every text is a single
        character, else characters.
    features
        "positions", "deltas" or "both".
    dt
        Adds the time between points to the inputs.
    size
        "box", "line" or "none"; None: box for classes, else line (InkRecipe).
    slope, slant
        Whether they are removed; None: those of lines.
    resample
        "length", "time" or "none".
    step
        Between two points, in units of `size` or in seconds; None: 0.1 of a box, 0.3 of a line, 0.02 seconds.
    y_axis
        Where y grows to: "up", "down", or as the file's "format" says.
    level
        Which parts of a file are inks: "outer" (the largest that have a text), "inner" (the smallest), or those of a
        kind as the file calls it: "WORD".
    columns
        Of CSV files: "x", "y", "stroke", "pen", "pen_up", "end", "time", "id" or "text" -> the name of the column.
    form
        Unicode's normal form of the texts: "NFC", "NFD", "NFKC", "NFKD", or "none".
    picture
        Points of the side of a picture that the network sees in place of the strokes, 12 to 256; 0 for none. Its labels
        are classes.
    fractions
        Shares of the inks that train.nc, val.nc and test.nc get.
    by_group
        Inks of one group stay in one file: "folder", "column:NAME" of what files and tables say of them, or a regular
        expression that finds the group in an ink's name. None: "column:writer" where all inks have one, else each
        stands alone.
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
        Options that cannot be.
    DataError
        No ink is left, or, with `strict`, one is left out. Nothing is written then, as after the errors below.
    IoError
        What cannot be read or written.
    """
    split = SplitOptions(Path(output), tuple(fractions), by_group, seed, strict, force)
    if like is not None:
        split = split.all_for_test()
    known = None if like is None else stored_recipe(like, InkRecipe)
    choice = RecipeChoice(
        labels,
        features,
        dt,
        size,
        slope,
        slant,
        resample,
        step,
        y_axis,
        level,
        dict(columns or {}),
        form,
        known,
        picture,
    )
    options = InkOptions(path_list(files), path_list(tsv), choice, split)
    options.check()
    return InkPreparation(options, progress).run()
