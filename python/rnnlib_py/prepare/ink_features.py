# SPDX-License-Identifier: Apache-2.0
"""From ink to a network's input (docs/pen-strokes.md, "What is done to strokes")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats, Ink, Integers
from rnnlib_py.prepare.ink_picture import picture_of
from rnnlib_py.prepare.ink_recipe import InkRecipe
from rnnlib_py.prepare.ink_resample import MOST_POINTS, lengths_along, resample
from rnnlib_py.prepare.ink_shape import is_drawn, remove_slant, remove_slope, scale_to_box, scale_to_line

_WINDOW = 8.0  # of x in a line, in units of `size`: some four letters


@dataclass(frozen=True, eq=False)
class InkFeatures:
    """Ink as a network takes it.

    Attributes
    ----------
    inputs : ndarray
        float32 (points, columns of the recipe), or of a picture (x, y, columns).
    positions : ndarray
        float64 (points,). Where each point lies in the ink that was given: 2.5 is halfway between its points 2 and 3.
        None of a picture.
    """

    inputs: NDArray[np.float32]
    positions: Floats


def features_of(ink: Ink, recipe: InkRecipe) -> InkFeatures:
    """The inputs that a recipe makes of clean ink.

    Raises
    ------
    DataError
        Ink without times where the recipe needs them, or that becomes more than 100,000 points.
    """
    if not ink.has_times and (recipe.resample == "time" or "dt" in recipe.columns):
        raise DataError("its points have no times, which the recipe needs (resample time, or the column dt)")
    places = shape_of(ink, recipe)
    if recipe.picture:
        return InkFeatures(picture_of(places, ink.strokes, recipe.picture), np.empty(0))
    values = np.column_stack([places, ink.points[:, 2], np.arange(len(ink), dtype=np.float64)])
    strokes = ink.strokes
    if recipe.resample == "length":
        values, strokes = resample(values, lengths_along(places, strokes), strokes, recipe.step)
    elif recipe.resample == "time":
        values, strokes = resample(values, ink.points[:, 2], strokes, recipe.step)
    elif len(values) > MOST_POINTS:
        raise DataError(f"has more than {MOST_POINTS:,} points")
    columns = _columns(values, strokes, recipe)
    inputs = np.stack([columns[name] for name in recipe.columns], axis=1).astype(np.float32)
    return InkFeatures(inputs, values[:, 3])


def shape_of(ink: Ink, recipe: InkRecipe) -> Floats:
    """Its places (points, 2) without slope and slant and in the size that the recipe wants."""
    places = ink.points[:, :2]
    if recipe.slope:
        places = remove_slope(places, ink.strokes)
    if recipe.slant:
        places = remove_slant(places, ink.strokes)
    if recipe.size == "box":
        return scale_to_box(places)
    if recipe.size == "line":
        return scale_to_line(places, ink.strokes)
    return places


def _columns(values: Floats, strokes: Integers, recipe: InkRecipe) -> dict[str, Floats]:
    """All columns by their names. Each is near 0 in the mean, and not far from 1 in its standard deviation."""
    x, y, times = values[:, 0], values[:, 1], values[:, 2]
    moves = np.diff(values[:, :2], axis=0, prepend=values[:1, :2])
    drawn = np.append(False, is_drawn(strokes))
    lengths = np.hypot(*moves[drawn].T)
    unit = recipe.step if recipe.resample == "length" else float(lengths.mean()) if lengths.sum() > 0 else 1.0
    waits = np.diff(times, prepend=times[0])
    usual = float(np.median(waits[drawn])) if drawn.any() else 0.0
    return {
        "x": x - _running_mean(x) if recipe.size == "line" else x,
        "y": y,
        "dx": moves[:, 0] / unit,
        "dy": moves[:, 1] / unit,
        "pen_up": np.append(False, ~drawn[1:]).astype(np.float64),
        "end": np.append(~drawn[1:], True).astype(np.float64),
        "dt": np.log1p(waits / usual) if usual > 0 else np.log1p(waits),
    }


def _running_mean(x: Floats) -> Floats:
    """Of the x of all points that are not farther from a point than a window is wide: what is left of x without it does
    not say where in the line a letter stands, but how it stands beside its neighbours."""
    order = np.argsort(x, kind="stable")
    ascending = x[order]
    summed = np.append(0.0, np.cumsum(ascending))
    first = np.searchsorted(ascending, x - _WINDOW / 2, "left")
    end = np.searchsorted(ascending, x + _WINDOW / 2, "right")
    mean: Floats = (summed[end] - summed[first]) / (end - first)
    return mean
