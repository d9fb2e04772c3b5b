# SPDX-License-Identifier: Apache-2.0
"""Inputs and targets of another size than the network's are refused by every method, before they are read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

INPUTS, TARGETS, POINTS = 5, 3, 12
LABELS = ["a", "b", "c"]
TARGET: dict[str, Any] = {
    "transcription": ["a", "b"],
    "classification": ["a"] * POINTS,
    "sequence_classification": "a",
    "regression": np.full((POINTS, TARGETS), 0.5, np.float32),
    "sequence_regression": np.full(TARGETS, 0.5, np.float32),
}
OF_NUMBERS = ("regression", "sequence_regression")
Call = Callable[[rnn.Network, Any], object]


def build(task: str) -> rnn.Network:
    config = rnn.Config({"task": task, "hiddenSize": 2, "randSeed": 3})
    return rnn.Network.build(
        config, rnn.DataHeader(1, INPUTS, TARGETS if task in OF_NUMBERS else 0, [] if task in OF_NUMBERS else LABELS)
    )


def origin(network: rnn.Network) -> tuple[int, ...]:
    return (0,) * len(network.output_shape([POINTS]))


READS_TARGETS: dict[str, Call] = {
    "evaluate": lambda network, data: network.evaluate(data),
    "gradient": lambda network, data: network.gradient(data),
}
ONE_READS_TARGETS: dict[str, Call] = {
    "trace": lambda network, data: network.trace(data),
    "check_gradient": lambda network, data: network.check_gradient(data),
    "rnn.dump": lambda network, data: rnn.dump(network, data),
}
READS_INPUTS: dict[str, Call] = {"predict": lambda network, data: network.predict(data)}
ONE_READS_INPUTS: dict[str, Call] = {
    "jacobian": lambda network, data: network.jacobian(data, origin(network)),
    "rnn.jacobian": lambda network, data: rnn.jacobian(network, data, origin(network)),
}
METHODS = {**READS_TARGETS, **ONE_READS_TARGETS, **READS_INPUTS, **ONE_READS_INPUTS}
by_task = pytest.mark.parametrize("task", TARGET)


def sequence(task: str, inputs: int = INPUTS, **more: Any) -> rnn.Sequence:
    return rnn.Sequence(np.full((POINTS, inputs), 0.5, np.float32), **{"target": TARGET[task], "tag": "one", **more})


def dataset(task: str, one: rnn.Sequence) -> rnn.Dataset:
    labels = None if task in OF_NUMBERS else LABELS
    return rnn.Dataset([one], task=task, labels=labels)


@by_task
def test_the_right_sizes_are_taken(task: str) -> None:
    network = build(task)
    one = sequence(task)
    for call in METHODS.values():
        call(network, one)
    for name, call in METHODS.items():
        data = dataset(task, one)
        call(network, data if name in READS_TARGETS or name in READS_INPUTS else data[0])
    found = network.predict([one.inputs, one])
    assert np.array_equal(found[0].outputs, found[1].outputs)
    assert np.array_equal(network.predict(one.inputs)[0].outputs, network.predict(one)[0].outputs)


@by_task
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("size", [1, 4, 6, 100])
def test_inputs_of_another_size(task: str, name: str, size: int) -> None:
    network, call = build(task), METHODS[name]
    one = sequence(task, size)
    said = f"inputs have {size} numbers per point, the network expects {INPUTS}"
    with pytest.raises(rnn.DataError, match=f"'one'.*{said}"):
        call(network, one)
    with pytest.raises(rnn.DataError, match=said):
        call(network, one.inputs)
    data = dataset(task, one)
    with pytest.raises(rnn.DataError, match=f"{said}|inputPattSize is {size}, expected {INPUTS}"):
        call(network, data if name in READS_TARGETS or name in READS_INPUTS else data[0])


@by_task
@pytest.mark.parametrize("name", METHODS)
def test_no_inputs(task: str, name: str) -> None:
    network, call = build(task), METHODS[name]
    for shape in ((POINTS, 0), (0, INPUTS), (0,), ()):
        empty = np.zeros(shape, np.float32)
        for data in (empty, rnn.Sequence(empty, TARGET[task])):
            with pytest.raises(rnn.DataError):
                call(network, data)
        with pytest.raises(rnn.DataError):
            dataset(task, rnn.Sequence(empty, TARGET[task]))


@pytest.mark.parametrize("task", OF_NUMBERS)
@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("size", [0, 1, 2, 4, 50])
def test_targets_of_another_size(task: str, name: str, size: int) -> None:
    network, call = build(task), METHODS[name]
    shape = (POINTS, size) if task == "regression" else (size,)
    one = sequence(task, target=np.full(shape, 1000, np.float32))
    if name in READS_INPUTS or name in ONE_READS_INPUTS:
        call(network, one)  # does not look at targets
        return
    said = f"targets have {size} numbers per point, the network expects {TARGETS}"
    with pytest.raises(rnn.DataError, match="shape" if size == 0 else said):
        call(network, one)
    with pytest.raises(rnn.DataError, match=f"{said}|targetPattSize is {size}, expected {TARGETS}|shape"):
        call(network, dataset(task, one) if name in READS_TARGETS else dataset(task, one)[0])


@pytest.mark.parametrize("task", ["classification", "regression"])
@pytest.mark.parametrize("name", [*READS_TARGETS, *ONE_READS_TARGETS])
@pytest.mark.parametrize("points", [POINTS - 1, POINTS + 1, 500])
def test_targets_for_another_number_of_points(task: str, name: str, points: int) -> None:
    network = build(task)
    target = np.full((points, TARGETS), 0.5, np.float32) if task == "regression" else np.zeros(points, np.int32)
    with pytest.raises(rnn.DataError, match=f"targets for {points} points but the network's output has {POINTS}"):
        METHODS[name](network, sequence(task, target=target))


@pytest.mark.parametrize("size", [0, 1, 4, 6, 100])
def test_streams(size: int) -> None:
    config = rnn.Config({"task": "transcription", "hiddenSize": 2, "bidirectional": "false"})
    stream = rnn.Network.build(config, rnn.DataHeader(1, INPUTS, 0, LABELS)).stream()
    stream.push(np.zeros((3, INPUTS)))
    with pytest.raises(rnn.DataError, match=f"inputs have {size} numbers per point, the network expects {INPUTS}"):
        stream.push(np.zeros((3, size)))
    for shape in ((), (INPUTS,), (1, 3, INPUTS)):
        with pytest.raises(rnn.DataError, match="shape"):
            stream.push(np.zeros(shape))
    assert stream.push(np.zeros((2, INPUTS))).first_point == 3


@pytest.mark.parametrize("size", [4, 6])
def test_data_of_another_size_are_not_normalised_into_the_right_one(size: int) -> None:
    network = build("transcription")
    network.normalisation = {"inputs": rnn_scale(INPUTS)}
    for data in (sequence("transcription", 1), dataset("transcription", sequence("transcription", 1))):
        with pytest.raises(rnn.DataError, match=f"inputs have 1 numbers|inputPattSize is 1, expected {INPUTS}"):
            network.predict(data, raw=True)
    with pytest.raises(rnn.DataError, match=f"has {size} means, the network has {INPUTS} inputs"):
        network.normalisation = {"inputs": rnn_scale(size)}


def rnn_scale(size: int) -> Any:
    from rnnlib_py.data.normalisation import Scale

    return Scale(np.ones(size), np.ones(size))
