# SPDX-License-Identifier: Apache-2.0
"""Cutting a line out of the picture of its page, along its outline and straightened along its baseline."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import DataError

Points = NDArray[np.float64]  # (n, 2): x, y
Bytes = NDArray[np.uint8]

_MOST_SIDE = 20000  # pixels of a line's picture, in both directions


@dataclass(frozen=True)
class Outline:
    """Where a line stands on its page.

    Attributes
    ----------
    polygon : tuple of points
        (x, y) of its corners; empty where only the box is known.
    baseline : tuple of points
        (x, y) along the feet of its letters; empty: taken to be level.
    page_size : tuple of int, or None
        Width and height in which the points are meant; None: the picture's.
    """

    polygon: tuple[tuple[float, float], ...]
    baseline: tuple[tuple[float, float], ...] = ()
    page_size: tuple[float, float] | None = None


def cut_line(page: Bytes, outline: Outline) -> tuple[Bytes, list[str]]:
    """The picture of a line, and what was done to its outline where that may surprise.

    What is in the line's rectangle and outside of its polygon gets the grey that is most usual within.

    Parameters
    ----------
    page
        uint8 (rows, columns).
    outline
        Of the line.

    Raises
    ------
    DataError
        An outline that is none, or nowhere on the page.
    """
    scale = np.ones(2)
    if outline.page_size is not None and min(outline.page_size) > 0:
        scale = np.array(page.shape[::-1]) / np.array(outline.page_size)
    polygon = np.array(outline.polygon, np.float64).reshape(-1, 2) * scale
    if len(polygon) < 3:
        raise DataError(f"its outline has {len(polygon)} points, expected at least 3")
    changes = []
    if not np.allclose(scale, 1, atol=1e-3):
        changes.append("its page has another size than the picture: brought to it")
    limit = np.array(page.shape[::-1], np.float64)
    inside = np.clip(polygon, 0, limit)
    if not np.array_equal(inside, polygon):
        changes.append("its outline reaches over the edge of the page: cut off there")
    low, high = inside.min(axis=0), inside.max(axis=0)
    if (high - low).min() < 1:
        raise DataError("its outline has no area on the page")
    baseline = _baseline(outline, scale, inside)
    return _straightened(page, inside, baseline), changes


def _baseline(outline: Outline, scale: Points, polygon: Points) -> Points:
    """From left to right; a level one below the polygon where none is known, or where it is a single point."""
    points = np.array(outline.baseline, np.float64).reshape(-1, 2) * scale
    if len(points) >= 2 and np.hypot(*(points[-1] - points[0])) >= 1:
        return points[::-1] if points[-1][0] < points[0][0] else points
    low, high = polygon.min(axis=0), polygon.max(axis=0)
    return np.array([[low[0], high[1]], [high[0], high[1]]])


def _straightened(page: Bytes, polygon: Points, baseline: Points) -> Bytes:
    """The pixels that stand over and under the baseline, column by column, as if it were level."""
    along = baseline[-1] - baseline[0]
    along /= np.hypot(*along)
    down = np.array([-along[1], along[0]])
    origin = baseline[0]
    line_u = (baseline - origin) @ along
    order = np.argsort(line_u, kind="stable")
    line_u, line_v = line_u[order], ((baseline - origin) @ down)[order]
    corner_u = (polygon - origin) @ along
    corner_v = (polygon - origin) @ down - np.interp(corner_u, line_u, line_v)
    width = math.ceil(corner_u.max() - corner_u.min())
    height = math.ceil(corner_v.max() - corner_v.min())
    if not 0 < width <= _MOST_SIDE or not 0 < height <= _MOST_SIDE:
        raise DataError(f"its outline is {width} x {height} pixels, expected 1 to {_MOST_SIDE:,} each way")
    u = corner_u.min() + np.arange(width) + 0.5
    v = corner_v.min() + np.arange(height) + 0.5
    shift = np.interp(u, line_u, line_v)
    x = origin[0] + u * along[0] + (v[:, np.newaxis] + shift) * down[0]
    y = origin[1] + u * along[1] + (v[:, np.newaxis] + shift) * down[1]
    grey = _sampled(page, x, y)
    inside = _is_inside(polygon, x, y)
    if not inside.any():
        raise DataError("its outline has no area on the page")
    ground = np.argmax(np.bincount(grey[inside], minlength=256))
    return np.where(inside, grey, ground).astype(np.uint8)


def _sampled(page: Bytes, x: Points, y: Points) -> Bytes:
    """Greys between pixels, linear; the centre of a pixel is at (column + 0.5, row + 0.5)."""
    rows, columns = page.shape
    x, y = np.clip(x - 0.5, 0, columns - 1), np.clip(y - 0.5, 0, rows - 1)
    left, top = np.floor(x).astype(np.int64), np.floor(y).astype(np.int64)
    right, bottom = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    dx, dy = (x - left).astype(np.float32), (y - top).astype(np.float32)
    upper = page[top, left] * (1 - dx) + page[top, right] * dx
    lower = page[bottom, left] * (1 - dx) + page[bottom, right] * dx
    mixed: NDArray[np.float32] = upper * (1 - dy) + lower * dy
    return np.rint(mixed).astype(np.uint8)


def _is_inside(polygon: Points, x: Points, y: Points) -> NDArray[np.bool_]:
    """Whether points lie in a polygon: a ray from them crosses its edges an odd number of times."""
    inside = np.zeros(x.shape, bool)
    for (x1, y1), (x2, y2) in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        if y1 == y2:
            continue
        crosses = (y1 > y) != (y2 > y)
        inside ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return inside
