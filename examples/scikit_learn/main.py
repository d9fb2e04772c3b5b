# SPDX-License-Identifier: Apache-2.0
"""Cross-validation of a network for series of different lengths, with scikit-learn.

python main.py [--data FOLDER] [--folds N]
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedKFold, cross_val_score

from rnnlib_py.integrations.sklearn import SequenceClassifier


def read(folder: Path) -> tuple[list[np.ndarray], np.ndarray]:
    """Series (time, channels) and their classes, of a file train.npz as README.md describes it."""
    with np.load(folder / "train.npz") as data:
        return np.split(data["data"], data["offsets"][1:-1]), data["labels"]


def make(count: int = 90) -> tuple[list[np.ndarray], np.ndarray]:
    """Noisy waves of three shapes, of 20 to 40 points, each beginning somewhere."""
    rng = np.random.default_rng(1)
    shapes = [np.sin, lambda t: np.sign(np.sin(t)), lambda t: (t / np.pi) % 2 - 1]
    classes = np.arange(count) % 3
    times = [np.linspace(0, 4 * np.pi, rng.integers(20, 41)) + rng.uniform(0, 2 * np.pi) for _ in classes]
    series = [shapes[k](time) + rng.normal(0, 0.3, len(time)) for k, time in zip(classes, times, strict=True)]
    return series, classes


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, help="a folder with train.npz (see README.md); without it, waves are made")
    parser.add_argument("--folds", type=int, default=5)
    options = parser.parse_args(arguments)

    X, y = make() if options.data is None else read(options.data)
    folds = StratifiedKFold(options.folds, shuffle=True, random_state=1)
    scores = cross_val_score(SequenceClassifier(random_state=1), X, y, cv=folds)
    print(f"{len(X)} series of {min(map(len, X))} to {max(map(len, X))} points, {len(set(y.tolist()))} classes")
    print(f"accuracy: {scores.mean():.1%} (folds: {', '.join(f'{score:.1%}' for score in scores)})")


if __name__ == "__main__":
    main()
