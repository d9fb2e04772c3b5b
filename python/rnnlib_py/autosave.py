# SPDX-License-Identifier: Apache-2.0
"""Saves of a run and their names: <config name>@<time>.last.save, .best_<error>.save, and .log."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from rnnlib_py import _core
from rnnlib_py.config import Config

# Keys that say how a program is to run, not what it makes: their defaults do not belong in a save. (The default of
# batchLearn depends on the optimiser, which may be changed when going on.)
_NOT_FILLED = ("batchLearn", "threads", "loadWeights")
_NOT_FILLED_GROUPS = ("Modes", "Saved")


def run_name(config: Config, now: datetime | None = None) -> str:
    """`x.config` and `x@2010.01.02-10.11.12.000001.last.save` give `x@<now>`; without a file it is `network@<now>`."""
    name = config.path.name if config.path else "network"
    base = name.split("@", 1)[0] if "@" in name else Path(name).stem
    return f"{base}@{now or datetime.now():%Y.%m.%d-%H.%M.%S.%f}"


def filled_config(config: Config) -> _core.Config:
    """The config with the defaults of all it did not give, so that a save means the same in every version."""
    filled = config.core.copy()
    for key in _core.key_table():
        wanted = key.default_value and key.group not in _NOT_FILLED_GROUPS and key.name not in _NOT_FILLED
        if wanted and not filled.has(key.name):
            filled.set(key.name, key.default_value)
    filled.remove("warmStart")  # its weights are those of the save now
    return filled


class Autosave:
    """Where a run's files go: the config's folder."""

    def __init__(self, config: Config) -> None:
        self.folder = config.folder
        self._name = run_name(config)

    @property
    def log(self) -> Path:
        return self.folder / f"{self._name}.log"

    @property
    def last(self) -> Path:
        return self.folder / f"{self._name}.last.save"

    def best(self, criterion: str) -> Path:
        return self.folder / f"{self._name}.best_{criterion}.save"
