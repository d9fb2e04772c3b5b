# SPDX-License-Identifier: Apache-2.0
"""The importance of a target that the whole sequence has: it multiplies error and gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

RNG = np.random.default_rng(5)
INPUTS = [RNG.normal(size=(length, 2)).astype(np.float32) for length in (6, 9)]
TARGETS: dict[str, list[Any]] = {
    "sequence_classification": ["a", "b"],
    "sequence_regression": [[1.0, 2.0], [0.5, -1.0]],
    "transcription": [["a", "b"], ["b"]],
}


def network_and_sequences(task: str, importance: list[float] | None) -> tuple[rnn.Network, list[rnn.Sequence]]:
    weights = importance or [None, None]
    sequences = [
        rnn.Sequence(x, y, importance=w)  # type: ignore[arg-type]
        for x, y, w in zip(INPUTS, TARGETS[task], weights, strict=True)
    ]
    data = rnn.Dataset([(x, y) for x, y in zip(INPUTS, TARGETS[task], strict=True)], task=task)
    network = rnn.Network.build(rnn.Config({"task": task, "hiddenSize": 3, "randSeed": 1}), data.header, "float64")
    return network, sequences


@pytest.mark.parametrize("task", list(TARGETS))
def test_it_multiplies_error_and_gradient(task: str) -> None:
    network, plain = network_and_sequences(task, None)
    parts = [network.gradient([sequence]) for sequence in plain]
    error, gradient = network.gradient(network_and_sequences(task, [2.5, 0.5])[1])
    assert error == pytest.approx(2.5 * parts[0][0] + 0.5 * parts[1][0])
    for name, values in gradient.items():
        np.testing.assert_allclose(values, 2.5 * parts[0][1][name] + 0.5 * parts[1][1][name], 1e-9, 1e-12)


@pytest.mark.parametrize("task", list(TARGETS))
def test_a_sequence_of_importance_0_has_no_target(task: str) -> None:
    network, plain = network_and_sequences(task, None)
    found = network.evaluate(network_and_sequences(task, [1.0, 0.0])[1])
    criterion = next(iter(found))
    assert found[criterion] == pytest.approx(network.evaluate(plain[:1])[criterion])


@pytest.mark.parametrize("task", list(TARGETS))
def test_training_uses_it(task: str) -> None:
    config = {"task": task, "hiddenSize": 3, "randSeed": 1, "totalEpochs": 2, "learnRate": 0.01}
    runs = [rnn.train(config, train=network_and_sequences(task, weights)[1]) for weights in (None, [1, 1], [3, 1])]
    weights = [run.network.weights for run in runs]
    assert all(np.array_equal(weights[0][name], weights[1][name]) for name in weights[0])
    assert any(not np.array_equal(weights[0][name], weights[2][name]) for name in weights[0])


@pytest.mark.parametrize("task", list(TARGETS))
def test_several_numbers_are_refused(task: str) -> None:
    sequence = rnn.Sequence(INPUTS[0], TARGETS[task][0], importance=np.ones(6, np.float32))
    with pytest.raises(rnn.DataError, match=r"importance of sequence 0 has shape \[6\], expected the target's \[\]"):
        rnn.Dataset([sequence], task=task)
