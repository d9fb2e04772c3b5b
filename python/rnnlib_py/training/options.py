# SPDX-License-Identifier: Apache-2.0
"""How a run is made: what train() is given beside the config."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import TextIO

from rnnlib_py.config import Config
from rnnlib_py.data.forms import Data
from rnnlib_py.data.sets import KEYS
from rnnlib_py.training.ranks import Ranks
from rnnlib_py.training.run import OnEpoch


@dataclass(frozen=True)
class TrainOptions:
    """The arguments of train(), which describes them."""

    train: Data | None = None
    validation: Data | None = None
    test: Data | None = None
    output_dir: str | os.PathLike[str] | None = None
    resume: bool = False
    force: bool = False
    time_limit: float | str | None = None
    output: TextIO | None = None
    error_output: TextIO | None = None
    progress: TextIO | bool | None = None
    on_epoch: OnEpoch | None = None
    threads: int | None = None
    hard_interrupt: bool = False
    log_format: str = "text"
    console: str = "short"
    tensorboard: str | os.PathLike[str] | None = None
    ranks: Ranks | None = None

    @property
    def given(self) -> dict[str, Data]:
        """Set -> data in place of its files."""
        sets = {"train": self.train, "validation": self.validation, "test": self.test}
        return {name: data for name, data in sets.items() if data is not None}

    def silent(self) -> TrainOptions:
        """For a rank that another one speaks for."""
        return replace(self, output=None, error_output=None, progress=None, tensorboard=None)

    def without_files(self, config: Config) -> Config:
        """A copy of the config that names no files for the sets that are given."""
        if not self.given:
            return config
        config = config.copy()
        for name in self.given:
            config.core.remove(KEYS[name])
        return config
