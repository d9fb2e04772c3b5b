# SPDX-License-Identifier: Apache-2.0
"""The network for Cython code (rnnlib_py.runner): a module that cimports it computes what Network.predict does."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from compile_cython import compile_module
from golden_cases import CASES, Case
from tiny import images

import rnnlib_py as rnn
from rnnlib_py import _core
from rnnlib_py.data.normalisation import Scale
from rnnlib_py.runner import Runner

by_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.fixture(scope="module")
def probe(tmp_path_factory: pytest.TempPathFactory) -> Any:
    return compile_module(Path(__file__).parent / "support" / "runner_probe.pyx", tmp_path_factory.mktemp("probe"))


def image_network(**values: object) -> rnn.Network:
    config = rnn.Config({"task": "transcription", "hiddenSize": 6, "randSeed": 5, "initWeightRange": 1, **values})
    return rnn.Network.build(config, rnn.DataHeader(2, 1, 0, ["a", "b", "c"]))


def flat(sequence: rnn.Sequence) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Inputs as (points, input size)."""
    return sequence.inputs.reshape(-1, sequence.inputs.shape[-1])


def sizes(sequence: rnn.Sequence) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.array(sequence.shape, dtype=np.int64)


IMAGE = rnn.Sequence(images(1, 30, 8)[0]["inputs"].astype(np.float32), None)


@by_case
@pytest.mark.parametrize("precision", ["float32", "float64"])
def test_it_computes_what_predict_does(case: Case, precision: str, probe: Any) -> None:
    network = rnn.Network.load(case.folder / "initial.save", precision=precision)
    runner = Runner(network)
    header = network.header
    assert (runner.num_dims, runner.input_size) == (header.num_dims, header.input_size)
    assert runner.output_size == network.output_size
    with rnn.Dataset.read(case.folder / "data.nc", task=network.task) as data:
        for sequence in data:
            expected = network.predict(sequence)[0]  # alone: in a batch last digits may be others
            count = expected.outputs.size
            points = count // network.output_size
            outputs, labels = np.full(count + 1, 7.0), np.full(points + 1, 7)
            assert probe.points(runner, sizes(sequence)) == points
            assert probe.run(runner, flat(sequence), sizes(sequence), outputs) == points
            assert np.array_equal(outputs[:count], expected.outputs.reshape(-1))
            assert outputs[count] == 7
            found = probe.read(runner, flat(sequence), sizes(sequence), labels)
            assert np.array_equal(labels[:found], expected.indices.reshape(-1))
            assert (labels[found:] == 7).all()
            again, other = np.zeros(count), np.zeros(points, dtype=np.int64)
            assert probe.run_and_read(runner, flat(sequence), sizes(sequence), again, other) == found
            assert np.array_equal(again, outputs[:count])
            assert np.array_equal(other[:found], labels[:found])


def test_positions(probe: Any) -> None:
    network = image_network()
    expected = network.predict(IMAGE)[0]
    labels, first, last = (np.full(30, -1) for _ in range(3))
    count = probe.read_positions(Runner(network), flat(IMAGE), sizes(IMAGE), labels, first, last)
    assert count > 2
    assert labels[:count].tolist() == expected.indices.tolist()
    assert np.array_equal(np.stack([first, last], axis=1)[:count], expected.positions)
    assert (first[count:] == -1).all()


def test_positions_of_other_tasks(probe: Any) -> None:
    config = rnn.Config(task="classification", hiddenSize=3)
    runner = Runner(rnn.Network.build(config, rnn.DataHeader(2, 1, 0, ["a", "b"])))
    room = [np.zeros(240, dtype=np.int64) for _ in range(3)]
    with pytest.raises(rnn.DataError, match="only transcription has positions"):
        probe.read_positions(runner, flat(IMAGE), sizes(IMAGE), *room)
    assert probe.read(runner, flat(IMAGE), sizes(IMAGE), room[0]) == 240  # and it can be used again


def test_threads_share_a_network(probe: Any) -> None:
    network = image_network()
    expected = network.predict(IMAGE)[0].outputs.reshape(-1)
    found = [np.zeros((20, expected.size)) for _ in range(4)]
    threads = [
        threading.Thread(target=probe.run_often, args=(Runner(network), flat(IMAGE), sizes(IMAGE), rows))
        for rows in found
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(row, expected) for rows in found for row in rows)


def test_threads_cannot_share_a_runner(probe: Any) -> None:
    network = image_network()
    runner = Runner(network)
    expected = network.predict(IMAGE)[0].outputs.reshape(-1)
    refused: list[str] = []

    def work(rows: Any) -> None:
        try:
            probe.run_often(runner, flat(IMAGE), sizes(IMAGE), rows)
        except RuntimeError as error:
            refused.append(str(error))

    thread = threading.Thread(target=work, args=(np.zeros((20000, expected.size)),))
    thread.start()
    while thread.is_alive() and not refused:  # one of the two meets the other's lock, long before all runs are done
        work(np.zeros((1, expected.size)))
    thread.join()
    assert set(refused) == {"a Runner is used by two threads at once: make one for each"}
    outputs = np.zeros(expected.size)
    probe.run(runner, flat(IMAGE), sizes(IMAGE), outputs)  # and it can be used again
    assert np.array_equal(outputs, expected)


def test_new_weights_are_seen(probe: Any) -> None:
    network = image_network()
    runner = Runner(network)
    outputs = np.zeros((2, network.predict(IMAGE)[0].outputs.size))
    probe.run(runner, flat(IMAGE), sizes(IMAGE), outputs[0])
    network.set_weights({"bias_to_output": [1, 2, 3, 4]})
    probe.run(runner, flat(IMAGE), sizes(IMAGE), outputs[1])
    assert not np.array_equal(outputs[0], outputs[1])
    assert np.array_equal(outputs[1], network.predict(IMAGE)[0].outputs.reshape(-1))


def test_the_runner_keeps_its_network(probe: Any) -> None:
    expected = image_network().predict(IMAGE)[0].outputs.reshape(-1)
    runner = Runner(image_network())
    outputs = np.zeros(expected.size)
    probe.run(runner, flat(IMAGE), sizes(IMAGE), outputs)
    assert np.array_equal(outputs, expected)


# --- what does not fit ---


def test_too_little_room(probe: Any) -> None:
    runner = Runner(image_network())
    outputs, labels = np.zeros(119), np.zeros(0, dtype=np.int64)
    with pytest.raises(rnn.DataError, match="has 120 outputs, but there is room for 119"):
        probe.run(runner, flat(IMAGE), sizes(IMAGE), outputs)
    assert not outputs.any()
    count = probe.read(runner, flat(IMAGE), sizes(IMAGE), np.zeros(30, dtype=np.int64))
    assert count > 0
    with pytest.raises(rnn.DataError, match=f"has {count} labels, but there is room for 0"):
        probe.run_and_read(runner, flat(IMAGE), sizes(IMAGE), np.zeros(120), labels)


@pytest.mark.parametrize("shape", [(0, 8), (-3, 8), (30, -8)])
def test_sizes_that_are_none(shape: tuple[int, int], probe: Any) -> None:
    runner = Runner(image_network())
    wrong = np.array(shape, dtype=np.int64)
    for attempt in (
        lambda: probe.points(runner, wrong),
        lambda: probe.run(runner, flat(IMAGE), wrong, np.zeros(1000)),
        lambda: probe.read(runner, flat(IMAGE), wrong, np.zeros(1000, dtype=np.int64)),
    ):
        with pytest.raises(rnn.DataError):
            attempt()


@pytest.mark.parametrize("size", [0, 2, 3, 100])
def test_inputs_of_another_size(size: int, probe: Any) -> None:
    runner = Runner(image_network())
    inputs = np.full((240, size), 0.5, dtype=np.float32)
    room = [np.zeros(1000, dtype=np.int64) for _ in range(3)]
    attempts = (
        lambda: probe.run(runner, inputs, sizes(IMAGE), np.zeros(1000)),
        lambda: probe.read(runner, inputs, sizes(IMAGE), room[0]),
        lambda: probe.read_positions(runner, inputs, sizes(IMAGE), *room),
        lambda: probe.run_and_read(runner, inputs, sizes(IMAGE), np.zeros(1000), room[0]),
        lambda: probe.normalise(runner, inputs),
    )
    for attempt in attempts:
        with pytest.raises(rnn.DataError, match=f"inputs have {size} numbers per point, the network expects 1"):
            attempt()


def test_shapes_that_are_not_those_of_the_inputs(probe: Any) -> None:
    runner = Runner(image_network())
    for points, shape, said in (
        (239, (30, 8), "inputs have 239 points, the shape is 30x8"),
        (240, (31, 8), "inputs have 240 points, the shape is 31x8"),
        (240, (240,), "the shape has 1 dimensions, the network 2"),
        (240, (30, 8, 1), "the shape has 3 dimensions, the network 2"),
    ):
        wrong = np.array(shape, dtype=np.int64)
        with pytest.raises(rnn.DataError, match=said):
            probe.read(runner, np.zeros((points, 1), dtype=np.float32), wrong, np.zeros(1000, dtype=np.int64))
        if len(shape) != 2:
            with pytest.raises(rnn.DataError, match=said):
                probe.points(runner, wrong)


def test_raw_inputs(probe: Any) -> None:
    network = image_network()
    means, stds = np.array([0.3]), np.array([1.7])
    network.normalisation = {"inputs": Scale(means, stds)}
    expected = network.predict(IMAGE, raw=True)[0]
    normalised = ((IMAGE.inputs.astype(np.float64) - means) / stds).astype(np.float32)
    assert np.array_equal(network.predict(normalised, raw=False)[0].outputs, expected.outputs)
    outputs = np.zeros((3, expected.outputs.size))
    inputs = flat(IMAGE).copy()
    raw = Runner(network, raw=True)
    assert raw.raw
    probe.run(raw, inputs, sizes(IMAGE), outputs[0])
    assert np.array_equal(inputs, flat(IMAGE))
    plain = Runner(network, raw=False)
    assert not plain.raw
    probe.run(plain, inputs, sizes(IMAGE), outputs[1])
    probe.normalise(plain, inputs)
    assert np.array_equal(inputs, normalised.reshape(-1, 1))
    probe.run(plain, inputs, sizes(IMAGE), outputs[2])
    assert np.array_equal(outputs[0], expected.outputs.reshape(-1))
    assert np.array_equal(outputs[2], outputs[0])
    assert not np.array_equal(outputs[1], outputs[0])


def test_what_it_is_made_of() -> None:
    with pytest.raises(TypeError, match=r"expected an rnnlib_py\.Network, not str"):
        Runner("x.save")  # type: ignore[arg-type]


def test_the_engine_hands_out_its_functions() -> None:
    assert "rnnlib_py._core._c_table" in repr(_core._c_table)


def test_an_engine_of_another_version_is_refused() -> None:
    code = """
import ctypes
from rnnlib_py import _core
make = ctypes.pythonapi.PyCapsule_New
make.restype, make.argtypes = ctypes.py_object, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]
table, name = (ctypes.c_int * 64)(99, 8), b"rnnlib_py._core._c_table"
_core._c_table = make(ctypes.addressof(table), name, None)
import rnnlib_py.runner
"""
    environment = {**os.environ, "PYTHONPATH": str(Path(rnn.__file__).absolute().parents[1])}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "ImportError: rnnlib_py.runner and rnnlib_py._core are of different versions: install the package anew"
    )
