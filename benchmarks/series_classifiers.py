# SPDX-License-Identifier: Apache-2.0
"""Accuracy and time of SequenceClassifier, as it comes, beside aeon's MiniRocket with ridge and 1-NN with DTW.

python benchmarks/series_classifiers.py FOLDER... [--folds 5] [--seed 1] [--only NAME]

A FOLDER holds train.npz: data (rows, channels), offsets (series i is data[offsets[i]:offsets[i + 1]]) and labels. The
name of a data set that aeon knows can be in its place. Needs aeon. All use one thread; in each fold they take turns.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

os.environ["NUMBA_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"

from aeon.classification.convolution_based import MiniRocketClassifier
from aeon.classification.distance_based import KNeighborsTimeSeriesClassifier
from aeon.datasets import load_classification
from sklearn.model_selection import StratifiedKFold

from rnnlib_py.integrations.sklearn import SequenceClassifier

Series = list[np.ndarray]  # (time, channels)


def read(name: str) -> tuple[Series, np.ndarray, np.ndarray | None]:
    """Series, their classes, and, where the set has a split of its own, which are for training."""
    if Path(name).is_dir():
        with np.load(Path(name) / "train.npz") as data:
            return np.split(data["data"].astype(np.float64), data["offsets"][1:-1]), data["labels"], None
    parts = [load_classification(name, split=split) for split in ("train", "test")]
    X = [np.asarray(one, np.float64).T for part in parts for one in part[0]]
    y = np.concatenate([part[1] for part in parts])
    return X, y, np.arange(len(X)) < len(parts[0][0])


def channels_first(X: Series) -> list[np.ndarray]:
    """As aeon has them."""
    return [one.T for one in X]


def of_one_length(X: Series, length: int) -> np.ndarray:
    """Interpolated (series, channel, length): MiniRocket takes no others."""
    places = np.linspace(0, 1, length)
    return np.stack([[np.interp(places, np.linspace(0, 1, len(one)), c) for c in one.T] for one in X])


class MiniRocket:
    """MiniRocket with its ridge classifier, for series of different lengths."""

    def __init__(self, seed: int) -> None:
        self._model = MiniRocketClassifier(random_state=seed, n_jobs=1)
        self._length = 0

    def fit(self, X: Series, y: np.ndarray) -> None:
        self._length = max(9, *map(len, X))
        self._model.fit(of_one_length(X, self._length), y)

    def predict(self, X: Series) -> np.ndarray:
        return self._model.predict(of_one_length(X, self._length))


class Dtw:
    """The nearest neighbour by dynamic time warping."""

    def __init__(self) -> None:
        self._model = KNeighborsTimeSeriesClassifier(n_neighbors=1, distance="dtw", n_jobs=1)

    def fit(self, X: Series, y: np.ndarray) -> None:
        self._model.fit(channels_first(X), y)

    def predict(self, X: Series) -> np.ndarray:
        return self._model.predict(channels_first(X))


def models(seed: int) -> dict[str, Callable[[], Any]]:
    return {
        "SequenceClassifier()": lambda: SequenceClassifier(random_state=seed, n_jobs=1),
        "MiniRocket + ridge": lambda: MiniRocket(seed),
        "1-NN DTW": lambda: Dtw(),
    }


def measure(make: Callable[[], Any], X: Series, y: np.ndarray, train: np.ndarray, test: np.ndarray) -> np.ndarray:
    """Share that is right, and processor seconds of fitting and of predicting."""
    model = make()
    begin = time.process_time()
    model.fit([X[i] for i in train], y[train])
    middle = time.process_time()
    found = model.predict([X[i] for i in test])
    return np.array([np.mean(found == y[test]), middle - begin, time.process_time() - middle])


def compare(name: str, folds: int, seed: int, wanted: list[str]) -> None:
    X, y, for_training = read(name)
    if for_training is None:
        parts = list(StratifiedKFold(folds, shuffle=True, random_state=seed).split(np.zeros(len(X)), y))
        how = f"{folds} folds"
    else:
        parts, how = [(np.flatnonzero(for_training), np.flatnonzero(~for_training))], "its own split"
    lengths = sorted({min(map(len, X)), max(map(len, X))})
    print(f"\n{Path(name).name}: {len(X)} series of {' to '.join(map(str, lengths))} points, {how}", flush=True)
    print("| model | accuracy | fitting, s | predicting, s |\n| --- | --- | --- | --- |")
    found: dict[str, list[np.ndarray]] = {model: [] for model in wanted}
    for train, test in parts:
        for model in wanted:
            found[model].append(measure(models(seed)[model], X, y, train, test))
    for model, values in found.items():
        accuracy, fitting, predicting = np.mean(values, axis=0)
        print(f"| {model} | {accuracy:.1%} | {fitting:.1f} | {predicting:.1f} |", flush=True)


def warm_up(wanted: list[str]) -> None:
    """aeon compiles its functions at their first use, which is no part of the times."""
    rng = np.random.default_rng(0)
    X, y = [rng.normal(size=(12 + i % 2, 3)) for i in range(12)], np.arange(12) % 2
    for model in wanted:
        if not model.startswith("Sequence"):
            for columns in (3, 1):
                measure(models(1)[model], [one[:, :columns] for one in X], y, np.arange(8), np.arange(8, 12))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="+", metavar="FOLDER")
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", action="append", metavar="NAME", choices=list(models(1)), help="of a model")
    options = parser.parse_args()
    wanted = options.only or list(models(1))
    warm_up(wanted)
    for name in options.names:
        compare(name, options.folds, options.seed, wanted)


if __name__ == "__main__":
    main()
