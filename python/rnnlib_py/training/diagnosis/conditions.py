# SPDX-License-Identifier: Apache-2.0
"""Conditions of a run that its user should know of: when each begins, and whether it lasts.

The limits are chosen so that the ups and downs of a good online run cause no warning.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

from rnnlib_py.config import Config
from rnnlib_py.model.metrics import format_error
from rnnlib_py.training.diagnosis import advice
from rnnlib_py.training.diagnosis.history import WINDOW, History, Observation

RISING = 3  # epochs in which the train error rises
WORSE = 3  # epochs that are worse than the first
BLANK = 5  # epochs of nothing but blanks
MUCH = 0.05  # a change that counts, relative
LITTLE = 0.005  # a change that does not
CLEAR = 0.5  # a trend that noise has once in a hundred times


@dataclass(frozen=True)
class Finding:
    """`text`: what is the matter; `level`: the train error below which it is over."""

    text: str
    level: float


@dataclass(frozen=True)
class Condition:
    """`begins` is asked while it is off, `lasts` (with the finding's level) while it is on."""

    name: str
    begins: Callable[[History, Config], Finding | None]
    lasts: Callable[[History, float], bool]


def _value(observation: Observation, value: float | None = None) -> str:
    return format_error(observation.criterion, observation.train if value is None else value)


# --- divergence ---


def _rises(history: History) -> Finding | None:
    run = history.last_ones(RISING + 1)
    first = history.first
    if not run or first is None or any(a.train >= b.train for a, b in itertools.pairwise(run)):
        return None
    rise = run[-1].train - run[0].train
    if rise <= MUCH * abs(run[0].train) or rise <= MUCH * abs(first.train):
        return None
    text = f"the train error rises: in {RISING} epochs from {run[0].criterion} {_value(run[0])} to {_value(run[-1])}"
    return Finding(text, run[0].train)


def _is_worse_than_untrained(history: History) -> Finding | None:
    last, start = history.last, history.start
    if start is None or last.train <= start + abs(start):
        return None
    text = (
        f"training diverges: the train error is {last.criterion} {_value(last)}, that of the untrained network was "
        f"{_value(last, start)}"
    )
    return Finding(text, start)


def _is_worse_than_first(history: History) -> Finding | None:
    run, first = history.last_ones(WORSE + 1)[1:], history.first
    if not run or first is None or any(o.train <= first.train + MUCH * abs(first.train) for o in run):
        return None
    text = (
        f"training diverges: for {WORSE} epochs the train error has been worse than in epoch {first.epoch}: "
        f"{first.criterion} {_value(run[-1])}, then {_value(first)}"
    )
    return Finding(text, first.train)


def _diverges(history: History, config: Config) -> Finding | None:
    found = _is_worse_than_untrained(history) or _rises(history) or _is_worse_than_first(history)
    if found is None:
        return None
    text = f"{found.text}. What usually helps: {advice.against_divergence(config)}"
    return Finding(text, found.level)


def _still_diverges(history: History, level: float) -> bool:
    return history.last.train > level


# --- nothing but blanks ---


def _is_blank(history: History, config: Config) -> Finding | None:
    run = history.last_ones(BLANK)
    if not run or not all(o.all_blank for o in run):
        return None
    text = (
        f"all outputs are blank: in {BLANK} epochs no label was put out for any training sequence (deletions 100%). "
        f"Every transcription network begins so; if it lasts, what usually helps: {advice.against_blanks(config)}"
    )
    return Finding(text, 0.0)


def _is_still_blank(history: History, level: float) -> bool:  # noqa: ARG001
    return history.last.all_blank


# --- standstill ---


def _spread(run: list[Observation]) -> float:
    """The range of the train error, relative to its size."""
    values = [o.train for o in run]
    size = max(map(abs, values), default=0.0)
    return (max(values) - min(values)) / size if size else 0.0


def _stands_still(history: History, config: Config) -> Finding | None:
    run = history.last_ones(WINDOW)
    blank = history.recent[-BLANK:]  # has a warning of its own
    if not run or run[-1].train == 0 or all(o.all_blank for o in blank) or _spread(run) > LITTLE:
        return None
    text = (
        f"training stands still: in {WINDOW - 1} epochs the train error has changed by less than {100 * LITTLE:g}% "
        f"({run[-1].criterion} {_value(run[-1])}). If that is not good enough, what usually helps: "
        f"{advice.against_standstill(config)}"
    )
    return Finding(text, 0.0)


def _still_stands(history: History, level: float) -> bool:  # noqa: ARG001
    return _spread(history.last_ones(WINDOW)) <= 2 * LITTLE


# --- overfitting ---


def _trend(values: list[float]) -> float:
    """1 when they rise all the time, -1 when they fall all the time, near 0 for noise (Kendall's tau)."""
    pairs = list(itertools.combinations(values, 2))
    return sum((a < b) - (a > b) for a, b in pairs) / len(pairs)


def _overfits(history: History, config: Config) -> Finding | None:
    run, best, last = history.last_ones(WINDOW), history.best, history.last
    validation = [o.validation for o in run if o.validation is not None]
    if best is None or best.validation is None or len(validation) < WINDOW or any(o.improved for o in run[1:]):
        return None
    if last.validation is None or last.validation <= best.validation + MUCH * abs(best.validation):
        return None
    if _trend(validation) < CLEAR or _trend([o.train for o in run]) > -CLEAR:
        return None
    text = (
        f"overfitting: since epoch {best.epoch} no error on the validation set has become better ({best.criterion} "
        f"was {_value(last, best.validation)}, is {_value(last, last.validation)}), while the train error has fallen "
        f"from {_value(best)} to {_value(last)}. What usually helps: {advice.against_overfitting(config)}"
    )
    return Finding(text, 0.0)


def _still_overfits(history: History, level: float) -> bool:  # noqa: ARG001
    return not history.last.improved


CONDITIONS = (
    Condition("diverges", _diverges, _still_diverges),
    Condition("blank", _is_blank, _is_still_blank),
    Condition("standstill", _stands_still, _still_stands),
    Condition("overfits", _overfits, _still_overfits),
)
