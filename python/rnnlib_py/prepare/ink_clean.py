# SPDX-License-Identifier: Apache-2.0
"""Ink as devices and programs leave it, brought into a form that can be measured."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError
from rnnlib_py.prepare.ink_items import Ink

_LARGEST = 1e9  # of a coordinate: differences of larger ones are lost to rounding


@dataclass(frozen=True, eq=False)
class CleanInk:
    """Ink that can be used, and what was done to it, where that may surprise.

    Attributes
    ----------
    ink : Ink
        Its first point has the place 0, 0 and the time 0.
    numbers : ndarray
        int64 (points,). Which of the points that were given these are.
    changes : list of str
    """

    ink: Ink
    numbers: NDArray[np.int64]
    changes: list[str]


def clean_ink(ink: Ink) -> CleanInk:
    """Without points that are no numbers, and that a device wrote twice.

    Raises
    ------
    DataError
        Ink of which no point is left, or with places beyond 1e9.
    """
    if len(ink) == 0:
        raise DataError("has no strokes")
    changes: list[str] = []
    points, strokes = ink.points.copy(), ink.strokes
    kept = np.isfinite(points[:, :2]).all(axis=1)
    if not kept.all():
        changes.append("has points that are no numbers: left out")
    times = points[:, 2]
    if np.isfinite(times[kept]).any() and not np.isfinite(times[kept]).all():
        changes.append("has points without a time: times are not used")
        times[:] = np.nan
    elif np.isfinite(times).all() and (np.diff(times[kept]) < 0).any():
        changes.append("its times run backwards: they are not used")
        times[:] = np.nan
    same = np.zeros(len(points), bool)
    same[1:] = (points[1:] == points[:-1]).all(axis=1) & (strokes[1:] == strokes[:-1])
    if (same & kept).any():
        changes.append("has points twice, at the same place and time: they count once")
        kept &= ~same
    if not kept.any():
        raise DataError("none of its points is a number")
    points, strokes = points[kept], strokes[kept]
    if np.abs(points[:, :2]).max() > _LARGEST:
        raise DataError(f"has places beyond {_LARGEST:g}")
    if (points[:, :2] == points[0, :2]).all():
        changes.append("is a single dot: it has no size")
    points -= points[0]
    strokes = np.cumsum(np.diff(strokes, prepend=strokes[0]) != 0)
    return CleanInk(Ink(points, strokes), np.flatnonzero(kept), changes)
