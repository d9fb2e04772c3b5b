# SPDX-License-Identifier: Apache-2.0
"""The forms in which a call takes a config."""

from __future__ import annotations

import os
from collections.abc import Mapping

from rnnlib_py.config.config import Config

ConfigLike = Config | str | os.PathLike[str] | Mapping[str, object]


def as_config(config: ConfigLike) -> Config:
    """A Config from itself, a path (config or save), or a mapping."""
    if isinstance(config, Config):
        return config
    return Config(config) if isinstance(config, Mapping) else Config.read(config)
