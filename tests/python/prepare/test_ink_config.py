# SPDX-License-Identifier: Apache-2.0
"""The rules of the starter config (docs/pen-strokes.md)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare import InkRecipe
from rnnlib_py.prepare.ink_config import InkStatistics, ink_config


def config(path: Path, inks: int = 3000, labels: str = "class") -> rnn.Config:
    found = InkStatistics(replace(InkRecipe(), labels=labels), np.full(inks, 50, np.int64), 10, inks)
    path.write_text(ink_config(found, {"train": "train.nc", "val": "val.nc"}), encoding="utf-8")
    return rnn.Config.read(path)


def test_augmentation_knows_which_columns_are_places(tmp_path: Path) -> None:
    def chosen(inks: int, *columns: str) -> tuple[object, object]:
        found = InkStatistics(InkRecipe(columns), np.full(inks, 50, np.int64), 10, inks)
        (tmp_path / "x.config").write_text(ink_config(found, {"train": "train.nc"}), encoding="utf-8")
        config = rnn.Config.read(tmp_path / "x.config")
        return config["augment"], config.get("augmentColumns")

    assert chosen(500, "x", "y", "dx", "dy", "pen_up", "end") == ("strokes", [[0, 1], [2, 3]])
    assert chosen(500, "end", "dx", "dy") == ("strokes", [[1, 2]])
    assert chosen(500, "x", "dx", "pen_up")[0] == "none"
    assert chosen(20_000, "x", "y")[0] == "none"


@pytest.mark.parametrize(("labels", "task"), [("class", "sequence_classification"), ("words", "transcription")])
def test_files_and_task(tmp_path: Path, labels: str, task: str) -> None:
    found = config(tmp_path / "x.config", labels=labels)
    assert found.warnings() == []
    assert (found["task"], found["trainFile"], found["valFile"]) == (task, ["train.nc"], ["val.nc"])
    assert "testFile" not in found


@pytest.mark.parametrize(
    ("inks", "cells", "batch", "epochs"),
    [(10, 64, 8, 200), (999, 64, 8, 48), (1000, 64, 16, 96), (19_999, 64, 16, 15), (20_000, 128, 16, 15)],
)
def test_more_inks_make_a_larger_network(tmp_path: Path, inks: int, cells: int, batch: int, epochs: int) -> None:
    found = config(tmp_path / "x.config", inks)
    assert found["hiddenSize"] == [cells, cells]
    assert found["dropout"] == (0.5 if inks < 20_000 else 0.3)
    assert config(tmp_path / "y.config", inks, "characters")["dropout"] == 0.3
    assert (found["seqsPerWeightUpdate"], found["totalEpochs"], found["maxTestsNoBest"]) == (batch, epochs, epochs)
    assert 1 <= found["warmupUpdates"] <= 100
