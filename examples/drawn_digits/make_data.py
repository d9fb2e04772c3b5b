# SPDX-License-Identifier: Apache-2.0
"""Makes data files of lines of digits as people draw them with a mouse or a finger: strokes of one width.

python make_data.py [--ink FOLDER] [--mnist FOLDER] [-o OUT] [--lines N]

Without --ink, the strokes are those that examples/pen_digits draws by chance.
"""

from __future__ import annotations

import argparse
import csv
import shutil
import sys
import tempfile
from pathlib import Path

import numpy as np
from draw import Digit, Ink, draw_line, ink_digits, picture_digits
from PIL import Image

import rnnlib_py as rnn

HERE = Path(__file__).resolve().parent
SETS = ("train", "val", "test")


def drawn_strokes() -> dict[str, list[Ink]]:
    """Strokes of writers that are made up, for each set other ones."""
    sys.path.insert(0, str(HERE.parent / "pen_digits"))
    from make_data import draw

    sets: dict[str, list[Ink]] = {name: [] for name in SETS}
    for digit, writer, points in draw(12, 3):
        number = int(writer.removeprefix("writer"))
        sets[SETS[0 if number < 8 else number % 2 + 1]].append((digit, np.array(points, float)))
    return sets


def recorded_strokes(folder: Path) -> dict[str, list[Ink]]:
    """Pendigits as arrays: three writers of train.npz for validation, those of test_public.npz for the test."""
    sets: dict[str, list[Ink]] = {name: [] for name in SETS}
    for file in ("train", "test_public"):
        with np.load(folder / f"{file}.npz") as data:
            pieces = np.split(data["points"].astype(float), data["offsets"][1:-1])
            held_out = np.unique(data["writers"])[::10]
            for piece, digit, writer in zip(pieces, data["labels"], data["writers"], strict=True):
                name = "test" if file != "train" else "val" if writer in held_out else "train"
                sets[name].append((str(digit), piece))
    return sets


def pictures(folder: Path) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """MNIST's images for training: the last 10,000 are for validation and test."""
    with np.load(folder / "mnist_train.npz") as data:
        images, labels = data["images"], data["labels"]
    parts = {"train": slice(0, 50_000), "val": slice(50_000, 55_000), "test": slice(55_000, 60_000)}
    return {name: (images[part], labels[part]) for name, part in parts.items()}


def write_lines(folder: Path, digits: list[list[Digit]], lines: int, rng: np.random.Generator) -> None:
    """Images of lines and a table of their texts. `digits`: of each kind of source; a line takes from them all."""
    folder.mkdir(parents=True)
    with (folder / "lines.tsv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, delimiter="\t", lineterminator="\n")
        table.writerow(["file", "text"])
        for number in range(lines):
            source = digits[rng.integers(len(digits))]
            chosen = [source[rng.integers(len(source))] for _ in range(rng.integers(1, 9))]
            name = f"{number:05}.png"
            Image.fromarray(draw_line(chosen, rng)).save(folder / name)
            table.writerow([name, "".join(digit.text for digit in chosen)])


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ink", type=Path, help="a folder with train.npz and test_public.npz (see README.md)")
    parser.add_argument("--mnist", type=Path, help="a folder with mnist_train.npz, to mix its digits in")
    parser.add_argument("-o", "--output", type=Path, default=Path("out"))
    parser.add_argument("--lines", type=int, default=4000, help="for training (default %(default)s)")
    options = parser.parse_args(arguments)
    strokes = drawn_strokes() if options.ink is None else recorded_strokes(options.ink)
    images = {} if options.mnist is None else pictures(options.mnist)
    counts = {"train": options.lines, "val": max(options.lines // 10, 10), "test": max(options.lines // 10, 10)}
    with tempfile.TemporaryDirectory() as temporary:
        for seed, (name, count) in enumerate(counts.items(), 1):
            digits: list[list[Digit]] = [ink_digits(strokes[name])]
            if images:
                digits.append(picture_digits(*images[name]))
            write_lines(Path(temporary) / name, digits, count, np.random.default_rng(seed))
            # Who is in which set is known already: each set is prepared by itself.
            made = rnn.prepare.lines(
                Path(temporary) / name,
                options.output / name,
                tsv=Path(temporary) / name / "lines.tsv",
                height=24,
                fractions=(1.0,),
                force=True,
            )
            (options.output / name / "train.nc").replace(options.output / f"{name}.nc")
            shutil.rmtree(options.output / name)
            print(f"{name}.nc: {made.counts}")


if __name__ == "__main__":
    main()
