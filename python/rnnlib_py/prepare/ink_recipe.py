# SPDX-License-Identifier: Apache-2.0
"""The recipe of pen strokes: how ink becomes a network's input, and a text its labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from rnnlib_py._core import ConfigError
from rnnlib_py.data.text import SPACE
from rnnlib_py.prepare.ink_picture import PICTURE_COLUMNS, SIDES
from rnnlib_py.prepare.line_recipe import FORMS
from rnnlib_py.prepare.recipe import Recipe

COLUMNS = ("x", "y", "dx", "dy", "pen_up", "end", "dt")
RESAMPLE = ("length", "time", "none")
SIZE = ("box", "line", "none")
Y_AXIS = ("format", "up", "down")
LABELS = ("characters", "words", "class")
FEATURES = {"deltas": ("dx", "dy"), "positions": ("x", "y"), "both": ("x", "y", "dx", "dy")}


@dataclass(frozen=True)
class InkRecipe(Recipe):
    """How ink and its texts were prepared.

    Attributes
    ----------
    columns : tuple of str
        What each number of a point is: "x", "y" (its place), "dx", "dy" (the way from the point before), "pen_up" (1
        where the pen came through the air), "end" (1 for the last point of a stroke), "dt" (the time since the point
        before). Of pictures those that docs/pen-strokes.md lists.
    size : str
        "box": the larger side of the ink's box becomes 2, its centre 0; "line": the standard deviation of the heights
        becomes 1; "none": places stay.
    slope, slant : bool
        Whether the line is turned level, and letters upright.
    resample : str
        "length": points at equal distances along each stroke, "time": at equal times, "none": as they were recorded.
    step : float
        Between two points: a length in the units that `size` makes, or seconds.
    y_axis : str
        Where y grows to: "up", "down", or as the file's "format" says.
    level : str
        Which parts of a file are inks: "outer" (the largest that have a text), "inner" (the smallest), or those of a
        kind, as the file calls it: "WORD".
    csv_columns : tuple of str
        "x=PX": the column of CSV files that is called PX is x.
    form : str
        Unicode's normal form of the texts, or "none".
    labels : str
        What they are: "characters" or "words" of a text, or the "class" of a whole ink.
    space : str
        The label, or the part of a label, that stands for white space.
    picture : int
        Points of a picture's side; 0: the network sees the strokes themselves.
    """

    kind: ClassVar[str] = "ink"

    columns: tuple[str, ...] = ("x", "y", "dx", "dy", "pen_up", "end")
    size: str = "box"
    slope: bool = False
    slant: bool = False
    resample: str = "length"
    step: float = 0.1
    y_axis: str = "format"
    level: str = "outer"
    csv_columns: tuple[str, ...] = ()
    form: str = "NFC"
    labels: str = "characters"
    space: str = SPACE
    picture: int = 0

    def check(self) -> None:
        """ConfigError for settings that cannot be."""
        self._check_picture()
        possible = PICTURE_COLUMNS if self.picture else COLUMNS
        unknown = [name for name in self.columns if name not in possible]
        if not self.columns or unknown or len(set(self.columns)) != len(self.columns):
            raise ConfigError(
                f"columns {', '.join(map(str, self.columns))}: expected some of {', '.join(possible)}, each once"
            )
        known = {"size": SIZE, "resample": RESAMPLE, "y_axis": Y_AXIS, "form": FORMS, "labels": LABELS}
        for name, values in known.items():
            if getattr(self, name) not in values:
                raise ConfigError(f"{name} {getattr(self, name)!r}: expected one of {', '.join(values)}")
        if not self.level or any("=" not in str(pair) for pair in self.csv_columns):
            raise ConfigError("level and csv_columns: expected a word, and texts like x=NAME")
        if not (math.isfinite(self.step) and self.step > 0):
            raise ConfigError(f"step {self.step:g}: expected a positive number")
        if not self.space or any(character.isspace() for character in self.space):
            raise ConfigError(f"space {self.space!r}: expected a label without white space")

    def _check_picture(self) -> None:
        least, most = SIDES
        if self.picture and not least <= self.picture <= most:
            raise ConfigError(f"picture {self.picture}: expected {least} to {most} points")
        if self.picture and (self.labels != "class" or self.columns != PICTURE_COLUMNS):
            raise ConfigError(f"picture {self.picture}: expected the labels class, and the columns of a picture")

    @property
    def names(self) -> dict[str, str]:
        """csv_columns: what a column is -> its name."""
        pairs = [pair.partition("=") for pair in self.csv_columns]
        return {what: name for what, _, name in pairs}

    @property
    def task(self) -> str:
        """The config key `task` of networks for it."""
        return "sequence_classification" if self.labels == "class" else "transcription"
