# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare ink` writes beside the data files: chosen by rules that docs/pen-strokes.md describes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.ink_picture_config import ink_picture_config
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.starter_config import starter_config

_UPDATES = 6000  # that learning takes
_EPOCHS = (15, 200)  # least and most
_MANY_INKS = 20_000


@dataclass(frozen=True, eq=False)
class InkStatistics:
    """What the rules look at, of the training set.

    Attributes
    ----------
    recipe : InkRecipe
    lengths : ndarray
        int64 (inks,). Points, of a picture all that it has.
    num_labels : int
        Different labels.
    total : int
        Labels of all inks.
    """

    recipe: InkRecipe
    lengths: NDArray[np.int64]
    num_labels: int
    total: int


def ink_config(found: InkStatistics, files: dict[str, str]) -> str:
    """The text of the config.

    Parameters
    ----------
    found
        Of the training set.
    files
        "train" and "val" -> the names of their files, for those there are.
    """
    if found.recipe.picture:
        return ink_picture_config(found.recipe, len(found.lengths), found.num_labels, files)
    is_class = found.recipe.labels == "class"
    inks = len(found.lengths)
    is_small = inks < _MANY_INKS
    cells = 64 if is_small else 128
    what = f"{found.num_labels:,} classes" if is_class else f"{found.total:,} {found.recipe.labels}"
    layers = [
        "# LSTM levels that read the strokes forwards and backwards.",
        "hiddenType lstm",
        f"hiddenSize {cells},{cells}",
        f"dropout {0.5 if is_class and is_small else 0.3}",
        *(_augmentation(found.recipe) if is_small else []),
    ]
    about = f"{inks:,} inks of {np.mean(found.lengths):.0f} points, {what}"
    return starter_config(about, found.recipe.task, files, layers, inks, _UPDATES, _EPOCHS)


def _augmentation(recipe: InkRecipe) -> list[str]:
    """Every stroke is seen slanted, turned and scaled in other ways each time."""
    pairs = [pair for pair in (("x", "y"), ("dx", "dy")) if set(pair) <= set(recipe.columns)]
    columns = ";".join(",".join(str(recipe.columns.index(name)) for name in pair) for pair in pairs)
    return ["augment strokes", f"augmentColumns {columns}"] if pairs else []
