# SPDX-License-Identifier: Apache-2.0
"""A new run that begins with a save's weights (key warmStart): all that still have a meaning, even when labels were
added, removed or put in another order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.data import DataWarning
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.files import existing_path

Array = NDArray[np.float64]

_BLANK = object()


def _output_units(network: Network) -> list[object]:
    """What each output unit stands for: a label; the blank; of two classes the one unit for the second."""
    header = network.header
    return find_task(network.task).output_units(header.labels, _BLANK) or list(range(header.target_size))


def _is_binary(network: Network) -> bool:
    return find_task(network.task).is_binary(network.header.labels)


def _rows_by_meaning(old: Network, new: Network, rows: Array) -> dict[object, Array]:
    """The old output units' rows [units, ...] by what they stand for, as the new network's outputs need them.

    One logistic unit z for the classes a, b is the softmax of 0, z; and a softmax of two is the logistic of the
    difference.
    """
    by_meaning = dict(zip(_output_units(old), rows, strict=True))
    if _is_binary(old):
        first, second = old.header.labels
        by_meaning = {first: np.zeros_like(rows[0]), second: rows[0]}
    if _is_binary(new):
        first, second = new.header.labels
        if first not in by_meaning or second not in by_meaning:
            return {}
        return {second: by_meaning[second] - by_meaning[first]}
    return by_meaning


def _output_rows(old: Network, new: Network, rows: Array, fresh: Array) -> tuple[Array, int]:
    """The new output units' rows, and how many come from the old ones."""
    by_meaning = _rows_by_meaning(old, new, rows)
    made = fresh.copy()
    taken = 0
    for i, unit in enumerate(_output_units(new)):
        if unit in by_meaning and by_meaning[unit].shape == fresh[i].shape:
            made[i] = by_meaning[unit]
            taken += 1
    return made, taken


def _output_connections(network: Network) -> set[str]:
    """The connections whose rows are output units."""
    graph = network.graph
    outputs = {layer.name for layer in graph.layers if layer.kind in ("collapse", "output")}
    return {connection.name for connection in graph.connections if connection.target in outputs}


def warm_start(network: Network, path: str, config: Config) -> list[str]:
    """Gives the network the weights of the save at `path`; returns lines for the log: which it has taken.

    Connections are matched by name and size, output units by label. ConfigError when nothing fits.
    """
    old = Network.load(existing_path(path, config.folder, "warmStart"), network.precision)
    if old.task != network.task:
        raise ConfigError(f"warmStart {path}: its task is {old.task}, this one's is {network.task}")
    weights, before = network.weights, old.weights
    taken: dict[str, Array] = {}
    partly: list[str] = []
    outputs = _output_connections(network)
    for name, fresh in weights.items():
        if name not in before:
            continue
        if name in outputs:
            rows, count = _output_rows(old, network, before[name], fresh)
            if count:
                taken[name] = rows
            if 0 < count < len(rows):
                partly.append(name)
        elif before[name].shape == fresh.shape:
            taken[name] = before[name]
    if not taken:
        raise ConfigError(f"warmStart {path}: no connection has a counterpart of the same name and size in it")
    network.set_weights(taken)
    if old.normalisation != network.normalisation:
        warn_caller(
            f"warmStart {path}: its network was trained on data that are normalised otherwise than these: the weights "
            "were learned for other numbers (`rnnlib-py normalise --like` makes raw files alike)",
            DataWarning,
        )
    return _report(network, old, path, set(taken), partly)


def _report(network: Network, old: Network, path: str, taken: set[str], partly: list[str]) -> list[str]:
    lines = [f"weights from {path}: {len(taken)} of {len(network.weights)} connections"]
    fresh = [name for name in network.weights if name not in taken]
    if fresh:
        lines.append(f"random as in a new network: {', '.join(fresh)}")
    if partly:
        known = set(old.header.labels)
        new = [label for label in network.header.labels if label not in known]
        lines.append(f"random in {', '.join(partly)}: the units of {', '.join(new)}")
    gone = [label for label in old.header.labels if label not in set(network.header.labels)]
    if gone:
        lines.append(f"labels that are there no more: {', '.join(gone)}")
    return lines
