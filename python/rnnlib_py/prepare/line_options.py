# SPDX-License-Identifier: Apache-2.0
"""What `prepare lines` can be asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.prepare.line_recipe import LineRecipe

SET_NAMES = ("train", "val", "test")


@dataclass(frozen=True)
class LineOptions:
    """Arguments of lines(), checked."""

    folder: Path | None
    tsv: list[Path]
    page: list[Path]
    alto: list[Path]
    output: Path
    recipe: LineRecipe
    fractions: tuple[float, ...] = (0.8, 0.1, 0.1)
    by_group: str | None = None
    seed: int = 1
    image_column: str | None = None
    text_column: str | None = None
    strict: bool = False
    force: bool = False

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        self.recipe.check()
        if self.folder is None and not (self.tsv or self.page or self.alto):
            raise ConfigError("no lines: expected a folder of images with .gt.txt files, or --tsv, --page, --alto")
        fractions = self.fractions
        if not 1 <= len(fractions) <= len(SET_NAMES) or any(not f > 0 or not math.isfinite(f) for f in fractions):
            raise ConfigError(
                f"fractions {_text(fractions)}: expected one to three positive numbers, for {', '.join(SET_NAMES)}"
            )
        if abs(sum(fractions) - 1) > 1e-6:
            raise ConfigError(f"fractions {_text(fractions)}: expected numbers that add up to 1")
        if self.seed < 0:
            raise ConfigError(f"seed {self.seed}: expected a number of at least 0")
        there = [name for name in self.file_names if (self.output / name).exists()]
        if there and not self.force:
            raise ConfigError(
                f"{self.output}: holds data files already ({', '.join(there)}): replace them with --force (force=True)"
            )

    @property
    def file_names(self) -> list[str]:
        """Of the data files."""
        return [f"{name}.nc" for name in SET_NAMES[: len(self.fractions)]]


def _text(fractions: _Seq[float]) -> str:
    return ",".join(f"{fraction:g}" for fraction in fractions)
