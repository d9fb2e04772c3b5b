# SPDX-License-Identifier: Apache-2.0
"""Makes digits.save and the images of this folder again: python make_files.py (needs pip install 'rnnlib-py[demo]').

A smaller network than the demo's (14 cells instead of 32), so that its save is small. Says the mean and standard
deviation of the pixels, which main.cpp holds.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np

import rnnlib_py as rnn
from rnnlib_py.demo.data import CONFIG_NAME, write_folder
from rnnlib_py.demo.lines import Line

HERE = Path(__file__).resolve().parent
SHOWN = {"line1.pgm": 0, "line2.pgm": 4}  # of the test set


def write_pgm(path: Path, line: Line) -> None:
    width, height = line.image.shape
    text = f"# {line.text}, from the UCI data set of handwritten digits (CC BY 4.0)\n"
    path.write_bytes(f"P5\n{text}{width} {height}\n255\n".encode() + line.image.T.tobytes())


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines = write_folder(folder)
        config = rnn.Config.read(folder / CONFIG_NAME, hiddenSize=14, totalEpochs=16)
        run = rnn.train(config)
        rnn.export_weights(run.best_saves["labelError"], HERE / "digits.save")
        print(f"test label error {run.best['labelError'].errors['test']['labelError']:.4f}")
    pixels = np.concatenate([line.image.ravel() for line in lines["train"]])
    print(f"pixels: mean {pixels.mean():.4f}, standard deviation {pixels.std():.4f}")
    for file, number in SHOWN.items():
        write_pgm(HERE / file, lines["test"][number])


if __name__ == "__main__":
    main()
