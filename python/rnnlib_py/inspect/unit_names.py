# SPDX-License-Identifier: Apache-2.0
"""What the rows and columns of a connection's weights belong to."""

from __future__ import annotations

from rnnlib_py.inspect.unit_labels import output_labels
from rnnlib_py.model.network import Network


def target_layer(connection: str) -> str:
    """The layer a connection leads to: bias_to_<layer>, <from>_to_<layer>, <layer>_peepholes, ..._delay_<offsets>."""
    if connection.endswith("_peepholes"):
        return connection.removesuffix("_peepholes")
    return connection.split("_to_", 1)[1].split("_delay_")[0]


def source_layer(connection: str) -> str:
    """The layer it comes from; "bias" for biases, "states" for peepholes."""
    return "states" if connection.endswith("_peepholes") else connection.split("_to_", 1)[0]


def _layer(network: Network, name: str) -> tuple[str, int]:
    return next(((layer.type, layer.size) for layer in network.layers if layer.name == name), ("", 0))


def input_unit_names(network: Network, connection: str, rows: int) -> list[str]:
    """A name per row: output labels, an LSTM's gates ("3 forget gate 0"), or numbers."""
    layer = target_layer(connection)
    labels = output_labels(network) if layer.startswith("output") else []
    if len(labels) == rows:
        return labels
    gates = gate_names(network, connection, rows)
    if gates:
        return [f"{unit} {gate}" for unit in range(rows // len(gates)) for gate in gates]
    return [str(i) for i in range(rows)]


def gate_names(network: Network, connection: str, rows: int) -> list[str]:
    """The inputs of a block where the connection leads to an LSTM layer, in the weights' order; else none."""
    kind, size = _layer(network, target_layer(connection))
    if "lstm" not in kind or not size or rows % size != 0:
        return []
    return _gates(rows // size, connection.endswith("_peepholes"))


def _gates(count: int, peepholes: bool) -> list[str]:
    """The order within a block (docs/behaviour.md, "Units")."""
    forget = count - (2 if peepholes else 3)
    names = ["forget gate"] if forget == 1 else [f"forget gate {d}" for d in range(forget)]
    return ["input gate", *names, *([] if peepholes else ["cell"]), "output gate"]


def source_unit_names(connection: str, cols: int) -> list[str]:
    """A name per column."""
    source = source_layer(connection)
    return [source] if cols == 1 and source in ("bias", "states") else [str(i) for i in range(cols)]
