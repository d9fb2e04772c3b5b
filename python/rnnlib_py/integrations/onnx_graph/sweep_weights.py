# SPDX-License-Identifier: Apache-2.0
"""The weights of a hidden layer by gate: the graph has them unit by unit (docs/behaviour.md, "Units")."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from dataclasses import dataclass

import numpy as np

from rnnlib_py._core import Connection, LayerInfo
from rnnlib_py.integrations.onnx_graph.network_graph import Matrix, NetworkGraph


@dataclass(frozen=True)
class SweepWeights:
    """Columns are gates, each with all its units; a gate that a connection does not lead to has zeros there."""

    input: Matrix  # [units below, gates * units]
    recurrent: list[Matrix]  # per dimension [units, gates * units]; empty without recurrent connections
    bias: Matrix  # [gates * units]
    peepholes: dict[str, Matrix]  # gate -> [units]


def sweep_weights(graph: NetworkGraph, layer: LayerInfo, gates: _Seq[str]) -> SweepWeights:
    """Those of a layer, its gates in the order given."""

    def dense(connection: Connection) -> Matrix:
        own = connection.gates or gates  # of a single gate the graph says no name
        numbers = graph.numbers(connection).reshape(layer.size, len(own), connection.cols)
        matrix = np.zeros((connection.cols, len(gates), layer.size))
        for i, gate in enumerate(own):
            matrix[:, gates.index(gate)] = numbers[:, i].T
        return matrix.reshape(connection.cols, -1)

    (bias,) = graph.connections(layer.name, "bias")
    (below,) = graph.connections(layer.name, "full")
    recurrent = graph.connections(layer.name, "recurrent")
    recurrent.sort(key=lambda connection: [offset == 0 for offset in connection.delay])  # by dimension
    peepholes: dict[str, Matrix] = {}
    for connection in graph.connections(layer.name, "peephole"):
        numbers = graph.numbers(connection).reshape(layer.size, -1)
        peepholes = {gate: numbers[:, i] for i, gate in enumerate(connection.gates)}
    return SweepWeights(dense(below), [dense(one) for one in recurrent], dense(bias)[0], peepholes)
