# SPDX-License-Identifier: Apache-2.0
"""What a recipe makes of the picture of a text line: ink, in bytes, as it is stored, and a network's input."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.line_recipe import LineRecipe
from rnnlib_py.prepare.resample import resample

Bytes = NDArray[np.uint8]

SMALLEST = 3  # pixels in both directions: a smaller picture has room for no letter
WIDEST = 32768  # pixels of a line that was brought to its height
_LEAST_RANGE = 32  # greys between ground and ink: less is noise, which is not stretched further
_DARKEST, _MIDDLE, _LIGHTEST = 0.005, 0.5, 0.995  # shares of the pixels


def ink_of(grey: Bytes, recipe: LineRecipe) -> Bytes:
    """The picture of a line as ink: 0 is the ground.

    Parameters
    ----------
    grey
        uint8 (rows, columns): 0 is black, 255 white.
    recipe
        What to do with it.

    Returns
    -------
    ndarray
        uint8 (recipe.height, columns), the columns in proportion.

    Raises
    ------
    DataError
        A picture that is too small for a letter, or far too wide.
    """
    rows, columns = grey.shape
    if min(rows, columns) < SMALLEST:
        raise DataError(f"is {columns} x {rows} pixels, expected at least {SMALLEST} x {SMALLEST}")
    width = max(1, round(columns * recipe.height / rows))
    if width > WIDEST:
        raise DataError(
            f"is {columns} x {rows} pixels, which would be {width:,} pixels wide at height {recipe.height}; expected "
            f"at most {WIDEST:,}"
        )
    table = _ink_of_greys(grey, recipe)
    made = resample(table[grey], recipe.height, width)
    return np.rint(np.clip(made, 0, 255)).astype(np.uint8)


def inputs_of(ink: Bytes, recipe: LineRecipe) -> NDArray[np.float32]:
    """A network's input [x, y, 1], the same numbers as are read from a data file that holds the ink [rows, columns]."""
    inputs = ink.T.astype(np.float32) * np.float32(recipe.scale) + np.float32(recipe.offset)
    return np.ascontiguousarray(inputs)[:, :, np.newaxis]


def _ink_of_greys(grey: Bytes, recipe: LineRecipe) -> NDArray[np.float32]:
    """What becomes of each of the 256 greys."""
    counts = np.bincount(grey.reshape(-1), minlength=256)
    low, ground, high = _greys_at(counts, (_DARKEST, _MIDDLE, _LIGHTEST))
    greys = np.arange(256, dtype=np.float32)
    if recipe.invert == "always" or (recipe.invert == "auto" and ground < (low + high) / 2):
        greys, low, ground = 255 - greys, 255 - high, 255 - ground
    ink: NDArray[np.float32] = 255 - greys
    if recipe.contrast == "stretch":
        ink = np.clip((ground - greys) * np.float32(255 / max(ground - low, _LEAST_RANGE)), 0, 255)
    return ink


def _greys_at(counts: NDArray[np.int64], shares: tuple[float, ...]) -> list[int]:
    """The grey that so many of the pixels, as a share of all, do not exceed."""
    sums = np.cumsum(counts)
    return [int(np.searchsorted(sums, share * sums[-1])) for share in shares]
