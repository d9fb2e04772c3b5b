# SPDX-License-Identifier: Apache-2.0
"""The weights of a torch.nn.LSTM as those of a network's levels. PyTorch itself is not imported.

An LSTM of PyTorch has no peepholes and two biases, which are added. Its weights have the rows (gate, unit); ours have
(unit, gate), with the same four gates in the same order: input gate, forget gate, cell input, output gate. A layer that
runs backwards comes second there, and first here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, Graph

Array = NDArray[np.float64]
_GATES = 4
_NAME = re.compile(r"(weight_ih|weight_hh|bias_ih|bias_hh|weight_hr)_l(\d+)(_reverse)?")


@dataclass(frozen=True)
class TorchLstm:
    """The weights of a torch.nn.LSTM by their names there, and its sizes."""

    weights: dict[str, Array]
    input_size: int
    hidden_size: int
    num_layers: int
    bidirectional: bool
    precision: str

    @property
    def hidden_sizes(self) -> list[int]:
        """Of the levels."""
        return [self.hidden_size] * self.num_layers

    @property
    def directions(self) -> int:
        """Of a layer."""
        return 2 if self.bidirectional else 1


def numbers(value: Any) -> NDArray[Any]:
    """A tensor, wherever it is, or an array."""
    if hasattr(value, "detach"):
        value = value.detach().cpu()
        value = value if str(value.dtype) in ("torch.float32", "torch.float64") else value.float()
        value = value.numpy()
    return np.asarray(value)


def read_lstm(lstm: Any) -> TorchLstm:
    """The weights of an LSTM, or of its state_dict().

    Raises
    ------
    ConfigError
        What has not the weights of an LSTM: other names, sizes that contradict each other, projections.
    """
    given = lstm if isinstance(lstm, Mapping) else lstm.state_dict() if hasattr(lstm, "state_dict") else None
    if given is None:
        raise ConfigError(f"expected a torch.nn.LSTM or its state_dict(), found {type(lstm).__name__}")
    arrays = {name: numbers(value) for name, value in given.items()}
    for name in arrays:
        match = _NAME.fullmatch(name)
        if match is None or match[1] == "weight_hr":
            raise ConfigError(
                f"{name!r} is no weight of a torch.nn.LSTM without projections: expected weight_ih_l0, weight_hh_l0, …"
            )
    if "weight_ih_l0" not in arrays or "weight_hh_l0" not in arrays:
        raise ConfigError("there are no weights weight_ih_l0 and weight_hh_l0 of a torch.nn.LSTM")
    is_double = all(array.dtype == np.float64 for array in arrays.values())
    read = TorchLstm(
        {name: array.astype(np.float64) for name, array in arrays.items()},
        arrays["weight_ih_l0"].shape[-1],
        arrays["weight_hh_l0"].shape[-1],
        1 + max(int(match[2]) for match in map(_NAME.fullmatch, arrays) if match),
        any(name.endswith("_reverse") for name in arrays),
        "float64" if is_double else "float32",
    )
    _check(read)
    return read


def _check(read: TorchLstm) -> None:
    rows = _GATES * read.hidden_size
    for layer in range(read.num_layers):
        below = read.input_size if layer == 0 else read.directions * read.hidden_size
        for end in ("", "_reverse")[: read.directions]:
            for name, shape in (("weight_ih", (rows, below)), ("weight_hh", (rows, read.hidden_size))):
                full = f"{name}_l{layer}{end}"
                found = read.weights[full].shape if full in read.weights else None
                if found != shape:
                    raise ConfigError(
                        f"{full} of a torch.nn.LSTM with {read.hidden_size} hidden units: expected the shape {shape}, "
                        f"found {'none: each layer has all directions' if found is None else found}; only an LSTM has "
                        "four rows for each unit"
                    )


def lstm_weights(read: TorchLstm, graph: Graph) -> dict[str, Array]:
    """Connection -> weights of the levels of a one-dimensional network of these sizes, peepholes 0; none of those into
    the output layer."""
    layers = {layer.name: layer for layer in graph.layers}
    made: dict[str, Array] = {}
    for connection in graph.connections:
        layer = layers[connection.target]
        if layer.kind != "hidden":
            continue
        end = f"_l{layer.level}{'_reverse' if layer.directions[0] < 0 else ''}"
        if connection.kind == "recurrent":
            weights = _by_unit(read.weights["weight_hh" + end])
        elif connection.kind == "bias":
            biases = [read.weights.get(name + end) for name in ("bias_ih", "bias_hh")]
            weights = _by_unit(sum((b for b in biases if b is not None), np.zeros(connection.rows))[:, None]).ravel()
        elif connection.kind == "peephole":
            weights = np.zeros(connection.rows)
        else:
            ih = read.weights["weight_ih" + end]
            weights = _by_unit(ih if layer.level == 0 else _backwards_first(ih, read.directions))
        made[connection.name] = weights
    return made


def output_weights(read: TorchLstm, graph: Graph, weight: Array, bias: Array) -> dict[str, Array]:
    """Connection -> weights into the output layer: weight [units, those of all directions], forwards first."""
    layers = {layer.name: layer for layer in graph.layers}
    made: dict[str, Array] = {}
    for connection in graph.connections:
        if layers[connection.target].kind not in ("collapse", "output"):
            continue
        if connection.kind == "bias":
            made[connection.name] = bias
        else:
            first = read.hidden_size if layers[connection.source].directions[0] < 0 else 0
            made[connection.name] = weight[:, first : first + read.hidden_size]
    return made


def _by_unit(weights: Array) -> Array:
    """Rows (gate, unit) as rows (unit, gate)."""
    return weights.reshape(_GATES, -1, weights.shape[-1]).swapaxes(0, 1).reshape(weights.shape)


def _backwards_first(weights: Array, directions: int) -> Array:
    """Columns of what reads an LSTM's outputs (forwards, backwards) for outputs (backwards, forwards)."""
    return weights.reshape(len(weights), directions, -1)[:, ::-1].reshape(weights.shape)
