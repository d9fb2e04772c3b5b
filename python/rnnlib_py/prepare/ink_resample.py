# SPDX-License-Identifier: Apache-2.0
"""Points at equal distances along each stroke, or at equal times, in place of those that a device recorded."""

from __future__ import annotations

import numpy as np

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Floats, Integers

MOST_POINTS = 100_000  # of one ink


def resample(values: Floats, along: Floats, strokes: Integers, step: float) -> tuple[Floats, Integers]:
    """New points, between the old ones.

    Each stroke keeps its first and its last point; the distances between its points are equal and as near to `step` as
    they can be. A stroke without extent keeps its first point.

    Parameters
    ----------
    values
        (points, n). What is wanted of the new points.
    along
        (points,). Where the points stand along their strokes: lengths or times, which do not fall within a stroke.
    strokes
        (points,). The number of each point's stroke.
    step
        From a point to the next one, in the units of `along`.

    Returns
    -------
    tuple
        Values (new points, n) and numbers of the strokes (new points,).

    Raises
    ------
    DataError
        More than 100,000 points.
    """
    starts = np.flatnonzero(np.diff(strokes, prepend=-1))
    ends = [*starts[1:].tolist(), len(strokes)]
    parts, numbers = [], []
    total = 0.0
    for start, end in zip(starts.tolist(), ends, strict=True):
        place = along[start:end] - along[start]
        count = max(1.0, np.rint(place[-1] / step)) + 1 if place[-1] > 0 else 1.0
        total += count
        if total > MOST_POINTS:
            raise DataError(f"becomes more than {MOST_POINTS:,} points with the step {step:g}")
        wanted = np.linspace(0, place[-1], int(count))
        # Of points at the same place the first one counts: np.interp needs places that grow.
        first = np.flatnonzero(np.diff(place, prepend=-1.0) > 0)
        old = values[start:end][first]
        parts.append(np.stack([np.interp(wanted, place[first], column) for column in old.T], axis=1))
        numbers.append(np.full(int(count), strokes[start]))
    return np.concatenate(parts), np.concatenate(numbers)


def lengths_along(places: Floats, strokes: Integers) -> Floats:
    """(points,): how long the line is that the pen drew from the beginning of a point's stroke, for places (points,
    2)."""
    moves = np.zeros(len(places))
    moves[1:] = np.hypot(*np.diff(places, axis=0).T) * (strokes[1:] == strokes[:-1])
    summed = np.cumsum(moves)
    starts = np.flatnonzero(np.diff(strokes, prepend=-1))
    counts = np.diff(np.append(starts, len(strokes)))
    return summed - np.repeat(summed[starts], counts)
