# SPDX-License-Identifier: Apache-2.0
"""Draws lines of digits: strokes with a round pen, or small pictures of digits, side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ink = tuple[str, Floats]  # a digit and its points: x, y (upwards), number of the stroke

HEIGHT = 64  # of the images, in pixels
MARGIN = 0.12  # ground on each side, as a share of the ink's height: docs/_static/reader/strokes.js has the same
SPACE = 0.5  # around a digit while it is drawn, as a share of its size


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit: its points, or its picture."""

    text: str
    points: Floats | None = None  # x, y, stroke
    picture: NDArray[np.uint8] | None = None  # (rows, columns): 0 is the ground


def ink_digits(inks: list[Ink]) -> list[Digit]:
    """Strokes, brought to a height of 1 (a flat one to a width of 1) around 0, with y downwards."""
    digits = []
    for text, points in inks:
        xy = points[:, :2] * [1, -1]
        low, high = xy.min(axis=0), xy.max(axis=0)
        size = max(high[1] - low[1], (high[0] - low[0]) / 1.5, 1e-6)
        digits.append(Digit(text, points=np.column_stack([(xy - (low + high) / 2) / size, points[:, 2]])))
    return digits


def picture_digits(images: NDArray[np.uint8], labels: NDArray[np.uint8]) -> list[Digit]:
    return [Digit(str(label), picture=image) for image, label in zip(images, labels, strict=True)]


def draw_line(digits: list[Digit], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A grey image (rows, columns), dark on white, cut to its ink with a margin."""
    pen = rng.uniform(0.06, 0.17)  # the pen's width, as a share of a digit's height
    spread = rng.uniform(0, 0.25)  # how different the digits' sizes are
    wave = rng.uniform(0, 0.12)  # how far digits are above or below the line
    slope = rng.normal(0, 0.04)
    gap = rng.uniform(-0.02, 0.5) * rng.choice([0.5, 1.0])
    slant = rng.normal(0, 0.12)
    parts, at = [], 0.0
    for digit in digits:
        scale = HEIGHT * 0.8 * (1 - spread * rng.random())
        ink = _draw(digit, scale, scale * pen, slant + rng.normal(0, 0.06), rng)
        columns = np.flatnonzero(ink.max(axis=0) > 0.3)
        ink = ink[:, columns[0] : columns[-1] + 1]
        y = rng.normal(0, wave) * HEIGHT + slope * at
        parts.append((round(at), round(y), ink))
        at += ink.shape[1] + HEIGHT * max(gap + rng.normal(0, 0.08), 0.03)
    return _finish(_join(parts), rng)


def _draw(digit: Digit, scale: float, pen: float, slant: float, rng: np.random.Generator) -> Floats:
    """One digit on a square of its own."""
    size = int(scale * (1 + 2 * SPACE))
    turn = rng.normal(0, 0.07)
    width = rng.uniform(0.75, 1.25)
    turned = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    shape = turned @ np.array([[width, -slant], [0, 1]])
    if digit.points is None:
        assert digit.picture is not None
        return _warp(digit.picture / 255.0, np.linalg.inv(shape * scale / 20), size)
    ink = np.zeros((size, size))
    for stroke in np.unique(digit.points[:, 2]):
        path = digit.points[digit.points[:, 2] == stroke, :2]
        path = smooth(path + rng.normal(0, 0.008, path.shape)) @ shape.T * scale + size / 2
        draw_path(ink, path, pen)
    return ink


def smooth(path: Floats) -> Floats:
    """A curve through the points (Catmull and Rom), with three points from one to the next."""
    if len(path) < 3:
        return path
    padded = np.concatenate([2 * path[:1] - path[1:2], path, 2 * path[-1:] - path[-2:-1]])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, np.newaxis] for i in range(4))
    t = np.linspace(0, 1, 3, endpoint=False)[:, np.newaxis]
    bent = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.concatenate([bent.reshape(-1, 2) / 2, path[-1:]])


def draw_path(ink: Floats, path: Floats, pen: float) -> None:
    """Adds a stroke (points of x, y) with a round pen: pixels within its width, with soft edges."""
    for a, b in zip(path[:-1] if len(path) > 1 else path, path[1:] if len(path) > 1 else path, strict=True):
        reach = pen / 2 + 1
        x0, y0 = (int(max(v, 0)) for v in np.minimum(a, b) - reach)
        x1, y1 = (int(max(v, 0)) + 1 for v in np.maximum(a, b) + reach)
        part = ink[y0:y1, x0:x1]
        y, x = np.mgrid[y0 : y0 + part.shape[0], x0 : x0 + part.shape[1]]
        d = b - a
        along = np.clip(((x - a[0]) * d[0] + (y - a[1]) * d[1]) / max(d @ d, 1e-9), 0, 1)
        distance = np.hypot(x - a[0] - along * d[0], y - a[1] - along * d[1])
        np.maximum(part, np.clip(pen / 2 + 0.5 - distance, 0, 1), out=part)


def _warp(picture: Floats, inverse: Floats, size: int) -> Floats:
    """The picture under a linear map about its centre, with pixels between pixels."""
    y, x = np.mgrid[0:size, 0:size] - (size - 1) / 2
    centre = (picture.shape[0] - 1) / 2
    u = inverse[0, 0] * x + inverse[0, 1] * y + centre
    v = inverse[1, 0] * x + inverse[1, 1] * y + centre
    padded = np.pad(picture, 1)
    u, v = (np.clip(w + 1, 0, len(padded) - 1.001) for w in (u, v))
    i, j = u.astype(int), v.astype(int)
    u, v = u - i, v - j
    upper = padded[j, i] * (1 - u) + padded[j, i + 1] * u
    lower = padded[j + 1, i] * (1 - u) + padded[j + 1, i + 1] * u
    # Enlarged pictures are blurred, drawn strokes are not.
    return np.clip(((upper * (1 - v) + lower * v) - 0.5) * 2.5 + 0.5, 0, 1)


def _join(parts: list[tuple[int, int, Floats]]) -> Floats:
    """The digits at their places (x, y of the square's middle) in one picture."""
    top = min(y - ink.shape[0] // 2 for _, y, ink in parts)
    bottom = max(y - ink.shape[0] // 2 + ink.shape[0] for _, y, ink in parts)
    line = np.zeros((bottom - top, max(x + ink.shape[1] for x, _, ink in parts)))
    for x, y, ink in parts:
        first = y - ink.shape[0] // 2 - top
        part = line[first : first + ink.shape[0], x : x + ink.shape[1]]
        np.maximum(part, ink, out=part)
    return line


def _finish(line: Floats, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Cut to the ink; now and then a little more or less margin than the page leaves."""
    rows = np.flatnonzero(line.max(axis=1) > 0.3)
    columns = np.flatnonzero(line.max(axis=0) > 0.3)
    line = line[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    margin = max(round((MARGIN + rng.normal(0, 0.03)) * line.shape[0]), 1)
    # A line of flat strokes is not blown up.
    above = max(0, int(rng.uniform(0.3, 0.5) * HEIGHT) - line.shape[0]) // 2
    line = np.pad(line, ((margin + above, margin + above), (margin, margin)))
    return np.rint(255 - 255 * line).astype(np.uint8)
