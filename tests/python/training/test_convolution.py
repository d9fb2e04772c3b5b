# SPDX-License-Identifier: Apache-2.0
"""Networks with convolutions are trained, saved, frozen and begun with like all others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tiny import run_cli, transcription, write_config, write_data

import rnnlib_py as rnn

pytestmark = pytest.mark.usefixtures("folder")

KEYS: dict[str, Any] = {
    "task": "transcription",
    "hiddenType": "conv,conv,lstm",
    "hiddenSize": "4,5,3",
    "kernelSize": "3;4",
    "convType": "relu,tanh",
    "hiddenBlock": "2",
    "learnRate": 0.01,
    "randSeed": 7,
    "totalEpochs": 2,
}


def pairs() -> list[tuple[Any, Any]]:
    return [(item["inputs"], item["target"]) for item in transcription(6)]


@pytest.mark.parametrize("values", [{}, {"mdl": True}, {"weightDistortion": 0.1}, {"dropout": 0.3}])
def test_training_changes_all_weights_but_frozen_ones(values: dict[str, Any]) -> None:
    before = rnn.train(rnn.Config({**KEYS, "totalEpochs": 0}), train=pairs()).network.weights
    after = rnn.train(rnn.Config({**KEYS, "freeze": "hidden_0_0", **values}), train=pairs()).network.weights
    same = {name for name, weights in before.items() if np.array_equal(weights, after[name])}
    assert same == {"bias_to_hidden_0_0", "input_to_hidden_0_0"}
    assert before["gather_0_to_hidden_1_0"].shape == (5, 4 * 2 * 4)


def test_a_save_brings_it_back_and_warms_another() -> None:
    network = rnn.train(rnn.Config(KEYS), train=pairs()).network
    network.save("old.save")
    inputs = pairs()[0][0]
    assert np.array_equal(rnn.Network.load("old.save").predict(inputs)[0].outputs, network.predict(inputs)[0].outputs)
    keys = {**KEYS, "hiddenSize": "4,5,6", "totalEpochs": 0, "warmStart": "old.save"}
    warm = rnn.train(rnn.Config(keys), train=pairs()).network.weights
    for name in ("input_to_hidden_0_0", "gather_0_to_hidden_1_0", "bias_to_hidden_1_0"):
        assert np.array_equal(warm[name], network.weights[name])


def test_gradients_are_checked(capsys: pytest.CaptureFixture[str]) -> None:
    write_data(Path("x.nc"), transcription(2))
    write_config(Path("x.config"), trainFile="x.nc", **KEYS)
    assert run_cli("train", "x.config", "--gradCheck=true") == 0
    assert "gather_0_to_hidden_1_0" in capsys.readouterr().out


def test_the_graph_shows_kernels() -> None:
    network = rnn.Network.build(rnn.Config({**KEYS, "kernelSize": "3,2"}), rnn.DataHeader(2, 1, 0, ["a", "b"]))
    layers = {layer.name: layer for layer in network.graph.layers}
    assert (layers["hidden_0_0"].kind, layers["hidden_0_0"].type) == ("convolution", "convolution relu")
    assert (layers["hidden_0_0"].kernel, layers["hidden_2_0"].kernel) == ([3, 2], [])
    kinds = {connection.name: connection.kind for connection in network.graph.connections}
    assert kinds["input_to_hidden_0_0"] == "convolution"
    assert network.layer_shapes((9, 5))["hidden_0_0"] == (9, 5)
    network.save("net.save")
    assert run_cli("info", "net.save", "--format=dot") == 0


def test_keys_without_a_convolution_have_no_effect() -> None:
    config = rnn.Config({"task": "transcription", "hiddenSize": "3", "kernelSize": "5"})
    assert any("kernelSize 5 has no effect: no level is of hiddenType conv" in text for text in config.warnings())
