# SPDX-License-Identifier: Apache-2.0
"""What `prepare lines` can be asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
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
    corrections: list[Path] = field(default_factory=list)
    with_unseen: bool = False
    extend: Path | None = None

    @property
    def has_other_sources(self) -> bool:
        """Lines come not only from the folder."""
        return bool(self.tsv or self.page or self.alto or self.corrections)

    def check(self) -> None:
        """ConfigError for options that cannot be, or that would replace files without having been asked to."""
        self.recipe.check()
        if self.folder is None and not self.has_other_sources:
            raise ConfigError(
                "no lines: expected a folder of images with .gt.txt files, or --tsv, --page, --alto, --corrections"
            )
        self.split.check()
