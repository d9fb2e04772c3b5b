# SPDX-License-Identifier: Apache-2.0
"""Reading the config or save that a command names."""

from __future__ import annotations

import sys

from rnnlib_py._core import ConfigError, IoError
from rnnlib_py.cli.command import Overrides
from rnnlib_py.cli.overrides import apply_overrides
from rnnlib_py.config import Config


def read_config(path: str, overrides: Overrides) -> Config:
    """The config or save a command names, with the overrides of the command line. ConfigError when there is none."""
    try:
        config = Config.read(path)
    except IoError as error:
        raise ConfigError(str(error)) from error
    apply_overrides(config, overrides)
    return config


def read_save(path: str, overrides: Overrides, command: str) -> Config:
    """Like read_config; ConfigError when it has no weights."""
    config = read_config(path, overrides)
    if config.save is None:
        raise ConfigError(f"{path}: is a config without weights; {command} needs a save")
    return config


def say_warnings(config: Config) -> None:
    for text in config.warnings():
        print(f"rnnlib-py: warning: {text}", file=sys.stderr)
