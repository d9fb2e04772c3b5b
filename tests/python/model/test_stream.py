# SPDX-License-Identifier: Apache-2.0
"""Network.stream(): chunks give the outputs of the whole; positions of labels; networks that cannot stream."""

from __future__ import annotations

import gc
from collections.abc import Callable

import numpy as np
import pytest

import rnnlib_py as rnn

LABELS = ["a", "b", "c"]


def build(text: str, dims: int = 1, inputs: int = 2, bidirectional: bool = False) -> rnn.Network:
    keys = dict(line.split(" ") for line in text.splitlines())
    config = rnn.Config({**keys, "bidirectional": str(bidirectional).lower(), "randSeed": "3", "initWeightRange": "1"})
    return rnn.Network.build(config, rnn.DataHeader(dims, inputs, 0, LABELS))


def inputs(points: int, size: int = 2) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(points, size)).astype(np.float32)


@pytest.mark.parametrize("chunk", [1, 3, 50])
@pytest.mark.parametrize(
    "text",
    [
        "task transcription\nhiddenSize 5,4\nhiddenBlock 2\nsubsampleSize 3\ninputBlock 2",
        "task classification\nhiddenSize 7",
    ],
)
def test_chunks_give_the_whole(text: str, chunk: int) -> None:
    network = build(text)
    values = inputs(23)
    whole = network.predict(rnn.Sequence(values, None))[0]
    stream = network.stream()
    for _ in range(2):  # finish() begins another sequence
        parts = [stream.push(values[i : i + chunk]) for i in range(0, 23, chunk)]
        parts.append(stream.finish())
        outputs = np.concatenate([part.outputs for part in parts])
        assert outputs == pytest.approx(whole.outputs, abs=1e-5)
        assert [label for part in parts for label in part.labels] == whole.labels
        if whole.task == "transcription":
            assert [int(s) for part in parts for s in part.starts] == whole.positions[:, 0].tolist()


def test_stream_keeps_its_network() -> None:
    stream = build("task classification\nhiddenSize 3").stream()
    gc.collect()
    assert stream.push(inputs(4)).outputs.shape == (4, 3)


def test_bad_chunks_are_errors_and_change_nothing() -> None:
    network = build("task classification\nhiddenSize 3")
    values = inputs(4)
    stream = network.stream()
    stream.push(values[:2])
    with pytest.raises(rnn.DataError, match="inputs have 1 numbers per point, the network expects 2"):
        stream.push(values[:, :1])
    with pytest.raises(rnn.DataError, match=r"needs the shape \(points, inputs per point\), found 1 dimensions"):
        stream.push(values[0])
    spoilt = values.copy()
    spoilt[1, 0] = np.nan
    with pytest.raises(rnn.NumericError, match="input 0 of point 1"):
        stream.push(spoilt)
    rest = stream.push(values[2:]).outputs
    assert rest == pytest.approx(network.predict(rnn.Sequence(values, None))[0].outputs[2:], abs=1e-6)


@pytest.mark.parametrize(
    ("network", "why"),
    [
        (lambda: build("task transcription\nhiddenSize 2", bidirectional=True), "bidirectional false"),
        (lambda: build("task transcription\nhiddenSize 2", dims=2), "2 dimensions"),
        (lambda: build("task sequence_classification\nhiddenSize 2"), "whole sequence"),
    ],
)
def test_networks_that_cannot_stream_say_why(network: Callable[[], rnn.Network], why: str) -> None:
    with pytest.raises(rnn.ConfigError, match=why):
        network().stream()


def test_positions_are_where_the_labels_win() -> None:
    network = build("task transcription\nhiddenSize 6\ninputBlock 2,3", dims=2, inputs=1, bidirectional=True)
    assert network.output_step == (2,)
    values = np.random.default_rng(2).normal(size=(31, 7, 1)).astype(np.float32)
    prediction = network.predict(rnn.Sequence(values, None))[0]
    best = prediction.outputs.argmax(axis=-1)
    assert prediction.positions.shape == (len(prediction.labels), 2)
    for label, (first, last) in zip(prediction.indices, prediction.positions, strict=True):
        assert (best[first : last + 1] == label).all()
        assert first == 0 or best[first - 1] != label
        assert last == len(best) - 1 or best[last + 1] != label


def test_nan_inputs_of_predict_are_an_error() -> None:
    values = inputs(5)
    values[3, 1] = np.inf
    with pytest.raises(rnn.NumericError, match="input 1 of point 3 is inf"):
        build("task classification\nhiddenSize 2").predict(rnn.Sequence(values, None))
