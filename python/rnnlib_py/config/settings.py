# SPDX-License-Identifier: Apache-2.0
"""The seed and the precision of a config or an argument, as the engine takes them."""

from __future__ import annotations

import time

from rnnlib_py._core import ConfigError
from rnnlib_py.config.config import Config

_PRECISIONS = {"float": "float32", "double": "float64", "float32": "float32", "float64": "float64"}


def seed_of(config: Config) -> int:
    """The config's randSeed, or one from the clock where that is 0."""
    return int(config["randSeed"]) or time.time_ns() % (1 << 63)


def full_precision(config: Config, precision: str | None) -> str:
    """ "float32" or "float64", from an argument or the config; ConfigError for anything else."""
    if precision is None:
        return config.precision
    if precision not in _PRECISIONS:
        raise ConfigError(f"precision is {precision!r}, expected float32 or float64")
    return _PRECISIONS[precision]
