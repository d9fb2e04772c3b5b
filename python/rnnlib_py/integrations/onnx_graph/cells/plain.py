# SPDX-License-Identifier: Apache-2.0
"""Units without a state: an activation of one net input (docs/behaviour.md, "Units")."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rnnlib_py.integrations.onnx_graph.activations import Activation, cell_attributes
from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell, Step, recurrent_matrix
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights


@dataclass(frozen=True)
class Plain(Cell):
    """Where there are no recurrent connections, points do not wait for each other."""

    activation: Activation
    has_state = False
    state_is_output = True

    def gates(self, num_dims: int) -> list[str]:  # noqa: ARG002
        return [""]

    def step(self, builder: Builder, step: Step) -> tuple[Value, Value]:
        output = self.activation.apply(builder, step.net)
        return output, output

    def node(self, builder: Builder, points: Value, lengths: Value, weights: SweepWeights, direction: str) -> Value:
        h = weights.bias.size
        return builder.op(
            "RNN",
            points,
            builder.weights(weights.input.T[None], "W"),
            builder.weights(recurrent_matrix(weights, h).T[None], "R"),
            builder.weights(np.concatenate([weights.bias, np.zeros(h)])[None], "B"),
            lengths,
            hidden_size=h,
            direction=direction,
            **cell_attributes([self.activation]),
        )
