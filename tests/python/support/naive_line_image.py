# SPDX-License-Identifier: Apache-2.0
"""The simple twin of the engine's recipe of text lines: ink of a picture and a network's input, the same to the bit."""

from __future__ import annotations

import numpy as np
from naive_resample import resample
from numpy.typing import NDArray

from rnnlib_py.prepare import LineRecipe

Bytes = NDArray[np.uint8]

_LEAST_RANGE = 32  # greys between ground and ink
_DARKEST, _MIDDLE, _LIGHTEST = 0.005, 0.5, 0.995  # shares of the pixels


def naive_ink(grey: Bytes, recipe: LineRecipe) -> Bytes:
    """uint8 (rows, columns) -> uint8 (recipe.height, columns)."""
    rows, columns = grey.shape
    table = _ink_of_greys(grey, recipe)
    made = resample(table[grey], recipe.height, max(1, round(columns * recipe.height / rows)))
    return np.rint(np.clip(made, 0, 255)).astype(np.uint8)


def naive_inputs(ink: Bytes, recipe: LineRecipe) -> NDArray[np.float32]:
    """The input [x, y, 1] of ink [rows, columns]."""
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
