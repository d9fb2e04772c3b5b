# SPDX-License-Identifier: Apache-2.0
"""The config that `prepare ink --picture` writes: chosen by rules that docs/pen-strokes.md describes."""

from __future__ import annotations

import math

from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.starter_config import starter_config

_UPDATES = 22_000  # that learning takes
_EPOCHS = (15, 200)  # least and most
_COLUMN = 4  # points at most that a column has where the LSTM reads it
_SIZES = [32, 96, 128]  # of the convolutions; more of them are like the last one
_CELLS = 128
_AUGMENTATION = [
    "",
    "# In every epoch the network sees other variants of the pictures: slanted, turned, stretched, warped, shifted.",
    "augment images",
    "augmentShear 0.25",
    "augmentScaleX 0.25",
    "augmentScaleY 0.25",
    "augmentRotation 12",
    "augmentShift 0.05",
    "augmentElastic 0.035",
    "augmentCutout 0.05",
    "augmentContrast 0",
    "augmentBlur 0",
    "augmentNoise 0",
]


def ink_picture_config(recipe: InkRecipe, inks: int, classes: int, files: dict[str, str]) -> str:
    """The text of the config.

    Parameters
    ----------
    recipe
        Of pictures.
    inks, classes
        How many the training set has.
    files
        "train" and "val" -> the names of their files, for those there are.
    """
    levels = max(2, math.ceil(math.log2(recipe.picture / _COLUMN)))
    sizes = [*(_SIZES + _SIZES[-1:] * levels)[:levels], _CELLS]
    layers = [
        "# Convolutions over 3 x 3 points see strokes and their directions, and their strongest answers among 2 x 2",
        "# points are kept. A bidirectional LSTM then reads the columns that are left.",
        f"hiddenType {'conv,' * levels}lstm",
        f"hiddenSize {','.join(map(str, sizes))}",
        "kernelSize 3,3",
        "convType relu",
        f"poolSize {';'.join(['2,2'] * levels)}",
        f"levelDims {'2,' * levels}1",
        "joinRows concat",
        f"joinHeight {math.ceil(recipe.picture / 2**levels)}",
        "dropout 0.25",
        *_AUGMENTATION,
    ]
    about = f"{inks:,} inks as pictures of {recipe.picture} x {recipe.picture} points, {classes:,} classes"
    return starter_config(about, recipe.task, files, layers, inks, _UPDATES, _EPOCHS, "1.5e-3")
