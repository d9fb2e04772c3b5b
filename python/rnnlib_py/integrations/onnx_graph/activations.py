# SPDX-License-Identifier: Apache-2.0
"""Activation functions of units (docs/behaviour.md, "Units"), as nodes and as attributes of recurrent operators."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from rnnlib_py._core import ConfigError
from rnnlib_py.integrations.onnx_graph.builder import Builder, Value

_LEAK = 0.01


@dataclass(frozen=True)
class Activation:
    """`operator`: ONNX's, "" for none; `in_cells`: its name as an attribute of RNN and LSTM."""

    operator: str
    in_cells: str
    attributes: dict[str, Any] = field(default_factory=dict)  # of the operator
    alpha: tuple[float, ...] = ()  # of the name in cells
    beta: tuple[float, ...] = ()

    @property
    def keeps_zeros(self) -> bool:
        return self.operator != "Sigmoid"

    def apply(self, builder: Builder, value: Value) -> Value:
        return builder.op(self.operator, value, **self.attributes) if self.operator else value


ACTIVATIONS = {
    "tanh": Activation("Tanh", "Tanh"),
    "logistic": Activation("Sigmoid", "Sigmoid"),
    "softsign": Activation("Softsign", "Softsign"),
    "identity": Activation("", "Affine", alpha=(1.0,), beta=(0.0,)),
    "relu": Activation("Relu", "Relu"),
    "leaky_relu": Activation("LeakyRelu", "LeakyRelu", {"alpha": _LEAK}, alpha=(_LEAK,)),
}


def find_activation(name: str, layer: str) -> Activation:
    """ConfigError, with the layer, for one that there is not."""
    if name not in ACTIVATIONS:
        raise ConfigError(
            f"layer {layer}: units of the type {name} cannot be exported to ONNX; expected one of "
            f"{', '.join(ACTIVATIONS)}"
        )
    return ACTIVATIONS[name]


def cell_attributes(activations: list[Activation]) -> dict[str, Any]:
    """Attributes of a recurrent operator with these activations, in the operator's order. Numbers are there only for
    those that take them."""
    found: dict[str, Any] = {"activations": [one.in_cells for one in activations]}
    for name in ("alpha", "beta"):
        numbers = [number for one in activations for number in getattr(one, name)]
        if numbers:
            found[f"activation_{name}"] = numbers
    return found
