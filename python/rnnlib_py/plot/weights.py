# SPDX-License-Identifier: Apache-2.0
"""Weight matrices as images, all in one scale of colours."""

from __future__ import annotations

from collections.abc import Sequence as _Seq
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.looking.unit_names import input_unit_names, source_layer, source_unit_names, target_layer
from rnnlib_py.looking.weights import select_weights
from rnnlib_py.network import Network
from rnnlib_py.plot.figure import new_figure
from rnnlib_py.plot.style import SIGNED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Array = NDArray[np.float64]
_COLUMNS, _MAX_PANELS = 4, 48
_MAX_NAMES = 26  # more units than this are numbered by the axis


def plot_weights(network: Network, connections: _Seq[str] | None = None) -> Figure:
    """A panel per connection: rows are units of the target's input, columns units of the source.

    `connections`: names or patterns ("input_to_*"); default all but biases and peepholes, where there are others.
    Colours end at the 99th percentile of the absolute weights, so that a single large one does not hide the rest.
    ConfigError for a pattern that means nothing, or more than 48 connections.
    """
    weights = select_weights(network, list(connections) if connections else None)
    if not connections:
        matrices = {name: values for name, values in weights.items() if values.ndim == 2}
        weights = matrices or weights
    weights = {name: values for name, values in weights.items() if values.size}
    if not 0 < len(weights) <= _MAX_PANELS:
        raise ConfigError(f"{len(weights)} connections in one picture (1 to {_MAX_PANELS} are possible): name some")
    columns = min(_COLUMNS, len(weights))
    rows = -(-len(weights) // columns)
    figure = new_figure(3.3 * columns + 0.8, 2.9 * rows + 0.6)
    grid = np.atleast_1d(figure.subplots(rows, columns)).reshape(-1)
    most = float(np.quantile(np.concatenate([np.abs(v).reshape(-1) for v in weights.values()]), 0.99)) or 1.0
    image: Any = None
    for axes, (name, values) in zip(grid, weights.items(), strict=False):
        image = axes.imshow(
            values.reshape(len(values), -1), cmap=SIGNED, vmin=-most, vmax=most, aspect="auto", interpolation="nearest"
        )
        _label(axes, network, name, values.reshape(len(values), -1).shape)
    for axes in grid[len(weights) :]:
        axes.set_visible(False)
    bar = figure.colorbar(image, ax=list(grid), shrink=0.6, extend="both")
    bar.set_label("weight")
    where = network.config.path.name if network.config.path else "network"
    figure.suptitle(f"Weights of {where}", fontsize=11)
    return figure


def _label(axes: Any, network: Network, name: str, shape: tuple[int, int]) -> None:
    delay = f", one step back ({name.split('_delay_')[1].replace('_', ',')})" if "_delay_" in name else ""
    axes.set_title(f"{source_layer(name)} to\n{target_layer(name)}{delay}", fontsize=8)
    axes.set_xlabel(f"unit of {source_layer(name)}", fontsize=7)
    axes.tick_params(labelsize=6)
    rows = input_unit_names(network, name, shape[0])
    axes.set_ylabel("label" if rows[0].isalpha() else "input of the target", fontsize=7)
    if shape[0] <= _MAX_NAMES:
        axes.set_yticks(range(shape[0]), rows)
    if shape[1] <= 12:
        axes.set_xticks(range(shape[1]), source_unit_names(name, shape[1]))
