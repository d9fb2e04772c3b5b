# SPDX-License-Identifier: Apache-2.0
"""Gated recurrent units in any number of dimensions (docs/behaviour.md, "GRU")."""

from __future__ import annotations

import numpy as np

from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell, Step, columns_of, per_dim, recurrent_matrix
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights


class Gru(Cell):
    """Their state is their output."""

    state_is_output = True

    def gates(self, num_dims: int) -> list[str]:
        names = ("reset gate", "update gate", "recurrent candidate")
        return [gate for name in names for gate in per_dim(name, num_dims)] + ["candidate"]

    def step(self, builder: Builder, step: Step) -> tuple[Value, Value]:
        b, h, dims = builder, step.hidden, len(step.before)
        if not dims:
            output = b.op("Tanh", step.net)
            return output, output
        reset_net, update_net, added, candidate = b.split(step.net, [dims * h] * 3 + [h])
        recurrent = b.split(b.op("Mul", b.op("Sigmoid", reset_net), added), [h] * dims)
        new = b.op("Tanh", b.total("Add", [candidate, *recurrent]))
        shares = _softmax_beside_zero(b, b.split(update_net, [h] * dims))
        changes = [b.op("Mul", share, b.op("Sub", y, new)) for share, y in zip(shares, step.before, strict=True)]
        output = b.total("Add", [new, *changes])
        return output, output

    def node(self, builder: Builder, points: Value, lengths: Value, weights: SweepWeights, direction: str) -> Value:
        b, h = builder, weights.bias.size // 4
        # ONNX: update, reset, candidate. Of the candidate's two parts one comes from below, one from one step back.
        below, back = [1, 0, 3], [1, 0, 2]
        biases = [columns_of(weights.bias, [1, 0], h), np.zeros(2 * h)]
        own, recurrent = columns_of(weights.bias, [3], h), columns_of(weights.bias, [2], h)
        return b.op(
            "GRU",
            points,
            b.weights(columns_of(weights.input, below, h).T[None], "W"),
            b.weights(columns_of(recurrent_matrix(weights, h), back, h).T[None], "R"),
            b.weights(np.concatenate([biases[0], own, biases[1], recurrent])[None], "B"),
            lengths,
            hidden_size=h,
            direction=direction,
            linear_before_reset=1,
        )


def _softmax_beside_zero(b: Builder, nets: list[Value]) -> list[Value]:
    """exp(net) / (1 + the sum of exp(net)), by subtraction of the largest."""
    if len(nets) == 1:
        return [b.op("Sigmoid", nets[0])]
    largest = b.op("Max", b.constant(0.0, np.float32), *nets)
    powers = [b.op("Exp", b.op("Sub", net, largest)) for net in nets]
    total = b.total("Add", [b.op("Exp", b.op("Neg", largest)), *powers])
    return [b.op("Div", power, total) for power in powers]
