# SPDX-License-Identifier: Apache-2.0
"""The types of hidden units that can be exported, by the names that configs give them."""

from __future__ import annotations

from rnnlib_py._core import ConfigError
from rnnlib_py.integrations.onnx_graph.activations import ACTIVATIONS
from rnnlib_py.integrations.onnx_graph.cells.cell import Cell
from rnnlib_py.integrations.onnx_graph.cells.gru import Gru
from rnnlib_py.integrations.onnx_graph.cells.lstm import Lstm
from rnnlib_py.integrations.onnx_graph.cells.plain import Plain

CELLS: dict[str, Cell] = {
    "lstm": Lstm("tanh", "tanh"),
    "linear_lstm": Lstm("tanh", "identity"),
    "softsign_lstm": Lstm("softsign", "softsign"),
    "gru": Gru(),
    **{name: Plain(activation) for name, activation in ACTIVATIONS.items()},
}


def find_cell(name: str, layer: str) -> Cell:
    """ConfigError, with the layer, for one that there is not."""
    if name not in CELLS:
        raise ConfigError(
            f"layer {layer}: units of the type {name} cannot be exported to ONNX; expected one of {', '.join(CELLS)}"
        )
    return CELLS[name]
