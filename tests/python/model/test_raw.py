# SPDX-License-Identifier: Apache-2.0
"""A network's normalisation travels with it: slim saves keep it, and every way to give it raw numbers can apply it."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import LABELS, run_cli, transcription, write_data

import rnnlib_py as rnn
from rnnlib_py.data.normalisation import Scale
from rnnlib_py.runner import Runner

Array = np.ndarray[Any, Any]
MEANS, STDS = np.array([1000.0, -3.25, 4.0]), np.array([17.0, 0.3, 0.0])
TARGET_MEANS, TARGET_STDS = np.array([50.0, -1.0]), np.array([9.0, 0.0])


def normal(values: Array, means: Array = MEANS, stds: Array = STDS) -> Array:
    """What the engine must make of raw numbers, written out."""
    return ((values.astype(np.float64) - means) / np.where(stds == 0, 1, stds)).astype(np.float32)


def raw_inputs(points: int = 11, seed: int = 0) -> Array:
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(points, 3)) * STDS + MEANS).astype(np.float32)


def build(task: str = "transcription", precision: str = "float32", **keys: object) -> rnn.Network:
    config = rnn.Config({"task": task, "hiddenSize": 4, "randSeed": 3, "initWeightRange": 1, **keys})
    size = 2 if "regression" in task else 0
    network = rnn.Network.build(config, rnn.DataHeader(1, 3, size, LABELS if size == 0 else []), precision)
    network.normalisation = {"inputs": Scale(MEANS, STDS)}
    if size:
        network.normalisation = {**network.normalisation, "targetPatterns": Scale(TARGET_MEANS, TARGET_STDS)}
    return network


def sequences(task: str, count: int = 3) -> tuple[list[rnn.Sequence], list[rnn.Sequence]]:
    """Raw ones, and the same as the network expects them."""
    raw, made = [], []
    for i in range(count):
        inputs = raw_inputs(9 + i, i)
        target: Any = {
            "transcription": ["a", "b"],
            "classification": ["a"] * (9 + i),
            "sequence_classification": "c",
        }.get(task)
        if target is not None:
            raw.append(rnn.Sequence(inputs, target))
            made.append(rnn.Sequence(normal(inputs), target))
            continue
        shape = (9 + i, 2) if task == "regression" else (2,)
        target = (np.random.default_rng(i).normal(size=shape) * 9 + 50).astype(np.float32)
        raw.append(rnn.Sequence(inputs, target))
        made.append(rnn.Sequence(normal(inputs), normal(target, TARGET_MEANS, TARGET_STDS)))
    return raw, made


TASKS = ["transcription", "classification", "sequence_classification", "regression", "sequence_regression"]


def same(a: Any, b: Any) -> bool:
    """Equal to the bit."""
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(same(*pair) for pair in zip(a, b, strict=True))
    if isinstance(a, rnn.Prediction):
        return a.labels == b.labels and np.array_equal(a.outputs, b.outputs)
    return bool(np.array_equal(a, b))


METHODS: dict[str, Callable[..., Any]] = {
    "predict": lambda n, s, raw: n.predict(s, raw=raw),
    "predict one": lambda n, s, raw: n.predict(s[0], raw=raw),
    "predict arrays": lambda n, s, raw: n.predict([one.inputs for one in s], raw=raw),
    "evaluate": lambda n, s, raw: n.evaluate(s, raw=raw),
    "gradient": lambda n, s, raw: n.gradient(s, raw=raw),
    "trace": lambda n, s, raw: n.trace(s[0], raw=raw),
    "jacobian": lambda n, s, raw: n.jacobian(s[0], (0,) * len(n.output_shape([9])), raw=raw),
    "check_gradient": lambda n, s, raw: [
        one.largest_difference for one in n.check_gradient(s[0], 0.3, break_on_error=False, raw=raw).connections
    ],
    "dump": lambda n, s, raw: rnn.dump(n, s[0], raw=raw).variables,
    "rnn.jacobian": lambda n, s, raw: rnn.jacobian(n, s[0], (0,) * len(n.output_shape([9])), raw=raw).inputs,
}


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("method", METHODS)
def test_raw_numbers_give_what_normalised_ones_do(task: str, method: str) -> None:
    network, call = build(task), METHODS[method]
    raw, made = sequences(task)
    before = [one.inputs.copy() for one in raw]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        expected = call(network, made, False)
        assert same(call(network, raw, True), expected)
        assert not same(call(network, raw, False), expected)
    assert same([one.inputs for one in raw], before)  # the caller's arrays stay as they were


@pytest.mark.parametrize("task", TASKS)
def test_data_sets_of_arrays_too(task: str) -> None:
    network = build(task)
    raw, made = (rnn.Dataset(s, task=task, labels=None if "regr" in task else LABELS) for s in sequences(task))
    for method in ("predict", "evaluate", "gradient"):
        assert same(METHODS[method](network, raw, True), METHODS[method](network, made, False))
        assert not same(METHODS[method](network, raw, False), METHODS[method](network, made, False))


@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_streams(precision: str) -> None:
    network = build("transcription", precision, bidirectional="false", inputBlock=2)
    values = raw_inputs(23)
    found, expected = network.stream(raw=True), network.stream(raw=False)
    for first in (0, 1, 6, 7):
        last = {0: 1, 1: 6, 6: 7, 7: 23}[first]
        chunk = values[first:last].copy()
        assert np.array_equal(found.push(chunk).outputs, expected.push(normal(chunk)).outputs)
        assert np.array_equal(chunk, values[first:last])
    assert np.array_equal(found.finish().outputs, expected.finish().outputs)


# --- nobody said what the numbers are ---


def count_warnings(call: Callable[[], object]) -> int:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    for warning in caught:
        assert warning.category is rnn.DataWarning
        assert "raw=True" in str(warning.message)
        assert warning.filename == __file__  # the line of the caller
    return len(caught)


@pytest.mark.parametrize("method", [*METHODS, "stream", "Runner", "Dataset"])
def test_it_is_warned_about_once(method: str) -> None:
    network = build(bidirectional="false")
    made = sequences("transcription")[1]
    call: Callable[[], object] = {
        "stream": lambda: network.stream(),
        "Runner": lambda: Runner(network),
        "Dataset": lambda: network.predict(rnn.Dataset(made, task="transcription", labels=LABELS)),
    }.get(method, lambda: METHODS[method](network, made, None))
    assert [count_warnings(call) for _ in range(3)] == [1, 0, 0]
    network.normalisation = {}
    fresh = copy.copy(network)
    assert count_warnings(lambda: METHODS["predict"](fresh, made, None)) == 0  # nothing to say


def test_normalised_targets_are_no_matter_of_inputs() -> None:
    network = build("regression")
    network.normalisation = {"targetPatterns": Scale(TARGET_MEANS, TARGET_STDS)}
    raw = sequences("regression")[0]
    assert count_warnings(lambda: network.predict(raw)) == 0
    assert count_warnings(lambda: network.evaluate(raw)) == 1


def test_a_network_without_a_normalisation_takes_raw_numbers_as_they_are() -> None:
    network = build()
    network.normalisation = {}
    raw = sequences("transcription")[0]
    assert same(network.predict(raw, raw=True), network.predict(raw, raw=False))


# --- the way back ---


@pytest.mark.parametrize("task", ["regression", "sequence_regression"])
def test_outputs_in_the_units_of_the_targets(task: str) -> None:
    network = build(task)
    raw = sequences(task)[0]
    outputs = network.predict(raw, raw=True)[0].outputs
    assert np.array_equal(network.denormalise(outputs), outputs * np.array([9.0, 1.0]) + TARGET_MEANS)
    with pytest.raises(rnn.DataError, match="outputs have 3 numbers per point, the network has 2"):
        network.denormalise(np.zeros((4, 3)))
    network.normalisation = {}
    assert np.array_equal(network.denormalise(outputs), outputs)


# --- saves ---


@pytest.mark.parametrize("task", TASKS)
def test_saves_and_copies_keep_it(task: str, tmp_path: Path) -> None:
    network = build(task)
    network.save(tmp_path / "x.save")
    rnn.export_weights(tmp_path / "x.save", tmp_path / "slim.save")
    expected = network.predict(sequences(task)[0], raw=True)
    for other in (*(rnn.Network.load(tmp_path / name) for name in ("x.save", "slim.save")), copy.deepcopy(network)):
        assert other.normalisation == network.normalisation
        assert np.array_equal(other.normalisation["inputs"].means, MEANS)  # every digit
        assert same(other.predict(sequences(task)[0], raw=True), expected)


@pytest.mark.usefixtures("folder")
def test_a_slim_save_reads_raw_files_like_the_full_one(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("train.nc", "raw.nc"):
        data = transcription(12)
        for sequence in data:
            sequence["inputs"] = sequence["inputs"] * 5 + np.array([0.0, 100, -30])
        write_data(Path(name), data)
    rnn.normalise(["train.nc"])
    run = rnn.train(rnn.Config.read("x.config", autosave=True, totalEpochs=60, learnRate=0.01, optimiser="adam"))
    assert run_cli("export", str(run.last_save), "--weights-only", "-o", "slim.save") == 0
    found = {}
    for path in (str(run.last_save), "slim.save"):
        capsys.readouterr()
        assert run_cli("test", path, "raw.nc") == 0
        found[path] = [line for line in capsys.readouterr().out.splitlines() if "Error" in line]
        network, data = rnn.Network.load(path), rnn.Dataset.read("raw.nc", task="transcription")
        errors = network.evaluate(data, raw=True)
        assert errors == network.evaluate(list(data), raw=True)
        assert errors["labelError"] < 0.3 < network.evaluate(data, raw=False)["labelError"]
    assert found["slim.save"] == found[str(run.last_save)]


def test_a_normalisation_of_something_else_is_an_error() -> None:
    network = build()
    with pytest.raises(rnn.DataError, match="of inputs and targetPatterns, found 'targets'"):
        network.normalisation = {"targets": Scale(MEANS, STDS)}
    assert network.normalisation["inputs"] == Scale(MEANS, STDS)
