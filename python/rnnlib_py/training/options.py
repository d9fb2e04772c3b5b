# SPDX-License-Identifier: Apache-2.0
"""How a run is made: what train() is given beside the config."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TextIO

from rnnlib_py.training.run import OnEpoch


@dataclass(frozen=True)
class TrainOptions:
    """The arguments of train(), which describes them."""

    output_dir: str | os.PathLike[str] | None = None
    resume: bool = False
    force: bool = False
    time_limit: float | str | None = None
    output: TextIO | None = None
    error_output: TextIO | None = None
    progress: TextIO | None = None
    on_epoch: OnEpoch | None = None
    threads: int | None = None
    hard_interrupt: bool = False
    log_format: str = "text"
    console: str = "short"
    tensorboard: str | os.PathLike[str] | None = None
