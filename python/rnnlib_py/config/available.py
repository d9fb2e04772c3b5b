# SPDX-License-Identifier: Apache-2.0
"""Keys of RNNLIB that this version knows but cannot do yet: asking for them is an error, never silently ignored."""

from __future__ import annotations

from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config

_TASKS = ("dictionary_transcription", "prediction")
_ANY_VALUE = ("dictionary", "bigrams", "mixtures", "charWindowSize")


def _refuse(config: Config, name: str) -> None:
    raise ConfigError(f"{name} {config[name]}: not available in this version")


def check_task(config: Config) -> None:
    """ConfigError when the config's task cannot be done yet."""
    if config["task"] in _TASKS:
        _refuse(config, "task")


def check_available(config: Config) -> None:
    """ConfigError when the config asks for something that cannot be done yet."""
    check_task(config)
    for name in _ANY_VALUE:
        if name in config:
            _refuse(config, name)
