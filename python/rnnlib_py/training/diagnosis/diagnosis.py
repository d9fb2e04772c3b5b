# SPDX-License-Identifier: Apache-2.0
"""Follows the errors of a run's epochs and reports each condition once."""

from __future__ import annotations

import json
import math
from typing import Any

from rnnlib_py import _core
from rnnlib_py.config import Config
from rnnlib_py.model.metrics import Errors, SetErrors, criteria
from rnnlib_py.training.diagnosis import advice
from rnnlib_py.training.diagnosis.conditions import CONDITIONS
from rnnlib_py.training.diagnosis.history import WINDOW, History, Observation

_VALUE = "trainer_watch"


class Diagnosis:
    """Reports a condition when it begins, and again only after it has ended. Can be stored in saves."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._history = History()
        self._active: dict[str, float] = {}  # condition -> the level at which it ends

    def begin(self, errors: Errors) -> None:
        """Takes the errors of the network that nothing was done to yet."""
        start = errors.get(next(iter(criteria(errors)), ""), math.nan)
        self._history.start = start if math.isfinite(start) else None

    def update(self, epoch: int, errors: SetErrors, improved: bool) -> list[str]:
        """Takes an epoch's errors and whether it was the best so far for any; returns the warnings."""
        observation = Observation.of(epoch, errors, improved)
        if observation is None:
            return []
        self._history.add(observation)
        warnings = []
        for condition in CONDITIONS:
            name = condition.name
            if name in self._active:
                if not condition.lasts(self._history, self._active[name]):
                    del self._active[name]
                continue
            found = condition.begins(self._history, self._config)
            if found is not None:
                self._active[name] = found.level
                warnings.append(f"epoch {epoch}: {found.text}")
        return warnings

    def failed(self) -> str:
        """The warning when an error or a weight has become infinite or NaN."""
        return f"training diverges; what usually helps: {advice.against_divergence(self._config)}"

    def store(self, save: _core.Save) -> None:
        history = self._history
        value = {
            "start": history.start,
            "first": history.first and history.first.values(),
            "best": history.best and history.best.values(),
            "recent": [observation.values() for observation in history.recent],
            "active": self._active,
        }
        save.set_value(_VALUE, json.dumps(value, separators=(",", ":"), allow_nan=False))

    def restore(self, save: _core.Save, source: str) -> None:
        """FormatError when what the save holds is damaged; a save without it resets it."""
        text = save.get_value(_VALUE)
        if text is None:
            return
        try:
            self._history, self._active = _parse(json.loads(text))
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError) as error:
            raise _core.FormatError(f"{source}: {_VALUE}: damaged ({error})") from None


def _parse(value: Any) -> tuple[History, dict[str, float]]:
    recent = [Observation.from_values(values) for values in value["recent"]][-WINDOW:]
    first, best = (None if value[name] is None else Observation.from_values(value[name]) for name in ("first", "best"))
    start = None if value["start"] is None else float(value["start"])
    known = {condition.name for condition in CONDITIONS}
    active = {str(name): float(level) for name, level in value["active"].items() if name in known}
    figures = [o.train for o in recent] + list(active.values()) + ([] if start is None else [start])
    if bool(recent) != (first is not None) or not all(map(math.isfinite, figures)):
        raise ValueError("the epochs do not fit together")
    return History(start, first, best, recent), active
