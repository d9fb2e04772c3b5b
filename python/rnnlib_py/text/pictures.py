# SPDX-License-Identifier: Apache-2.0
"""Pictures of sequences' inputs: images as they are, 1-D data with time to the right and an input per row."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.text.png import png_bytes

_LARGEST = 2000  # pixels in width or height; of larger ones every second, third, ... is shown
_FLATTEST = 16  # times as wide as high: rows of long 1-D data are made higher, or nothing could be seen
_Values = NDArray[np.float64]


def input_picture(inputs: NDArray[Any]) -> bytes | None:
    """A PNG of a sequence's inputs.

    Parameters
    ----------
    inputs
        (width, height, channels) of an image, in the network's order, or (points, inputs).

    Returns
    -------
    bytes or None
        Images of three channels have colours, others are grey, what most of their pixels are is bright. Of 1-D data
        every input has the greys for itself, its largest value black. None for other dimensions, or without a point.
    """
    if inputs.ndim not in (2, 3) or not inputs.size:
        return None
    step = [slice(None, None, -(-size // _LARGEST)) for size in inputs.shape[:-1]]
    values = inputs[tuple(step)]
    if values.ndim == 3:
        return png_bytes(bright_image(values))
    rows = input_rows(values)
    return png_bytes(np.repeat(rows, -(-rows.shape[1] // (_FLATTEST * len(rows))), axis=0))


def bright_image(inputs: NDArray[Any]) -> NDArray[np.uint8]:
    """Pixels (height, width) or (height, width, 3) of an image (width, height, channels), as input_picture has them."""
    image = _numbers(inputs).transpose(1, 0, 2)
    if image.shape[2] == 3:
        return _bytes(image)
    grey = _bytes(image.mean(axis=2))
    return grey if np.median(grey) >= 128 else 255 - grey


def input_rows(inputs: NDArray[Any]) -> NDArray[np.uint8]:
    """Pixels (inputs, points) of 1-D data (points, inputs), as input_picture has them."""
    return 255 - _bytes(_numbers(inputs).T, axis=1)


def _numbers(inputs: NDArray[Any]) -> _Values:
    return np.nan_to_num(inputs.astype(np.float64))


def _bytes(values: _Values, axis: int | None = None) -> NDArray[np.uint8]:
    """From 0 for the smallest to 255 for the largest, of all or of each row; 0 where all are equal."""
    low, high = values.min(axis=axis, keepdims=True), values.max(axis=axis, keepdims=True)
    span = np.where(high > low, high - low, 1.0)
    return np.asarray(np.rint((values - low) / span * 255), dtype=np.uint8)
