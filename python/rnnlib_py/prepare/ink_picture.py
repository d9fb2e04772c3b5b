# SPDX-License-Identifier: Apache-2.0
"""Ink as a picture that also shows how the pen moved (docs/pen-strokes.md, "Pictures of strokes")."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py.prepare.ink_items import Floats, Integers
from rnnlib_py.prepare.ink_resample import lengths_along, resample
from rnnlib_py.prepare.ink_shape import is_drawn, scale_to_box

PICTURE_COLUMNS = ("ink", "dx", "dy", "level", "rising", "order", "start", "end")
SIDES = (12, 256)  # least and most points that a picture's side has
_MARGIN = 0.1  # of a side, left free around the ink
_STEP = 0.5  # between the points that draw the line, in points of the picture
_DOT = 4.0  # such points that a stroke without extent counts as
_FAINT = 0.4  # ink below which the other columns fade
_DARK = 1.2  # most ink of a point: crossings are no darker
_SCALES = np.array([2.0, 1.5, 1.5, 1.5, 1.5, 1.5, 2.0, 2.0])


def picture_of(places: Floats, strokes: Integers, side: int) -> NDArray[np.float32]:
    """The picture of ink.

    Parameters
    ----------
    places
        (points, 2), y growing upwards. Their box is brought to the size of the picture.
    strokes
        (points,). The number of each point's stroke.
    side
        Points of the picture along x and along y.

    Returns
    -------
    ndarray
        float32 (side, side, 8), x first, y growing downwards; of each point what PICTURE_COLUMNS name, 0 where there is
        no ink.
    """
    half = (side - 1) / 2
    scale = half - _MARGIN * side
    boxed = scale_to_box(places) * np.array([1.0, -1.0])
    boxed, strokes = resample(boxed, lengths_along(boxed, strokes), strokes, _STEP / scale)
    values = _values_along(boxed, strokes)
    drawn = np.zeros((side, side, len(PICTURE_COLUMNS)))
    at = boxed * scale + half
    first = np.floor(at).astype(np.int64)
    beyond = at - first
    for x in (0, 1):
        for y in (0, 1):
            share = np.abs(1 - x - beyond[:, 0]) * np.abs(1 - y - beyond[:, 1])
            np.add.at(drawn, (first[:, 0] + x, first[:, 1] + y), share[:, np.newaxis] * values)
    return _as_inputs(_blurred(drawn))


def _values_along(places: Floats, strokes: Integers) -> Floats:
    """(points, columns) of the points that draw the line."""
    joined = is_drawn(strokes)
    is_first, is_last = np.append(True, ~joined), np.append(~joined, True)
    moves = np.diff(places, axis=0, prepend=places[:1])
    # The first point of a stroke has the direction of the second one.
    starts = np.flatnonzero(is_first & ~is_last)
    moves[is_first] = 0
    moves[starts] = moves[starts + 1]
    dx, dy = (moves / np.maximum(np.hypot(*moves.T), 1e-9)[:, np.newaxis]).T
    numbers = np.cumsum(is_first) - 1
    counts = np.bincount(numbers)
    order = 2 * (np.arange(len(places)) - np.flatnonzero(is_first)[numbers]) / np.maximum(counts - 1, 1)[numbers] - 1
    columns = [np.ones(len(places)), dx, dy, dx**2 - dy**2, 2 * dx * dy, order, 2.0 * is_first, 2.0 * is_last]
    weights = np.where(is_first & is_last, _DOT, 1.0)
    values: Floats = np.stack(columns, axis=1) * weights[:, np.newaxis]
    return values


def _blurred(drawn: Floats) -> Floats:
    """A line three points wide. The margin is wide enough that nothing comes back at the other side."""
    for axis in (0, 1):
        drawn = (np.roll(drawn, 1, axis) + 2 * drawn + np.roll(drawn, -1, axis)) / 4
    return drawn


def _as_inputs(drawn: Floats) -> NDArray[np.float32]:
    """Means over the ink of each point, of the order of 1."""
    ink = drawn[..., :1]
    shown = np.concatenate([np.minimum(ink, _DARK), drawn[..., 1:] / np.maximum(ink, _FAINT)], axis=-1)
    inputs: NDArray[np.float32] = (shown * _SCALES).astype(np.float32)
    return inputs
