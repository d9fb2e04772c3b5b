# SPDX-License-Identifier: Apache-2.0
"""What `prepare table` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import TASKS
from rnnlib_py.prepare.split_options import SplitOptions
from rnnlib_py.prepare.table_files import TableReading
from rnnlib_py.prepare.table_recipe import MISSING, SCALES, UNITS, TableRecipe

SCALE = ("auto", *SCALES)

TABLE_TASKS = tuple(name for name in TASKS if name != "dictionary_transcription")


@dataclass(frozen=True)
class TableChoice:
    """What was asked for of inputs and targets; "auto", empty: what suits the table.

    Attributes
    ----------
    task : str
    inputs, targets : tuple of str
        Columns, or patterns of their names such as "sensor*".
    ahead : int
        Rows from the inputs to the targets.
    elapsed : bool
        The time since the first row is an input.
    missing, units : str
        As in TableRecipe.
    scale : str
        As in table_scales.
    """

    task: str = "auto"
    inputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    ahead: int = 0
    elapsed: bool = False
    missing: str = "skip"
    units: str = "words"
    scale: str = "auto"


@dataclass(frozen=True)
class TableOptions:
    """Arguments of table(), checked.

    Attributes
    ----------
    window : int or None
        Sequences are cut into parts of at most so many rows; 0: they stay whole; None: where they are few and long.
    by_time : bool or None
        Each sequence is divided between the files in order of time; None: where there are fewer sequences than files.
    like : TableRecipe or None
        Decides about everything but the files.
    labels : list of str or None
        With `like`: the labels that the network knows.
    """

    files: list[Path]
    reading: TableReading
    split: SplitOptions
    choice: TableChoice = field(default_factory=TableChoice)
    window: int | None = None
    by_time: bool | None = None
    like: TableRecipe | None = None
    labels: list[str] | None = None

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        if not self.files:
            raise ConfigError("no tables: expected files, or folders of them")
        self.reading.check()
        self.split.check()
        if self.like is None:
            self._check_choice()

    def _check_choice(self) -> None:
        choice, shape = self.choice, self.reading.shape
        known = {"task": ("auto", *TABLE_TASKS), "missing": MISSING, "units": UNITS, "scale": SCALE}
        for name, values in known.items():
            if getattr(choice, name) not in values:
                raise ConfigError(f"{name} {getattr(choice, name)!r}: expected one of {', '.join(values)}")
        if shape.form not in ("auto", "long", "wide"):
            raise ConfigError(f"form {shape.form!r}: expected one of auto, long, wide")
        if shape.decimal not in (".", ","):
            raise ConfigError(f"decimal {shape.decimal!r}: expected . or ,")
        if choice.elapsed and not shape.time:
            raise ConfigError("--elapsed (elapsed=True) needs the column of time: --time NAME (time='NAME')")
        window = self.window or 0
        if choice.ahead < 0 or window < 0:
            raise ConfigError(f"ahead {choice.ahead}, window {window}: expected numbers of rows, at least 0")
        if 0 < window <= choice.ahead:
            raise ConfigError(f"window {window}: expected more rows than ahead ({choice.ahead})")
