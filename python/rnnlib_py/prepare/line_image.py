# SPDX-License-Identifier: Apache-2.0
"""What a recipe makes of the picture of a text line: ink, in bytes, as it is stored, and a network's input.

The engine does it (rnnlib/recipe.h), so that programs in C++ and C give a network the same numbers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from rnnlib_py import _core
from rnnlib_py.prepare.line_recipe import LineRecipe

Bytes = NDArray[np.uint8]


def ink_of(pixels: Bytes, recipe: LineRecipe) -> Bytes:
    """The picture of a line as ink: 0 is the ground.

    Parameters
    ----------
    pixels
        uint8 (rows, columns): 0 is black, 255 white; or (rows, columns, channels) with 2 to 4 channels: grey and alpha,
        RGB, RGB and alpha. Colours become their luminance, what is transparent white.
    recipe
        What to do with it.

    Returns
    -------
    ndarray
        uint8 (recipe.height, columns), the columns in proportion.

    Raises
    ------
    DataError
        A picture that is too small for a letter, far too wide, or has more than 2^27 pixels.
    """
    return _engine_recipe(recipe).line_ink(np.ascontiguousarray(pixels, np.uint8))


def inputs_of_picture(pixels: Bytes, recipe: LineRecipe) -> NDArray[np.float32]:
    """A network's input float32 [x, y, 1], the same numbers as are read from a data file that holds the ink.

    Arguments and errors are those of ink_of().
    """
    return _engine_recipe(recipe).line_input(np.ascontiguousarray(pixels, np.uint8))


@lru_cache(maxsize=16)
def _engine_recipe(recipe: LineRecipe) -> _core.Recipe:
    return _core.Recipe.parse(recipe.to_json(), "the picture")
