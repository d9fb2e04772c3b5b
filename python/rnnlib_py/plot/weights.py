# SPDX-License-Identifier: Apache-2.0
"""Weight matrices as images, all in one scale of colours."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as _Seq
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, Connection
from rnnlib_py.inspect.unit_names import input_unit_names, source_name, source_unit_names
from rnnlib_py.inspect.weights import select_weights
from rnnlib_py.model.network import Network
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.panels import whole_numbers
from rnnlib_py.plot.style import SIGNED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
_COLUMNS, _MAX_PANELS = 4, 48
_MAX_NAMES = 26  # more units than this are numbered by the axis


def plot_weights(network: Network, connections: _Seq[str] | None = None) -> Figure:
    """Weight matrices as images, all in one scale of colours.

    A panel per connection: rows are units of the target's input (of an LSTM: all input gates, all forget gates of each
    dimension, all cells, all output gates), columns units of the source; in brackets the steps back of recurrent
    connections. Colours end at the 99th percentile of the absolute weights, so that a single large one does not hide
    the rest.

    Parameters
    ----------
    network
        Its weights as they are now.
    connections
        Names or patterns ("input_to_*"); None: all but biases and peepholes, where there are others.

    Raises
    ------
    ConfigError
        A pattern that means nothing, or more than 48 connections.
    """
    weights = select_weights(network, list(connections) if connections else None)
    if not connections:
        matrices = {name: values for name, values in weights.items() if values.ndim == 2}
        weights = matrices or weights
    shown = [c for c in sorted(network.graph.connections, key=_order(network)) if c.name in weights and c.size]
    weights = {c.name: weights[c.name] for c in shown}
    if not 0 < len(weights) <= _MAX_PANELS:
        raise ConfigError(f"{len(weights)} connections in one picture (1 to {_MAX_PANELS} are possible): name some")
    columns = min(_COLUMNS, len(weights))
    rows = -(-len(weights) // columns)
    figure = new_figure(3.3 * columns + 0.8, 2.9 * rows + 0.6)
    grid = np.atleast_1d(figure.subplots(rows, columns)).reshape(-1)
    most = float(np.quantile(np.concatenate([np.abs(v).reshape(-1) for v in weights.values()]), 0.99)) or 1.0
    image: Any = None
    for axes, connection in zip(grid, shown, strict=False):
        matrix = weights[connection.name].reshape(connection.rows, -1)
        gates = connection.gates
        if gates:  # the gates of one kind together; a block's lie side by side in the weights
            matrix = matrix.reshape(-1, len(gates), matrix.shape[1]).swapaxes(0, 1).reshape(matrix.shape)
        image = axes.imshow(matrix, cmap=SIGNED, vmin=-most, vmax=most, aspect="auto", interpolation="nearest")
        _label(axes, network, connection)
    for axes in grid[len(weights) :]:
        axes.set_visible(False)
    bar = figure.colorbar(image, ax=list(grid), shrink=0.6, extend="both")
    bar.set_label("weight")
    where = network.config.path.name if network.config.path else "network"
    figure.suptitle(f"Weights of {where}", fontsize=11)
    return figure


def _order(network: Network) -> Callable[[Connection], tuple[int, int]]:
    """By the layer they lead to, then by that they come from."""
    places = {layer.name: i for i, layer in enumerate(network.graph.layers)}
    return lambda connection: (places[connection.target], places.get(connection.source, -1))


def _label(axes: Any, network: Network, connection: Connection) -> None:
    delay = f" ({','.join(map(str, connection.delay))})" if connection.delay else ""
    source, target, gates = source_name(connection), connection.target, connection.gates
    axes.set_title(f"{source}{delay} to\n{target}", fontsize=8)
    axes.set_xlabel(f"unit of {source}" if connection.cols > 1 else "", fontsize=7)
    axes.tick_params(labelsize=6)
    whole_numbers(axes)
    if gates:
        height = connection.rows // len(gates)
        axes.set_yticks([height * (i + 0.5) - 0.5 for i in range(len(gates))], gates)
        for i in range(1, len(gates)):
            axes.axhline(height * i - 0.5, color="black", linewidth=0.6)
        axes.set_ylabel(f"{height} blocks each", fontsize=7)
    else:
        names = input_unit_names(network, connection)
        axes.set_ylabel(f"unit of {target}", fontsize=7)
        if connection.rows <= _MAX_NAMES:
            axes.set_yticks(range(connection.rows), names)
    if connection.cols == 1:
        axes.set_xticks([0], source_unit_names(connection))
