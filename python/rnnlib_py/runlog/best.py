# SPDX-License-Identifier: Apache-2.0
"""Which epoch was best, for each criterion of the task."""

from __future__ import annotations

import json
from dataclasses import dataclass

from rnnlib_py import _core
from rnnlib_py.model.metrics import ALL_CRITERIA, Errors, SetErrors, criteria


@dataclass(frozen=True)
class Best:
    """The best network for a criterion.

    Attributes
    ----------
    epoch : int
        The epoch after which it was there.
    error : float
        The criterion's value.
    errors : dict
        All errors of that epoch: "train", "validation", "test" -> error -> value.
    """

    epoch: int
    error: float
    errors: SetErrors


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
        for name, best in self.best.items():
            value = {"epoch": best.epoch, "error": best.error, "errors": best.errors}
            save.set_value(f"trainer_best_{name}", json.dumps(value, separators=(",", ":")))

    def begin(self, epoch: int) -> None:
        """A run goes on after so many epochs, of which RNNLIB's saves know no best one."""
        self._begun = epoch

    def restore(self, save: _core.Save, source: str) -> None:
        """One of RNNLIB's saves knows no best. FormatError when it is damaged."""
        for name in ALL_CRITERIA:
            text = save.get_value(f"trainer_best_{name}")
            if text is not None:
                self.best[name] = _parse_best(text, f"{source}: trainer_best_{name}")


def _parse_best(text: str, where: str) -> Best:
    try:
        value = json.loads(text)
        errors = {str(s): {str(n): float(f) for n, f in e.items()} for s, e in value["errors"].items()}
        return Best(int(value["epoch"]), float(value["error"]), errors)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise _core.FormatError(f"{where}: damaged ({error})") from None
