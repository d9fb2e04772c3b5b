# SPDX-License-Identifier: Apache-2.0
"""Tries beam searches over outputs that were computed once: on a coarse grid, on finer ones around the best point, and
with narrower beams."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from rnnlib_py._core import ConfigError
from rnnlib_py.data import DataWarning
from rnnlib_py.text.beam import Beam
from rnnlib_py.text.read_outputs import ReadSequence, in_threads
from rnnlib_py.text.tuning_errors import ReadingErrors

_COARSE = 5  # points of the first grid, along each number
_ROUNDS = 3  # of finer grids, each with half the steps of the one before


@dataclass(frozen=True)
class Range:
    """Numbers that are searched.

    Attributes
    ----------
    low, high : float
        The ends. Where they are equal the number is fixed.
    """

    low: float
    high: float


def check_range(found: Range, name: str, least: float = -math.inf) -> None:
    """ConfigError unless both ends are finite, in order, and at least `least`."""
    if math.isfinite(found.low) and math.isfinite(found.high) and least <= found.low <= found.high:
        return
    bound = "" if least == -math.inf else f" from {least:g} on"
    raise ConfigError(
        f"{name}: expected two numbers{bound}, the lower one first; found {found.low:g} and {found.high:g}"
    )


def _points(within: Range) -> list[float]:
    """The coarse grid: at equal distances, from end to end."""
    return sorted(set(np.linspace(within.low, within.high, _COARSE).tolist()))


def _near(within: Range, centre: float, step: float) -> list[float]:
    """A number and its neighbours on a grid, as far as they are in the range."""
    return sorted({number for number in (centre - step, centre, centre + step) if within.low <= number <= within.high})


@dataclass(frozen=True)
class Trial:
    """A decoder that was tried.

    Attributes
    ----------
    lm_weight, word_bonus : float
    width : int
    error : float
        Of the criterion, as a fraction.
    """

    lm_weight: float
    word_bonus: float
    width: int
    error: float


class Search:
    """The trials, each made once.

    Attributes
    ----------
    trials : list of Trial
        In their order.
    best_path_error : float
        The error of best path decoding.
    """

    def __init__(self, beam: Beam, names: list[str], threads: int, progress: Callable[[Trial], None] | None) -> None:
        self._beam = beam
        self._names = names
        self._threads = threads
        self._progress = progress
        self._outputs: list[NDArray[np.float64]] = []
        self._errors: ReadingErrors | None = None
        self.trials: list[Trial] = []
        self.best_path_error = 0.0

    def set_data(self, sequences: list[ReadSequence], errors: ReadingErrors) -> None:
        """What is read, and how it is scored."""
        errors.set_targets([sequence.target for sequence in sequences])
        self._outputs = [sequence.prediction.outputs for sequence in sequences]
        self._errors = errors
        self.best_path_error = errors.of([sequence.prediction.indices.tolist() for sequence in sequences])

    def refine(self, weights: Range, bonuses: Range, width: int) -> Trial:
        """The best of a coarse grid and of finer ones around its best point."""
        steps = [(one.high - one.low) / (_COARSE - 1) for one in (weights, bonuses)]
        best = self._best_of(_points(weights), _points(bonuses), width)
        for _ in range(_ROUNDS):
            steps = [step / 2 for step in steps]
            near_weights = _near(weights, best.lm_weight, steps[0])
            best = self._best_of(near_weights, _near(bonuses, best.word_bonus, steps[1]), width)
        return best

    def narrow(self, best: Trial, widest: int, tolerance: float) -> Trial:
        """The narrowest beam that is about as good as the widest one: powers of two are tried."""
        goal = self.trial(best.lm_weight, best.word_bonus, widest).error * (1 + tolerance)
        width = 1
        while width < self._beam.n_best:
            width *= 2
        while width < widest:
            found = self.trial(best.lm_weight, best.word_bonus, width)
            if found.error <= goal:
                return found
            width *= 2
        return self.trial(best.lm_weight, best.word_bonus, widest)

    def trial(self, lm_weight: float, word_bonus: float, width: int) -> Trial:
        """The error of a decoder; one that was tried before is not tried again."""
        lm_weight, word_bonus = round(lm_weight, 4), round(word_bonus, 4)
        for known in self.trials:
            if (known.lm_weight, known.word_bonus, known.width) == (lm_weight, word_bonus, width):
                return known
        beam = replace(self._beam, lm_weight=lm_weight, word_bonus=word_bonus, width=width, n_best=1)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DataWarning)  # the files were warned of when they were read
            decoder = beam.bind(self._names).core
        readings = in_threads(lambda outputs: decoder.decode(outputs).labels, self._outputs, self._threads)
        assert self._errors is not None
        found = Trial(lm_weight, word_bonus, width, self._errors.of(readings))
        self.trials.append(found)
        if self._progress is not None:
            self._progress(found)
        return found

    def _best_of(self, weights: Iterable[float], bonuses: Iterable[float], width: int) -> Trial:
        """With equal errors the one that changes less."""
        grid = [self.trial(weight, bonus, width) for weight in weights for bonus in bonuses]
        return min(grid, key=lambda trial: (trial.error, trial.lm_weight, abs(trial.word_bonus)))
