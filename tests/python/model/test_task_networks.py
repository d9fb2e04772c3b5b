# SPDX-License-Identifier: Apache-2.0
"""What networks do is what the row of their task says."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn
from rnnlib_py.data.tasks import TASKS, Task

POINTS, TARGET_SIZE = 6, 4


def make_target(task: Task) -> Any:
    if task.transcribes:
        return [0, 1]
    shape = (POINTS,) if task.per_point else ()
    return np.ones(shape, np.int32) if task.has_labels else np.ones((*shape, TARGET_SIZE), np.float32)


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
@pytest.mark.parametrize("labels", [["a", "b", "c"], ["a", "b"]], ids=["three", "two"])
def test_rows_say_what_networks_do(task: Task, labels: list[str]) -> None:
    header = rnn.DataHeader(1, 2, 0 if task.has_labels else TARGET_SIZE, labels if task.has_labels else [])
    network = rnn.Network.build(rnn.Config({"task": task.name, "hiddenSize": 3, "randSeed": 3}), header)
    units = task.output_units(header.labels, "blank")
    assert network.output_size == (len(units) if task.has_labels else TARGET_SIZE)

    inputs = np.random.default_rng(3).normal(size=(POINTS, 2)).astype(np.float32)
    (prediction,) = network.predict([inputs])
    has_points = task.per_point or task.transcribes
    assert prediction.outputs.shape == ((POINTS,) if has_points else ()) + (network.output_size,)
    assert task.has_labels or not prediction.labels
    assert len(prediction.positions) == (len(prediction.labels) if task.has_positions else 0)

    errors = network.evaluate([(inputs, make_target(task))])
    expected = [*task.criteria, *task.other_errors]
    assert list(errors)[: len(expected)] == expected
