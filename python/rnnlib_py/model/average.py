# SPDX-License-Identifier: Apache-2.0
"""The mean of the weights of several networks."""

from __future__ import annotations

import os
from collections.abc import Mapping
from collections.abc import Sequence as _Seq

import numpy as np

from rnnlib_py._core import ConfigError, DataError
from rnnlib_py.data.header import check_headers
from rnnlib_py.model.network import Network
from rnnlib_py.system.files import path_list


def average(saves: _Seq[str | os.PathLike[str]]) -> Network:
    """A network whose weights are the mean of those of several saves, computed in double.

    Useful for saves of one run, or of runs from the same start: networks that learned apart have their units in
    different orders, and their mean means nothing.

    Parameters
    ----------
    saves
        Paths of two saves or more. The network's config is the first's.

    Raises
    ------
    DataError
        Shapes, data sizes, labels, normalisations or recipes differ.
    ConfigError
        Less than two saves.
    IoError, FormatError
        As Network.load.
    """
    paths = path_list(saves)
    if len(paths) < 2:
        raise ConfigError("a mean needs at least two saves")
    networks = {os.fspath(path): Network.load(path, "float64") for path in paths}
    (first, network), *others = networks.items()
    for name, other in others:
        check_headers(network.header, other.header, first, name)
        if other.normalisation != network.normalisation:
            raise DataError(f"{name} was trained on data of another normalisation than {first}")
        if other.recipe != network.recipe:
            raise DataError(f"{name} was trained on data of another recipe than {first}")
    _check_same_networks(networks)
    total = np.zeros(network.num_weights)
    for path in paths:
        total += networks[os.fspath(path)].core.weights()
    network.core.set_weights(total / len(paths))
    return network


def _check_same_networks(networks: Mapping[str, Network]) -> None:
    """DataError naming the first two (by name) that do not have the same connections of the same sizes."""
    (first, network), *others = networks.items()
    expected = {c.name: (c.rows, c.cols) for c in network.core.connections()}
    for name, other in others:
        found = {c.name: (c.rows, c.cols) for c in other.core.connections()}
        for connection in dict.fromkeys([*expected, *found]):
            a, b = expected.get(connection), found.get(connection)
            if a != b:
                raise DataError(
                    f"{name} is not of the same shape as {first}: {connection} is {_size(b)}, not {_size(a)}"
                )


def _size(sizes: tuple[int, int] | None) -> str:
    return "not there" if sizes is None else f"{sizes[0]} x {sizes[1]}"
