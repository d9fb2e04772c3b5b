# SPDX-License-Identifier: Apache-2.0
"""Networks of every kind as ONNX models: the numbers of onnxruntime are those of the engine, one by one and in padded
batches."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from golden_cases import CASES, Case
from onnx.reference import ReferenceEvaluator
from onnx_models import LABELS, SHAPES, TOLERANCE, build, difference, largest_difference, random_inputs

import rnnlib_py as rnn
from rnnlib_py._core import key_table
from rnnlib_py.integrations.onnx import OLDEST_OPSET, convert
from rnnlib_py.integrations.onnx_graph.cells.registry import CELLS

ALIKE = [(7, 4), (1, 4), (5, 4)]  # columns of one height
LEVELS: dict[str, tuple[int, dict[str, object]]] = {
    "blocks 1-D": (1, {"inputBlock": 2, "hiddenSize": "3,4,5", "hiddenBlock": "2;3"}),
    "blocks 2-D": (2, {"inputBlock": "2,3", "hiddenSize": "2,3,4", "hiddenBlock": "2,3;3,2"}),
    "blocks 3-D": (3, {"inputBlock": "2,1,2", "hiddenSize": "2,3,4", "hiddenBlock": "1,2,2;2,1,1"}),
    "subsample 1-D": (1, {"hiddenSize": "3,4,5", "hiddenBlock": "2;3", "subsampleSize": "4,5"}),
    "subsample 2-D": (2, {"hiddenSize": "3,4", "hiddenBlock": "2,3", "subsampleSize": 5, "subsampleBias": True}),
    "subsample 3-D": (3, {"hiddenSize": "3,4", "hiddenBlock": "2,3,1", "subsampleSize": 5}),
    "subsample, no blocks": (2, {"hiddenSize": "3,4", "subsampleSize": 5}),
    "subsample logistic": (2, {"hiddenSize": "3,4,4", "subsampleSize": "5,4", "hiddenBlock": "1,2;2,2",
                               "subsampleType": "logistic"}),
    "pooling 1-D": (1, {"hiddenSize": "3,4", "poolSize": "2;3"}),
    "pooling 2-D": (2, {"hiddenSize": "3,4", "poolSize": "2,3;3,1"}),
    "pooling 3-D": (3, {"hiddenSize": "3,4", "poolSize": "2,1,3;3,2,1"}),
    "pooling and blocks": (2, {"hiddenSize": "3,4", "poolSize": "1,2", "hiddenBlock": "2,2", "subsampleSize": 5}),
    "convolution 1-D": (1, {"hiddenSize": "5,4", "hiddenType": "conv,lstm", "kernelSize": 4, "poolSize": "2;1"}),
    "convolution 2-D": (2, {"hiddenSize": "5,6,4", "hiddenType": "conv,conv,lstm", "kernelSize": "3,4;2,1",
                            "convType": "relu,softsign", "poolSize": "2,2;1,2"}),
    "convolution 3-D": (3, {"hiddenSize": "5,4", "hiddenType": "conv,lstm", "kernelSize": "3,4,2", "convType": "tanh"}),
    "convolution 4-D": (4, {"hiddenSize": "5,4", "hiddenType": "conv,gru", "kernelSize": "3,1,2,2"}),
    "convolution last": (2, {"hiddenSize": "4,5", "hiddenType": "lstm,conv", "kernelSize": "3,3",
                             "convType": "leaky_relu"}),
    "join sum": (2, {"hiddenSize": "4,3", "levelDims": "2,1"}),
    "join max": (3, {"hiddenSize": "4,3,2", "levelDims": "3,2,1", "joinRows": "max"}),
    "join on the input": (2, {"hiddenSize": 4, "levelDims": 1, "joinRows": "max"}),
    "symmetry in one dimension": (2, {"symmetry": "true,false", "hiddenSize": "4,3"}),
    "directions in one dimension": (2, {"bidirectional": "false,true", "symmetry": "false,true"}),
    "mixed types": (2, {"hiddenSize": "3,4,5", "hiddenType": "gru,tanh,lstm", "recurrent": "true,false,true"}),
    "wide": (2, {"hiddenSize": 60, "initWeightRange": 0.1}),  # with a product for each direction
    "4-D": (4, {"hiddenSize": 2}),
}  # fmt: skip


def check(network: rnn.Network, shapes: list[tuple[int, ...]], **options: Any) -> None:
    assert largest_difference(network, random_inputs(shapes), **options) < TOLERANCE


@pytest.mark.parametrize("dims", [1, 2, 3])
@pytest.mark.parametrize("kind", CELLS)
@pytest.mark.parametrize("keys", [{}, {"recurrent": False}, {"symmetry": True}, {"bidirectional": False}], ids=str)
def test_hidden_types(dims: int, kind: str, keys: dict[str, object]) -> None:
    # Outputs of units without bounds would grow from point to point.
    weights = 0.3 if kind in ("identity", "relu", "leaky_relu", "linear_lstm") else 0.7
    check(build(dims, hiddenType=kind, initWeightRange=weights, **keys), SHAPES[dims])


def test_all_hidden_types_are_tested() -> None:
    (key,) = (key for key in key_table() if key.name == "hiddenType")
    assert set(key.choices) - {"conv", "linear"} == set(CELLS)


@pytest.mark.parametrize("opset", [OLDEST_OPSET, 17, 18, 21])
@pytest.mark.parametrize("name", LEVELS)
def test_layers(name: str, opset: int) -> None:
    dims, keys = LEVELS[name]
    check(build(dims, **keys), SHAPES[dims], opset=opset)


@pytest.mark.parametrize("keys", [
    {"hiddenSize": "4,3", "levelDims": "2,1", "joinHeight": 2, "hiddenBlock": "1,2"},
    {"hiddenSize": 4, "levelDims": 1, "joinHeight": 4},
], ids=str)  # fmt: skip
def test_columns_side_by_side(keys: dict[str, object]) -> None:
    check(build(2, joinRows="concat", **keys), ALIKE)


@pytest.mark.parametrize("dims", [0, 1, 2, 3])
@pytest.mark.parametrize("labels", [LABELS, LABELS[:2]], ids=["three", "two"])
@pytest.mark.parametrize("task", [
    "classification", "sequence_classification", "transcription", "regression", "sequence_regression",
])  # fmt: skip
def test_tasks(task: str, labels: tuple[str, ...], dims: int) -> None:
    check(build(dims, labels, task=task, hiddenSize="3,4"), SHAPES[dims])


@pytest.mark.parametrize("kind", ["lstm", "gru", "softsign", "conv"])
def test_data_without_dimensions(kind: str) -> None:
    check(build(0, task="classification", hiddenSize="3,4", hiddenType=kind), SHAPES[0])


@pytest.mark.parametrize(
    "name", ["blocks 2-D", "convolution 2-D", "subsample 1-D", "join max", "mixed types", "pooling 3-D", "wide"]
)
def test_another_program_than_onnxruntime(name: str) -> None:
    """onnx's own evaluator takes operators by their text: nothing here is a habit of onnxruntime."""
    dims, keys = LEVELS[name]
    network = build(dims, **keys)
    evaluator = ReferenceEvaluator(convert(network))
    for inputs in random_inputs(SHAPES[dims]):
        sizes = np.array([inputs.shape[:-1]])
        found = evaluator.run(None, {"inputs": inputs[None], "sizes": sizes})[0][0]
        assert difference(found, network.predict([inputs])[0].outputs) < TOLERANCE


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_golden_networks(case: Case) -> None:
    network = case.network("float32")
    inputs = [np.asarray(sequence.inputs, np.float32) for sequence in case.data()]
    assert largest_difference(network, inputs, raw=False) < TOLERANCE
