# SPDX-License-Identifier: Apache-2.0
"""What every type of hidden units is and does in an ONNX graph (docs/behaviour.md, "Units")."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np

from rnnlib_py.integrations.onnx_graph.builder import Builder, Value
from rnnlib_py.integrations.onnx_graph.network_graph import Matrix
from rnnlib_py.integrations.onnx_graph.sweep_weights import SweepWeights


@dataclass(frozen=True)
class Step:
    """What a cell reads at a point. Arrays have any axes before the last one."""

    net: Value  # net inputs without peepholes, [..., gates * units]
    before: list[Value]  # per dimension: the states one step back, [..., units]
    hidden: int  # units
    peepholes: dict[str, Matrix]  # gate -> [..., units]


class Cell(ABC):
    """A type of hidden units."""

    has_state = True  # its units recur through their states, with or without recurrent connections
    state_is_output = False

    @abstractmethod
    def gates(self, num_dims: int) -> list[str]:
        """The names of a unit's net inputs, in the order that `step` and `node` want."""

    @abstractmethod
    def step(self, builder: Builder, step: Step) -> tuple[Value, Value]:
        """Outputs and states of a point, [..., units] each; the same value where the state is the output."""

    @abstractmethod
    def node(self, builder: Builder, points: Value, lengths: Value, weights: SweepWeights, direction: str) -> Value:
        """ONNX's own operator for sequences of one dimension.

        Parameters
        ----------
        points
            [points, batch, units below].
        lengths
            int32 [batch].
        weights
            In the order of gates(1).
        direction
            "forward" or "reverse".

        Returns
        -------
        Value
            [points, 1, batch, units]
        """


def per_dim(gate: str, num_dims: int) -> list[str]:
    """A gate's names in the graph, one per dimension."""
    return [gate] if num_dims == 1 else [f"{gate} {d}" for d in range(num_dims)]


def columns_of(matrix: Matrix, gates: list[int], hidden: int) -> Matrix:
    """Some gates of [..., gates * units], in this order: [..., units of these gates]."""
    by_gate = matrix.reshape(*matrix.shape[:-1], -1, hidden)[..., gates, :]
    return by_gate.reshape(*matrix.shape[:-1], -1)


def recurrent_matrix(weights: SweepWeights, hidden: int) -> Matrix:
    """[units, gates * units] of the only dimension; zeros where there are no recurrent connections."""
    return weights.recurrent[0] if weights.recurrent else np.zeros((hidden, weights.bias.size))
