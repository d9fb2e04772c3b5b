# SPDX-License-Identifier: Apache-2.0
"""The rules of the starter config of tables (docs/time-series.md), and recipes of tables that cannot be."""

from __future__ import annotations

import json

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.prepare import TableRecipe
from rnnlib_py.prepare.table_config import TableStatistics, table_config


def config(task: str, sequences: int, rows: int = 20, ahead: int = 0) -> dict[str, str]:
    found = TableStatistics(task, np.full(sequences, rows), 3, 2, ahead)
    text = table_config(found, {"train": "train.nc", "val": "val.nc"})
    return dict(line.split(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))


def test_rules() -> None:
    few = config("sequence_classification", 200)
    assert (few["hiddenSize"], few["dropout"], few["seqsPerWeightUpdate"]) == ("64,64", "0.5", "8")
    assert few["inputNoiseDev"] == "0.5"
    assert "bidirectional" not in few
    assert "inputBlock" not in few
    assert config("sequence_classification", 200, rows=480)["inputBlock"] == "10"
    assert not {"inputBlock"} & {*config("classification", 200, rows=480), *config("transcription", 200, rows=480)}
    many = config("classification", 30_000)
    assert (many["hiddenSize"], many["dropout"], many["seqsPerWeightUpdate"]) == ("128,128", "0.3", "16")
    assert "inputNoiseDev" not in many
    assert (many["totalEpochs"], many["warmupUpdates"]) == ("15", "100")
    forecast = config("regression", 50, ahead=3)
    assert (forecast["bidirectional"], forecast["dropout"], forecast["totalEpochs"]) == ("false", "0.1", "200")
    assert "inputNoiseDev" not in forecast


def test_a_recipe_of_tables_there_and_back() -> None:
    recipe = TableRecipe("regression", columns=("x",), categories=("",), scales=("log",), means=(1,), stds=(2,))
    assert TableRecipe.from_json(recipe.to_json(), "x") == recipe
    np.testing.assert_allclose(recipe.normalised(np.array([[-3.0], [np.nan]])), [[(-np.log(4) - 1) / 2], [0]], 1e-6)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"task": "reading"}, "task 'reading': expected one of"),
        ({"form": "tall"}, "form 'tall': expected one of long, wide, ts"),
        ({"pattern": "("}, "pattern '(' is no regular expression"),
        ({"columns": ["x"]}, "categories: expected 1, as columns, found 0"),
        ({"columns": "x"}, "columns: expected a value like"),
        ({"target_means": [1]}, "target_stds: expected 1, found 0"),
        ({"target_means": [1], "target_stds": [0]}, "stds: expected positive numbers"),
        ({"target_means": ["a"], "target_stds": [1]}, "means, stds, target_means: expected numbers"),
        ({"targets": [1]}, "columns, categories, targets: expected texts"),
        ({"ahead": -1}, "ahead -1: expected a number of rows, at least 0"),
    ],
)
def test_recipes_of_tables_that_cannot_be(changes: dict[str, object], error: str) -> None:
    with pytest.raises(rnn.FormatError) as raised:
        TableRecipe.from_json(json.dumps({"kind": "table", "version": 1, **changes}), "x.save")
    assert error in str(raised.value)
