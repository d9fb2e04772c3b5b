# SPDX-License-Identifier: Apache-2.0
"""A network's weights: statistics of each connection, and files of them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError, Connection
from rnnlib_py.inspect.patterns import select
from rnnlib_py.inspect.unit_names import input_unit_names, source_unit_names
from rnnlib_py.model.network import Network
from rnnlib_py.system.files import check_writable, make_folder, replacing, write_atomically

Array = NDArray[np.float64]
Format = Literal["text", "csv", "npz"]
FORMATS = ("text", "csv", "npz")


@dataclass(frozen=True)
class WeightStatistics:
    """Statistics of one connection's weights.

    Attributes
    ----------
    shape : tuple of int
    mean, std, min, max : float
        `std` divides by n.
    largest : float
        Of the absolute values.
    """

    shape: tuple[int, ...]
    mean: float
    std: float
    min: float
    max: float
    largest: float

    @property
    def count(self) -> int:
        """How many weights it has."""
        return int(np.prod(self.shape))


def weight_statistics(network: Network) -> dict[str, WeightStatistics]:
    """Statistics of a network's connections.

    Returns
    -------
    dict
        Connection -> WeightStatistics.
    """
    return {
        name: WeightStatistics(
            values.shape,
            float(values.mean()),
            float(values.std()),
            float(values.min()),
            float(values.max()),
            float(np.abs(values).max()),
        )
        for name, values in network.weights.items()
        if values.size
    }


def select_weights(network: Network, patterns: list[str] | None) -> dict[str, Array]:
    """The connections that names or patterns ("input_to_*") mean, default all. ConfigError when one means none."""
    weights = network.weights
    return {name: weights[name] for name in select(list(weights), patterns, "connection")}


def write_weights(
    network: Network,
    path: str | os.PathLike[str],
    format: Format = "text",  # noqa: A002
    connections: list[str] | None = None,
) -> list[Path]:
    """Writes a network's weights; numbers read back bit for bit.

    Parameters
    ----------
    network
        Its weights as they are now.
    path
        A folder for "text" and "csv", a file for "npz".
    format
        "text", "csv": a file per connection, a line per unit of the target's input; csv has a line and a column of
        names. "npz": an array per connection.
    connections
        Names or patterns ("input_to_*"); None: all.

    Returns
    -------
    list of Path
        The files.

    Raises
    ------
    ConfigError
        Another format, or a pattern that means nothing.
    IoError
        What cannot be written.
    """
    weights = select_weights(network, connections)
    if format == "npz":
        return [_write_npz(Path(path), weights)]
    if format not in FORMATS:
        raise ConfigError(f"unknown format {format!r}; expected one of {', '.join(FORMATS)}")
    folder = Path(path)
    make_folder(folder)
    check_writable(folder)
    paths = []
    connections_by_name = {connection.name: connection for connection in network.graph.connections}
    for name, values in weights.items():
        rows = values.reshape(len(values), -1)
        paths.append(folder / f"{name}.{'csv' if format == 'csv' else 'txt'}")
        write_atomically(paths[-1], _csv(network, connections_by_name[name], rows) if format == "csv" else _text(rows))
    return paths


def _text(rows: Array) -> str:
    return "".join(" ".join(map(repr, row)) + "\n" for row in rows.tolist())


def _csv(network: Network, connection: Connection, rows: Array) -> str:
    header = ",".join(["", *map(_quoted, source_unit_names(connection))])
    lines = [
        ",".join([_quoted(unit), *map(repr, row)])
        for unit, row in zip(input_unit_names(network, connection), rows.tolist(), strict=True)
    ]
    return "".join(f"{line}\n" for line in [header, *lines])


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if any(c in text for c in ',"\n') else text


def _write_npz(path: Path, weights: Mapping[str, Array]) -> Path:
    arrays: dict[str, Any] = dict(weights)
    with replacing(path) as temporary, temporary.open("wb") as file:
        np.savez(file, **arrays)
    return path
