# SPDX-License-Identifier: Apache-2.0
"""What the rows and columns of a connection's weights belong to."""

from __future__ import annotations

from rnnlib_py._core import Connection
from rnnlib_py.inspect.unit_labels import output_labels
from rnnlib_py.model.network import Network


def source_name(connection: Connection) -> str:
    """The layer it comes from; "bias" for biases, "states" for peepholes."""
    return {"bias": "bias", "peephole": "states"}.get(connection.kind, connection.source)


def input_unit_names(network: Network, connection: Connection) -> list[str]:
    """A name per row: output labels, the inputs of a cell ("3 forget gate 0"), or numbers."""
    kinds = {layer.name: layer.kind for layer in network.graph.layers}
    labels = output_labels(network) if kinds[connection.target] in ("collapse", "output") else []
    if len(labels) == connection.rows:
        return labels
    gates = connection.gates
    if gates:
        return [f"{unit} {gate}" for unit in range(connection.rows // len(gates)) for gate in gates]
    return [str(i) for i in range(connection.rows)]


def source_unit_names(connection: Connection) -> list[str]:
    """A name per column."""
    if connection.kind in ("bias", "peephole"):
        return [source_name(connection)]
    return [str(i) for i in range(connection.cols)]
