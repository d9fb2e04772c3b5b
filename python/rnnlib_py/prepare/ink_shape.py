# SPDX-License-Identifier: Apache-2.0
"""Slope, slant and size of ink are measured and removed, as A. Graves, M. Liwicki et al. do for lines of handwriting
("A Novel Connectionist System for Unconstrained Handwriting Recognition", 2009, section II).

All measures are those of the drawn lines, not of their points, so that it does not matter how quickly a pen was moved.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.ink_items import Floats, Integers

_ELONGATED = 3.0  # standard deviation along a line over that across it, from which on it has a slope
_MOST_SLANT = 1.0  # that is believed: 45 degrees


def is_drawn(strokes: Integers) -> NDArray[np.bool_]:
    """(points - 1,): whether the pen drew from a point to the next one."""
    drawn: NDArray[np.bool_] = strokes[1:] == strokes[:-1]
    return drawn


def remove_slope(places: Floats, strokes: Integers) -> Floats:
    """Places (points, 2) turned so that the line's principal axis is level. Ink that is no line stays as it is."""
    middles, weights = _pieces(places, strokes)
    centred = middles - np.average(middles, axis=0, weights=weights)
    variances, axes = np.linalg.eigh((centred * weights[:, np.newaxis]).T @ centred / weights.sum())
    if variances[1] <= max(variances[0], 0) * _ELONGATED**2:
        return places
    x, y = axes[:, 1] * (1 if axes[0, 1] >= 0 else -1)
    turned: Floats = places @ np.array([[x, -y], [y, x]])
    return turned


def remove_slant(places: Floats, strokes: Integers) -> Floats:
    """Places (points, 2) sheared so that upright strokes stand upright: half of what the pen moved up and down leans to
    the left, half to the right."""
    moves = np.diff(places, axis=0)[is_drawn(strokes)]
    moves = moves[moves[:, 1] != 0]
    if not len(moves):
        return places
    slant = _weighted_median(moves[:, 0] / moves[:, 1], np.abs(moves[:, 1]))
    slant = min(max(slant, -_MOST_SLANT), _MOST_SLANT)
    return np.stack([places[:, 0] - slant * places[:, 1], places[:, 1]], axis=1)


def scale_to_box(places: Floats) -> Floats:
    """Centre 0, larger side 2."""
    low, high = places.min(axis=0), places.max(axis=0)
    scaled: Floats = (places - (low + high) / 2) / _size((high - low).max() / 2)
    return scaled


def scale_to_line(places: Floats, strokes: Integers) -> Floats:
    """Heights with the mean 0 and the standard deviation 1; x begins at 0. A line without height has its length 2."""
    middles, weights = _pieces(places, strokes)
    mean = np.average(middles[:, 1], weights=weights)
    height = np.sqrt(np.average((middles[:, 1] - mean) ** 2, weights=weights))
    left, right = places[:, 0].min(), places[:, 0].max()
    flat = height < 1e-3 * (right - left)
    scaled: Floats = (places - np.array([left, mean])) / _size((right - left) / 2 if flat else height)
    return scaled


def _size(size: float) -> float:
    """What to divide by: ink without any extent stays as it is."""
    return float(size) if size > 0 else 1.0


def _pieces(places: Floats, strokes: Integers) -> tuple[Floats, Floats]:
    """The middles (pieces, 2) of the pieces of drawn lines and their lengths; all points where only dots were made."""
    drawn = is_drawn(strokes)
    lengths = np.hypot(*np.diff(places, axis=0).T)[drawn]
    if not lengths.sum() > 0:
        return places, np.ones(len(places))
    return ((places[1:] + places[:-1]) / 2)[drawn], lengths


def _weighted_median(values: Floats, weights: Floats) -> float:
    order = np.argsort(values)
    summed = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(summed, summed[-1] / 2)])
