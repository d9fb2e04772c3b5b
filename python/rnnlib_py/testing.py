# SPDX-License-Identifier: Apache-2.0
"""For tests of programs that train: runs without chance."""

from __future__ import annotations

from typing import Any

from rnnlib_py.config.config_like import ConfigLike
from rnnlib_py.training.epochs import run_training
from rnnlib_py.training.options import TrainOptions
from rnnlib_py.training.run import Run

__all__ = ["train"]


def train(config: ConfigLike, *, constant_noise: float | None = None, **options: Any) -> Run:
    """As rnnlib_py.train, with perturbations that a test can compute with.

    Parameters
    ----------
    config
        As rnnlib_py.train takes it.
    constant_noise
        What every draw of the normal distribution gives: of inputNoiseDev, of weightDistortion and of mdl's weights.
        None: draws as in rnnlib_py.train.
    options
        All other arguments of rnnlib_py.train.
    """
    return run_training(config, TrainOptions(**options), constant_noise)
