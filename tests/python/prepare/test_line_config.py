# SPDX-License-Identifier: Apache-2.0
"""The rules of the starter config (docs/text-lines.md)."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare.line_config import LineStatistics, line_config


def config(path: Path, **values: int) -> rnn.Config:
    """Of a training set of equal lines."""
    found = {"lines": 3000, "height": 48, "width": 800, "steps": 60, "labels": 80, "characters": 150_000, **values}
    statistics = LineStatistics(
        found["height"],
        np.full(found["lines"], found["width"], np.int64),
        np.full(found["lines"], found["steps"], np.int64),
        found["labels"],
        found["characters"],
    )
    path.write_text(line_config(statistics, {"train": "train.nc", "val": "val.nc"}), encoding="utf-8")
    return rnn.Config.read(path)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "x.config"


def test_an_average_set(path: Path) -> None:
    found = config(path)
    assert found.warnings() == []
    assert (found["hiddenSize"], found["poolSize"]) == ([16, 32, 64, 96, 96], [[2, 2], [2, 2], [1, 2]])
    assert (found["seqsPerWeightUpdate"], found["totalEpochs"], found["dropout"]) == (16, 48, 0.1)
    assert (found["augment"], found["augmentShear"] > 0) == ("images", True)
    assert (found["trainFile"], found["valFile"], "testFile" in found) == (["train.nc"], ["val.nc"], False)


@pytest.mark.parametrize(
    ("height", "sizes", "column"),
    [(16, [16, 32], 4), (33, [16, 32, 64], 5), (64, [16, 32, 64], 8), (65, [16, 32, 64, 64], 5)],
)
def test_columns_become_short(path: Path, height: int, sizes: list[int], column: int) -> None:
    found = config(path, height=height)
    assert (found["hiddenSize"], found["joinHeight"]) == ([*sizes, 96, 96], column)
    network = rnn.Network.build(found, rnn.DataHeader(2, 1, 0, ["a"]))
    outputs = network.predict(np.zeros((800, height, 1), np.float32))[0].outputs
    assert len(outputs) == 200


@pytest.mark.parametrize(
    ("steps", "pools"),
    [
        (200, [[2, 2], [2, 2], [1, 2]]),
        (201, [[2, 2], [1, 2], [1, 2]]),
        (400, [[2, 2], [1, 2], [1, 2]]),
        (401, [[1, 2], [1, 2], [1, 2]]),
    ],
)
def test_texts_fit(path: Path, steps: int, pools: list[list[int]]) -> None:
    assert config(path, steps=steps)["poolSize"] == pools


@pytest.mark.parametrize(
    ("characters", "labels", "cells", "augment"),
    [
        (29_000, 80, [64], "images"),
        (30_000, 80, [96, 96], "images"),
        (299_000, 501, [192, 192], "images"),
        (300_000, 80, [128, 128], "none"),
        (300_000, 501, [256, 256], "none"),
    ],
)
def test_more_text_more_cells(path: Path, characters: int, labels: int, cells: list[int], augment: str) -> None:
    found = config(path, characters=characters, labels=labels)
    assert (found["hiddenSize"][3:], found["augment"]) == (cells, augment)


@pytest.mark.parametrize(
    ("lines", "batch", "epochs"), [(10, 8, 300), (400, 8, 180), (999, 8, 72), (1000, 16, 143), (100_000, 16, 15)]
)
def test_few_lines_are_seen_often(path: Path, lines: int, batch: int, epochs: int) -> None:
    found = config(path, lines=lines)
    assert (found["seqsPerWeightUpdate"], found["totalEpochs"]) == (batch, epochs)
    assert found["maxTestsNoBest"] == epochs
    assert 1 <= found["warmupUpdates"] <= 100
