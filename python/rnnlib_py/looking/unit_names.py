# SPDX-License-Identifier: Apache-2.0
"""What the rows and columns of a connection's weights belong to."""

from __future__ import annotations

from rnnlib_py.looking.unit_labels import output_labels
from rnnlib_py.network import Network


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
    kind, size = _layer(network, layer)
    if "lstm" in kind and size and rows % size == 0:
        gates = _gates(rows // size, connection.endswith("_peepholes"))
        return [f"{unit} {gate}" for unit in range(size) for gate in gates]
    return [str(i) for i in range(rows)]


def _gates(count: int, peepholes: bool) -> list[str]:
    """The order within a block (spec section 4)."""
    forget = count - (2 if peepholes else 3)
    names = ["forget gate"] if forget == 1 else [f"forget gate {d}" for d in range(forget)]
    return ["input gate", *names, *([] if peepholes else ["cell"]), "output gate"]


def source_unit_names(connection: str, cols: int) -> list[str]:
    """A name per column."""
    source = source_layer(connection)
    return [source] if cols == 1 and source in ("bias", "states") else [str(i) for i in range(cols)]
