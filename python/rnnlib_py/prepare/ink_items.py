# SPDX-License-Identifier: Apache-2.0
"""Ink: the points of a pen's strokes, and pieces of it with their texts as the user's files name them."""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Sequence as _Seq
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Ink:
    """The points of some strokes, in the order in which they were drawn.

    Attributes
    ----------
    points : ndarray
        float64 (points, 3): x, y, which grows upwards, and the time in seconds, NaN where it is not known.
    strokes : ndarray
        int64 (points,). The number of each point's stroke: 0, 1, ....
    """

    points: Floats
    strokes: Integers

    def __len__(self) -> int:
        return len(self.points)

    @property
    def has_times(self) -> bool:
        return not bool(np.isnan(self.points[:, 2]).any())


def ink_of(strokes: Iterable[_Seq[_Seq[float]] | Floats], is_y_down: bool) -> Ink:
    """Ink of strokes with points (x, y) or (x, y, time); strokes without points are left out."""
    parts = []
    for stroke in strokes:
        given = np.asarray(stroke, np.float64)
        if given.size == 0:
            continue
        points = np.full((len(given), 3), np.nan)
        points[:, : given.shape[1]] = given
        parts.append(points)
    if not parts:
        return Ink(np.zeros((0, 3)), np.zeros(0, np.int64))
    everything = np.concatenate(parts)
    if is_y_down:
        everything[:, 1] = -everything[:, 1]
    return Ink(everything, np.repeat(np.arange(len(parts)), [len(part) for part in parts]))


@dataclass(frozen=True)
class InkItem:
    """A piece of ink, as it was found.

    Attributes
    ----------
    tag : str
        Its name in the data file, and in messages.
    text : str or None
        None: the file has none.
    ink : Ink
    columns : dict
        What its file says of it beside the text, such as the writer.
    """

    tag: str
    text: str | None
    ink: Ink
    columns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class InkText:
    """What stays in memory of a piece of ink: an item for groups_of(). Ink stands on no page."""

    tag: str
    text: str
    columns: dict[str, str]
    page: str = ""
