# SPDX-License-Identifier: Apache-2.0
"""LSTM cells with peepholes in any number of dimensions (docs/behaviour.md, "Units")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlib_py.integrations.onnx_graph.activations import ACTIVATIONS, cell_attributes
from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell, Step, columns_of, per_dim, recurrent_matrix
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights

# With several forget gates near 1 states can grow exponentially; the engine keeps them within the same limit.
_STATE_LIMIT = 1e30


@dataclass(frozen=True)
class Lstm(Cell):
    """What squashes the cell's input and its state, by the names of ACTIVATIONS."""

    squash_input: str
    squash_state: str

    def gates(self, num_dims: int) -> list[str]:
        return ["input gate", *per_dim("forget gate", num_dims), "output gate", "cell"]

    def step(self, builder: Builder, step: Step) -> tuple[Value, Value]:
        b, h, dims = builder, step.hidden, len(step.before)
        first_net, out_net, cell_net = b.split(step.net, [(1 + dims) * h, h, h])
        if dims:
            seen = b.concat([b.total("Add", step.before), *step.before], axis=-1)
            first = [step.peepholes[gate] for gate in self.gates(dims)[: 1 + dims]]
            peepholes = b.weights(np.concatenate(first, axis=-1), "peepholes")
            first_net = b.op("Add", first_net, b.op("Mul", peepholes, seen))
        in_gate, *forget_gates = b.split(b.op("Sigmoid", first_net), [h] * (1 + dims))
        cell = ACTIVATIONS[self.squash_input].apply(b, cell_net)
        kept = [b.op("Mul", forget, state) for forget, state in zip(forget_gates, step.before, strict=True)]
        state = b.total("Add", [b.op("Mul", in_gate, cell), *kept])
        limit = b.constant(_STATE_LIMIT, np.float32)
        state = b.op("Clip", state, b.constant(-_STATE_LIMIT, np.float32), limit)
        seen_now = b.op("Mul", b.weights(step.peepholes["output gate"], "peepholes"), state)
        out_gate = b.op("Sigmoid", b.op("Add", out_net, seen_now))
        return b.op("Mul", out_gate, ACTIVATIONS[self.squash_state].apply(b, state)), state

    def node(self, builder: Builder, points: Value, lengths: Value, weights: SweepWeights, direction: str) -> Value:
        b, h = builder, weights.bias.size // 4
        order = [0, 2, 1, 3]  # ONNX: input, output, forget, cell
        bias = columns_of(weights.bias, order, h)
        peepholes = [weights.peepholes[gate] for gate in ("input gate", "output gate", "forget gate")]
        return b.op(
            "LSTM",
            points,
            b.weights(columns_of(weights.input, order, h).T[None], "W"),
            b.weights(columns_of(recurrent_matrix(weights, h), order, h).T[None], "R"),
            b.weights(np.concatenate([bias, np.zeros_like(bias)])[None], "B"),
            lengths,
            "",
            "",
            b.weights(np.concatenate(peepholes)[None], "P"),
            hidden_size=h,
            direction=direction,
            **cell_attributes([ACTIVATIONS[name] for name in ("logistic", self.squash_input, self.squash_state)]),
        )
