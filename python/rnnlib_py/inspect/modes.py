# SPDX-License-Identifier: Apache-2.0
"""RNNLIB's modes display and jacobianCoords: variables of the selected sequence into the folder dumpPath."""

from __future__ import annotations

from pathlib import Path

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.inspect.dump import dump
from rnnlib_py.inspect.jacobian import jacobian, split_coordinates
from rnnlib_py.model.opening import open_sequence


def dump_mode(config: Config) -> list[Path]:
    """Does what the keys display, jacobianCoords, dumpPath, dataset, dataFileNum and sequence say; returns the files.

    Raises ConfigError when there is no dumpPath, and what opening the data does.
    """
    if "dumpPath" not in config:
        raise ConfigError("dumpPath is not given: the folder for the files of display and jacobianCoords")
    network, sequence = open_sequence(config)
    if "jacobianCoords" in config:
        point, unit = split_coordinates(network, ",".join(str(x) for x in config["jacobianCoords"]))
        return jacobian(network, sequence, point, unit, raw=False).dump.write(config["dumpPath"])
    return dump(network, sequence, raw=False).write(config["dumpPath"])


def is_dump_mode(config: Config) -> bool:
    return bool(config["display"]) or "jacobianCoords" in config
