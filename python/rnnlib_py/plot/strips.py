# SPDX-License-Identifier: Apache-2.0
"""How a long sequence is cut into strips, one below the other, so that its labels can be read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence as _Seq
from dataclasses import dataclass

PITCH = 0.2  # inches from label to label, on average at least
_LEAST, _MOST = 0.45, 1.6  # inches that a strip is high


@dataclass(frozen=True)
class Strips:
    """The strips of one picture: strip i shows the points edges[i] to edges[i + 1] - 1."""

    inches: float  # of a point
    height: float  # of a strip, in inches
    edges: list[int]


def cut_strips(points: int, rows: int | None, spans: _Seq[tuple[int, int]], width: float) -> Strips:
    """Strips of at most `width` inches.

    `rows`: of an image, whose points are squares; None for others, which may be stretched. `spans`: first and last
    point of each label, where no strip should end.
    """
    least = max(PITCH * len(spans), 0 if rows is None else _LEAST / rows * points)
    count = max(1, math.ceil(least / width))
    edges = sorted({0, *(_free_place(round(i * points / count), spans) for i in range(1, count)), points})
    longest = max(after - before for before, after in itertools.pairwise(edges))
    inches = width / longest
    if rows is None:
        return Strips(inches, 2 * _LEAST, edges)
    inches = min(inches, _MOST / rows)
    return Strips(inches, rows * inches, edges)


def _free_place(place: int, spans: _Seq[tuple[int, int]]) -> int:
    """The end of a strip that is nearest to a place and cuts through no label."""
    ends = {place, *(first for first, _ in spans), *(last + 1 for _, last in spans)}
    free = [end for end in ends if not any(first < end <= last for first, last in spans)]
    return min(free, key=lambda end: (abs(end - place), end), default=place)
