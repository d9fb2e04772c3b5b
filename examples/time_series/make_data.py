# SPDX-License-Identifier: Apache-2.0
"""Makes data files of gestures, or of the speakers of Japanese vowels: series of numbers over time with a class each.

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

Series = tuple[str, str, np.ndarray]  # who moved, class, numbers (time, channels)

# The hand's path over its phase (0 to 1): what a sensor measures is the acceleration along three axes.
THIRDS = [0, 1 / 3, 2 / 3, 1]
GESTURES = {
    "circle": lambda t: (np.cos(2 * np.pi * t), np.sin(2 * np.pi * t)),
    "circle_back": lambda t: (np.cos(2 * np.pi * t), -np.sin(2 * np.pi * t)),
    "eight": lambda t: (np.sin(2 * np.pi * t), np.sin(4 * np.pi * t)),
    "triangle": lambda t: (np.interp(t, THIRDS, [-1, 1, 0, -1]), np.interp(t, THIRDS, [0, 0, 1, 0])),
    "zigzag": lambda t: (2 * t - 1, np.abs((4 * t) % 2 - 1)),
    "wave": lambda t: (np.sin(6 * np.pi * t), 0 * t),
}  # fmt: skip


def gestures(people: int, repetitions: int) -> Iterator[Series]:
    """Everyone holds the sensor at an angle of his own; speed changes within and between gestures."""
    rng = np.random.default_rng(1)
    for person in range(people):
        axes = np.linalg.qr(np.eye(3) + rng.normal(0, 0.25, (3, 3)))[0]
        axes = axes * np.sign(np.diag(axes))
        for name, path in GESTURES.items():
            for _ in range(repetitions):
                count = int(rng.integers(40, 90))
                time = np.linspace(0, 1, count + 2)
                phase = np.clip(time + rng.normal(0, 0.03) * np.sin(2 * np.pi * time), 0, 1)
                place = np.stack([*path(phase), 0.1 * np.sin(np.pi * time)], axis=1) * rng.uniform(0.7, 1.3)
                smooth = np.stack([np.convolve(np.pad(p, 3, "edge"), np.ones(7) / 7, "valid") for p in place.T], axis=1)
                force = np.diff(smooth, n=2, axis=0) * (count / 40) ** 2 * 50
                yield f"person{person:02}", name, force @ axes + rng.normal(0, 0.3, (count, 3))


def vowels(path: Path) -> Iterator[Series]:
    """Japanese Vowels as arrays: data (rows, channels), offsets and labels. All series stand alone."""
    with np.load(path) as data:
        pieces = np.split(data["data"], data["offsets"][1:-1])
        for number, (piece, label) in enumerate(zip(pieces, data["labels"], strict=True)):
            yield str(number), f"speaker{label}", piece


def write_csv(path: Path, series: Iterator[Series]) -> None:
    """A row for each point in time; the group of a series is a column."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        for number, (group, label, values) in enumerate(series):
            if number == 0:
                writer.writerow(["series", "group", "class", *(f"c{i}" for i in range(values.shape[1]))])
            writer.writerows([number, group, label, *(f"{value:.5g}" for value in row)] for row in values)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with train.npz of Japanese Vowels (see README.md)")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--quick", action="store_true", help="few series, to try the commands")
    options = parser.parse_args(arguments)
    table = options.output / "table" / "series.csv"
    moved = (5, 2) if options.quick else (20, 5)
    write_csv(table, gestures(*moved) if options.data is None else vowels(options.data / "train.npz"))
    progress = None if options.quick else sys.stderr
    prepare.table(table, options.output, id="series", by_group="column:group", force=True, progress=progress)


if __name__ == "__main__":
    main()
