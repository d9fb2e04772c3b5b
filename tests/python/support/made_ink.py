# SPDX-License-Identifier: Apache-2.0
"""Pen strokes drawn by formulas: letters that a network can learn, alone and in lines, as CSV files."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Stroke = NDArray[np.float64]


def _arc(x: float, y: float, start: float, end: float, points: int = 14) -> Stroke:
    """On a circle of radius 1; angles in turns."""
    angles = 2 * np.pi * np.linspace(start, end, points)
    return np.stack([x + np.cos(angles), y + np.sin(angles)], axis=1)


def _line(*corners: tuple[float, float]) -> Stroke:
    pieces = [np.linspace(a, b, 7)[:-1] for a, b in pairwise(corners)]
    return np.concatenate([*pieces, [corners[-1]]])


# y grows upwards, small letters are 2 high.
LETTERS: dict[str, list[Stroke]] = {
    "o": [_arc(1, 1, 0.25, 1.25)],
    "c": [_arc(1, 1, 0.12, 0.88)],
    "l": [_line((0, 4), (0, 0))],
    "v": [_line((0, 2), (1, 0), (2, 2))],
    "z": [_line((0, 2), (2, 2), (0, 0), (2, 0))],
    "x": [_line((0, 2), (2, 0)), _line((2, 2), (0, 0))],
    "t": [_line((1, 3), (1, 0)), _line((0, 2), (2, 2))],
}


def draw(text: str, size: float = 20.0, slant: float = 0.0, turn: float = 0.0) -> list[Stroke]:
    """The strokes of a text, y upwards, sheared by `slant` and then turned by `turn` in radians."""
    strokes = []
    for i, letter in enumerate(text):
        if letter != " ":
            strokes += [stroke + np.array([3.0 * i, 0]) for stroke in LETTERS[letter]]
    shear = np.array([[1.0, 0.0], [slant, 1.0]])
    turned = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    return [stroke @ shear @ turned * size for stroke in strokes]


def write_csv(path: Path, inks: Sequence[tuple[str, str, list[Stroke]]], y_factor: float = -1.0) -> Path:
    """A table of inks: the writer, the text and the strokes of each. Returns the path."""
    rows = ["id,writer,text,stroke,x,y"]
    for number, (writer, text, strokes) in enumerate(inks):
        for i, stroke in enumerate(strokes):
            rows += [f"{number},{writer},{text},{i},{x:.6g},{y_factor * y:.6g}" for x, y in stroke]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path


def some_letters(writers: int = 5, each: int = 2) -> list[tuple[str, str, list[Stroke]]]:
    """Every letter `each` times by each writer, whose sizes and slants differ."""
    random = np.random.default_rng(1)
    return [
        (f"w{writer}", letter, draw(letter, 10 + 5 * writer, random.normal(0, 0.1), random.normal(0, 0.1)))
        for writer in range(writers)
        for letter in LETTERS
        for _ in range(each)
    ]
