# SPDX-License-Identifier: Apache-2.0
"""Keys of RNNLIB that this version knows but cannot do yet: asking for them is an error, never silently ignored."""

from __future__ import annotations

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config, unavailable_choices


def _refuse(config: Config, name: str) -> None:
    raise ConfigError(f"{name} {config[name]}: not available in this version")


def check_task(config: Config) -> None:
    """ConfigError when the config's task cannot be done yet."""
    if config["task"] in unavailable_choices("task"):
        _refuse(config, "task")


def check_available(config: Config) -> None:
    """ConfigError when the config asks for something that cannot be done yet.

    A key with a default may be given: saves of RNNLIB mention it. It has no effect, which is a warning.
    """
    check_task(config)
    for key in _core.key_table():
        if not key.available and not key.default_value and key.name in config:
            _refuse(config, key.name)
