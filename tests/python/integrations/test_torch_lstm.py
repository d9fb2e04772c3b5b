# SPDX-License-Identifier: Apache-2.0
"""The weights of a torch.nn.LSTM in a network and in an MDLSTM: the outputs agree."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import rnnlib_py as rnn

torch = pytest.importorskip("torch", reason="PyTorch is not installed; ci/test.sh installs it where that is cheap")
from torch import nn  # noqa: E402

from rnnlib_py.integrations.torch import MDLSTM  # noqa: E402

KINDS = [(layers, both) for layers in (1, 2, 3) for both in (False, True)]


def make_lstm(layers: int, both: bool, dtype: Any = torch.float32, **more: Any) -> Any:
    torch.manual_seed(layers)
    return nn.LSTM(4, 6, layers, bidirectional=both, batch_first=True, dtype=dtype, **more)


@pytest.mark.parametrize(("layers", "both"), KINDS)
def test_a_module_agrees(layers: int, both: bool) -> None:
    lstm = make_lstm(layers, both)
    signals = torch.randn(3, 9, 4)
    found, expected = MDLSTM.from_torch_lstm(lstm)(signals), lstm(signals)[0]
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize(("layers", "both"), [*KINDS, (11, True)])
def test_a_network_agrees(layers: int, both: bool) -> None:
    lstm = make_lstm(layers, both)
    signals = torch.randn(2, 9, 4)
    network = rnn.Network.load_torch_lstm(lstm)
    expected = lstm(signals)[0].detach().numpy()
    for prediction, one in zip(network.predict(list(signals.numpy())), expected, strict=True):
        assert np.abs(prediction.outputs - one).max() < 1e-6


def test_gradients_agree_but_for_the_peepholes() -> None:
    lstm = make_lstm(2, True, torch.float64)
    module = MDLSTM.from_torch_lstm(lstm)
    signals = torch.randn(2, 5, 4, dtype=torch.float64, requires_grad=True)
    (found,) = torch.autograd.grad(module(signals).square().sum(), signals)
    (expected,) = torch.autograd.grad(lstm(signals)[0].square().sum(), signals)
    torch.testing.assert_close(found, expected, rtol=0, atol=1e-12)


def test_without_biases_and_from_a_state_dict() -> None:
    lstm = make_lstm(2, True, torch.float64, bias=False)
    arrays = {name: weight.numpy() for name, weight in lstm.state_dict().items()}
    network = rnn.Network.load_torch_lstm(arrays)
    assert network.precision == "float64"
    signal = torch.randn(7, 4, dtype=torch.float64).float()
    expected = lstm(signal.double())[0].detach().numpy()
    assert np.abs(network.predict(signal.numpy())[0].outputs - expected).max() < 1e-12


def test_transcription_with_the_blank_first() -> None:
    lstm, linear = make_lstm(1, True), nn.Linear(12, 4)
    signal = torch.randn(8, 4)
    expected = linear(lstm(signal)[0]).softmax(-1).detach().numpy()
    network = rnn.Network.load_torch_lstm(lstm, linear, task="transcription", labels=["a", "b", "c"])
    found = network.predict(signal.numpy())[0].outputs
    assert np.abs(found - expected[:, [1, 2, 3, 0]]).max() < 1e-6
    last = rnn.Network.load_torch_lstm(lstm, linear, task="transcription", labels=["a", "b", "c"], blank=3)
    assert np.abs(last.predict(signal.numpy())[0].outputs - expected).max() < 1e-6


def test_two_classes_have_one_unit() -> None:
    lstm, linear = make_lstm(1, False), nn.Linear(6, 2)
    signal = torch.randn(8, 4)
    expected = linear(lstm(signal)[0]).softmax(-1).detach().numpy()
    network = rnn.Network.load_torch_lstm(lstm, linear, task="classification", labels=["no", "yes"])
    assert np.abs(network.predict(signal.numpy())[0].outputs - expected[:, 1:]).max() < 1e-6
    one = rnn.Network.load_torch_lstm(lstm, nn.Linear(6, 1), task="classification", labels=["no", "yes"])
    assert one.output_size == 1


def test_one_output_for_a_sequence_is_of_the_sum_over_points() -> None:
    lstm, linear = make_lstm(2, True), nn.Linear(12, 3, bias=False)
    signal = torch.randn(8, 4)
    expected = linear(lstm(signal)[0].sum(0)).softmax(-1).detach().numpy()
    network = rnn.Network.load_torch_lstm(lstm, linear, task="sequence_classification", labels=["a", "b", "c"])
    assert np.abs(network.predict(signal.numpy())[0].outputs.ravel() - expected).max() < 1e-5


@pytest.mark.parametrize(
    ("lstm", "more", "message"),
    [
        (nn.GRU(4, 6), {}, "only an LSTM has four rows for each unit"),
        (nn.LSTM(4, 6, proj_size=3), {}, "without projections"),
        (nn.Linear(4, 6), {}, "'weight' is no weight of a torch.nn.LSTM"),
        ({}, {}, "there are no weights weight_ih_l0"),
        (7, {}, "expected a torch.nn.LSTM or its state_dict\\(\\), found int"),
        (nn.LSTM(4, 6), {"task": "transcription"}, "needs the linear layer"),
        (nn.LSTM(4, 6), {"output": nn.Linear(5, 2)}, "a linear layer over the LSTM's 6 outputs"),
        (nn.LSTM(4, 6), {"output": 3}, "expected a torch.nn.Linear"),
        (
            nn.LSTM(4, 6),
            {"output": nn.Linear(6, 2), "task": "transcription", "labels": ["a", "b"]},
            "with 2 labels needs 3 units, the linear layer has 2",
        ),
        (
            nn.LSTM(4, 6),
            {"output": nn.Linear(6, 3), "task": "transcription", "labels": ["a", "b"], "blank": 3},
            "blank is 3",
        ),
    ],
)
def test_what_is_refused(lstm: Any, more: dict[str, Any], message: str) -> None:
    with pytest.raises(rnn.ConfigError, match=message):
        rnn.Network.load_torch_lstm(lstm, **more)
