# SPDX-License-Identifier: Apache-2.0
"""The recipe of tables: how their columns become a network's inputs, and its outputs numbers in the user's units."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.data.tasks import TASKS
from rnnlib_py.prepare.recipe import Recipe
from rnnlib_py.prepare.table_shapes import PATTERN, Shape

FORMS = ("long", "wide", "ts")
MISSING = ("skip", "zero", "mean", "previous", "interpolate", "drop")
UNITS = ("words", "characters")
SCALES = ("linear", "log")


@dataclass(frozen=True)
class TableRecipe(Recipe):
    """How tables were prepared.

    Attributes
    ----------
    task : str
        The config key `task` of networks for it.
    form : str
        "long" (a row is a point in time), "wide" (a row is a series) or "ts" (files of sktime and aeon).
    id, time : str
        The columns that name the sequence of a row, and by which its rows are sorted; "" for none.
    pattern : str
        What the names of a series' columns look like, in wide form.
    decimal : str
        What stands before a number's fraction, "." or ",".
    missing : str
        What becomes of missing cells: "skip" leaves the sequence out, "drop" the row; "zero", "mean", "previous" and
        "interpolate" fill them.
    columns : tuple of str
        The column of each input. That of time stands for the time since the sequence's first row.
    categories : tuple of str
        For each input: the text of the column for which it is 1, else 0; "" for an input that is a number.
    scales : tuple of str
        For each input: "log" where its number is replaced by its logarithm, sign(x) log(1 + |x|), else "linear".
    means, stds : tuple of float
        For each input: it is (number - mean) / std.
    targets : tuple of str
        The columns of the targets.
    target_means, target_stds : tuple of float
        For each target of a regression: it is output * std + mean.
    ahead : int
        Targets are those of so many rows later; 0: of the same row.
    units : str
        What the labels of a transcription are, "words" or "characters".
    """

    kind: ClassVar[str] = "table"

    task: str = "sequence_classification"
    form: str = "long"
    id: str = ""
    time: str = ""
    pattern: str = PATTERN
    decimal: str = "."
    missing: str = "skip"
    columns: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    scales: tuple[str, ...] = ()
    means: tuple[float, ...] = ()
    stds: tuple[float, ...] = ()
    targets: tuple[str, ...] = ()
    target_means: tuple[float, ...] = ()
    target_stds: tuple[float, ...] = ()
    ahead: int = 0
    units: str = "words"

    def check(self) -> None:
        """ConfigError for settings that cannot be."""
        known = {"form": FORMS, "missing": MISSING, "decimal": (".", ","), "task": tuple(TASKS), "units": UNITS}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise ConfigError(f"{name} {getattr(self, name)!r}: expected one of {', '.join(values)}")
        self.shape.check()
        if self.ahead < 0:
            raise ConfigError(f"ahead {self.ahead}: expected a number of rows, at least 0")
        for name in ("categories", "scales", "means", "stds"):
            if len(getattr(self, name)) != len(self.columns):
                raise ConfigError(f"{name}: expected {len(self.columns)}, as columns, found {len(getattr(self, name))}")
        if len(self.target_means) != len(self.target_stds):
            raise ConfigError(f"target_stds: expected {len(self.target_means)}, found {len(self.target_stds)}")
        if not all(isinstance(std, (int, float)) and std > 0 for std in (*self.stds, *self.target_stds)):
            raise ConfigError("stds: expected positive numbers")
        if any(not isinstance(text, str) for text in (*self.columns, *self.categories, *self.targets)):
            raise ConfigError("columns, categories, targets: expected texts")
        if any(not isinstance(value, (int, float)) for value in (*self.means, *self.stds, *self.target_means)):
            raise ConfigError("means, stds, target_means: expected numbers")
        if any(scale not in SCALES for scale in self.scales):
            raise ConfigError(f"scales: expected {' or '.join(SCALES)} for each input")

    @property
    def shape(self) -> Shape:
        """How sequences lie in the tables."""
        return Shape(self.form, self.id, self.time, self.pattern, self.decimal)

    def normalised(self, inputs: NDArray[np.float64]) -> NDArray[np.float32]:
        """Inputs (..., columns) as the network takes them; what is still missing is the mean."""
        scaled = self.scaled(inputs)
        made: NDArray[np.float64] = (scaled - np.array(self.means)) / np.array(self.stds)
        return np.where(np.isnan(made), 0.0, made).astype(np.float32)

    def scaled(self, inputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Inputs (..., columns) with logarithms where `scales` says so."""
        is_log = np.array([scale == "log" for scale in self.scales])
        made: NDArray[np.float64] = np.where(is_log, np.sign(inputs) * np.log1p(np.abs(inputs)), inputs)
        return made

    def normalised_targets(self, targets: NDArray[np.float64]) -> NDArray[np.float32]:
        """Targets of a regression (..., targets) as the network learns them."""
        made: NDArray[np.float64] = (targets - np.array(self.target_means)) / np.array(self.target_stds)
        return made.astype(np.float32)

    def in_units(self, outputs: NDArray[np.float64]) -> NDArray[np.float64]:
        """Outputs of a regression (..., targets) in the units of the table."""
        made: NDArray[np.float64] = outputs * np.array(self.target_stds) + np.array(self.target_means)
        return made
