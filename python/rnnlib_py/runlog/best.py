# SPDX-License-Identifier: Apache-2.0
"""Which epoch was best, for each criterion of the task."""

from __future__ import annotations

from rnnlib_py import _core
from rnnlib_py.model.best import Best, saved_best, store_best
from rnnlib_py.model.metrics import Errors, SetErrors, criteria

__all__ = ["Best", "BestTracker", "selection_errors", "selection_set"]


def selection_set(errors: SetErrors) -> str:
    """The set by which the best network is chosen: validation, or the running train errors where there is none."""
    return "validation" if "validation" in errors else "train"


def selection_errors(errors: SetErrors) -> Errors:
    """The errors of the set by which the best network is chosen."""
    return errors[selection_set(errors)]


class BestTracker:
    """Keeps the best of each criterion; can be stored in saves as trainer_best_<error>."""

    def __init__(self) -> None:
        self.best: dict[str, Best] = {}
        self._begun = 0  # epochs that were done before anything was tracked

    def update(self, epoch: int, errors: SetErrors) -> list[str]:
        """Takes an epoch's errors; returns the criteria for which it is the best so far."""
        selection = selection_errors(errors)
        improved = []
        for name in criteria(selection):
            if name in selection and (name not in self.best or selection[name] < self.best[name].error):
                self.best[name] = Best(epoch, selection[name], errors)
                improved.append(name)
        return improved

    def epochs_without(self, epoch: int) -> int:
        """Epochs since the last that was best in any criterion."""
        return epoch - max((best.epoch for best in self.best.values()), default=self._begun)

    def store(self, save: _core.Save) -> None:
        store_best(self.best, save)

    def begin(self, epoch: int) -> None:
        """A run goes on after so many epochs, of which RNNLIB's saves know no best one."""
        self._begun = epoch

    def restore(self, save: _core.Save, source: str) -> None:
        """One of RNNLIB's saves knows no best. FormatError when it is damaged."""
        self.best.update(saved_best(save, source))
