# SPDX-License-Identifier: Apache-2.0
"""Errors of data sets: sums over sequences, their values, and how they are written (a set's value is the sum of
its sequences' values over the sum of their norms)."""

from __future__ import annotations

import math
from collections.abc import Iterable

from rnnlib_py import _core
from rnnlib_py.data.tasks import TASKS

Errors = dict[str, float]  # error name -> value; rates as fractions
SetErrors = dict[str, Errors]  # "train", "validation", "test" -> errors

# What "best" is tracked for, the training criterion first.
_CRITERIA = [list(names) for names in dict.fromkeys(task.criteria for task in TASKS.values())]
# Only some errors have these: of decoders with a dictionary, and the running ones with mdl.
_MORE_CRITERIA = (
    *dict.fromkeys(task.word_errors[0] for task in TASKS.values() if task.word_errors),
    "weightBits",
    "totalBits",
)
ALL_CRITERIA = [*(name for names in _CRITERIA for name in names), *_MORE_CRITERIA]


class MetricsSum:
    """Adds up the metrics of batches."""

    def __init__(self) -> None:
        self._sums: dict[str, list[float]] = {}

    def add(self, metrics: _core.Metrics) -> None:
        for error in metrics:
            sums = self._sums.setdefault(error.name, [0.0, 0.0])
            sums[0] += error.value
            sums[1] += error.norm

    def errors(self) -> Errors:
        """The training criterion first, also where the first batch has no sequence that adds to it."""
        found = {name: _figure(value, norm) for name, (value, norm) in self._sums.items()}
        first = next((name for name in criteria(found) if name in found), None)
        return found if first is None else {first: found[first], **found}


def _figure(value: float, norm: float) -> float:
    """As NamedError.figure: infinite for labels that were read where no target has any."""
    if norm:
        return value / norm
    return math.inf if value else 0.0


def error_values(metrics: Iterable[_core.NamedError]) -> Errors:
    """The values of metrics, in their order."""
    return {error.name: error.figure for error in metrics}


def criteria(errors: Errors) -> list[str]:
    """The errors whose best networks are kept, the training criterion first; a set may lack some of them."""
    for names in _CRITERIA:
        if any(name in errors for name in names):
            return names + [name for name in _MORE_CRITERIA if name in errors]
    return []


def is_training_criterion(name: str) -> bool:
    """True for the error of its task that training lowers."""
    return any(name == names[0] for names in _CRITERIA)


def is_per_class(name: str) -> bool:
    """True for the errors of single classes or labels, of which there may be thousands."""
    return name.startswith("_")


def format_error(name: str, value: float) -> str:
    """An error's value as logs show it: 12.3456, or 4.5% for rates."""
    return f"{100 * value:.6g}%" if _core.prints_as_percent(name) else f"{value:.6g}"


def format_errors(errors: Errors) -> list[str]:
    """One line per error: `labelError 4.5%`."""
    return [f"{name} {format_error(name, value)}" for name, value in errors.items()]
