# SPDX-License-Identifier: Apache-2.0
"""How learning rates change from epoch to epoch (key learnRateSchedule)."""

from __future__ import annotations

import json
import math

from rnnlib_py import _core
from rnnlib_py._core import ConfigError
from rnnlib_py.config import Config
from rnnlib_py.model.metrics import Errors, criteria

_SAVED = "trainer_plateau"


class LearnRateSchedule:
    """The factor of all learning rates in an epoch. With plateau it follows the errors; that state is kept in saves."""

    def __init__(self, config: Config) -> None:
        self.name: str = config["learnRateSchedule"]
        self._decay: float = config["learnRateDecay"]
        self._patience: int = config["learnRatePatience"]
        self._total: int = config["totalEpochs"]
        self._factor = 1.0  # plateau
        self._best = math.inf
        self._waited = 0
        if self.name == "cosine" and self._total < 1:
            raise ConfigError("learnRateSchedule cosine needs totalEpochs: the rate is 0 after so many epochs")

    def factor(self, epochs_done: int) -> float:
        """For the epoch that follows."""
        if self.name == "exponential":
            return self._decay**epochs_done
        if self.name == "cosine":
            return (1 + math.cos(math.pi * min(epochs_done / self._total, 1.0))) / 2
        return self._factor

    def update(self, selection: Errors) -> None:
        """Takes the errors of an epoch's selection set."""
        if self.name != "plateau":
            return
        error = next((selection[name] for name in criteria(selection) if name in selection), math.inf)
        if error < self._best:
            self._best, self._waited = error, 0
            return
        self._waited += 1
        if self._waited > self._patience:
            self._factor *= self._decay
            self._waited = 0

    def store(self, save: _core.Save) -> None:
        if self.name == "plateau" and self._best < math.inf:
            save.set_value(_SAVED, json.dumps([self._factor, self._best, self._waited], separators=(",", ":")))

    def restore(self, save: _core.Save, source: str) -> None:
        """FormatError when what the save holds is damaged."""
        text = save.get_value(_SAVED)
        if text is None or self.name != "plateau":
            return
        try:
            factor, best, waited = json.loads(text)
            self._factor, self._best, self._waited = float(factor), float(best), int(waited)
        except (ValueError, TypeError) as error:
            raise _core.FormatError(f"{source}: {_SAVED}: damaged ({error})") from None
