# SPDX-License-Identifier: Apache-2.0
"""How many threads to use."""

from __future__ import annotations

import os

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config


def available_cores() -> int:
    """The cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def num_threads(config: Config | None = None, threads: int | None = None) -> int:
    """The number asked for, else the config's `threads`, else the cores this process may use."""
    if threads is not None:
        if threads < 1:
            raise ConfigError(f"threads is {threads}, expected at least 1")
        return threads
    given = config.get("threads", 0) if config is not None else 0
    return int(given) if given else available_cores()
