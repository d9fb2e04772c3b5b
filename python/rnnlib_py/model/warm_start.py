# SPDX-License-Identifier: Apache-2.0
"""A new run that begins with a save's weights (key warmStart): all that still have a meaning, even when labels were
added, removed or put in another order."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.data import DataWarning
from rnnlib_py.data.labels import fold
from rnnlib_py.data.netcdf.recipe import recipe_difference, recipe_kind
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network
from rnnlib_py.system.caller import warn_caller
from rnnlib_py.system.files import existing_path
from rnnlib_py.system.units import count_text

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

    Connections are matched by name and size, output units by label. ConfigError for a network of other inputs, another
    task or another kind of recipe, and when nothing fits.
    """
    old = Network.load(existing_path(path, config.folder, "warmStart"), network.precision)
    _check_data(old, network, path)
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
    return _report(network, old, path, set(taken), partly)


def _check_data(old: Network, new: Network, path: str) -> None:
    """ConfigError where the old network's data have nothing to do with the new one's; warnings where they were treated
    otherwise."""
    if old.task != new.task:
        raise ConfigError(f"warmStart {path}: its task is {old.task}, this one's is {new.task}")
    for what, there, here in (
        ("dimensions", old.header.num_dims, new.header.num_dims),
        ("inputs per point", old.header.input_size, new.header.input_size),
    ):
        if there != here:
            raise ConfigError(
                f"warmStart {path}: its network was trained on data with {there} {what}, these have {here}"
            )
    if old.normalisation != new.normalisation:
        warn_caller(
            f"warmStart {path}: its network was trained on data that are normalised otherwise than these: the weights "
            "were learned for other numbers (`rnnlib-py normalise --like` makes raw files alike)",
            DataWarning,
        )
    if old.recipe and new.recipe:
        _check_recipes(old.recipe, new.recipe, path)


def _check_recipes(there: str, here: str, path: str) -> None:
    kinds = [recipe_kind(recipe) for recipe in (there, here)]
    if all(kinds) and kinds[0] != kinds[1]:
        raise ConfigError(
            f"warmStart {path}: its network was trained on data of `prepare {kinds[0]}`, these were made by "
            f"`prepare {kinds[1]}`"
        )
    difference = recipe_difference(there, here)
    if difference:
        warn_caller(
            f"warmStart {path}: its network was trained on data of another recipe than these ({difference}): the "
            "weights were learned for data that were prepared otherwise",
            DataWarning,
        )


def _report(network: Network, old: Network, path: str, taken: set[str], partly: list[str]) -> list[str]:
    lines = [f"weights from {path}: {len(taken)} of {len(network.weights)} connections"]
    fresh = [name for name in network.weights if name not in taken]
    if fresh:
        lines.append(f"random as in a new network: {', '.join(fresh)}")
    if partly:
        lines.append(f"partly taken, by labels: {', '.join(partly)}")
    known, wanted = list(old.header.labels), list(network.header.labels)
    new = [label for label in wanted if label not in set(known)]
    gone = [label for label in known if label not in set(wanted)]
    changes = []
    if new:
        changes.append(f"{_labels_are(new)} new and random: {fold(new, ', ')}")
    if gone:
        changes.append(f"{_labels_are(gone)} no longer there: {fold(gone, ', ')}")
    return [*lines, "; ".join(changes)] if changes else lines


def _labels_are(labels: list[str]) -> str:
    return f"{count_text(len(labels), 'label')} {'is' if len(labels) == 1 else 'are'}"
