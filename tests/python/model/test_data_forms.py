# SPDX-License-Identifier: Apache-2.0
"""The forms of data that a network takes: data sets, arrays, lists of arrays, of Sequences, of pairs, and of dicts."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

LENGTH, SIZE = 6, 3
RNG = np.random.default_rng(0)
INPUTS = RNG.normal(size=(4, LENGTH, SIZE))
TARGETS: dict[str, Any] = {
    "classification": (INPUTS[..., 0] > 0).astype(int),
    "sequence_classification": np.array([0, 1, 1, 0]),
    "transcription": [["a"], ["b", "a"], ["a", "b"], ["b"]],
    "regression": INPUTS[..., :2] * 2,
    "sequence_regression": INPUTS[:, 0, 0],
}


def dataset(task: str) -> rnn.Dataset:
    return rnn.Dataset(list(zip(INPUTS, TARGETS[task], strict=True)), task=task)


def network(task: str) -> rnn.Network:
    config = rnn.Config(task=task, hiddenSize=2, randSeed=1, threads=1)
    return rnn.Network.build(config, dataset(task).header, "float64")


def labelled(task: str) -> dict[str, Any]:
    """Inputs with targets, in every form."""
    pairs = list(zip(INPUTS, TARGETS[task], strict=True))
    return {
        "Sequences": [rnn.Sequence(x, t) for x, t in pairs],
        "a generator": (rnn.Sequence(x, t) for x, t in pairs),
        "a tuple of pairs": tuple(pairs),
        "pairs": pairs,
        "lists of two": [[x, t] for x, t in pairs],
        "dicts": [{"inputs": x, "target": t} for x, t in pairs],
        "of a Dataset": list(dataset(task)),
        "several forms": [pairs[0], rnn.Sequence(*pairs[1]), {"inputs": pairs[2][0], "target": pairs[2][1]}, pairs[3]],
    }


@pytest.mark.parametrize("task", TARGETS)
def test_evaluate_and_gradient(task: str) -> None:
    net = network(task)
    expected = net.evaluate(dataset(task))
    error, gradient = net.gradient(dataset(task))
    assert len(expected) >= 1
    for form, data in labelled(task).items():
        assert net.evaluate(data) == expected, form
    for data in (INPUTS, list(INPUTS)):
        for targets in (TARGETS[task], list(TARGETS[task])):
            assert net.evaluate((data, targets)) == expected
            found, parts = net.gradient((data, targets))
            assert found == error
            assert all((parts[name] == gradient[name]).all() for name in gradient)


@pytest.mark.parametrize("task", TARGETS)
def test_predict(task: str) -> None:
    net = network(task)
    expected = [made.outputs.tolist() for made in net.predict(dataset(task))]
    arrays = {"arrays": list(INPUTS), "a tuple of arrays": tuple(INPUTS), "a generator of arrays": iter(INPUTS)}
    for form, data in {**labelled(task), **arrays}.items():
        assert [made.outputs.tolist() for made in net.predict(data)] == expected, form
    one = INPUTS[0]
    for data in (one, rnn.Sequence(one), {"inputs": one}, [one]):
        assert [made.outputs.tolist() for made in net.predict(data)] == expected[:1]


def test_a_pair_of_arrays_is_two_sequences_where_no_targets_are_needed() -> None:
    assert len(network("transcription").predict((INPUTS[0], INPUTS[1]))) == 2


def test_masked_targets_are_no_targets() -> None:
    net = network("sequence_classification")
    masked = np.ma.MaskedArray([0, 1, 1, 0], [False, True, False, False])
    assert net.evaluate((INPUTS, masked)) == net.evaluate((INPUTS, [0, -1, 1, 0]))


@pytest.mark.parametrize("task", ["transcription", "regression"])
def test_one_sequence_with_its_target(task: str) -> None:
    net = network(task)
    pair = (INPUTS[0], TARGETS[task][0])
    sequence = rnn.Sequence(*pair)
    expected = net.trace(sequence)
    for form in (pair, {"inputs": pair[0], "target": pair[1]}):
        found = net.trace(form)
        assert all((found[name] == expected[name]).all() for name in expected)
        assert net.check_gradient(form).passed
    assert net.evaluate(sequence) == net.evaluate([pair]) == net.evaluate({"inputs": pair[0], "target": pair[1]})


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (["x"], "sequence 0 is str; expected a Sequence, an array, a pair"),
        ([INPUTS[0], 3], "sequence 1 is int; expected a Sequence, an array, a pair"),
        ([(INPUTS[0],)], "sequence 0 is tuple"),
        ("test.nc", "found 'test.nc': Dataset.read opens a file"),
        (5, "expected a Dataset, or a list of .*, found int"),
        (None, "expected a Dataset, or a list of .*, found NoneType"),
        ([{"input": INPUTS[0]}], "sequence 0 has the unknown field 'input'"),
        ([{"target": ["a"]}], "sequence 0 has no 'inputs'"),
    ],
)
def test_what_is_no_data(data: Any, message: str) -> None:
    net = network("transcription")
    for method in (net.evaluate, net.predict, net.gradient):
        with pytest.raises(rnn.DataError, match=message):
            method(data)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ((INPUTS, TARGETS["transcription"][:3]), r"the pair \(inputs, targets\) has 4 inputs and 3 targets"),
        ((INPUTS, "abba"), r"targets of the pair \(inputs, targets\) are 'abba', expected an entry per sequence"),
        ((INPUTS, 1), "targets of the pair .* are 1, expected"),
        ((INPUTS, None), "targets of the pair .* are None, expected"),
        ((np.array(2.0), [["a"]]), "inputs of the pair .*, expected an entry per sequence"),
        ((INPUTS[0], ["a", "b"] * 3), "the shape 0-D has 0 dimensions, the network 1"),
    ],
)
def test_what_is_no_pair_of_inputs_and_targets(data: Any, message: str) -> None:
    net = network("transcription")
    for method in (net.evaluate, net.gradient):
        with pytest.raises(rnn.DataError, match=message):
            method(data)
