# SPDX-License-Identifier: Apache-2.0
"""Makes data files of digits written with a pen: of real strokes, or of drawn ones where there are none.

python make_data.py [--data FOLDER] [-o OUT] [--quick]
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from rnnlib_py import prepare

# How each digit is drawn, on a field of 10 x 10 whose y grows upwards: strokes of corners that a smooth curve passes.
SHAPES = {
    "0": ["5,10 2,8 1,5 2,2 5,0 8,2 9,5 8,8 5,10"],
    "1": ["3,7 5,10 5,7 5,5 5,2 5,0"],
    "2": ["2,8 4,10 7,10 8,7 5,4 2,1 2,0 5,0 9,0"],
    "3": ["2,9 5,10 8,8 7,6 4,5 7,4 8,2 5,0 2,1"],
    "4": ["5,10 3,7 1,4 5,4 9,4", "7,7 7,4 7,0"],
    "5": ["3,10 3,8 2,6 5,6 8,4 7,1 4,0 2,1", "3,10 6,10 9,10"],
    "6": ["7,10 4,8 2,5 2,2 4,0 7,1 8,3 6,5 3,4"],
    "7": ["1,10 5,10 9,10 7,7 5,3 4,0"],
    "8": ["8,8 5,10 2,8 4,6 7,4 8,2 5,0 2,2 4,4 7,6 8,8"],
    "9": ["8,8 5,10 2,8 3,6 6,6 8,8 8,5 7,2 6,0"],
}

Point = tuple[float, float, int]  # x, y, number of the stroke
Ink = tuple[str, str, list[Point]]  # digit, writer, points


def draw(writers: int, repetitions: int) -> Iterator[Ink]:
    """Each writer has a slant, proportions and habits of his own; nobody writes a digit twice in the same way."""
    rng = np.random.default_rng(1)
    for writer in range(writers):
        habits = {digit: [rng.normal(0, 0.5, (len(s.split()), 2)) for s in shape] for digit, shape in SHAPES.items()}
        slant, width = rng.normal(0.1, 0.2), rng.uniform(0.6, 1.1)
        for digit, shape in SHAPES.items():
            for _ in range(repetitions):
                points: list[Point] = []
                for number, (stroke, habit) in enumerate(zip(shape, habits[digit], strict=True)):
                    corners = np.array([corner.split(",") for corner in stroke.split()], float) + habit
                    path = _curve(corners + rng.normal(0, 0.3, corners.shape))
                    path[:, 0] = (path[:, 0] + slant * path[:, 1]) * width
                    points += [(float(x), float(y), number) for x, y in path * 40]
                yield digit, f"writer{writer:02}", points


def _curve(corners: np.ndarray) -> np.ndarray:
    """A curve through the corners (Catmull and Rom), at five points from corner to corner."""
    padded = np.concatenate([2 * corners[:1] - corners[1:2], corners, 2 * corners[-1:] - corners[-2:-1]])
    p0, p1, p2, p3 = (padded[i : len(padded) - 3 + i, np.newaxis] for i in range(4))
    t = np.linspace(0, 1, 5, endpoint=False)[:, np.newaxis]
    bent = 2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
    return np.concatenate([bent.reshape(-1, 2) / 2, corners[-1:]])


def recorded(path: Path) -> Iterator[Ink]:
    """Pendigits as arrays: points (x, y, stroke), offsets, labels and writers."""
    with np.load(path) as data:
        pieces = np.split(data["points"], data["offsets"][1:-1])
        for piece, digit, writer in zip(pieces, data["labels"], data["writers"], strict=True):
            yield str(digit), f"writer{writer:02}", [(int(x), int(y), int(stroke)) for x, y, stroke in piece]


def write_csv(path: Path, inks: Iterator[Ink]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "writer", "text", "stroke", "x", "y"])
        for number, (digit, author, points) in enumerate(inks):
            writer.writerows([number, author, digit, stroke, round(x, 1), round(y, 1)] for x, y, stroke in points)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with train.npz (see README.md)")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few digits, to try the commands")
    options = parser.parse_args(arguments)
    strokes = options.output / "strokes" / "digits.csv"
    drawn = (5, 2) if options.quick else (30, 5)
    write_csv(strokes, draw(*drawn) if options.data is None else recorded(options.data / "train.npz"))
    progress = None if options.quick else sys.stderr
    prepare.ink(strokes.parent, options.output, labels="class", y_axis="up", force=True, progress=progress)


if __name__ == "__main__":
    main()
