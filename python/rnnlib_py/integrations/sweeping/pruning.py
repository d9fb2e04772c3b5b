# SPDX-License-Identifier: Apache-2.0
"""Ends runs early whose errors are worse than those of other trials were by then."""

from __future__ import annotations

import math

import optuna

from rnnlib_py._core import ConfigError
from rnnlib_py.runlog.best import selection_errors
from rnnlib_py.training.run import Run


class PruneOnEpoch:
    """For ``train(on_epoch=...)``: tells an Optuna trial the error of each epoch, and ends the run where the study's
    pruner says so.

    Attributes
    ----------
    pruned : bool
        The run was ended; an objective of Optuna then raises ``optuna.TrialPruned``.
    """

    def __init__(self, trial: optuna.Trial, error_name: str) -> None:
        """Of an error of the validation set (of the training set where there is no other), by its name.

        Parameters
        ----------
        trial
            That the run belongs to.
        error_name
            Such as "labelError".
        """
        self._trial = trial
        self._error_name = error_name
        self.pruned = False

    def __call__(self, run: Run) -> bool:
        """False ends the run. ConfigError where the run has no such error."""
        epoch = run.history[-1]
        errors = selection_errors(epoch.errors)
        if self._error_name not in errors:
            raise ConfigError(f"the run has no error '{self._error_name}'; there are {', '.join(errors)}")
        value = errors[self._error_name]
        self._trial.report(value if math.isfinite(value) else math.inf, epoch.epoch)
        self.pruned = self._trial.should_prune()
        return not self.pruned
