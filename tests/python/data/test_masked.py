# SPDX-License-Identifier: Apache-2.0
"""NumPy's masked arrays as inputs, targets and importance: at every door, and nothing masked is used in silence."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py import DataError, Dataset, Sequence, write_netcdf

X = np.arange(12, dtype=np.float32).reshape(4, 3)


def masked(values: Any, *places: Any, under: Any = None) -> np.ma.MaskedArray[Any, Any]:
    """The values, masked at some places, which hold `under`."""
    array = np.ma.MaskedArray(np.array(values), mask=False)
    for place in places:
        if under is not None:
            array.data[place] = under
        array[place] = np.ma.masked
    return array


def through_every_door(item: Sequence, task: str, folder: Path) -> list[Sequence]:
    """The sequence as a Dataset, a file and a network see it."""
    labels = ["a", "b"] if "class" in task else None
    data = Dataset([item], task=task, labels=labels)
    write_netcdf(folder / "data.nc", [item], labels, task=task)
    network = rnn.Network.build(rnn.Config({"task": task, "hiddenSize": 2, "randSeed": 1}), data.header)
    return [data[0], Dataset.read(folder / "data.nc", task=task)[0], network.converted(item)]


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (masked([0, 1, 1, 0], 1), [0, -1, 1, 0]),
        (masked([0, 1, 1, 0], 1, under=99), [0, -1, 1, 0]),
        (masked([0.0, 1, 1, 0], 3, under=np.nan), [0, 1, 1, -1]),
        (masked(["a", "b", "b", "a"], 0, 2), [-1, 1, -1, 0]),
        (masked(["a", "b", "b", "a"], 0, under="?"), [-1, 1, 1, 0]),
        (masked(np.array(["a", "b", "b", "a"], object), 0), [-1, 1, 1, 0]),
        ([0, np.ma.masked, 1, 0], [0, -1, 1, 0]),
        (masked([1, 1, 1, 1], slice(None)), [-1, -1, -1, -1]),
        (masked([0, 1, 1, 0]), [0, 1, 1, 0]),  # nothing is masked
    ],
)
def test_a_masked_class_is_no_target(target: Any, expected: list[int], tmp_path: Path) -> None:
    for found in through_every_door(Sequence(X, target), "classification", tmp_path):
        assert np.asarray(found.target).tolist() == expected
        assert not isinstance(found.target, np.ma.MaskedArray)


@pytest.mark.parametrize("target", [np.ma.masked, masked([1], 0), masked(1.0, ())])
def test_a_masked_class_of_a_sequence(target: Any, tmp_path: Path) -> None:
    for found in through_every_door(Sequence(X, target), "sequence_classification", tmp_path):
        assert found.target == -1


def test_masked_classes_say_nothing_about_the_labels() -> None:
    data = Dataset([(X, masked(["up", "down", "?", "up"], 2))], task="classification")
    assert list(data.header.labels) == ["down", "up"]
    assert np.asarray(data[0].target).tolist() == [1, 0, -1, 1]


@pytest.mark.parametrize("under", [7.0, np.nan])
def test_a_masked_target_point_has_importance_zero(under: float, tmp_path: Path) -> None:
    target = masked(X[:, :2], (1, 0), (3, 1), under=under)
    for found in through_every_door(Sequence(X, target), "regression", tmp_path):
        assert found.importance is not None
        assert found.importance.tolist() == [1, 0, 1, 0]
        assert np.isfinite(found.target).all()
        assert np.array_equal(np.asarray(found.target)[[0, 2]], X[[0, 2], :2])
    for found in through_every_door(Sequence(X, target, importance=[3, 3, 2, 2]), "regression", tmp_path):  # type: ignore[arg-type]
        assert found.importance is not None
        assert found.importance.tolist() == [3, 0, 2, 0]


def test_masked_rows_in_a_list() -> None:
    target = [masked([1.0], 0), np.array([2.0]), [3.0], masked([4.0])]
    importance = Dataset([(X, target)], task="regression")[0].importance
    assert importance is not None
    assert importance.tolist() == [0, 1, 1, 1]


def test_a_masked_importance_is_zero(tmp_path: Path) -> None:
    weights = masked([1.0, 2.0, 3.0, 4.0], 2, under=np.nan)
    for task, target in (("regression", X), ("classification", [0, 1, 1, 0])):
        for found in through_every_door(Sequence(X, target, importance=weights), task, tmp_path):  # type: ignore[arg-type]
            assert found.importance is not None
            assert found.importance.tolist() == [1, 2, 0, 4]


@pytest.mark.parametrize(
    ("task", "inputs", "target", "message"),
    [
        ("regression", masked(X, (2, 1)), X, "sequence 0 ('tag'): inputs at point 2, column 1 is missing"),
        ("regression", list(masked(X, (2, 1))), X, "sequence 0 ('tag'): inputs at point 2, column 1 is missing"),
        ("sequence_regression", X, masked([1.0, 2.0], 1), "target of sequence 0 ('tag'): element 1 is masked"),
        ("transcription", X, masked([0, 1, 1], 1), "target of sequence 0 ('tag'): element 1 is masked"),
        ("transcription", X, masked(["a", "b"], 1), "target of sequence 0 ('tag'): element 1 is masked"),
    ],
)
def test_what_cannot_be_missing_is_an_error(task: str, inputs: Any, target: Any, message: str, tmp_path: Path) -> None:
    item = Sequence(inputs, target, "tag")
    with pytest.raises(DataError, match=re.escape(message)):
        Dataset([item], task=task)
    with pytest.raises(DataError, match=re.escape(message)):
        write_netcdf(tmp_path / "data.nc", [item], task=task)
    header = rnn.DataHeader(1, 3, 2, ["a", "b"])
    network = rnn.Network.build(rnn.Config({"task": task, "hiddenSize": 2, "randSeed": 1}), header)
    with pytest.raises(DataError, match=re.escape(message)):
        network.evaluate(item)


def test_masked_numbers_elsewhere_are_errors() -> None:
    header = rnn.DataHeader(1, 3, 0, ["a", "b"])
    config = rnn.Config({"task": "transcription", "hiddenSize": 2, "randSeed": 1, "bidirectional": False})
    network = rnn.Network.build(config, header)
    with pytest.raises(DataError, match="sequence 0: inputs at point 0, column 2 is missing"):
        network.predict(Sequence(masked(X, (0, 2))))
    with pytest.raises(DataError, match=r"inputs: element \(0, 2\) is masked"):
        network.stream().push(masked(X, (0, 2)))
    name, weights = next((name, weights) for name, weights in network.weights.items() if weights.size > 1)
    with pytest.raises(DataError, match=f"weights of {name}: element .* is masked"):
        network.set_weights({name: masked(weights, (0,) * weights.ndim)})


def test_masked_images_without_an_axis_for_their_only_input() -> None:
    image = masked(np.ones((4, 3)), (1, 2))
    with pytest.raises(DataError, match=re.escape("sequence 0: inputs at point (1, 2), column 0 is missing")):
        Dataset([(image, np.ones((4, 3)))], task="regression", dims=2)
    importance = Dataset([(np.ones((4, 3)), image)], task="regression", dims=2)[0].importance
    assert importance is not None
    assert np.argwhere(importance == 0).tolist() == [[1, 2]]
