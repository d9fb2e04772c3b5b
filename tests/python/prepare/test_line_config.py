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
    assert (found["hiddenSize"], found["poolSize"]) == ([16, 32, 96], [[2, 2], [2, 2]])
    assert (found["seqsPerWeightUpdate"], found["totalEpochs"], found["dropout"]) == (16, 32, 0.3)
    assert (found["augment"], found["augmentShear"] > 0) == ("images", True)
    assert (found["trainFile"], found["valFile"], "testFile" in found) == (["train.nc"], ["val.nc"], False)


@pytest.mark.parametrize(
    ("height", "sizes", "column"),
    [(16, [16, 32, 96], 4), (33, [16, 32, 96], 9), (49, [16, 32, 64, 96], 7), (200, [16, 32, 64, 64, 64, 96], 7)],
)
def test_columns_become_short(path: Path, height: int, sizes: list[int], column: int) -> None:
    found = config(path, height=height)
    assert (found["hiddenSize"], found["joinHeight"]) == (sizes, column)
    network = rnn.Network.build(found, rnn.DataHeader(2, 1, 0, ["a"]))
    outputs = network.predict(np.zeros((800, height, 1), np.float32))[0].outputs
    assert len(outputs) == 200


@pytest.mark.parametrize(
    ("steps", "pools"),
    [(200, [[2, 2], [2, 2]]), (201, [[2, 2], [1, 2]]), (400, [[2, 2], [1, 2]]), (401, [[1, 2], [1, 2]])],
)
def test_texts_fit(path: Path, steps: int, pools: list[list[int]]) -> None:
    assert config(path, steps=steps)["poolSize"] == pools


@pytest.mark.parametrize(
    ("characters", "labels", "cells", "dropout"),
    [
        (29_000, 80, 64, 0.3),
        (30_000, 80, 96, 0.3),
        (299_000, 501, 192, 0.3),
        (300_000, 80, 128, 0.1),
        (300_000, 501, 256, 0.1),
    ],
)
def test_more_text_more_cells(path: Path, characters: int, labels: int, cells: int, dropout: float) -> None:
    found = config(path, characters=characters, labels=labels)
    assert (found["hiddenSize"][-1], found["dropout"]) == (cells, dropout)


@pytest.mark.parametrize(
    ("lines", "batch", "epochs"), [(10, 8, 300), (200, 8, 240), (999, 8, 48), (1000, 16, 96), (100_000, 16, 15)]
)
def test_few_lines_are_seen_often(path: Path, lines: int, batch: int, epochs: int) -> None:
    found = config(path, lines=lines)
    assert (found["seqsPerWeightUpdate"], found["totalEpochs"]) == (batch, epochs)
    assert found["maxTestsNoBest"] == epochs
    assert 1 <= found["warmupUpdates"] <= 100
