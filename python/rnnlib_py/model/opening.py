# SPDX-License-Identifier: Apache-2.0
"""A config's network with its data: a save's, or a new one with starting weights."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace

from rnnlib_py._core import ConfigError, Random
from rnnlib_py.config import Config
from rnnlib_py.data import Dataset, Sequence
from rnnlib_py.data.forms import Data
from rnnlib_py.data.netcdf.file import NetcdfFile
from rnnlib_py.data.sets import DataSets, selected_sequence
from rnnlib_py.data.tasks import find_task
from rnnlib_py.model.network import Network


def open_network(
    config: Config,
    precision: str | None = None,
    random: Random | None = None,
    given: Mapping[str, Data] | None = None,
) -> tuple[Network, DataSets]:
    """The network, and the config's data sets. `random`: for starting weights; `given`: data in place of a set's files.
    Raises what they raise."""
    if config.save is None:
        sets = DataSets(config, given=given)
        return Network.build(config, sets.header, precision, random), sets
    network = Network.from_config(config, precision)
    return network, DataSets(config, network.header, str(config.path), given)


def open_file(config: Config, network: Network, file: str | os.PathLike[str], targets: bool = True) -> Dataset:
    """A file as data of a save's network, of which dataFraction leaves a part. Raises what Dataset.read raises."""
    return Dataset.read(
        file,
        network.task,
        data_fraction=config["dataFraction"],
        header=network.header,
        header_source=str(config.path),
        targets=targets,
    )


def open_sequence(
    config: Config, file: str | os.PathLike[str] | None = None, index: int | None = None
) -> tuple[Network, Sequence]:
    """The network, and the sequence number `index` (from 0; default: the key sequence) of a file, with its target where
    the file has any; without a file, of the set that the keys dataset and dataFileNum name.

    The sequence is normalised like the network's own data; without a tag it is called "#3" by its number. ConfigError
    when there is none of that number.
    """
    if file is None:
        if index is not None:
            config["sequence"] = index
        network, sets = open_network(config)
        try:
            return network, _named(selected_sequence(config, sets), config["sequence"])
        finally:
            sets.close()
    network = Network.from_config(config)
    index = config["sequence"] if index is None else index
    with Dataset.read(
        file,
        network.task,
        header=network.header,
        header_source=str(config.path or "the network"),
        targets=has_targets(file, network.task),
    ) as data:
        if not 0 <= index < len(data):
            raise ConfigError(f"sequence is {index}, expected 0 to {len(data) - 1}: {os.fspath(file)} has {len(data)}")
        seen = network.normalised(data)
        return network, _named(seen[index], index)


def _named(sequence: Sequence, index: int) -> Sequence:
    return sequence if sequence.tag else replace(sequence, tag=f"#{index}")


def has_targets(path: str | os.PathLike[str], task: str) -> bool:
    """True when a file holds targets for the task."""
    variables = find_task(task).variables
    file = NetcdfFile(path)
    try:
        return any(file.has(name) for name in variables)
    finally:
        file.close()
