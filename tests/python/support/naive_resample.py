# SPDX-License-Identifier: Apache-2.0
"""Images of another size: each new pixel is a weighted mean of the old ones below it.

The weights are a triangle around the new pixel's centre. Where the image shrinks, the triangle reaches to the centres
of the neighbouring new pixels, so that no old pixel is left out; where it grows, this is linear interpolation.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.float32]


def resample(image: Image, rows: int, columns: int) -> Image:
    """The image [any, any] with another number of rows and columns."""
    if rows != image.shape[0]:
        image = _along_rows(image, rows)
    if columns != image.shape[1]:
        image = _along_rows(np.ascontiguousarray(image.T), columns).T
    return np.ascontiguousarray(image)


def _along_rows(image: Image, size: int) -> Image:
    """[old, columns] -> [size, columns]: a pass for each of the few old rows that a new row is made of."""
    firsts, weights = triangles(image.shape[0], size)
    made = np.zeros((size, image.shape[1]), np.float32)
    last = image.shape[0] - 1
    for tap in range(weights.shape[1]):
        made += weights[:, tap, np.newaxis] * image[np.clip(firsts + tap, 0, last)]
    return made


def triangles(old: int, new: int) -> tuple[NDArray[np.int64], Image]:
    """The weights of the old pixels for each new one.

    Returns
    -------
    firsts : ndarray
        int64 (new,). The first old pixel that may have a weight; it can be less than 0.
    weights : ndarray
        float32 (new, taps), their sum is 1. Pixels outside of the image have 0.
    """
    step = old / new
    support = max(1.0, step)
    taps = 2 * math.ceil(support) + 1
    centres = (np.arange(new) + 0.5) * step
    firsts = np.floor(centres - support).astype(np.int64)
    pixels = firsts[:, np.newaxis] + np.arange(taps)
    weights = np.maximum(0.0, 1.0 - np.abs(pixels + 0.5 - centres[:, np.newaxis]) / support)
    weights[(pixels < 0) | (pixels >= old)] = 0.0
    return firsts, (weights / weights.sum(axis=1, keepdims=True)).astype(np.float32)
