# SPDX-License-Identifier: Apache-2.0
"""Networks as ONNX models beside the engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray

import rnnlib_py as rnn
from rnnlib_py.integrations.onnx import convert

TOLERANCE = 1e-5  # relative to the largest output where that is above 1
LABELS = ("a", "b", "c")
INPUT_SIZE = 3

Array = NDArray[np.float32]
Shape = tuple[int, ...]

# Of three sequences: one is a single point, and none has the largest size along all dimensions.
SHAPES: dict[int, list[Shape]] = {
    0: [(), ()],
    1: [(7,), (1,), (12,)],
    2: [(7, 3), (1, 1), (4, 9)],
    3: [(3, 4, 5), (1, 1, 1), (5, 2, 3)],
    4: [(2, 3, 2, 3), (3, 1, 2, 2)],
}


def build(num_dims: int, labels: Sequence[str] = LABELS, **keys: object) -> rnn.Network:
    """A network with random weights, large enough that its outputs differ from point to point."""
    config = rnn.Config({"task": "transcription", "hiddenSize": 4, "randSeed": 3, "initWeightRange": 0.7, **keys})
    regression = "regression" in config["task"]
    header = rnn.DataHeader(num_dims, INPUT_SIZE, 2 if regression else 0, [] if regression else list(labels))
    return rnn.Network.build(config, header)


def random_inputs(shapes: Sequence[Shape], input_size: int = INPUT_SIZE, seed: int = 0) -> list[Array]:
    rng = np.random.default_rng(seed)
    return [rng.normal(size=(*shape, input_size)).astype(np.float32) for shape in shapes]


def session(model: onnx.ModelProto) -> onnxruntime.InferenceSession:
    """Of a model that onnx finds sound, shapes and types included."""
    onnx.checker.check_model(model, full_check=True)
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # onnxruntime warns of inputs that may be left out
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def pad(inputs: Sequence[Array], filling: float = np.nan) -> tuple[Array, NDArray[np.int64]]:
    """Sequences in one array, and the sizes of each."""
    shapes = np.array([one.shape[:-1] for one in inputs], np.int64)
    padded = np.full((len(inputs), *shapes.max(axis=0), inputs[0].shape[-1]), filling, np.float32)
    for row, one in zip(padded, inputs, strict=True):
        row[tuple(map(slice, one.shape[:-1]))] = one
    return padded, shapes


def largest_difference(network: rnn.Network, inputs: Sequence[Array], **options: Any) -> float:
    """Of the outputs of a network and of its model, over the sequences one by one and as a padded batch. What lies in
    the padding must be zeros."""
    running = session(convert(network, **options))
    normalises = options.get("raw", True) and bool(network.normalisation)
    wanted = [prediction.outputs for prediction in network.predict(list(inputs), raw=normalises)]
    if normalises and "targetPatterns" in network.normalisation:
        wanted = [network.denormalise(one) for one in wanted]
    found = [running.run(None, {"inputs": one[None]})[0][0] for one in inputs]
    worst = max(difference(one, other) for one, other in zip(found, wanted, strict=True))
    if network.header.num_dims == 0:
        batch = running.run(None, {"inputs": np.stack(inputs)})[0]
        return max(worst, *(difference(one, other) for one, other in zip(batch, wanted, strict=True)))
    padded, sizes = pad(inputs)
    outputs, *output_sizes = running.run(None, {"inputs": padded, "sizes": sizes})
    for i, one in enumerate(wanted):
        own = tuple(map(slice, one.shape[:-1]))
        assert not output_sizes or tuple(output_sizes[0][i]) == one.shape[:-1]
        worst = max(worst, difference(outputs[i][own], one))
        rest = outputs[i].copy()
        rest[own] = 0
        assert not rest.any(), "numbers in the padding"
    return worst


def difference(found: NDArray[Any], wanted: NDArray[Any]) -> float:
    """The largest, relative to the largest number wanted where that is above 1. NaN is infinitely far."""
    assert found.shape == wanted.shape
    size = np.abs(found - wanted).max() / max(1.0, np.abs(wanted).max())
    return float(size) if np.isfinite(size) else np.inf
