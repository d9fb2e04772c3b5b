# SPDX-License-Identifier: Apache-2.0
"""Are images what they seem? Neighbouring pixels are alike, unless sizes or axes were mixed up.

Each check looks at a sample of inputs, in the network's order (x, y), and gives a sentence, or "" when nothing is
wrong.
"""

from __future__ import annotations

from collections.abc import Sequence as Seq

import numpy as np
from numpy.typing import NDArray

Inputs = Seq[NDArray[np.float32]]

# Smaller sequences have too few neighbours to judge by.
LEAST_SIZE = 8
# How many times as much neighbours along x differ as with the sizes swapped. Measured medians: 0.3 to 0.5 for images of
# print, handwriting, digits and for spectrograms, 0.97 to 1.03 for noise, and 1.9 to 3.5 for the same images sheared.
SHEARED = 1.4
ON_ITS_SIDE = 2.0  # how many times as high as wide a line of text hardly is
# Images differ about as much along x as along y, signals more from input to input than in time. Measured: 1.0 to 1.8
# times as much for images of digits, 1.8 to 3 for logarithms of spectra, 7 and more for other signals.
ALIKE = 1.5
ALIKE_IN_SQUARES = 3.0  # few signals have as many points as inputs
LONGEST_IMAGE = 4  # times as long as wide: what is longer is a signal


def swapped_sizes(inputs: Inputs) -> str:
    """For 2-D sequences: were sizes and pixels given in different orders? Then rows begin at the wrong places."""
    found = [steps for steps in map(_steps_along_x, inputs) if steps is not None]
    if not found:
        return ""
    as_given, swapped = (float(value) for value in np.median(np.array(found), axis=0))
    ratio = float(np.median([given / max(other, 1e-30) for given, other in found]))
    if ratio < SHEARED:
        return ""
    return (
        f"the images look sheared, as if width and height were swapped: neighbours along x differ by {as_given:.3g}, "
        f"but only by {swapped:.3g} with the sizes swapped ({ratio:.1f} times as much). In files seqDims is (height, "
        "width) and the pixels come column by column; in Python the inputs of an image [height, width] are image.T, "
        "with an axis for the inputs, and not a reshape"
    )


def _steps_along_x(values: NDArray[np.float32]) -> tuple[float, float] | None:
    """The mean difference of points one step in x apart, and the same if the sizes were swapped; None when that says
    nothing."""
    width, height = values.shape[:2]
    if width == height or min(width, height) < LEAST_SIZE:
        return None
    points = values.reshape(width * height, -1)
    as_given, swapped = (float(np.abs(points[step:] - points[:-step]).mean()) for step in (height, width))
    return (as_given, swapped) if as_given + swapped > 0 else None


def lines_on_their_side(shapes: NDArray[np.int64]) -> str:
    """For 2-D transcription, which reads along x: are the lines much higher than wide?"""
    ratio = float(np.median(shapes[:, 1] / shapes[:, 0]))
    width, height = np.median(shapes, axis=0).tolist()
    if ratio < ON_ITS_SIDE or height < LEAST_SIZE:
        return ""
    return (
        f"transcription reads along x, the first dimension, but the images are {ratio:.1f} times as high as wide "
        f"(medians: x {width:g}, y {height:g}). If the text runs along the other dimension, transpose them: inputs are "
        "[x, y, inputs], seqDims is (height, width)"
    )


def images_as_signals(shapes: NDArray[np.int64], inputs: Inputs) -> str:
    """For 1-D sequences: do equal arrays look like images whose second dimension was taken for the inputs?"""
    if len(shapes) < 2 or (shapes != shapes[0]).any():
        return ""
    points, size = inputs[0].shape
    if min(points, size) < LEAST_SIZE or max(points, size) > LONGEST_IMAGE * min(points, size):
        return ""
    in_time, across = (np.mean([np.abs(np.diff(values, axis=axis)).mean() for values in inputs]) for axis in (0, 1))
    if across > in_time * (ALIKE_IN_SQUARES if points == size else ALIKE):
        return ""
    return (
        f"all {len(shapes)} sequences have {points} points of {size} inputs, and neighbouring inputs are as alike as "
        "neighbouring points: if these are images, they need two dimensions, [x, y] with one input per point (dims=2 "
        "in Python). If they are signals, all is well (dims=1 says so)"
    )


def series_as_points(size: int) -> str:
    """For 0-D sequences."""
    return (
        f"every sequence is a single point of {size} inputs: if it is a series of {size} values, it needs the shape "
        f"({size}, 1) (dims=1 in Python). If it is a point, all is well (dims=0 says so)"
    )
