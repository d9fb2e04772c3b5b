# SPDX-License-Identifier: Apache-2.0
"""What `prepare ink` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.prepare.ink_picture import PICTURE_COLUMNS
from rnnlib_py.prepare.ink_recipe import FEATURES, InkRecipe
from rnnlib_py.prepare.ink_texts import chosen_labels
from rnnlib_py.prepare.split_options import SplitOptions

STEPS = {"box": 0.1, "line": 0.3, "none": 1.0}  # between points at equal distances, by `size`
SECONDS = 0.02  # between points at equal times


@dataclass(frozen=True)
class RecipeChoice:
    """What was asked for of a recipe; None: what suits the labels."""

    labels: str = "auto"
    features: str = "both"
    dt: bool = False
    size: str | None = None
    slope: bool | None = None
    slant: bool | None = None
    resample: str = InkRecipe.resample
    step: float | None = None
    y_axis: str = InkRecipe.y_axis
    level: str = InkRecipe.level
    columns: dict[str, str] = field(default_factory=dict)
    form: str = InkRecipe.form
    like: InkRecipe | None = None  # decides about everything
    picture: int = 0

    def recipe(self, texts: list[str]) -> InkRecipe:
        """The recipe for inks with these texts. ConfigError for what cannot be."""
        if self.like is not None:
            return self.like
        if self.features not in FEATURES:
            raise ConfigError(f"features {self.features!r}: expected one of {', '.join(FEATURES)}")
        self._check_picture()
        wanted = "class" if self.picture and self.labels == "auto" else self.labels
        labels = chosen_labels(iter(texts), wanted)
        is_line = labels != "class"
        size = self.size or ("line" if is_line else "box")
        step = SECONDS if self.resample == "time" else STEPS.get(size, 1.0)
        made = InkRecipe(
            PICTURE_COLUMNS if self.picture else self._columns_of_points(),
            size,
            is_line if self.slope is None else self.slope,
            is_line if self.slant is None else self.slant,
            self.resample,
            step if self.step is None else self.step,
            self.y_axis,
            self.level,
            tuple(f"{what}={name}" for what, name in self.columns.items()),
            self.form,
            labels,
            picture=self.picture,
        )
        made.check()
        return made

    def _columns_of_points(self) -> tuple[str, ...]:
        return (*FEATURES[self.features], "pen_up", "end", *(("dt",) if self.dt else ()))

    def _check_picture(self) -> None:
        of_points = ("features", "dt", "size", "resample", "step")
        given = [name for name in of_points if getattr(self, name) != getattr(RecipeChoice, name)]
        if self.picture and given:
            raise ConfigError(f"picture {self.picture}: has no points, which {', '.join(given)} would be for")


@dataclass(frozen=True)
class InkOptions:
    """Arguments of ink(), checked."""

    files: list[Path]
    tsv: list[Path]
    choice: RecipeChoice
    split: SplitOptions

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        if not self.files and not self.tsv:
            raise ConfigError("no ink: expected files or folders of them, or --tsv")
        self.choice.recipe([])
        self.split.check()
