# SPDX-License-Identifier: Apache-2.0
"""What `prepare lines` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.split_options import SplitOptions


@dataclass(frozen=True)
class LineOptions:
    """Arguments of lines(), checked."""

    folder: Path | None
    tsv: list[Path]
    page: list[Path]
    alto: list[Path]
    recipe: LineRecipe
    split: SplitOptions
    image_column: str | None = None
    text_column: str | None = None

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        self.recipe.check()
        if self.folder is None and not (self.tsv or self.page or self.alto):
            raise ConfigError("no lines: expected a folder of images with .gt.txt files, or --tsv, --page, --alto")
        self.split.check()
